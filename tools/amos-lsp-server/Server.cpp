//===- Server.cpp - MLIR's server with mappings beside contractions -------===//

#include "Server.h"
#include "Hints.h"
#include "llvm/Support/FormatVariadic.h"
#include <csignal>
#include <unistd.h>

using namespace amos;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

// Codes of the protocol.
constexpr int requestFailed = -32803, requestCancelled = -32800,
              contentModified = -32801;
/// How documents are sent: whole, since this server keeps their texts.
constexpr int wholeDocuments = 1;

static std::string print(const Value &value) {
  return llvm::formatv("{0}", value);
}

static StringRef getMethod(const Object &message) {
  return message.getString("method").value_or("");
}

static std::optional<Object> parse(StringRef text) {
  auto json = llvm::json::parse(text);
  if (!json) {
    llvm::consumeError(json.takeError());
    return std::nullopt;
  }
  Object *object = json->getAsObject();
  return object ? std::optional<Object>(std::move(*object)) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// MLIR's server
//===----------------------------------------------------------------------===//

bool Server::startUpstream() {
  upstream = Upstream::start();
  toUpstream.redirect(upstream.input);
  return upstream.process > 0;
}

static Object makeOpening(StringRef uri, StringRef text) {
  return Object{
      {"jsonrpc", "2.0"},
      {"method", "textDocument/didOpen"},
      {"params", Object{{"textDocument", Object{{"uri", uri.str()},
                                                {"languageId", "mlir"},
                                                {"version", 0},
                                                {"text", text.str()}}}}}};
}

/// Told when the parser of MLIR, not the text, is at fault.
static Object makeComplaint(StringRef uri) {
  Object start{{"line", 0}, {"character", 0}};
  Object range{{"start", Object(start)}, {"end", Object(start)}};
  Object diagnostic{
      {"range", std::move(range)},
      {"severity", 1},
      {"source", "amos"},
      {"message", "MLIR's server ended on this text; it was started again and "
                  "gets the document when it changes"}};
  return Object{
      {"jsonrpc", "2.0"},
      {"method", "textDocument/publishDiagnostics"},
      {"params", Object{{"uri", uri.str()},
                        {"diagnostics", Array{std::move(diagnostic)}}}}};
}

/// Starts it again in the state that it was in, but for the text that it got
/// last.
void Server::restartUpstream() {
  std::lock_guard<std::mutex> lock(mutex);
  upstream.finish();
  for (const std::string &id : pending)
    if (auto value = llvm::json::parse(id))
      refuse(std::move(*value), requestFailed, "MLIR's server ended");
    else
      llvm::consumeError(value.takeError());
  pending.clear();
  if (initializeText.empty() || !startUpstream())
    return;
  isRestarting = true;
  toUpstream.writeText(initializeText);
  toUpstream.write(Object{
      {"jsonrpc", "2.0"}, {"method", "initialized"}, {"params", Object{}}});
  if (documents.count(latest)) {
    withheld.insert(latest);
    editor.write(makeComplaint(latest));
  }
  for (const auto &[uri, text] : documents)
    toUpstream.write(makeOpening(uri, withheld.count(uri) ? "" : text));
}

void Server::readUpstream() {
  while (true) {
    MessageReader reader(upstream.output);
    while (std::optional<std::string> text = reader.read())
      handleUpstream(*text);
    {
      std::lock_guard<std::mutex> lock(mutex);
      if (isLeaving)
        return;
    }
    restartUpstream();
    if (upstream.process <= 0)
      return;
  }
}

/// Whole documents are asked for, and hints offered.
void Server::adaptCapabilities(Object &message) {
  Object *result = message.getObject("result");
  Object *capabilities = result ? result->getObject("capabilities") : nullptr;
  if (!capabilities)
    return;
  (*capabilities)["inlayHintProvider"] = true;
  if (Object *sync = capabilities->getObject("textDocumentSync"))
    (*sync)["change"] = wholeDocuments;
  (*result)["serverInfo"] = Object{{"name", "amos-lsp-server"}};
}

void Server::handleUpstream(const std::string &text) {
  std::optional<Object> message = parse(text);
  if (!message)
    return editor.writeText(text);
  std::unique_lock<std::mutex> lock(mutex);
  const Value *id = message->get("id");
  if (!id || !getMethod(*message).empty()) {
    // What it finds in an empty text in place of another is of no interest.
    const Object *params = message->getObject("params");
    StringRef uri = params ? params->getString("uri").value_or("") : "";
    if (!withheld.count(uri.str()))
      editor.writeText(text);
    return;
  }
  std::string number = print(*id);
  pending.erase(number);
  if (number != initializeId)
    return editor.writeText(text);
  if (std::exchange(isRestarting, false))
    return;
  adaptCapabilities(*message);
  initializeId.clear();
  editor.write(Value(std::move(*message)));
}

//===----------------------------------------------------------------------===//
// The editor
//===----------------------------------------------------------------------===//

void Server::reply(Value id, Value result) {
  editor.write(Object{{"jsonrpc", "2.0"},
                      {"id", std::move(id)},
                      {"result", std::move(result)}});
}

void Server::refuse(Value id, int code, StringRef reason) {
  editor.write(
      Object{{"jsonrpc", "2.0"},
             {"id", std::move(id)},
             {"error", Object{{"code", code}, {"message", reason.str()}}}});
}

void Server::initialize(const Object &message) {
  if (const Object *params = message.getObject("params"))
    if (const Object *options = params->getObject("initializationOptions"))
      if (auto chosen = options->getString("target"))
        target = chosen->str();
  if (const Value *id = message.get("id"))
    initializeId = print(*id);
  Value copy = Object(message);
  initializeText = print(copy);
}

/// Keeps the text that a notification brings.
void Server::recordDocument(StringRef method, const Object &params) {
  const Object *document = params.getObject("textDocument");
  std::string uri =
      document ? document->getString("uri").value_or("").str() : "";
  if (uri.empty())
    return;
  std::optional<StringRef> text;
  if (method == "textDocument/didOpen")
    text = document->getString("text");
  const Array *changes = params.getArray("contentChanges");
  if (method == "textDocument/didChange" && changes && !changes->empty())
    if (const Object *change = changes->back().getAsObject())
      text = change->getString("text");
  if (method == "textDocument/didClose")
    documents.erase(uri);
  if (!text)
    return;
  documents[uri] = text->str();
  latest = uri;
  withheld.erase(uri);
}

void Server::wishHints(const Object &message) {
  const Object *params = message.getObject("params");
  const Object *document = params ? params->getObject("textDocument") : nullptr;
  const Object *range = params ? params->getObject("range") : nullptr;
  const Object *start = range ? range->getObject("start") : nullptr;
  const Object *end = range ? range->getObject("end") : nullptr;
  const Value *id = message.get("id");
  if (!id)
    return;
  std::string uri =
      document ? document->getString("uri").value_or("").str() : "";
  auto found = documents.find(uri);
  if (found == documents.end())
    return reply(*id, Array{});
  Wish wish{*id, uri, found->second,
            start ? start->getInteger("line").value_or(0) : 0,
            end ? end->getInteger("line").value_or(INT64_MAX) : INT64_MAX};
  wishes.push_back(std::move(wish));
  changed.notify_one();
}

/// Learns what there is to learn; whether the message is for MLIR's server.
bool Server::recordMessage(const Object &message) {
  std::lock_guard<std::mutex> lock(mutex);
  StringRef method = getMethod(message);
  if (method == "textDocument/inlayHint") {
    wishHints(message);
    return false;
  }
  if (method == "initialize")
    initialize(message);
  if (const Object *params = message.getObject("params"))
    recordDocument(method, *params);
  isLeaving |= method == "shutdown" || method == "exit";
  if (const Value *id = message.get("id"); id && !method.empty())
    pending.insert(print(*id));
  return true;
}

void Server::handleEditor(const std::string &text) {
  std::optional<Object> message = parse(text);
  if (!message)
    return toUpstream.writeText(text);
  if (recordMessage(*message))
    // Not under the lock: MLIR's server may have to be heard before it listens.
    toUpstream.writeText(text);
}

//===----------------------------------------------------------------------===//
// Hints
//===----------------------------------------------------------------------===//

void Server::answer(const Wish &wish) {
  Array hints;
  for (Value &hint : findHints(wish.text, target)) {
    int64_t line = hint.getAsObject()
                       ->getObject("position")
                       ->getInteger("line")
                       .value_or(0);
    if (line >= wish.firstLine && line <= wish.lastLine)
      hints.push_back(std::move(hint));
  }
  std::lock_guard<std::mutex> lock(mutex);
  auto document = documents.find(wish.uri);
  if (document == documents.end() || document->second != wish.text)
    return refuse(wish.id, contentModified, "the document has changed");
  reply(wish.id, std::move(hints));
}

/// One after the other; of wishes for a document that has changed meanwhile
/// only the last is worth the work.
void Server::answerWishes() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    changed.wait(lock, [&] { return !wishes.empty() || isLeaving; });
    if (wishes.empty())
      return;
    Wish wish = std::move(wishes.front());
    wishes.pop_front();
    if (isLeaving || documents[wish.uri] != wish.text) {
      refuse(wish.id, isLeaving ? requestCancelled : contentModified,
             "the document has changed");
      continue;
    }
    lock.unlock();
    answer(wish);
    lock.lock();
  }
}

int Server::run() {
  // Writing to a child that has died is noticed by its reader.
  std::signal(SIGPIPE, SIG_IGN);
  if (!startUpstream())
    return 5;
  std::thread reader([this] { readUpstream(); });
  std::thread hints([this] { answerWishes(); });
  MessageReader fromEditor(0);
  while (std::optional<std::string> text = fromEditor.read()) {
    handleEditor(*text);
    std::optional<Object> message = parse(*text);
    if (message && getMethod(*message) == "exit")
      break;
  }
  {
    std::lock_guard<std::mutex> lock(mutex);
    isLeaving = true;
    ::close(std::exchange(upstream.input, -1));
    toUpstream.redirect(-1);
    changed.notify_all();
  }
  reader.join();
  hints.join();
  upstream.finish();
  return 0;
}

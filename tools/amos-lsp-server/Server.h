//===- Server.h - MLIR's server with mappings beside contractions -*- C++
//-*-===//
#ifndef AMOS_TOOLS_LSPSERVER_SERVER_H
#define AMOS_TOOLS_LSPSERVER_SERVER_H

#include "Stream.h"
#include "Upstream.h"
#include <condition_variable>
#include <deque>
#include <map>
#include <set>
#include <thread>

namespace amos {

/// Stands between an editor and MLIR's own server. Passes messages on, adds
/// inlay hints, and starts MLIR's server again when a text brings it down.
class Server {
public:
  explicit Server(std::string target) : target(std::move(target)) {}

  /// Serves the standard input and output until the editor leaves; the exit
  /// status.
  int run();

private:
  /// A wish for the hints of a document.
  struct Wish {
    llvm::json::Value id;
    std::string uri;
    std::string text;
    int64_t firstLine, lastLine;
  };

  bool startUpstream();
  void readUpstream();
  void restartUpstream();
  bool recordMessage(const llvm::json::Object &message);
  void handleEditor(const std::string &text);
  void handleUpstream(const std::string &text);
  void initialize(const llvm::json::Object &message);
  void adaptCapabilities(llvm::json::Object &message);
  void recordDocument(llvm::StringRef method, const llvm::json::Object &params);
  void wishHints(const llvm::json::Object &message);
  void answerWishes();
  void answer(const Wish &wish);
  void reply(llvm::json::Value id, llvm::json::Value result);
  void refuse(llvm::json::Value id, int code, llvm::StringRef reason);

  std::string target;
  MessageWriter editor{1};
  MessageWriter toUpstream;
  Upstream upstream;

  /// Guards what follows, which the three threads share.
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Wish> wishes;
  /// The texts of open documents.
  std::map<std::string, std::string> documents;
  /// The document whose text MLIR's server got last, and those that brought it
  /// down and are withheld until they change.
  std::string latest;
  std::set<std::string> withheld;
  /// Of the editor's first request: its text, and its number as JSON.
  std::string initializeText, initializeId;
  /// Requests that MLIR's server has not answered.
  std::set<std::string> pending;
  /// Its answer to a repeated first request is not for the editor.
  bool isRestarting = false;
  bool isLeaving = false;
};

} // namespace amos

#endif // AMOS_TOOLS_LSPSERVER_SERVER_H

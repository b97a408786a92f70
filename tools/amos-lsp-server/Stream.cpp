//===- Stream.cpp - Messages of the language server protocol --------------===//

#include "Stream.h"
#include "llvm/Support/FormatVariadic.h"
#include <cerrno>
#include <unistd.h>

using namespace amos;

/// A longer message is taken for a mistake: 256 MiB.
constexpr size_t longestMessage = size_t(1) << 28;

std::optional<char> MessageReader::readByte() {
  if (at == buffer.size()) {
    buffer.resize(1 << 16);
    at = 0;
    ssize_t count;
    do
      count = ::read(descriptor, buffer.data(), buffer.size());
    while (count < 0 && errno == EINTR);
    buffer.resize(std::max<ssize_t>(count, 0));
    if (buffer.empty())
      return std::nullopt;
  }
  return buffer[at++];
}

std::optional<std::string> MessageReader::readLine() {
  std::string line;
  while (std::optional<char> c = readByte()) {
    if (*c == '\n')
      return llvm::StringRef(line).rtrim('\r').str();
    line += *c;
    if (line.size() > 4096)
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> MessageReader::read() {
  size_t length = 0;
  while (true) {
    std::optional<std::string> line = readLine();
    if (!line)
      return std::nullopt;
    if (line->empty() && length > 0)
      break;
    llvm::StringRef rest = *line;
    if (rest.consume_front_insensitive("content-length:") &&
        (rest.trim().getAsInteger(10, length) || length > longestMessage))
      return std::nullopt;
  }
  std::string message;
  message.reserve(length);
  while (message.size() < length) {
    std::optional<char> c = readByte();
    if (!c)
      return std::nullopt;
    message += *c;
  }
  return message;
}

void MessageWriter::redirect(int next) {
  std::lock_guard<std::mutex> lock(mutex);
  descriptor = next;
}

void MessageWriter::writeText(llvm::StringRef message) {
  std::lock_guard<std::mutex> lock(mutex);
  std::string framed =
      llvm::formatv("Content-Length: {0}\r\n\r\n", message.size()).str();
  framed += message;
  llvm::StringRef rest = framed;
  while (descriptor >= 0 && !rest.empty()) {
    ssize_t count = ::write(descriptor, rest.data(), rest.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return; // the other side is gone, which its reader notices
    rest = rest.drop_front(count);
  }
}

void MessageWriter::write(const llvm::json::Value &message) {
  writeText(llvm::formatv("{0}", message).str());
}

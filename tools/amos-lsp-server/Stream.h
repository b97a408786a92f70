//===- Stream.h - Messages of the language server protocol ------*- C++ -*-===//
#ifndef AMOS_TOOLS_LSPSERVER_STREAM_H
#define AMOS_TOOLS_LSPSERVER_STREAM_H

#include "llvm/Support/JSON.h"
#include <mutex>
#include <optional>
#include <string>

namespace amos {

/// Reads messages, each behind its length, from a file descriptor.
class MessageReader {
public:
  explicit MessageReader(int descriptor) : descriptor(descriptor) {}

  /// The text of the next message; nothing when the other side is gone or sends
  /// what is none.
  std::optional<std::string> read();

private:
  std::optional<char> readByte();
  std::optional<std::string> readLine();

  int descriptor;
  std::string buffer;
  size_t at = 0;
};

/// Writes messages; safe to use from several threads.
class MessageWriter {
public:
  explicit MessageWriter(int descriptor = -1) : descriptor(descriptor) {}

  /// Where messages go from now on; -1: nowhere.
  void redirect(int next);
  void writeText(llvm::StringRef message);
  void write(const llvm::json::Value &message);

private:
  std::mutex mutex;
  int descriptor;
};

} // namespace amos

#endif // AMOS_TOOLS_LSPSERVER_STREAM_H

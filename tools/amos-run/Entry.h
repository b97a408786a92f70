//===- Entry.h - A compiled function, loaded --------------------*- C++ -*-===//
#ifndef AMOS_RUN_ENTRY_H
#define AMOS_RUN_ENTRY_H

#include "Buffer.h"
#include "ExitCode.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace amos::run {

/// A shared object; stays loaded until the program ends, since its functions
/// may be anywhere on the stack of a signal handler.
class Library {
public:
  bool load(const std::string &path, std::string &problem);
  void *find(const std::string &symbol, std::string &problem) const;

private:
  std::string path;
  void *handle = nullptr;
};

/// Why something did not run.
struct Failure {
  ExitCode code;
  std::string problem;
};

/// The C functions of one compiled function, by their common interface.
class Entry {
public:
  /// `extents` are those that its function does not know.
  bool load(const Library &library, const std::string &symbol,
            std::vector<int64_t> extents, std::string &problem);

  /// For the extents.
  size_t getWorkspaceSize() const;
  /// Its `isValid` tells whether there was memory.
  Buffer createWorkspace(Placement placement) const;
  /// Runs once; what is wrong when a buffer is missing or the function says so.
  std::optional<Failure> call(const std::vector<void *> &buffers,
                              const Buffer &workspace) const;
  /// Runs once, checking nothing, and returns the status.
  int32_t run(const std::vector<void *> &buffers,
              const Buffer &workspace) const;
  /// The same with memory of a device, on its stream: only enqueues.
  int32_t run(const std::vector<void *> &buffers, void *workspace, size_t bytes,
              void *stream) const;
  /// "status 2: the workspace is too small...".
  std::string explain(int32_t status) const;

private:
  std::vector<int64_t> extents;
  void *workspaceSize = nullptr;
  int32_t (*callUniformly)(void *const *, int64_t, void *, size_t,
                           void *) = nullptr;
  const char *(*error)(int32_t) = nullptr;
};

} // namespace amos::run

#endif // AMOS_RUN_ENTRY_H

//===- Upstream.h - MLIR's language server as a child -----------*- C++ -*-===//
#ifndef AMOS_TOOLS_LSPSERVER_UPSTREAM_H
#define AMOS_TOOLS_LSPSERVER_UPSTREAM_H

#include <sys/types.h>

namespace amos {

/// The word on the command line that makes this program MLIR's server itself.
constexpr char serveWord[] = "--serve";

/// A running child and the ends of its pipes.
struct Upstream {
  pid_t process = -1;
  int input = -1;  ///< to write to
  int output = -1; ///< to read from

  /// Starts this program again as MLIR's server; `process` stays -1 on failure.
  static Upstream start();
  /// Waits for its end.
  void finish();
};

} // namespace amos

#endif // AMOS_TOOLS_LSPSERVER_UPSTREAM_H

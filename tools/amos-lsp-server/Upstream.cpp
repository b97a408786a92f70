//===- Upstream.cpp - MLIR's language server as a child -------------------===//

#include "Upstream.h"
#include <cerrno>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace amos;

/// In the child: nothing but calls that are safe after a fork.
[[noreturn]] static void serve(int input, int output) {
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::execl("/proc/self/exe", "amos-lsp-server", serveWord, nullptr);
  ::_exit(127);
}

Upstream Upstream::start() {
  int toChild[2], fromChild[2];
  if (::pipe2(toChild, O_CLOEXEC) != 0)
    return {};
  if (::pipe2(fromChild, O_CLOEXEC) != 0) {
    ::close(toChild[0]);
    ::close(toChild[1]);
    return {};
  }
  pid_t child = ::fork();
  if (child == 0)
    serve(toChild[0], fromChild[1]);
  ::close(toChild[0]);
  ::close(fromChild[1]);
  Upstream upstream{child, toChild[1], fromChild[0]};
  if (child < 0)
    upstream.finish();
  return upstream;
}

void Upstream::finish() {
  ::close(input);
  ::close(output);
  while (process > 0 && ::waitpid(process, nullptr, 0) < 0 && errno == EINTR)
    ;
  process = -1;
}

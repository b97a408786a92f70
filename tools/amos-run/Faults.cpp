//===- Faults.cpp - When compiled code kills the process ------------------===//

#include "Faults.h"
#include "Run.h"
#include <csignal>
#include <cstring>
#include <unistd.h>

namespace amos::run {

/// A handler may not allocate: the whole text lies ready.
static char message[512];

static const char *getCause(int signal) {
  switch (signal) {
  case SIGSEGV:
  case SIGBUS:
    return "touched memory outside of its buffers\n";
  case SIGILL:
    return "executed an illegal instruction\n";
  default:
    return "was stopped by an arithmetic fault\n";
  }
}

static void write(const char *text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0)
    _exit(CheckFailed);
}

static void onFault(int signal) {
  write(message);
  write(getCause(signal));
  _exit(CheckFailed);
}

void reportFaultsIn(const std::string &function) {
  std::string text = "amos-run: error: '" + function + "' ";
  std::strncpy(message, text.c_str(), sizeof message - 1);
  struct sigaction action = {};
  action.sa_handler = onFault;
  for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE})
    sigaction(signal, &action, nullptr);
}

} // namespace amos::run

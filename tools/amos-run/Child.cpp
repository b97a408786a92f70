//===- Child.cpp - Work that may crash or never end -----------------------===//

#include "Child.h"
#include "Timing.h"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace amos::run {

static volatile sig_atomic_t interrupted = 0;

static void onInterrupt(int) { interrupted = 1; }

static void handleInterrupts(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  for (int signal : {SIGINT, SIGTERM})
    sigaction(signal, &action, nullptr);
}

void catchInterrupts() { handleInterrupts(onInterrupt); }
bool wasInterrupted() { return interrupted; }

/// Waits until the other end of a pipe closes, as it does when the child ends;
/// false when it does not in time, or an interrupt comes first.
static bool waitForEnd(int pipe, double seconds) {
  double deadline = now() + seconds;
  while (!interrupted) {
    double left = deadline - now();
    if (left <= 0)
      return false;
    struct pollfd watched = {pipe, POLLIN, 0};
    int found = poll(&watched, 1, static_cast<int>(left * 1000) + 1);
    if (found > 0 || (found < 0 && errno != EINTR))
      return true;
  }
  return false;
}

/// What a child printed, without the name of the program.
static std::string readMessage(FILE *file) {
  std::string text;
  char part[256];
  if (!file)
    return text;
  std::rewind(file);
  while (text.size() < 1000 && std::fgets(part, sizeof part, file))
    text += part;
  const std::string prefix = "amos-run: error: ";
  size_t start = text.rfind(prefix);
  text = start == text.npos ? text : text.substr(start + prefix.size());
  return text.substr(0, text.find('\n'));
}

static std::string describeDeath(int status, FILE *messages) {
  std::string message = readMessage(messages);
  if (!message.empty())
    return message;
  if (WIFSIGNALED(status))
    return std::string("ended by a signal: ") + strsignal(WTERMSIG(status));
  return "ended with exit status " + std::to_string(WEXITSTATUS(status));
}

[[noreturn]] static void runAndExit(const std::function<void()> &work,
                                    FILE *messages) {
  handleInterrupts(SIG_IGN); // the parent decides
  if (messages)
    dup2(fileno(messages), STDERR_FILENO);
  work();
  _exit(0);
}

static Ending waitFor(pid_t child, int pipe, double seconds, FILE *messages) {
  bool hasEnded = waitForEnd(pipe, seconds);
  if (!hasEnded)
    kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  if (interrupted)
    return {Ending::Interrupted, ""};
  if (!hasEnded)
    return {Ending::TimedOut, ""};
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return {Ending::Finished, ""};
  return {Ending::Died, describeDeath(status, messages)};
}

Ending runInChild(double seconds, const std::function<void()> &work) {
  int ends[2];
  if (pipe(ends) != 0)
    return {Ending::Died, std::string("no pipe: ") + std::strerror(errno)};
  FILE *messages = std::tmpfile();
  std::fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    runAndExit(work, messages);
  }
  close(ends[1]);
  Ending ending = child < 0 ? Ending{Ending::Died, std::string("no process: ") +
                                                       std::strerror(errno)}
                            : waitFor(child, ends[0], seconds, messages);
  close(ends[0]);
  if (messages)
    std::fclose(messages);
  return ending;
}

void *allocateShared(size_t bytes) {
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

} // namespace amos::run

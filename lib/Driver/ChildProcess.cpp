//===- ChildProcess.cpp - Work that may die without taking us along -------===//

#include "amos/Driver/ChildProcess.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/Diagnostics.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace amos;
using llvm::StringRef;

template <size_t size>
static void copyText(char (&field)[size], StringRef text) {
  text = text.take_front(size - 1);
  std::memcpy(field, text.data(), text.size());
  field[text.size()] = '\0';
}

void amos::setText(char (&field)[512], StringRef text) {
  copyText(field, text);
}
void amos::setText(char (&field)[32], StringRef text) { copyText(field, text); }

/// The first line of LLVM's reason, without the addresses of its nodes.
static std::string shorten(StringRef reason) {
  llvm::SmallVector<StringRef> kept;
  for (StringRef word : llvm::split(reason.split('\n').first, ' '))
    if (!word.starts_with("0x"))
      kept.push_back(word.rtrim(','));
  return llvm::join(kept, " ");
}

/// LLVM's code generator gives up through this, e.g. on an intrinsic that the
/// processor it was told about does not have.
static void onFatalError(void *progress, const char *reason, bool) {
  auto *shared = static_cast<Progress *>(progress);
  if (!shared->blame[0])
    return; // not the user's doing: let LLVM abort
  reportError("the code generator gave up: " + shorten(reason));
  reportNote(StringRef("this code comes from ") + shared->blame +
             "; does its 'target' list the features that it needs?");
  llvm::errs().flush();
  ::_exit(static_cast<int>(ExitCode::Input));
}

//===----------------------------------------------------------------------===//
// Requests to end
//===----------------------------------------------------------------------===//

static volatile sig_atomic_t noted = 0;

static void note(int signal) { noted = signal; }

/// What was ignored stays so, as `nohup` wants it.
DelayedInterrupts::DelayedInterrupts() {
  struct sigaction action = {};
  action.sa_handler = note;
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction old = {};
    ::sigaction(signal, nullptr, &old);
    if (old.sa_handler != SIG_DFL)
      continue;
    actions.push_back({signal, old});
    ::sigaction(signal, &action, nullptr);
  }
}

DelayedInterrupts::~DelayedInterrupts() {
  for (auto &[signal, old] : actions)
    ::sigaction(signal, &old, nullptr);
}

/// A child has nothing to remove: its parent does.
static void actOnInterrupts() {
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler == note)
      ::signal(signal, SIG_DFL);
  }
}

void amos::endIfInterrupted() {
  if (!noted)
    return;
  ::signal(noted, SIG_DFL);
  ::raise(noted);
}

namespace {
/// A folder for what a child calls temporary.
class ChildFolder {
public:
  ChildFolder() {
    if (llvm::sys::fs::createUniqueDirectory("amosc", path))
      path.clear();
  }
  ~ChildFolder() {
    if (path.empty())
      return;
    if (std::error_code error = llvm::sys::fs::remove_directories(path))
      reportNote("cannot remove '" + StringRef(path).str() +
                 "': " + error.message());
  }
  /// In the child.
  void enter() {
    if (!path.empty())
      ::setenv("TMPDIR", path.c_str(), 1);
  }

private:
  llvm::SmallString<128> path;
};
} // namespace

//===----------------------------------------------------------------------===//
// Children
//===----------------------------------------------------------------------===//

static Progress *makeShared() {
  void *memory = ::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) Progress();
}

static std::string describeDeath(int status) {
  if (WIFSIGNALED(status))
    return StringRef(::strsignal(WTERMSIG(status))).lower();
  return "unexpected exit status " + std::to_string(WEXITSTATUS(status));
}

static bool isDocumented(int code) {
  return code >= static_cast<int>(ExitCode::Success) &&
         code <= static_cast<int>(ExitCode::CutShort);
}

[[noreturn]] static void
runAndExit(llvm::function_ref<ExitCode(Progress &)> work, Progress *shared) {
  llvm::remove_fatal_error_handler(); // a child of a child has its parent's
  llvm::install_fatal_error_handler(onFatalError, shared);
  ExitCode code = finishOutput(work(*shared));
  llvm::errs().flush();
  // Destructors of process-wide objects have nothing left to do.
  ::_exit(static_cast<int>(code));
}

ExitCode amos::runInChild(
    llvm::function_ref<ExitCode(Progress &)> work,
    llvm::function_ref<void(const Progress &, StringRef)> onCrash) {
  if (noted)
    return ExitCode::Internal;
  llvm::outs().flush();
  Progress *shared = makeShared();
  ChildFolder folder;
  DelayedInterrupts interrupts;
  pid_t child = shared ? ::fork() : -1;
  if (child < 0) {
    reportError("cannot start a process: " + StringRef(::strerror(errno)));
    return ExitCode::Environment;
  }
  if (child == 0) {
    actOnInterrupts();
    folder.enter();
    runAndExit(work, shared);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
    if (noted)
      ::kill(child, noted);
  // Nobody reads what it writes: the parent ends like it, as others do.
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
    noted = SIGPIPE;
  if (noted)
    return ExitCode::Internal;
  if (WIFEXITED(status) && isDocumented(WEXITSTATUS(status)))
    return static_cast<ExitCode>(WEXITSTATUS(status));
  onCrash(*shared, describeDeath(status));
  return ExitCode::Internal;
}

static bool areProgramsShown = false;

void amos::showPrograms(bool isShown) { areProgramsShown = isShown; }

void amos::showProgram(llvm::ArrayRef<StringRef> words) {
  if (!areProgramsShown)
    return;
  for (auto [position, word] : llvm::enumerate(words)) {
    llvm::errs() << (position ? " " : "");
    llvm::sys::printArg(llvm::errs(), word, /*Quote=*/false);
  }
  llvm::errs() << '\n';
}

static std::string readAll(std::FILE *file) {
  std::fseek(file, 0, SEEK_SET);
  std::string text;
  char buffer[4096];
  while (size_t count = std::fread(buffer, 1, sizeof(buffer), file))
    text.append(buffer, count);
  return text;
}

ExitCode amos::runForText(
    llvm::function_ref<ExitCode(llvm::function_ref<ExitCode(Progress &)>)>
        start,
    llvm::function_ref<ExitCode(Progress &, llvm::raw_ostream &)> work,
    std::string &text) {
  std::FILE *file = std::tmpfile();
  if (!file) {
    reportError("cannot create a temporary file: " +
                StringRef(::strerror(errno)));
    return ExitCode::Environment;
  }
  ExitCode code = start([&](Progress &progress) {
    llvm::raw_fd_ostream stream(::fileno(file), /*shouldClose=*/false);
    return work(progress, stream);
  });
  text = readAll(file);
  std::fclose(file);
  return code;
}

void amos::runInChildren(
    size_t count, unsigned jobs,
    llvm::function_ref<ExitCode(size_t, Progress &)> work,
    llvm::function_ref<void(size_t, ExitCode, StringRef)> onEnd) {
  llvm::DenseMap<pid_t, size_t> running;
  size_t started = 0;
  auto start = [&](size_t n) {
    llvm::outs().flush();
    Progress progress = {};
    pid_t child = ::fork();
    if (child == 0)
      actOnInterrupts();
    if (child == 0)
      runAndExit([&](Progress &own) { return work(n, own); }, &progress);
    if (child > 0)
      running[child] = n;
    else
      onEnd(n, ExitCode::Environment, ::strerror(errno));
  };
  while ((started < count && !noted) || !running.empty()) {
    while (started < count && !noted && running.size() < std::max(jobs, 1u))
      start(started++);
    int status = 0;
    pid_t ended = ::waitpid(-1, &status, 0);
    auto found = running.find(ended);
    if (found == running.end())
      continue;
    size_t n = found->second;
    running.erase(found);
    if (WIFEXITED(status) && isDocumented(WEXITSTATUS(status)))
      onEnd(n, static_cast<ExitCode>(WEXITSTATUS(status)), "");
    else
      onEnd(n, ExitCode::Internal, describeDeath(status));
  }
}

void amos::redirectErrors(StringRef path) {
  setColor(Color::Never);
  int file = ::open(path.str().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file >= 0)
    ::dup2(file, STDERR_FILENO);
}

std::string amos::findFirstError(StringRef log) {
  StringRef reason = log.split("error: ").second.split('\n').first;
  return reason.empty() ? "it cannot be compiled" : reason.str();
}

ExitCode amos::runProgram(llvm::ArrayRef<StringRef> names,
                          llvm::ArrayRef<std::string> arguments,
                          StringRef purpose) {
  for (StringRef name : names) {
    auto path = llvm::sys::findProgramByName(name);
    if (!path)
      continue;
    llvm::SmallVector<StringRef> words{name};
    words.append(arguments.begin(), arguments.end());
    words.front() = *path;
    showProgram(words);
    std::string message;
    int status = llvm::sys::ExecuteAndWait(*path, words, std::nullopt, {}, 0, 0,
                                           &message);
    if (status == 0)
      return ExitCode::Success;
    reportError("'" + *path + "' failed to " + purpose +
                (message.empty() ? "" : ": " + message));
    return ExitCode::Environment;
  }
  reportError("no program to " + purpose + " was found on PATH");
  reportNote("install one of: " + llvm::join(names, ", "));
  return ExitCode::Environment;
}

//===- amos-fuzz.cpp - amosc on damaged programs and machines -------------===//
//
// amos-fuzz --count=N --seconds=N --seed=N --jobs=N --only=N --timeout=SECONDS
//           --failures=DIR --known=FILE FOLDERS
//
// Trial i depends on the seed, i and the programs in the folders alone. Each
// runs in a process of its own, forked from one that has loaded everything;
// what a wrong answer needs to be repeated is left in DIR.
//
//===----------------------------------------------------------------------===//

#include "Trial.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Signals.h"
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace amos::fuzz;
namespace cl = llvm::cl;
namespace fs = llvm::sys::fs;

static cl::list<std::string> folders(cl::Positional, cl::desc("the corpus"));
static cl::opt<uint64_t> count("count", cl::init(1000));
static cl::opt<int64_t> seconds("seconds",
                                cl::desc("begin no trial after so long"));
static cl::opt<uint64_t> seed("seed", cl::init(1));
static cl::opt<unsigned> jobs("jobs", cl::init(2));
static cl::opt<int64_t> only("only", cl::init(-1), cl::desc("one trial"));
static cl::opt<unsigned> timeout("timeout", cl::init(30), cl::desc("seconds"));
static cl::opt<std::string> failures("failures", cl::init("fuzz-failures"));

static cl::opt<std::string>
    knownFile("known", cl::desc("functions whose crashes are counted apart"));
/// Its lines.
static std::vector<std::string> known;

/// What the workers share.
struct Board {
  std::atomic<uint64_t> next, trials, wrong, knownCrashes, codes[256];
  /// What each worker is at.
  std::atomic<uint64_t> current[256];
};

//===----------------------------------------------------------------------===//
// The corpus
//===----------------------------------------------------------------------===//

/// Tests hold several programs in one file, and programs several functions: a
/// change is in one of them, and compiling the others would cost time only.
static void addSeeds(std::vector<Seed> &seeds, llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, "// -----");
  for (llvm::StringRef part : parts) {
    bool isMachine = part.contains("amos.accelerator") &&
                     !part.contains("linalg.matmul ") &&
                     !part.contains("amos.load");
    for (Tokens &tokens : splitFunctions(split(part)))
      if (tokens.size() > 3)
        seeds.push_back({std::move(tokens), isMachine});
  }
}

static std::vector<std::string> listPrograms() {
  std::vector<std::string> files;
  std::error_code code;
  for (const std::string &folder : folders)
    for (fs::recursive_directory_iterator it(folder, code), end;
         it != end && !code; it.increment(code))
      if (llvm::StringRef name = it->path();
          name.ends_with(".mlir") && !name.contains("fuzz/upstream"))
        files.push_back(it->path());
  llvm::sort(files); // the order of folders is the file system's
  return files;
}

static Corpus readCorpus() {
  Corpus corpus;
  for (const std::string &file : listPrograms()) {
    auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer) {
      llvm::errs() << "cannot read '" << file << "'\n";
      std::exit(2);
    }
    llvm::StringRef text = (*buffer)->getBuffer();
    llvm::StringRef name = file;
    addSeeds(name.contains("-errors") ? corpus.wrong : corpus.seeds, text);
    if (name.contains("lib/Accelerators"))
      corpus.machines.push_back(file);
    else if (name.contains("amosc/Inputs") || name.contains("examples/demo"))
      corpus.programs.push_back(file);
  }
  if (corpus.machines.empty() || corpus.programs.empty() ||
      corpus.wrong.empty()) {
    llvm::errs() << "the corpus needs lib/Accelerators, test/amosc/Inputs and "
                    "tests of errors\n";
    std::exit(2);
  }
  return corpus;
}

static void readKnown() {
  auto buffer = llvm::MemoryBuffer::getFile(knownFile);
  if (!buffer)
    return;
  llvm::SmallVector<llvm::StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines)
    if (!line.starts_with("#"))
      known.push_back(line.str());
}

static Mutator makeMutator(const Corpus &corpus) {
  std::vector<Tokens> sources;
  for (const Seed &seed : corpus.seeds)
    sources.push_back(seed.tokens);
  return Mutator(std::move(sources));
}

//===----------------------------------------------------------------------===//
// The workers
//===----------------------------------------------------------------------===//

static void limitProcessor(rlim_t seconds) {
  rlimit processor{seconds, RLIM_INFINITY};
  ::setrlimit(RLIMIT_CPU, &processor);
}

/// In every child: a hang or a flood of memory becomes a death.
static void limitChild() {
  limitProcessor(timeout);
  rlimit core{0, 0};
  ::setrlimit(RLIMIT_CORE, &core);
#if !__has_feature(address_sanitizer)
  rlimit memory{rlim_t(6) << 30, rlim_t(6) << 30};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
}

static void write(const std::string &path, llvm::StringRef text) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code);
  if (!code)
    stream << text;
}

static void keepFailure(const Trial &trial, uint64_t index,
                        const std::string &problem) {
  std::string stem = failures + "/" + std::to_string(index);
  write(stem + ".mlir", trial.text);
  write(stem + ".txt", trial.getCommand() + "\n" + problem + "\n");
}

static void runTrial(const Corpus &corpus, const Mutator &mutator,
                     const std::string &folder, uint64_t index, Board &board) {
  Trial trial = makeTrial(corpus, mutator, seed, index, folder);
  write(trial.path, trial.text);
  ::alarm(timeout * 20); // for a child that waits and so uses no time
  int code = 0;
  std::string problem = judge(trial, code);
  ::alarm(0);
  ++board.codes[code & 255];
  if (problem.empty())
    return;
  if (!findFunction(problem, known).empty()) {
    ++board.knownCrashes;
    return;
  }
  ++board.wrong;
  keepFailure(trial, index, problem);
  llvm::outs() << index << ": " << llvm::StringRef(problem).split('\n').first
               << '\n';
  llvm::outs().flush();
}

static bool isTimeOver() {
  static const time_t begin = ::time(nullptr); // first asked before forking
  return seconds > 0 && ::time(nullptr) - begin >= seconds;
}

static void work(const Corpus &corpus, const Mutator &mutator, unsigned worker,
                 Board &board) {
  limitProcessor(RLIM_INFINITY);
  std::string folder =
      llvm::formatv("{0}/worker-{1}", failures.getValue(), worker);
  fs::create_directories(folder);
  ::setenv("TMPDIR", folder.c_str(), 1); // for the reproducers
  int messages = ::memfd_create("messages", 0);
  ::dup2(messages, STDERR_FILENO);
  uint64_t end = only < 0 ? count.getValue() : only + 1;
  while (true) {
    uint64_t index = board.next++;
    if (index >= end || isTimeOver())
      break;
    ++board.trials;
    board.current[worker] = index;
    runTrial(corpus, mutator, folder, index, board);
  }
  if (only < 0)
    fs::remove_directories(folder);
  ::_exit(0);
}

static pid_t start(const Corpus &corpus, const Mutator &mutator,
                   unsigned worker, Board &board) {
  pid_t child = ::fork();
  if (child == 0) {
    ::setpgid(0, 0); // with what it starts
    work(corpus, mutator, worker, board);
  }
  return child;
}

/// Starts workers, and again those that died of a trial.
static void supervise(const Corpus &corpus, const Mutator &mutator,
                      Board &board) {
  std::map<pid_t, unsigned> workers;
  for (unsigned worker = 0; worker < jobs; ++worker)
    workers[start(corpus, mutator, worker, board)] = worker;
  int status = 0;
  for (pid_t dead; (dead = ::wait(&status)) > 0;) {
    unsigned worker = workers[dead];
    workers.erase(dead);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
      continue;
    ::kill(-dead, SIGKILL);
    uint64_t index = board.current[worker];
    ++board.wrong;
    llvm::outs() << index << ": no answer\n";
    keepFailure(makeTrial(corpus, mutator, seed, index, failures), index,
                "no answer");
    workers[start(corpus, mutator, worker, board)] = worker;
  }
  for (auto [left, worker] : workers) // after an interrupt
    ::kill(-left, SIGKILL);
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "amosc on damaged files\n");
  amos::rememberInvocation(argc, argv);
  amos::registerMlirOptions();
  llvm::sys::PrintStackTraceOnErrorSignal(argv[0]); // tells crashes apart
  Corpus corpus = readCorpus();
  readKnown();
  Mutator mutator = makeMutator(corpus);
  fs::create_directories(failures);
  (void)isTimeOver();
  ::pthread_atfork(nullptr, nullptr, limitChild);
  void *memory = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto &board = *new (memory) Board();
  board.next = only < 0 ? 0 : only;
  jobs = only < 0 ? std::max(1u, std::min(jobs.getValue(), 256u)) : 1;
  supervise(corpus, mutator, board);
  llvm::outs() << board.trials << " trials, " << board.wrong
               << " wrong answers, " << board.knownCrashes
               << " known crashes; exit status";
  for (unsigned code = 0; code < 256; ++code)
    if (board.codes[code] != 0)
      llvm::outs() << llvm::formatv(" {0}: {1}", code,
                                    board.codes[code].load());
  llvm::outs() << '\n';
  return board.wrong != 0;
}

//===- Trial.cpp - One damaged input and what amosc says to it ------------===//

#include "Trial.h"
#include "amos/Driver/TargetVerbs.h"
#include "llvm/Support/FileSystem.h"
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace amos;
using namespace amos::fuzz;

//===----------------------------------------------------------------------===//
// Making one
//===----------------------------------------------------------------------===//

static void chooseOptions(CompileRequest &request, Random &random) {
  PipelineOptions &pipeline = request.pipeline;
  pipeline.emulate |= random.oneIn(5);
  pipeline.amosRule = random.oneIn(10);
  pipeline.neverPad = random.oneIn(10);
  pipeline.assumeFinite = random.oneIn(10);
  pipeline.seed = random.below(3);
  pipeline.effort = random.oneIn(5) ? random.below(3) : 2;
  request.requireIntrinsic = random.oneIn(20);
  request.bundle.candidates = 2; // more take long and show nothing new
  if (random.oneIn(12))
    request.startFrom = getStages()[1 + random.below(6)].stage;
  static const std::vector<std::vector<Output>> choices = {
      {Output::Object, Output::Header, Output::Manifest},
      {Output::Object, Output::Header},
      {Output::Explain, Output::Assembly},
      {Output::Candidates, Output::Mapped, Output::Llvm}};
  request.outputs = random.pick(choices);
}

/// A mapping as a person might write it, damaged or not.
static std::string takeMapping(const std::string &text) {
  size_t begin = text.find("#amos.mapping<");
  if (begin == std::string::npos)
    return "";
  return text.substr(begin, text.find(">", text.find("[[", begin)) + 1 - begin);
}

Trial amos::fuzz::makeTrial(const Corpus &corpus, const Mutator &mutator,
                            uint64_t seed, uint64_t index,
                            const std::string &folder) {
  Random random(seed * 0x9e3779b97f4a7c15u + index);
  const Seed &source =
      random.oneIn(8) ? random.pick(corpus.wrong) : random.pick(corpus.seeds);
  Trial trial;
  trial.verb = random.oneIn(6) ? "explain" : "compile";
  trial.path = folder + "/input.mlir";
  trial.text = mutator.mutate(source.tokens, random);
  CompileRequest &request = trial.request;
  request.outputFolder = folder + "/out";
  request.diagnostics.color = Color::Never;
  chooseOptions(request, random);
  request.input = trial.path;
  if (!source.isMachine) {
    request.targets = {random.pick(corpus.machines)};
    if (random.oneIn(10))
      if (std::string mapping = takeMapping(trial.text); !mapping.empty())
        request.pipeline.mappings = {mapping};
    return trial;
  }
  if (random.oneIn(4))
    trial.verb = random.oneIn(2) ? "target check" : "target show";
  request.input = random.pick(corpus.programs);
  request.targets = {trial.path};
  request.startFrom.reset();
  // The instructions of a damaged machine exist nowhere.
  request.pipeline.emulate |= random.oneIn(2);
  return trial;
}

std::string Trial::getCommand() const {
  if (verb != "compile" && verb != "explain")
    return "amosc " + verb + " " + path;
  std::string words = "amosc " + (verb == "explain" ? verb + " " : "") +
                      request.input + " --target=" + request.targets[0] +
                      " --out-dir " + request.outputFolder + " -O" +
                      std::to_string(request.pipeline.effort) + " --seed " +
                      std::to_string(request.pipeline.seed) + " --emit=";
  for (Output output : request.outputs)
    words += getInfo(output).name.str() + ",";
  words.pop_back();
  if (request.startFrom)
    words += " --start-from=" + getInfo(*request.startFrom).name.str();
  words += " --candidates=" + std::to_string(request.bundle.candidates);
  for (const std::string &mapping : request.pipeline.mappings)
    words += " '--mapping=" + mapping + "'";
  for (auto [flag, word] : {std::pair(request.pipeline.emulate, " --emulate"),
                            {request.pipeline.amosRule, " --mapping-rule=amos"},
                            {request.pipeline.neverPad, " --pad=never"},
                            {request.pipeline.assumeFinite, " --assume-finite"},
                            {request.requireIntrinsic, " --require-intrinsic"}})
    words += flag ? word : "";
  return words;
}

//===----------------------------------------------------------------------===//
// Running it
//===----------------------------------------------------------------------===//

/// In a child: these verbs run in the process of the command line. What they
/// print is of no interest.
static ExitCode askTarget(const Trial &trial) {
  pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
    ExitCode code = trial.verb == "target show"
                        ? showTarget(trial.path)
                        : checkTarget(trial.path, false);
    llvm::outs().flush();
    ::_exit(static_cast<int>(code));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? static_cast<ExitCode>(WEXITSTATUS(status))
                           : ExitCode::Internal;
}

static ExitCode run(const Trial &trial) {
  if (trial.verb == "compile")
    return compile(trial.request);
  if (trial.verb != "explain")
    return askTarget(trial);
  CompileRequest request = trial.request;
  request.output = request.outputFolder + "/explanation";
  request.json = true;
  return explain(request);
}

static std::vector<std::string> listFiles(const std::string &folder) {
  std::vector<std::string> files;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator it(folder, code), end;
       it != end && !code; it.increment(code))
    files.push_back(it->path());
  return files;
}

/// What this process and its children say between begin and end.
static std::string takeMessages() {
  std::string text(::lseek(STDERR_FILENO, 0, SEEK_CUR), '\0');
  ssize_t size = ::pread(STDERR_FILENO, text.data(), text.size(), 0);
  text.resize(std::max<ssize_t>(size, 0));
  return text;
}

std::string amos::fuzz::judge(const Trial &trial, int &code) {
  if (::ftruncate(STDERR_FILENO, 0) || ::lseek(STDERR_FILENO, 0, SEEK_SET))
    return "the messages cannot be kept";
  llvm::sys::fs::remove_directories(trial.request.outputFolder);
  llvm::sys::fs::create_directories(trial.request.outputFolder);
  code = static_cast<int>(run(trial));
  std::string messages = takeMessages();
  size_t files = listFiles(trial.request.outputFolder).size();
  if (code < 0 || code > 5)
    return "exit status " + std::to_string(code) + "\n" + messages;
  if (code != 0 && messages.empty())
    return "failed without a message";
  if (code != 0 && files != 0)
    return "failed, but left " + std::to_string(files) + " files";
  size_t expected = trial.verb == "compile"   ? trial.request.outputs.size()
                    : trial.verb == "explain" ? 1
                                              : 0;
  if (code == 0 && files != expected)
    return "wrote " + std::to_string(files) + " files";
  return "";
}

llvm::StringRef
amos::fuzz::findFunction(llvm::StringRef problem,
                         const std::vector<std::string> &functions) {
  for (const std::string &function : functions) {
    bool isMessage = llvm::StringRef(function).contains(' ');
    if (problem.contains(isMessage ? function : " " + function + "("))
      return function;
  }
  return {};
}

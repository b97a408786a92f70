//===- Reduce.cpp - amosc reduce ------------------------------------------===//

#include "amos/Driver/Reduce.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/Compile.h"
#include "amos/Driver/Reproducer.h"
#include "amos/Driver/Source.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Reducer/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace amos;
using llvm::StringRef;

namespace {
/// A folder for the files of one reduction.
class WorkFolder {
public:
  WorkFolder() {
    if (std::error_code code =
            llvm::sys::fs::createUniqueDirectory("amosc-reduce", path))
      reportError("cannot create a temporary folder: " + code.message());
  }
  ~WorkFolder() { llvm::sys::fs::remove_directories(path); }
  explicit operator bool() const { return !path.empty(); }
  std::string getFile(StringRef name) const {
    return (path + "/" + name).str();
  }

private:
  llvm::SmallString<128> path;
};

/// Judges programs: a script that is given a file.
class Test {
public:
  Test(std::string script, std::string file)
      : script(std::move(script)), file(std::move(file)) {}
  bool accepts(StringRef text) const;
  const std::string &getScript() const { return script; }

private:
  std::string script;
  /// Where a program lies while it is judged.
  std::string file;
};
} // namespace

bool Test::accepts(StringRef text) const {
  llvm::consumeError(writeArtifacts(Artifact{file, text}));
  // MLIR's reducer wants another status than 0 for what is interesting.
  return llvm::sys::ExecuteAndWait(script, {script, file}) > 0;
}

static std::string readFile(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

static bool write(const std::string &path, StringRef text) {
  llvm::Error error = writeArtifacts(Artifact{path, text});
  if (!error)
    return true;
  reportError(llvm::toString(std::move(error)));
  return false;
}

/// `path` as an executable script.
static bool writeScript(const std::string &path, StringRef text) {
  return write(path, text) &&
         !llvm::sys::fs::setPermissions(path, llvm::sys::fs::all_all);
}

//===----------------------------------------------------------------------===//
// The test
//===----------------------------------------------------------------------===//

/// Quoted for a shell.
static std::string quote(StringRef word) {
  std::string quoted = "'";
  for (char c : word)
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// The words of the command with the program as "$1" and without what `reduce`
/// itself is told; what is written goes to the folder of `work`.
static std::string quoteWords(llvm::ArrayRef<std::string> words,
                              const std::string &program, bool isOwn,
                              const WorkFolder &work) {
  std::string command, place = " --out-dir " + quote(work.getFile("out"));
  for (size_t at = 0; at < words.size(); ++at) {
    StringRef word = words[at];
    if (word.starts_with("--out-dir="))
      continue;
    if (word == "--out-dir" || (isOwn && (word == "-o" || word == "--test")))
      ++at;
    else if (word == "-o" && at + 1 < words.size())
      place =
          " -o " + quote(work.getFile(llvm::sys::path::filename(words[++at])));
    else if (!isOwn || (word != "reduce" && !word.starts_with("--test=")))
      command += word == program ? " \"$1\"" : " " + quote(word);
  }
  return command + place;
}

/// The command that shows the problem, for a shell.
static std::string makeCommand(const ReduceRequest &request,
                               const WorkFolder &work) {
  bool isFolder = llvm::sys::fs::is_directory(request.input);
  std::vector<std::string> words =
      isFolder ? readCommand(request.input) : getInvocation();
  words.erase(words.begin());
  std::string place = isFolder ? "cd " + quote(request.input) + " && " : "";
  return place + "TMPDIR=" + quote(work.getFile("")) + " " +
         quote(findOwnProgram("amosc")) +
         quoteWords(words, isFolder ? "input.mlir" : request.input, !isFolder,
                    work) +
         " --color=never >/dev/null 2>" + quote(work.getFile("messages"));
}

/// The first error in `messages`, without its place.
static StringRef findError(StringRef messages) {
  for (StringRef line : llvm::split(messages, '\n'))
    if (size_t at = line.find("error: "); at != StringRef::npos)
      return line.drop_front(at);
  return {};
}

/// A script that accepts what amosc answers in the same way as `input`; empty
/// after a report that there is nothing wrong with it.
static std::string makeDefaultTest(const ReduceRequest &request,
                                   const std::string &input,
                                   const WorkFolder &work) {
  std::string command = makeCommand(request, work);
  std::string script = work.getFile("test");
  if (!writeScript(script, "#!/bin/sh\n" + command + "\n"))
    return {};
  int code = llvm::sys::ExecuteAndWait(script, {script, input});
  std::string messages = readFile(work.getFile("messages"));
  StringRef error = findError(messages);
  if (code == 0 || error.empty()) {
    reportError("amosc compiles '" + input +
                "'; give a '--test' that says "
                "what is wrong with it");
    return {};
  }
  reportNote("looking for the smallest input with exit status " +
             llvm::Twine(code) + " and '" + error + "'");
  std::string text = "#!/bin/sh\n" + command + "\n[ $? -eq " +
                     std::to_string(code) + " ] && grep -qF -- " +
                     quote(error) + " " + quote(work.getFile("messages")) +
                     " && exit 1\nexit 0\n";
  return writeScript(script, text) ? script : std::string();
}

/// A script around the user's test, whose 0 means the opposite of MLIR's.
static std::string wrapTest(const std::string &test, const WorkFolder &work) {
  llvm::SmallString<128> program(test);
  if (auto found = llvm::sys::findProgramByName(test))
    program = *found;
  if (!llvm::sys::fs::can_execute(program)) {
    reportError("'" + test + "', which '--test' names, is no program");
    return {};
  }
  llvm::sys::fs::make_absolute(program);
  std::string script = work.getFile("test");
  std::string text = "#!/bin/sh\nif " + quote(program) +
                     " \"$1\" >/dev/null 2>&1; then exit 1; fi\nexit 0\n";
  return writeScript(script, text) ? script : std::string();
}

//===----------------------------------------------------------------------===//
// Making it smaller
//===----------------------------------------------------------------------===//

/// Runs MLIR's reducer on `text`; Input when it cannot be parsed.
static ExitCode reduceOperations(StringRef text, const Test &test,
                                 const std::string &output) {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  context->disableMultithreading();
  mlir::ScopedDiagnosticHandler silence(
      context.get(), [](mlir::Diagnostic &) { return mlir::success(); });
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  if (!module)
    return ExitCode::Input;
  mlir::PassManager passes(context.get());
  passes.enableVerifier(false); // what is wrong may be what is looked for
  mlir::ReductionTreePassOptions options;
  options.testerName = test.getScript();
  passes.addPass(mlir::createReductionTreePass(options));
  if (failed(passes.run(*module)))
    return ExitCode::Input;
  std::string reduced;
  llvm::raw_string_ostream stream(reduced);
  module->print(stream);
  return write(output, reduced) ? ExitCode::Success : ExitCode::Environment;
}

using Lines = llvm::SmallVector<StringRef>;

/// Drops `lines[at, at + count)` if `test` accepts the rest.
static bool drop(Lines &lines, size_t at, size_t count, const Test &test) {
  Lines rest(lines.begin(), lines.begin() + at);
  rest.append(lines.begin() + std::min(at + count, lines.size()), lines.end());
  if (!test.accepts(llvm::join(rest, "\n") + "\n"))
    return false;
  lines = std::move(rest);
  return true;
}

/// The number of lines from `at` to where its brackets are closed again.
static size_t getGroup(const Lines &lines, size_t at) {
  int depth = 0;
  for (size_t end = at; end < lines.size(); ++end) {
    for (char c : lines[end])
      depth += StringRef("([{").contains(c) - StringRef(")]}").contains(c);
    if (depth <= 0)
      return end + 1 - at;
  }
  return lines.size() - at;
}

/// Drops what brackets hold together, a function say, then runs of lines, ever
/// shorter ones, as long as `test` accepts the rest.
static std::string reduceLines(StringRef text, const Test &test) {
  Lines lines;
  text.rtrim('\n').split(lines, '\n');
  for (size_t at = 0; at < lines.size();)
    if (size_t group = getGroup(lines, at);
        group == 1 || !drop(lines, at, group, test))
      ++at;
  for (size_t length = std::max<size_t>(lines.size() / 2, 1); length > 0;
       length /= 2)
    for (size_t at = 0; at < lines.size();)
      if (!drop(lines, at, length, test))
        at += length;
  return llvm::join(lines, "\n") + "\n";
}

static std::string shrink(std::string text, const Test &test,
                          const WorkFolder &work) {
  std::string output = work.getFile("reduced.mlir");
  // One pass over the tree settles on the first choice that helps; a few more
  // find the others.
  for (unsigned round = 0; round < 4; ++round) {
    // The parser and the reducer may die of the problem, too.
    ExitCode code = runInChild(
        [&](Progress &) { return reduceOperations(text, test, output); },
        [](const Progress &, StringRef) {});
    std::string reduced = readFile(output);
    if (code != ExitCode::Success || reduced == text || !test.accepts(reduced))
      break;
    text = reduced;
  }
  return reduceLines(text, test);
}

ExitCode amos::reduce(const ReduceRequest &request) {
  WorkFolder work;
  if (!work)
    return ExitCode::Environment;
  std::string input = request.input;
  if (llvm::sys::fs::is_directory(input))
    input += "/input.mlir";
  auto source = readSource(input);
  if (!source) {
    reportError(llvm::toString(source.takeError()));
    return ExitCode::Usage;
  }
  llvm::SmallString<128> absolute(input);
  llvm::sys::fs::make_absolute(absolute);
  std::string script =
      request.test.empty()
          ? makeDefaultTest(request, absolute.str().str(), work)
          : wrapTest(request.test, work);
  if (script.empty())
    return ExitCode::Usage;
  Test test(script, work.getFile("candidate.mlir"));
  std::string text = (*source)->getBuffer().str();
  if (!test.accepts(text)) {
    reportError("'" + input + "' itself does not pass the test");
    return ExitCode::Usage;
  }
  std::string reduced = shrink(text, test, work);
  std::string output = request.output.empty() ? "-" : request.output;
  return write(output, reduced) ? ExitCode::Success : ExitCode::Environment;
}

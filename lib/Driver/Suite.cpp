//===- Suite.cpp - What a machine makes of a folder of programs -----------===//

#include "Suite.h"
#include "amos/Driver/Reproducer.h"
#include "amos/Report/Explanation.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

using namespace amos;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace json = llvm::json;

const SuiteCandidate *SuiteOperation::getChosen() const {
  for (const SuiteCandidate &candidate : candidates)
    if (candidate.isChosen)
      return &candidate;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// One program
//===----------------------------------------------------------------------===//

static ExitCode explainTo(const CompileRequest &request, Progress &progress,
                          llvm::raw_ostream &stream) {
  Compiler compiler(request, progress);
  ExitCode code = compiler.load();
  if (code == ExitCode::Success)
    code = compiler.runThrough(Stage::SelectMapping);
  if (code == ExitCode::Success)
    Explanation::get(compiler.getModule()).printJson(stream);
  return code;
}

/// The explanation of the program that `request` names; nothing after a report.
static std::optional<json::Value>
explainProgram(const CompileRequest &request) {
  std::string text;
  ExitCode code = runForText(
      [&](llvm::function_ref<ExitCode(Progress &)> work) {
        return runReproducibly(request, work);
      },
      [&](Progress &progress, llvm::raw_ostream &stream) {
        return explainTo(request, progress, stream);
      },
      text);
  if (code != ExitCode::Success)
    return std::nullopt;
  auto explanation = json::parse(text);
  if (explanation)
    return std::move(*explanation);
  reportError(llvm::toString(explanation.takeError()));
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// From the explanation
//===----------------------------------------------------------------------===//

static std::string getText(const json::Object &object, StringRef field) {
  return object.getString(field).value_or("").str();
}

static SuiteCandidate readCandidate(const json::Object &object,
                                    const json::Object &intrinsics) {
  SuiteCandidate candidate;
  candidate.intrinsic = getText(object, "intrinsic");
  if (const json::Value *matching = object.get("matching");
      matching && matching->getAsArray())
    llvm::raw_string_ostream(candidate.matching) << *matching;
  candidate.isChosen = object.getBoolean("chosen").value_or(false);
  if (const json::Object *reason = object.getObject("reason")) {
    candidate.code = getText(*reason, "code");
    candidate.message = getText(*reason, "message");
  }
  const json::Object *cost = object.getObject("cost");
  const json::Object *intrinsic = intrinsics.getObject(candidate.intrinsic);
  if (!cost || !intrinsic)
    return candidate;
  candidate.cycles = cost->getNumber("cycles").value_or(0);
  candidate.seconds =
      candidate.cycles / intrinsic->getNumber("clock").value_or(1e9);
  candidate.useful = 1 - cost->getNumber("padding").value_or(0);
  candidate.bound = getText(*cost, "bound");
  return candidate;
}

static SuiteOperation readOperation(const json::Object &object,
                                    const json::Object &intrinsics) {
  SuiteOperation operation;
  operation.function = getText(object, "function");
  operation.operation = getText(object, "operation");
  operation.location = getText(object, "location");
  operation.multiplyAdds = object.getNumber("multiply_adds").value_or(0);
  if (const json::Array *candidates = object.getArray("candidates"))
    for (const json::Value &candidate : *candidates)
      operation.candidates.push_back(
          readCandidate(*candidate.getAsObject(), intrinsics));
  return operation;
}

static void readExplanation(const json::Value &explanation, StringRef program,
                            Suite &suite) {
  const json::Object *root = explanation.getAsObject();
  const json::Array *operations = root ? root->getArray("operations") : nullptr;
  const json::Object *intrinsics =
      root ? root->getObject("intrinsics") : nullptr;
  if (!operations || !intrinsics)
    return;
  for (const json::Value &operation : *operations) {
    suite.operations.push_back(
        readOperation(*operation.getAsObject(), *intrinsics));
    suite.operations.back().program = program.str();
  }
}

//===----------------------------------------------------------------------===//
// All programs
//===----------------------------------------------------------------------===//

/// The programs below `folder`, seen from there, sorted.
static std::vector<std::string> findPrograms(StringRef folder) {
  std::vector<std::string> programs;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end;
       it != end && !error; it.increment(error)) {
    StringRef path = it->path();
    if (llvm::sys::path::extension(path) == ".mlir" && !fs::is_directory(path))
      programs.push_back(path.drop_front(folder.size()).ltrim('/').str());
  }
  llvm::sort(programs);
  return programs;
}

ExitCode amos::rankSuite(const CompileRequest &request, StringRef folder,
                         Suite &suite) {
  std::vector<std::string> programs = findPrograms(folder);
  if (programs.empty()) {
    reportError("there is no program ('*.mlir') in '" + folder + "'");
    return ExitCode::Usage;
  }
  suite.programs = programs.size();
  CompileRequest own = request;
  // What misses the best class is part of the result.
  own.fallback = Fallback::Allow;
  for (const std::string &program : programs) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, program);
    own.input = path.str().str();
    if (auto explanation = explainProgram(own))
      readExplanation(*explanation, program, suite);
    else
      suite.failed.push_back(program);
  }
  return ExitCode::Success;
}

//===- amosc.cpp - The compiler, as people call it ------------------------===//

#include "CommandLine.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/Reduce.h"
#include "amos/Driver/TargetVerbs.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"

using namespace amos;

/// Reads the standard input once, so that a crash can be reproduced.
static bool readStandardInput(CompileRequest &request) {
  if (request.input != "-")
    return true;
  auto buffer = llvm::MemoryBuffer::getSTDIN();
  if (!buffer) {
    reportError("cannot read the standard input: " +
                buffer.getError().message());
    return false;
  }
  request.standardInput = (*buffer)->getBuffer().str();
  return true;
}

static ExitCode dispatchTarget(const CommandLine &line) {
  llvm::StringRef verb = llvm::StringRef(line.command).split(' ').second;
  if (verb == "list")
    return listTargets(line.request.json);
  if (verb == "show")
    return line.request.json ? showTargetJson(line.subject)
                             : showTarget(line.subject);
  if (verb == "check")
    return checkTarget(line.subject, line.request.json);
  if (verb == "calibrate")
    return calibrateTarget({line.subject.empty() ? "native" : line.subject,
                            line.request.output, line.target.bundle,
                            line.target.results, line.request.jobs});
  if (verb == "new")
    return writeSkeleton({line.subject, line.target.base, line.request.output,
                          line.target.overwrites});
  if (verb == "suite")
    return reportUtilisation(line.request, line.subject, line.target.suite);
  if (verb == "what-if")
    return askWhatIf(line.request, line.subject, line.target.changes,
                     line.target.suite);
  return testTarget(line.subject, line.request.json);
}

static ExitCode dispatchDatabase(CommandLine &line) {
  llvm::StringRef verb = llvm::StringRef(line.command).split(' ').second;
  DatabaseRequest &request = line.database;
  request.json = line.request.json;
  request.output = line.request.output;
  if (verb == "list")
    return listDatabase(request);
  if (verb == "show")
    return showOperator(request);
  if (verb == "merge")
    return mergeDatabases(request);
  if (verb == "export")
    return exportDatabase(request);
  return verb == "import" ? importResults(request) : pruneDatabase(request);
}

static ExitCode dispatch(CommandLine &line) {
  if (!line.completion.empty())
    return printCompletion(line.completion);
  if (line.command == "help")
    return line.manual ? printManualPage() : printHelp(line.subject);
  if (line.command == "doctor")
    return examineEnvironment(line.request.json, llvm::outs());
  if (line.command == "reduce")
    return reduce({line.request.input, line.test, line.request.output});
  if (llvm::StringRef(line.command).starts_with("target "))
    return dispatchTarget(line);
  if (llvm::StringRef(line.command).starts_with("db "))
    return dispatchDatabase(line);
  if (line.command == "tune")
    return tune(line.request, line.tune, line.request.bundle);
  if (!readStandardInput(line.request))
    return ExitCode::Input;
  if (line.command == "explain")
    return explain(line.request);
  if (line.command == "run")
    return compileAndRun(line.request, line.runArguments);
  return compile(line.request);
}

int main(int argc, char **argv) {
  // A file that is opened must not take the place of a closed output.
  llvm::sys::Process::FixupStandardFileDescriptors();
  rememberInvocation(argc, argv);
  registerMlirOptions();
  ExitCode code;
  if (auto line = parseCommandLine(argc, argv, code))
    code = dispatch(*line);
  endIfInterrupted();
  return static_cast<int>(finishOutput(code));
}

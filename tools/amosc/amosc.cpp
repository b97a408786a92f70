//===- amosc.cpp - The compiler, as people call it ------------------------===//

#include "CommandLine.h"
#include "amos/Driver/Reduce.h"
#include "amos/Driver/TargetVerbs.h"
#include "llvm/Support/MemoryBuffer.h"

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

static ExitCode dispatch(CommandLine &line) {
  if (!line.completion.empty())
    return printCompletion(line.completion);
  if (line.command == "help")
    return line.manual ? printManualPage() : printHelp(line.subject);
  if (line.command == "doctor")
    return examineEnvironment(llvm::outs());
  if (line.command == "reduce")
    return reduce({line.request.input, line.test, line.request.output});
  if (line.command == "target list")
    return listTargets(line.request.json);
  if (line.command == "target show")
    return showTarget(line.subject);
  if (line.command == "target check")
    return checkTarget(line.subject);
  if (line.command == "target test")
    return testTarget(line.subject);
  if (!readStandardInput(line.request))
    return ExitCode::Input;
  if (line.command == "explain")
    return explain(line.request);
  if (line.command == "run")
    return compileAndRun(line.request, line.runArguments);
  return compile(line.request);
}

int main(int argc, char **argv) {
  rememberInvocation(argc, argv);
  registerMlirOptions();
  ExitCode code;
  if (auto line = parseCommandLine(argc, argv, code))
    code = dispatch(*line);
  llvm::outs().flush();
  return static_cast<int>(code);
}

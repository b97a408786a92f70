//===- MeasureCommand.cpp - amos-run measure ------------------------------===//

#include "MeasureCommand.h"
#include "Child.h"
#include "Files.h"
#include "Results.h"
#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace amos::run {

static ExitCode report(const Failure &failure) {
  std::fprintf(stderr, "amos-run: error: %s\n", failure.problem.c_str());
  return failure.code;
}

static void showProgress(int done, int all) {
  std::fprintf(stderr, "\rmeasured %d of %d visits", done, all);
  std::fflush(stderr);
}

static ExitCode judge(const Session &session) {
  if (!session.isComplete)
    return CutShort;
  bool isGood =
      std::all_of(session.measurements.begin(), session.measurements.end(),
                  [](const Measurement &m) { return m.status == Status::Ok; });
  return isGood ? Success : CheckFailed;
}

ExitCode measureBundle(const MeasureRequest &request) {
  Results results;
  std::string problem;
  if (!readBundle(request.bundle, results.bundle, problem))
    return report({InputRejected, problem});
  results.options = request;
  results.options.isCold |= isOnDevice(results.bundle);
  results.command = request.command;
  results.host = describeHost();
  bool isWatched = isatty(STDERR_FILENO) == 1;
  auto failure =
      measureAll(results.bundle, results.options,
                 isWatched ? showProgress : std::function<void(int, int)>(),
                 results.session);
  if (isWatched)
    std::fprintf(stderr, "\r\033[K");
  if (failure)
    return report(*failure);
  std::string json = formatJson(results);
  std::string shown = request.json ? json : formatText(results);
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  if (!request.output.empty() && !writeFile(request.output, json))
    return report({EnvironmentError, "cannot write '" + request.output + "'"});
  return judge(results.session);
}

} // namespace amos::run

//===- TuneOperator.h - The search for one operator -------------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_TUNEOPERATOR_H
#define AMOS_DRIVER_TUNEOPERATOR_H

#include "TuneProgress.h"
#include "amos/Driver/Tune.h"
#include "amos/Tuning/Recall.h"

namespace amos {

/// An operator of the programs, as a program of its own.
struct TuneSubject {
  TunedOperator described;
  std::string program;  ///< the text of that program
  std::string location; ///< "file:line:column" of the first place it is at
};

/// What came of tuning one operator.
struct TuneOutcome {
  size_t measured = 0, failed = 0;
  /// Candidates that computed something else, as messages.
  std::vector<std::string> wrong;
  /// The fastest that is known, and the first choice of the model.
  std::optional<Measurement> fastest, first;
};

/// Tunes one operator, or writes the bundle that asks for it.
class OperatorTuning {
public:
  OperatorTuning(const CompilerOptions &options, const TuneRequest &request,
                 const BundleRequest &bundle, const TuneSubject &subject,
                 Progress &progress);

  /// Compiles the operator and learns what the database knows of it.
  ExitCode prepare();
  /// Searches until `trials` are measured (0: any number) or `seconds` are over
  /// (0: no limit), or until it is interrupted.
  ExitCode search(size_t trials, double seconds, TuneOutcome &outcome);
  /// Writes `trials` candidates to the folder of the request.
  ExitCode writeCandidates(size_t trials);

private:
  ExitCode measure(llvm::ArrayRef<DrawnCandidate> drawn, unsigned rounds,
                   TuneOutcome &outcome);
  ExitCode compile(llvm::ArrayRef<DrawnCandidate> drawn,
                   std::vector<CompiledCandidate> &compiled);
  ExitCode confirm(TuneOutcome &outcome);
  ExitCode keep(const MeasurementSet &set);
  ExitCode readKnown(Recollection &known);
  ExitCode conclude(TuneOutcome &outcome);
  void learn(const MeasurementSet &set, TuneOutcome &outcome);

  const CompilerOptions &options;
  const TuneRequest &request;
  const BundleRequest &bundle;
  const TuneSubject &subject;
  Compiler compiler;
  std::string reference;
  std::optional<Subject> found;
  std::optional<Search> proposals;
  CandidateAttr first; ///< choice of the model
};

} // namespace amos

#endif // AMOS_DRIVER_TUNEOPERATOR_H

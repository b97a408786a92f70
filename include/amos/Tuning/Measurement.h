//===- Measurement.h - What was measured, and of what -----------*- C++ -*-===//
#ifndef AMOS_TUNING_MEASUREMENT_H
#define AMOS_TUNING_MEASUREMENT_H

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace amos {

/// What measurements depend on beside operator, mapping and schedule.
struct Environment {
  /// What ran the candidate: the processor's model, or "NVIDIA H200, compute
  /// capability 9.0, ..".
  std::string device;
  /// "CUDA 13.0"; empty where there is none between program and device.
  std::string driver;
  /// What made the code, "amosc 0.1.0, LLVM 22.1.8".
  std::string tools;
};

/// An operator by its canonical text, see `describeOperator`.
struct TunedOperator {
  std::string fingerprint; ///< of the text
  std::string name;        ///< "linalg.matmul"
  std::string text;
};

/// One candidate, checked and timed.
struct Measurement {
  std::string op;      ///< fingerprint of the operator
  std::string machine; ///< fingerprint of what the mapping rests on
  std::string machineName;
  Environment environment;
  std::string mapping, schedule; ///< attributes as text
  std::string mappingId;
  int64_t predictedCycles = 0, lowerBound = 0;
  std::string status; ///< "ok", "wrong", "failed", as `amos-run` says
  std::string reason; ///< empty when it is ok
  /// Of one call, when it is ok: the median, and the quartiles around it.
  double seconds = 0, firstQuartile = 0, thirdQuartile = 0;
  /// Of the unit's rate beside the samples; 0 where that is not known.
  double share = 0;
  int64_t samples = 0;
  std::string caches; ///< "warm" or "cold"
  std::string origin; ///< who proposed it: "model", "random", "search"
  std::string date;   ///< "2026-11-29T10:00:00Z"

  bool isGood() const { return status == "ok" && samples > 0; }
  /// Equal for equal measurements, and for no others.
  std::string getId() const;
};

/// Measurements with the operators they are of.
struct MeasurementSet {
  std::vector<TunedOperator> operators;
  std::vector<Measurement> measurements;
};

/// The model of this processor, as `amos-run` names it.
std::string describeProcessor();

/// The first 16 hexadecimal digits of the SHA-256 of `text`.
std::string getFingerprint(llvm::StringRef text);

/// Writes the document of docs/Tuning.md.
void exportMeasurements(const MeasurementSet &set, llvm::raw_ostream &stream);

/// Reads that document, or the results of `amos-run measure`
/// (docs/Measuring.md) whose bundle says of what its candidates are. What was
/// not measured is left out. The error names the field.
llvm::Expected<MeasurementSet> importMeasurements(llvm::StringRef json);

} // namespace amos

#endif // AMOS_TUNING_MEASUREMENT_H

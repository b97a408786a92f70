//===- MeasureCommand.h - amos-run measure ----------------------*- C++ -*-===//
#ifndef AMOS_RUN_MEASURECOMMAND_H
#define AMOS_RUN_MEASURECOMMAND_H

#include "ExitCode.h"
#include "Measure.h"

namespace amos::run {

struct MeasureRequest : MeasureOptions {
  std::string bundle;
  std::string output; ///< file for the results; empty: none
  bool json = false;  ///< results on the standard output, in place of the table
  std::string command;
};

/// `amos-run measure BUNDLE`. CheckFailed when a candidate is wrong or fails,
/// CutShort when an interrupt came: what was measured until then is kept.
ExitCode measureBundle(const MeasureRequest &request);

} // namespace amos::run

#endif // AMOS_RUN_MEASURECOMMAND_H

//===- Pictures.h - What the page draws -------------------------*- C++ -*-===//
#ifndef AMOS_LIB_REPORT_PICTURES_H
#define AMOS_LIB_REPORT_PICTURES_H

#include "amos/Report/Explanation.h"

namespace amos {

/// The loops around the intrinsic as boxes in boxes, with the block inside and
/// the levels that hold what a box touches.
std::string drawNest(const ExplainedCandidate &candidate);

/// What plays each lane of one tile of the intrinsic.
std::string drawTile(const ExplainedOperation &operation,
                     const ExplainedCandidate &candidate,
                     const ExplainedIntrinsic &intrinsic);

/// Cycles and bytes of each resource as bars.
std::string drawUsage(const ExplainedCandidate &candidate);

/// The machine's roofs with the operation's candidates below them; empty when
/// the description gives no rates or nothing was priced.
std::string drawRoofline(const Explanation &explanation,
                         const ExplainedOperation &operation);

} // namespace amos

#endif // AMOS_LIB_REPORT_PICTURES_H

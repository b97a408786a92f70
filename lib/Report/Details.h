//===- Details.h - What the model says about a candidate --------*- C++ -*-===//
#ifndef AMOS_LIB_REPORT_DETAILS_H
#define AMOS_LIB_REPORT_DETAILS_H

#include "amos/Report/Explanation.h"

namespace amos {

AccessMatrix getAccesses(const Contraction &contraction);
std::vector<ExplainedIteration> getIterations(const Contraction &contraction);

/// `described`: its "file:line".
ExplainedIntrinsic explainIntrinsic(const IntrinsicModel &model,
                                    std::string described);

/// Fills in what follows from `candidate.schedule`; nothing where the schedule
/// does not belong to the mapping.
void addDetails(ExplainedCandidate &candidate, const MappedProblem &problem);

/// Multiply-adds of an operator; a dynamic extent counts as the model prices
/// it.
double countMultiplyAdds(const Contraction &contraction);

/// The lines of the operation that starts at `line` of `text`, by its brackets.
std::string findSource(llvm::StringRef text, unsigned line);

} // namespace amos

#endif // AMOS_LIB_REPORT_DETAILS_H

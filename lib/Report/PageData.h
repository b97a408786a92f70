//===- PageData.h - What the page's template is filled with -----*- C++ -*-===//
#ifndef AMOS_LIB_REPORT_PAGEDATA_H
#define AMOS_LIB_REPORT_PAGEDATA_H

#include "amos/Report/Explanation.h"
#include "llvm/Support/JSON.h"

namespace amos {

/// `text` as JSON, null when empty: templates take an empty text for true.
llvm::json::Value toText(llvm::StringRef text);

/// What Candidate.mustache needs.
llvm::json::Object getCandidateData(const Explanation &explanation,
                                    const ExplainedOperation &operation,
                                    const ExplainedCandidate &candidate);

/// What Page.mustache needs, without the style sheet.
llvm::json::Object getPageData(const Explanation &explanation);

} // namespace amos

#endif // AMOS_LIB_REPORT_PAGEDATA_H

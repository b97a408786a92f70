//===- Wording.h - An explanation in words ----------------------*- C++ -*-===//
//
// What the text and the page say in the same words.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_LIB_REPORT_WORDING_H
#define AMOS_LIB_REPORT_WORDING_H

#include "amos/Report/Explanation.h"
#include "llvm/ADT/MapVector.h"

namespace amos {

/// The number, or "?".
std::string spellExtent(int64_t extent);

/// The operator's iterations of one group: "n p q", or "1".
std::string spellGroup(const ExplainedOperation &operation,
                       llvm::ArrayRef<int64_t> group);

/// Refusals with one code and one message.
struct Refusals {
  RejectionAttr first;
  /// Intrinsics, with where they are described.
  llvm::MapVector<llvm::StringRef, llvm::StringRef> intrinsics;
  unsigned count = 0;
  size_t position = 0;
};

/// By code, then in the order in which they appear first.
std::vector<Refusals> groupRefusals(llvm::ArrayRef<ExplainedCandidate> refused);

/// The proved ones and the refused ones of a sorted list.
llvm::ArrayRef<ExplainedCandidate>
getProved(const ExplainedOperation &operation);
llvm::ArrayRef<ExplainedCandidate>
getRefused(const ExplainedOperation &operation);

} // namespace amos

#endif // AMOS_LIB_REPORT_WORDING_H

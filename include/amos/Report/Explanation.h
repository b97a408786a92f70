//===- Explanation.h - Why this mapping, and why not another ----*- C++ -*-===//
#ifndef AMOS_REPORT_EXPLANATION_H
#define AMOS_REPORT_EXPLANATION_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace amos {

/// A mapping of an operation that was proved or refused.
struct ExplainedCandidate {
  std::string id;
  std::string intrinsic;
  /// Per intrinsic iteration; nothing when the intrinsic was refused as a
  /// whole.
  std::optional<std::vector<std::vector<int64_t>>> matching;
  /// The operator's source that plays each source of the intrinsic.
  std::vector<int64_t> operands;
  std::string family;
  bool isAmosRule = false;
  bool isChosen = false;
  CostAttr cost; ///< null when it was not priced
  /// Null when the mapping was proved.
  RejectionAttr rejection;
  /// The names of the intrinsic's iterations, for people.
  std::vector<std::string> iterations;
  /// "file:line" of the intrinsic's description, for people.
  std::string described;
};

struct ExplainedIteration {
  std::string name;
  int64_t extent; ///< `ShapedType::kDynamic` when unknown
  std::string kind;
};

struct ExplainedOperation {
  std::string function;
  std::string operation;
  std::string location; ///< "file:line:column"
  std::string types;    ///< "i8 x i8 -> i32"
  std::vector<ExplainedIteration> iterations;
  /// Proved ones first, the best first; then the refusals.
  std::vector<ExplainedCandidate> candidates;
};

/// What the attributes of one linalg op after `select-mapping` say.
ExplainedOperation explainOperation(mlir::Operation *op);

/// "i1 = n p q, i2 = k": the loops of the operation that play each iteration of
/// the intrinsic. `candidate` has a matching.
std::string spellMatching(const ExplainedOperation &operation,
                          const ExplainedCandidate &candidate);

/// What the attributes of a program after `select-mapping` say.
struct Explanation {
  std::string target;
  std::vector<ExplainedOperation> operations;

  static Explanation get(mlir::ModuleOp module);

  /// Version 1 of the schema in docs/CommandLine.md.
  void printJson(llvm::raw_ostream &stream) const;
  /// For people: the best candidates, and the refusals grouped by reason.
  void printText(llvm::raw_ostream &stream) const;
};

} // namespace amos

#endif // AMOS_REPORT_EXPLANATION_H

//===- Explanation.h - Why this mapping, and why not another ----*- C++ -*-===//
//
// One structure behind `amosc explain` as text, as JSON and as a page.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_REPORT_EXPLANATION_H
#define AMOS_REPORT_EXPLANATION_H

#include "Amos/AmosDialect.h"
#include "amos/Mapping/Schedule.h"
#include "amos/Model/CostModel.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace amos {

struct ExplainedIteration {
  std::string name;
  int64_t extent; ///< `ShapedType::kDynamic` when unknown
  std::string kind;
};

/// Whether operand (row) depends on iteration (column); the sources, then the
/// destination.
using AccessMatrix = std::vector<std::vector<bool>>;

/// A memory of a machine, all its instances together.
struct ExplainedLevel {
  std::string name;
  int64_t capacity = 0; ///< bytes, 0: unbounded
  double bandwidth = 0; ///< bytes per cycle, 0: unlimited
};

/// An instruction of a machine that some candidate or refusal is about.
struct ExplainedIntrinsic {
  std::string kind;      ///< its class
  std::string described; ///< "file:line"
  std::vector<ExplainedIteration> iterations;
  std::vector<std::string> types; ///< of the operands' elements
  AccessMatrix accesses;
  double clock = 0; ///< cycles per second
  double rate = 0;  ///< multiply-adds per cycle, all units together
  std::vector<ExplainedLevel> levels; ///< nearest first
};

/// A loop around the intrinsic.
struct ExplainedLoop {
  std::string name;
  int64_t extent; ///< `ShapedType::kDynamic` when unknown
  std::string kind;
  int64_t block; ///< steps that one visit of the body performs
};

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

  ScheduleAttr schedule; ///< null when it was not priced
  /// What follows from the schedule; empty without one.
  std::vector<ExplainedLoop> loops;
  /// Per intrinsic iteration: what plays it, "(d1 * 8 + d2) mod 16".
  std::vector<std::string> lanes;
  /// The bill behind `cost`.
  std::vector<Usage> usages;
  /// The names of the intrinsic's iterations, for people.
  std::vector<std::string> iterations;
  /// "file:line" of the intrinsic's description, for people.
  std::string described;
};

struct ExplainedOperation {
  std::string function;
  std::string operation;
  std::string location; ///< "file:line:column"
  std::string types;    ///< "i8 x i8 -> i32"
  /// Names of what is computed where the sums are stored.
  std::vector<std::string> epilogue;
  /// The text at the location and the number of its first line; empty when the
  /// text is not at hand.
  std::string source;
  unsigned line = 0;
  std::vector<ExplainedIteration> iterations;
  AccessMatrix accesses;
  double multiplyAdds = 0; ///< dynamic extents count as the model counts them
  /// Proved ones first, the best first; then the refusals.
  std::vector<ExplainedCandidate> candidates;
};

/// What the attributes of one linalg op after `select-mapping` say.
ExplainedOperation explainOperation(mlir::Operation *op);

/// "i1 = n p q, i2 = k": the loops of the operation that play each iteration of
/// the intrinsic. `candidate` has a matching.
std::string spellMatching(const ExplainedOperation &operation,
                          const ExplainedCandidate &candidate);

/// What the attributes of a program after `select-mapping` say, and what the
/// cost model makes of the schedules in them.
struct Explanation {
  std::string target;
  /// By the name that candidates have.
  std::map<std::string, ExplainedIntrinsic> intrinsics;
  std::vector<ExplainedOperation> operations;

  /// `sources`: buffers in which the operations' texts may be found.
  static Explanation get(mlir::ModuleOp module,
                         const llvm::SourceMgr *sources = nullptr);

  /// Version 1 of the schema in docs/CommandLine.md.
  void printJson(llvm::raw_ostream &stream) const;
  /// For people: the best candidates, and the refusals grouped by reason.
  void printText(llvm::raw_ostream &stream) const;
  /// For people with a browser: one page that needs no other file.
  void printHtml(llvm::raw_ostream &stream) const;
};

} // namespace amos

#endif // AMOS_REPORT_EXPLANATION_H

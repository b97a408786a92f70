//===- MappedProblems.h - What the model is asked about ---------*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_MAPPEDPROBLEMS_H
#define AMOS_TRANSFORMS_MAPPEDPROBLEMS_H

#include "Amos/AmosDialect.h"
#include "amos/Model/CostModel.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace amos {

/// Poses mappings of operators to the cost model; reads each intrinsic once,
/// and each operator, whose inputs stay as they are meanwhile.
class MappedProblems {
public:
  /// Fails with a diagnostic at `op` when the mapping does not fit it.
  mlir::FailureOr<MappedProblem> get(mlir::linalg::LinalgOp op,
                                     MappingAttr mapping);

  /// `candidate`, which has a schedule, with the nest that suits the threads of
  /// the function around `op`; its cost is that of one thread.
  mlir::FailureOr<CandidateAttr> shareNest(mlir::linalg::LinalgOp op,
                                           CandidateAttr candidate);

private:
  const IntrinsicModel *getModel(mlir::linalg::LinalgOp op,
                                 mlir::SymbolRefAttr name);

  const std::variant<ReadContraction, Reason> &read(mlir::linalg::LinalgOp op);

  std::shared_ptr<Solver> solver = std::make_shared<Solver>();
  std::shared_ptr<TileMemory> tileMemory = std::make_shared<TileMemory>();
  llvm::DenseMap<mlir::Attribute, std::shared_ptr<IntrinsicModel>> models;
  /// The operator that was asked about last.
  mlir::Operation *current = nullptr;
  std::variant<ReadContraction, Reason> contraction;
};

/// A cost as the program carries it, in whole cycles and thousandths.
CostAttr getCostAttr(mlir::MLIRContext *context, const Cost &cost);

} // namespace amos

#endif // AMOS_TRANSFORMS_MAPPEDPROBLEMS_H

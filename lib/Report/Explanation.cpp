//===- Explanation.cpp - Why this mapping, and why not another ------------===//

#include "amos/Report/Explanation.h"
#include "amos/Mapping/Contraction.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"

using namespace amos;
using mlir::linalg::LinalgOp;

/// The place in a file that a location means, wherever it is wrapped.
static mlir::FileLineColLoc findFileLocation(mlir::Location location) {
  mlir::FileLineColLoc found;
  location->walk([&](mlir::Location inner) {
    found = mlir::dyn_cast<mlir::FileLineColLoc>(inner);
    return found ? mlir::WalkResult::interrupt() : mlir::WalkResult::advance();
  });
  return found;
}

static std::string spellLocation(mlir::Location location, bool withColumn) {
  mlir::FileLineColLoc place = findFileLocation(location);
  if (!place)
    return "unknown location";
  std::string text =
      (place.getFilename().getValue() + ":" + llvm::Twine(place.getLine()))
          .str();
  return withColumn ? text + ":" + std::to_string(place.getColumn()) : text;
}

template <typename T>
static std::string print(T value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

//===----------------------------------------------------------------------===//
// Candidates
//===----------------------------------------------------------------------===//

/// What is known about a candidate from its intrinsic alone.
static ExplainedCandidate explainIntrinsic(LinalgOp op,
                                           mlir::SymbolRefAttr reference) {
  ExplainedCandidate candidate;
  candidate.intrinsic = print(reference);
  auto intrinsic =
      mlir::SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(op, reference);
  if (!intrinsic)
    return candidate;
  Contraction contraction = readIntrinsic(intrinsic);
  for (const Iteration &iteration : contraction.iterations)
    candidate.iterations.push_back(iteration.name);
  candidate.operands.resize(contraction.getDestination());
  candidate.described = spellLocation(intrinsic.getLoc(), /*withColumn=*/false);
  return candidate;
}

static ExplainedCandidate explainMapping(LinalgOp op, MappingAttr mapping) {
  ExplainedCandidate candidate = explainIntrinsic(op, mapping.getIntrinsic());
  candidate.id = mapping.getId();
  candidate.family = stringifyFamily(mapping.getFamily()).str();
  candidate.matching.emplace();
  for (mlir::DenseI64ArrayAttr group : mapping.getMatching())
    candidate.matching->emplace_back(group.asArrayRef());
  for (size_t t = 0; t < candidate.operands.size(); ++t)
    candidate.operands[t] = mapping.getSource(t);
  return candidate;
}

static ExplainedCandidate explainRejection(LinalgOp op,
                                           RejectionAttr rejection) {
  ExplainedCandidate candidate;
  if (MappingAttr mapping = rejection.getMapping()) {
    candidate = explainMapping(op, mapping);
  } else {
    candidate = explainIntrinsic(op, rejection.getIntrinsic());
    candidate.id = MappingAttr::get(op->getContext(), rejection.getIntrinsic(),
                                    {}, {}, Family::Direct)
                       .getId();
    candidate.family = stringifyFamily(Family::Direct).str();
    candidate.operands.clear();
  }
  candidate.rejection = rejection;
  return candidate;
}

template <typename T>
static llvm::SmallVector<T> getList(mlir::Operation *op, llvm::StringRef name) {
  llvm::SmallVector<T> list;
  if (auto array = op->getAttrOfType<mlir::ArrayAttr>(name))
    for (mlir::Attribute attribute : array)
      if (auto element = mlir::dyn_cast<T>(attribute))
        list.push_back(element);
  return list;
}

/// A chosen mapping is listed also when a person wrote it and nobody looked for
/// others.
static void addChosen(LinalgOp op, ExplainedOperation &explained) {
  auto chosen = op->getAttrOfType<MappingAttr>("amos.mapping");
  if (!chosen)
    return;
  std::string id = chosen.getId();
  for (ExplainedCandidate &candidate : explained.candidates)
    if (!candidate.rejection && candidate.id == id) {
      candidate.isChosen = true;
      return;
    }
  explained.candidates.push_back(explainMapping(op, chosen));
  explained.candidates.back().cost = op->getAttrOfType<CostAttr>("amos.cost");
  explained.candidates.back().isChosen = true;
}

/// The chosen one, the others by cost, those without, the refused ones.
static void sortCandidates(std::vector<ExplainedCandidate> &candidates) {
  using Rank = std::tuple<bool, bool, int64_t, size_t>;
  std::vector<Rank> ranks;
  for (auto [position, candidate] : llvm::enumerate(candidates)) {
    int64_t cycles = candidate.cost ? candidate.cost.getCycles()
                                    : std::numeric_limits<int64_t>::max();
    ranks.emplace_back(bool(candidate.rejection), !candidate.isChosen, cycles,
                       position);
  }
  llvm::sort(ranks);
  std::vector<ExplainedCandidate> sorted;
  for (const Rank &rank : ranks)
    sorted.push_back(std::move(candidates[std::get<3>(rank)]));
  candidates = std::move(sorted);
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

static std::string spellTypes(const Contraction &contraction) {
  llvm::SmallVector<std::string> sources;
  for (const Access &operand : llvm::drop_end(contraction.operands))
    sources.push_back(print(operand.elementType));
  return llvm::join(sources, " x ") + " -> " +
         print(contraction.operands.back().elementType);
}

static void explainLoops(LinalgOp op, ExplainedOperation &explained) {
  auto contraction = readContraction(op);
  auto *read = std::get_if<ReadContraction>(&contraction);
  if (!read)
    return;
  explained.types = spellTypes(read->contraction);
  for (const Iteration &iteration : read->contraction.iterations)
    explained.iterations.push_back(
        {iteration.name, iteration.extent,
         iteration.isReduction ? "reduction" : "parallel"});
}

static std::string getOperationName(LinalgOp op) {
  if (auto name = op->getAttrOfType<mlir::StringAttr>("amos.operation"))
    return name.str();
  return op->getName().getStringRef().str();
}

ExplainedOperation amos::explainOperation(mlir::Operation *operation) {
  auto op = mlir::cast<LinalgOp>(operation);
  ExplainedOperation explained;
  if (auto function = op->getParentOfType<mlir::FunctionOpInterface>())
    explained.function = function.getName().str();
  explained.operation = getOperationName(op);
  explained.location = spellLocation(op.getLoc(), /*withColumn=*/true);
  explainLoops(op, explained);
  for (auto found : getList<CandidateAttr>(op, "amos.candidates")) {
    explained.candidates.push_back(explainMapping(op, found.getMapping()));
    explained.candidates.back().isAmosRule = found.getAmosRule();
    explained.candidates.back().cost = found.getCost();
  }
  for (auto rejection : getList<RejectionAttr>(op, "amos.rejected"))
    explained.candidates.push_back(explainRejection(op, rejection));
  addChosen(op, explained);
  sortCandidates(explained.candidates);
  return explained;
}

Explanation Explanation::get(mlir::ModuleOp module) {
  Explanation explanation;
  for (auto machine : module.getOps<AcceleratorOp>())
    explanation.target +=
        (explanation.target.empty() ? "" : "+") + machine.getSymName().str();
  module.walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *op) {
    if (mlir::isa<AcceleratorOp>(op))
      return mlir::WalkResult::skip();
    auto linalgOp = mlir::dyn_cast<LinalgOp>(op);
    if (linalgOp &&
        (op->hasAttr("amos.candidates") || op->hasAttr("amos.rejected") ||
         op->hasAttr("amos.mapping")))
      explanation.operations.push_back(explainOperation(op));
    return mlir::WalkResult::advance();
  });
  return explanation;
}

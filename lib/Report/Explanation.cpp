//===- Explanation.cpp - Why this mapping, and why not another ------------===//

#include "Details.h"
#include "amos/Mapping/Contraction.h"
#include "amos/Mapping/Epilogue.h"
#include "mlir/Bytecode/BytecodeReader.h"
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

namespace {
/// Explains the operations of a module one by one.
class Explainer {
public:
  Explainer(Explanation &explanation, const llvm::SourceMgr *sources)
      : explanation(explanation), sources(sources) {}

  void add(LinalgOp op);

private:
  const IntrinsicModel *getModel(LinalgOp op, mlir::SymbolRefAttr reference);
  ExplainedCandidate explainIntrinsic(LinalgOp op,
                                      mlir::SymbolRefAttr reference);
  ExplainedCandidate explainMapping(LinalgOp op, MappingAttr mapping);
  ExplainedCandidate explainProved(LinalgOp op, CandidateAttr found);
  ExplainedCandidate explainRejection(LinalgOp op, RejectionAttr rejection);
  void addChosen(LinalgOp op, ExplainedOperation &explained);
  void addLoops(ExplainedOperation &explained) const;
  void addSource(LinalgOp op, ExplainedOperation &explained) const;

  Explanation &explanation;
  const llvm::SourceMgr *sources;
  llvm::DenseMap<mlir::Attribute, std::unique_ptr<IntrinsicModel>> models;
  /// Of the operation at hand; nothing when it is no contraction.
  std::optional<ReadContraction> contraction;
};
} // namespace

/// The intrinsic as numbers, which is also explained when it is met first; null
/// if there is none of this name.
const IntrinsicModel *Explainer::getModel(LinalgOp op,
                                          mlir::SymbolRefAttr reference) {
  std::unique_ptr<IntrinsicModel> &model = models[reference];
  if (model)
    return model.get();
  auto intrinsic =
      mlir::SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(op, reference);
  if (!intrinsic)
    return nullptr;
  model = std::make_unique<IntrinsicModel>(readModel(intrinsic));
  explanation.intrinsics[print(reference)] = amos::explainIntrinsic(
      *model, spellLocation(intrinsic.getLoc(), /*withColumn=*/false));
  return model.get();
}

/// What is known about a candidate from its intrinsic alone.
ExplainedCandidate Explainer::explainIntrinsic(LinalgOp op,
                                               mlir::SymbolRefAttr reference) {
  ExplainedCandidate candidate;
  candidate.intrinsic = print(reference);
  const IntrinsicModel *model = getModel(op, reference);
  if (!model)
    return candidate;
  candidate.operands.resize(model->contraction.getDestination());
  for (const Iteration &iteration : model->contraction.iterations)
    candidate.iterations.push_back(iteration.name);
  candidate.described = explanation.intrinsics[candidate.intrinsic].described;
  return candidate;
}

ExplainedCandidate Explainer::explainMapping(LinalgOp op, MappingAttr mapping) {
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

ExplainedCandidate Explainer::explainProved(LinalgOp op, CandidateAttr found) {
  ExplainedCandidate candidate = explainMapping(op, found.getMapping());
  candidate.isAmosRule = found.getAmosRule();
  candidate.cost = found.getCost();
  candidate.schedule = found.getSchedule();
  const IntrinsicModel *model = getModel(op, found.getMapping().getIntrinsic());
  if (contraction && model)
    if (auto problem = getProblem(*contraction, found.getMapping(), *model))
      addDetails(candidate, *problem);
  return candidate;
}

ExplainedCandidate Explainer::explainRejection(LinalgOp op,
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
void Explainer::addChosen(LinalgOp op, ExplainedOperation &explained) {
  auto chosen = op->getAttrOfType<MappingAttr>("amos.mapping");
  if (!chosen)
    return;
  std::string id = chosen.getId();
  for (ExplainedCandidate &candidate : explained.candidates)
    if (!candidate.rejection && candidate.id == id) {
      candidate.isChosen = true;
      return;
    }
  auto found =
      CandidateAttr::get(op->getContext(), chosen, /*amosRule=*/false,
                         op->getAttrOfType<ScheduleAttr>("amos.schedule"),
                         op->getAttrOfType<CostAttr>("amos.cost"));
  explained.candidates.push_back(explainProved(op, found));
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

void Explainer::addLoops(ExplainedOperation &explained) const {
  if (!contraction)
    return;
  const Contraction &op = contraction->contraction;
  explained.types = spellTypes(op);
  explained.iterations = getIterations(op);
  explained.accesses = getAccesses(op);
  explained.multiplyAdds = countMultiplyAdds(op);
}

/// Only where the location leads into a text that was read.
void Explainer::addSource(LinalgOp op, ExplainedOperation &explained) const {
  mlir::FileLineColLoc place = findFileLocation(op.getLoc());
  for (unsigned i = 1; sources && place && i <= sources->getNumBuffers(); ++i) {
    const llvm::MemoryBuffer *buffer = sources->getMemoryBuffer(i);
    if (buffer->getBufferIdentifier() != place.getFilename().getValue() ||
        mlir::isBytecode(*buffer))
      continue;
    explained.line = place.getLine();
    explained.source = findSource(buffer->getBuffer(), place.getLine());
    return;
  }
}

static std::string getOperationName(LinalgOp op) {
  if (auto name = op->getAttrOfType<mlir::StringAttr>("amos.operation"))
    return name.str();
  return op->getName().getStringRef().str();
}

void Explainer::add(LinalgOp op) {
  ExplainedOperation explained;
  if (auto function = op->getParentOfType<mlir::FunctionOpInterface>())
    explained.function = function.getName().str();
  explained.operation = getOperationName(op);
  explained.location = spellLocation(op.getLoc(), /*withColumn=*/true);
  contraction.reset();
  auto read = readContraction(op);
  if (auto *found = std::get_if<ReadContraction>(&read))
    contraction = *found;
  addLoops(explained);
  if (std::optional<Epilogue> epilogue = getEpilogue(op))
    for (llvm::StringRef name : getOperationNames(*epilogue))
      explained.epilogue.push_back(name.str());
  addSource(op, explained);
  for (auto found : getList<CandidateAttr>(op, "amos.candidates"))
    explained.candidates.push_back(explainProved(op, found));
  for (auto rejection : getList<RejectionAttr>(op, "amos.rejected"))
    explained.candidates.push_back(explainRejection(op, rejection));
  addChosen(op, explained);
  sortCandidates(explained.candidates);
  explanation.operations.push_back(std::move(explained));
}

ExplainedOperation amos::explainOperation(mlir::Operation *op) {
  Explanation explanation;
  Explainer(explanation, /*sources=*/nullptr).add(mlir::cast<LinalgOp>(op));
  return std::move(explanation.operations.front());
}

Explanation Explanation::get(mlir::ModuleOp module,
                             const llvm::SourceMgr *sources) {
  Explanation explanation;
  for (auto machine : module.getOps<AcceleratorOp>())
    explanation.target +=
        (explanation.target.empty() ? "" : "+") + machine.getSymName().str();
  Explainer explainer(explanation, sources);
  module.walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *op) {
    if (mlir::isa<AcceleratorOp>(op))
      return mlir::WalkResult::skip();
    auto linalgOp = mlir::dyn_cast<LinalgOp>(op);
    if (linalgOp &&
        (op->hasAttr("amos.candidates") || op->hasAttr("amos.rejected") ||
         op->hasAttr("amos.mapping")))
      explainer.add(linalgOp);
    return mlir::WalkResult::advance();
  });
  return explanation;
}

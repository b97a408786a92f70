//===- ReadContraction.cpp - Programs as `dst += F(sources)` --------------===//

#include "Accumulation.h"
#include "FoldViews.h"
#include "amos/Mapping/Contraction.h"
#include "amos/Mapping/Lift.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace amos;

/// Points of one operator. Beyond it products of extents and strides could
/// leave 64 bits, which the proofs compute with.
static constexpr int64_t maxPoints = int64_t(1) << 62;

//===----------------------------------------------------------------------===//
// What is no contraction
//===----------------------------------------------------------------------===//

bool amos::isContraction(linalg::LinalgOp op) {
  if (op.getNumDpsInits() != 1 ||
      !op.payloadUsesValueFromOperand(op.getDpsInitOperand(0)))
    return false;
  return llvm::count_if(op.getDpsInputOperands(), [&](OpOperand *operand) {
           return op.payloadUsesValueFromOperand(operand);
         }) >= 2;
}

static std::optional<Reason> checkOperands(linalg::LinalgOp op) {
  if (op.getNumDpsInits() != 1)
    return Reason{ReasonCode::Body,
                  llvm::formatv("the operator has {0} destinations, expected 1",
                                op.getNumDpsInits()),
                  "split it into one operator per destination"};
  if (!op.payloadUsesValueFromOperand(op.getDpsInitOperand(0)))
    return Reason{ReasonCode::Body,
                  "the operator does not accumulate into its destination", ""};
  Value destination = op.getDpsInitOperand(0)->get();
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    if (op.isDpsInput(&operand) && op.hasPureBufferSemantics() &&
        operand.get() == destination)
      return Reason{ReasonCode::Body,
                    llvm::formatv("operand {0} is also written", number),
                    "write to a buffer of its own"};
    auto type = dyn_cast<ShapedType>(operand.get().getType());
    if (!type || isa<VectorType>(type))
      return Reason{
          ReasonCode::Body,
          llvm::formatv("operand {0} is '{1}', expected a tensor or a memref",
                        number, operand.get().getType()),
          "capture the scalar in the body"};
    if (!type.hasRank())
      return Reason{ReasonCode::Dynamic,
                    llvm::formatv("operand {0} is '{1}', expected a rank that "
                                  "is known when compiling",
                                  number, type),
                    llvm::formatv("give operand {0} a rank", number)};
  }
  return std::nullopt;
}

static std::optional<Reason> checkExtents(ArrayRef<Iteration> iterations) {
  int64_t points = 1;
  for (const Iteration &iteration : iterations) {
    if (iteration.isUnknown())
      continue;
    if (iteration.extent == 0)
      return Reason{
          ReasonCode::Extent,
          llvm::formatv("iteration {0} has extent 0, there is nothing to do",
                        iteration.name),
          ""};
    if (llvm::MulOverflow(points, iteration.extent, points) ||
        points > maxPoints)
      return Reason{ReasonCode::Extent,
                    "the operator has more than 2^62 points", ""};
  }
  return std::nullopt;
}

/// Reductions are what the destination does not depend on. A loop of one step
/// may say what it likes.
static std::optional<Reason> settleKinds(Contraction &op) {
  for (auto [v, iteration] : llvm::enumerate(op.iterations)) {
    bool isReduction = !op.dependsOn(op.getDestination(), v);
    if (iteration.isReduction != isReduction && iteration.extent != 1)
      return Reason{
          ReasonCode::Struct,
          llvm::formatv("iteration {0} is {1}, but the destination {2} on it",
                        iteration.name,
                        iteration.isReduction ? "a reduction" : "parallel",
                        isReduction ? "does not depend" : "depends"),
          isReduction ? "make it a reduction"
                      : "keep it out of the destination's index"};
    iteration.isReduction = isReduction;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// `amos.iterations = ["n", "k", ..]` on the op, else d0, d1, ..
static std::string getName(linalg::LinalgOp op, unsigned v) {
  auto names = op->getAttrOfType<ArrayAttr>("amos.iterations");
  if (names && names.size() == op.getNumLoops())
    if (auto name = dyn_cast<StringAttr>(names[v]))
      return name.str();
  return llvm::formatv("d{0}", v);
}

static SmallVector<Iteration> readIterations(linalg::LinalgOp op) {
  SmallVector<Iteration> iterations;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (auto [v, kind] : llvm::enumerate(op.getIteratorTypesArray()))
    iterations.push_back(
        {getName(op, v), extents[v], kind == utils::IteratorType::reduction});
  return iterations;
}

/// Code asks an operand for an extent that is not known.
static std::optional<Reason> checkParameters(const Contraction &op) {
  for (unsigned v : op.getParameters())
    if (!findExtent(op, v))
      return Reason{
          ReasonCode::Dynamic,
          llvm::formatv("the extent of '{0}' is unknown and it alone "
                        "indexes no dimension of an operand",
                        op.iterations[v].name),
          llvm::formatv("give '{0}' a static extent", op.iterations[v].name)};
  return std::nullopt;
}

static Access readAccess(linalg::LinalgOp op, OpOperand &operand) {
  auto type = cast<ShapedType>(operand.get().getType());
  Access access{op.getMatchingIndexingMap(&operand),
                llvm::to_vector(type.getShape()),
                {},
                type.getElementType(),
                /*strides=*/{}};
  int64_t offset;
  auto memref = dyn_cast<MemRefType>(type);
  if (memref && !memref.getLayout().isIdentity() &&
      failed(memref.getStridesAndOffset(access.strides, offset)))
    access.strides.assign(type.getRank(), ShapedType::kDynamic);
  return access;
}

/// The operands of `op`, sources where they come from, and what they are
/// elements of.
static void readOperands(linalg::LinalgOp op, bool allowsSpaces,
                         Contraction &contraction, SmallVector<Value> &values) {
  contraction.operands.clear();
  values.clear();
  for (OpOperand &operand : op->getOpOperands()) {
    Access access = readAccess(op, operand);
    Value value = operand.get();
    if (op.isDpsInput(&operand))
      value = foldViews(value, access, contraction, allowsSpaces);
    contraction.operands.push_back(std::move(access));
    values.push_back(value);
  }
}

/// Products with the zeros between the elements of an image are left out only
/// where no Inf can meet them.
static bool absorbZeros(linalg::LinalgOp op) {
  auto function = op->getParentOfType<FunctionOpInterface>();
  return (function && function->hasAttr("amos.finite")) ||
         llvm::all_of(op.getDpsInputs(), [](Value source) {
           return isa<IntegerType>(getElementTypeOrSelf(source));
         });
}

/// Reads the operator over the phases of a spread image, if it has one and
/// their points can be counted.
static void readPhases(linalg::LinalgOp op, ReadContraction &read) {
  ReadContraction spaced = read;
  readOperands(op, /*allowsSpaces=*/true, spaced.contraction, spaced.values);
  std::optional<Lift> lift = liftPhases(spaced.contraction);
  if (!lift || checkExtents(lift->lifted.iterations))
    return;
  read.contraction = lift->lifted;
  read.values = spaced.values;
  read.lift = std::make_shared<Lift>(std::move(*lift));
}

std::variant<ReadContraction, Reason>
amos::readContraction(linalg::LinalgOp op) {
  if (std::optional<Reason> reason = checkOperands(op))
    return *reason;
  ReadContraction read;
  Contraction &contraction = read.contraction;
  contraction.iterations = readIterations(op);
  contraction.ignoresZeros =
      readAccumulation(BodyTree(op), op.getNumDpsInputs()).ignoresZeros;
  if (std::optional<Reason> reason = checkExtents(contraction.iterations))
    return *reason;
  readOperands(op, /*allowsSpaces=*/false, contraction, read.values);
  if (contraction.ignoresZeros && absorbZeros(op))
    readPhases(op, read);
  if (std::optional<Reason> reason = settleKinds(contraction))
    return *reason;
  if (std::optional<Reason> reason = checkParameters(contraction))
    return *reason;
  read.startsAtZero = isZero(read.values.back());
  MovedTensor init = getMovedTensor(read.values.back());
  read.init = init.source;
  read.initMap = init.map;
  read.epilogue = getEpilogue(op);
  return read;
}

/// i1, i2, .. and r1, r2, .. as the literature calls them.
static void nameIntrinsicIterations(Contraction &intrinsic) {
  unsigned numParallel = 0, numReduction = 0;
  for (Iteration &iteration : intrinsic.iterations)
    iteration.name = iteration.isReduction
                         ? llvm::formatv("r{0}", ++numReduction).str()
                         : llvm::formatv("i{0}", ++numParallel).str();
}

linalg::LinalgOp amos::getSemantics(IntrinsicOp intrinsic) {
  auto ops = intrinsic.getSemantics().getOps<linalg::LinalgOp>();
  return *ops.begin();
}

Contraction amos::readIntrinsic(IntrinsicOp intrinsic) {
  linalg::LinalgOp op = getSemantics(intrinsic);
  Contraction contraction;
  contraction.iterations = readIterations(op);
  for (OpOperand &operand : op->getOpOperands())
    contraction.operands.push_back(readAccess(op, operand));
  nameIntrinsicIterations(contraction);
  return contraction;
}

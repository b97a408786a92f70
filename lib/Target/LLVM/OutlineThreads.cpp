//===- OutlineThreads.cpp - Parallel regions become functions -------------===//
//
// Upstream's translation of `omp.parallel` calls the runtime of LLVM only. The
// interface used here, `GOMP_parallel`, is GCC's, which LLVM's runtime has too.
//
//===----------------------------------------------------------------------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

namespace amos {
#define GEN_PASS_DEF_OUTLINETHREADS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct OutlineThreads : amos::impl::OutlineThreadsBase<OutlineThreads> {
  void runOnOperation() override;
};

/// One parallel region on its way to a function of its own.
class Outlining {
public:
  Outlining(omp::ParallelOp region, SymbolTable &symbols)
      : region(region), symbols(symbols),
        kernel(region->getParentOfType<LLVM::LLVMFuncOp>()),
        b(region.getLoc(), region.getContext()) {}
  void run();

private:
  void recompute();
  LLVM::LLVMFuncOp createFunction();
  Value store();
  void moveBody(LLVM::LLVMFuncOp function);
  void call(LLVM::LLVMFuncOp function, Value record);
  Value getField(Value record, unsigned n);

  omp::ParallelOp region;
  SymbolTable &symbols;
  LLVM::LLVMFuncOp kernel;
  ImplicitLocOpBuilder b;
  SmallVector<Value> captured; ///< values from outside that the region uses
  LLVM::LLVMStructType recordType;
};
} // namespace

/// Whether computing it again costs less than passing it on: constants, and
/// addresses of what lies in arguments.
static bool isCheap(Operation *op) {
  return op && op->getNumRegions() == 0 && isPure(op);
}

/// Computes inside of the region what needs no more than arguments and what was
/// read before: a view's address is known then to come from the workspace.
void Outlining::recompute() {
  llvm::SetVector<Operation *> slice;
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(region.getRegion(), used);
  BackwardSliceOptions options;
  options.inclusive = true;
  options.filter = isCheap;
  for (Value value : used)
    if (Operation *op = value.getDefiningOp(); isCheap(op))
      (void)getBackwardSlice(op, &slice, options);
  IRMapping inside;
  b.setInsertionPointToStart(&region.getRegion().front());
  for (Operation *op : topologicalSort(slice))
    b.clone(*op, inside);
  for (Value value : used)
    if (Value own = inside.lookupOrNull(value))
      replaceAllUsesInRegionWith(value, own, region.getRegion());
}

LLVM::LLVMFuncOp Outlining::createFunction() {
  MLIRContext *context = b.getContext();
  b.setInsertionPointAfter(kernel);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context),
                                          LLVM::LLVMPointerType::get(context));
  auto function = LLVM::LLVMFuncOp::create(
      b, (kernel.getName() + ".thread").str(), type, LLVM::Linkage::Internal);
  for (StringRef name : {"amos.features", "amos.vector_bytes"})
    if (Attribute value = kernel->getAttr(name))
      function->setAttr(name, value);
  symbols.insert(function);
  return function;
}

Value Outlining::getField(Value record, unsigned n) {
  return LLVM::GEPOp::create(b, LLVM::LLVMPointerType::get(b.getContext()),
                             recordType, record,
                             ArrayRef<LLVM::GEPArg>{0, int32_t(n)});
}

/// What the region takes, in a record on the stack that lives as long as the
/// function.
Value Outlining::store() {
  b.setInsertionPointToStart(&kernel.getBody().front());
  Value one =
      LLVM::ConstantOp::create(b, b.getI32Type(), b.getI32IntegerAttr(1));
  Value record = LLVM::AllocaOp::create(
      b, LLVM::LLVMPointerType::get(b.getContext()), recordType, one);
  b.setInsertionPoint(region);
  for (auto [n, value] : llvm::enumerate(captured))
    LLVM::StoreOp::create(b, value, getField(record, n));
  return record;
}

void Outlining::moveBody(LLVM::LLVMFuncOp function) {
  Region &body = function.getBody();
  body.takeBody(region.getRegion());
  Block &entry = body.front();
  Value record = entry.addArgument(LLVM::LLVMPointerType::get(b.getContext()),
                                   region.getLoc());
  b.setInsertionPointToStart(&entry);
  for (auto [n, value] : llvm::enumerate(captured)) {
    Value own = LLVM::LoadOp::create(b, value.getType(), getField(record, n));
    replaceAllUsesInRegionWith(value, own, body);
  }
  for (Block &block : body)
    if (isa<omp::TerminatorOp>(block.getTerminator())) {
      b.setInsertionPointToEnd(&block);
      block.getTerminator()->erase();
      LLVM::ReturnOp::create(b, ValueRange());
    }
}

/// `void GOMP_parallel(void (*)(void *), void *, unsigned threads, unsigned)`
void Outlining::call(LLVM::LLVMFuncOp function, Value record) {
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  Type number = b.getI32Type();
  StringRef name = "GOMP_parallel";
  if (!symbols.lookup(name)) {
    b.setInsertionPoint(kernel);
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()),
                                    {pointer, pointer, number, number});
    symbols.insert(LLVM::LLVMFuncOp::create(b, name, type));
  }
  b.setInsertionPoint(region);
  Value address = LLVM::AddressOfOp::create(b, function);
  Value flags = LLVM::ConstantOp::create(b, number, b.getI32IntegerAttr(0));
  LLVM::CallOp::create(
      b, TypeRange(), name,
      ValueRange{address, record, region.getNumThreads(), flags});
}

void Outlining::run() {
  recompute();
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(region.getRegion(), used);
  captured = used.takeVector();
  SmallVector<Type> types = llvm::map_to_vector(
      captured, [](Value value) { return value.getType(); });
  recordType = LLVM::LLVMStructType::getLiteral(b.getContext(), types);
  LLVM::LLVMFuncOp function = createFunction();
  Value record = store();
  call(function, record);
  moveBody(function);
  region.erase();
}

void OutlineThreads::runOnOperation() {
  SymbolTable symbols(getOperation());
  SmallVector<omp::ParallelOp> regions;
  getOperation().walk([&](omp::ParallelOp region) {
    if (region.getNumThreads() && region->getParentOfType<LLVM::LLVMFuncOp>())
      regions.push_back(region);
  });
  for (omp::ParallelOp region : regions)
    Outlining(region, symbols).run();
}

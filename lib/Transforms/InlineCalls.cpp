//===- InlineCalls.cpp - Private functions become part of their callers ---===//
//
// Upstream's inliner simplifies whatever it meets, descriptions of machines
// included; here only calls vanish.
//
//===----------------------------------------------------------------------===//

#include "Normalize.h"
#include "mlir/Transforms/Inliner.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace amos;

namespace {
/// Callees first, so that what is inlined has nothing left to inline.
class CallInlining {
public:
  explicit CallInlining(ModuleOp module)
      : module(module), interface(module.getContext()) {}
  void run();

private:
  void visit(func::FuncOp function);
  void eraseUnused();
  /// Why `callee` stays a function at a call of it, or nothing.
  StringRef findObstacle(func::FuncOp callee);
  void inlineCall(func::CallOp call, func::FuncOp callee);

  ModuleOp module;
  InlinerInterface interface;
  InlinerConfig config;
  SymbolTableCollection symbols;
  DenseSet<Operation *> done;
  /// The functions being visited: calls to them are recursive.
  DenseSet<Operation *> open;
  /// Functions that call each other twice grow without bound.
  int64_t numOpsLeft = int64_t(1) << 17;
  static constexpr unsigned maxDepth = 100;
};
} // namespace

static bool canInline(func::FuncOp callee) {
  return callee.isPrivate() && llvm::hasSingleElement(callee.getBody());
}

void CallInlining::run() {
  for (auto function : module.getOps<func::FuncOp>())
    visit(function);
  eraseUnused();
}

/// What no other function, global or description reaches goes.
void CallInlining::eraseUnused() {
  llvm::MapVector<StringAttr, func::FuncOp> unused;
  SmallVector<Operation *> used;
  for (Operation &op : *module.getBody()) {
    auto function = dyn_cast<func::FuncOp>(op);
    if (function && canInline(function))
      unused[function.getSymNameAttr()] = function;
    else
      used.push_back(&op);
  }
  while (!used.empty()) {
    auto uses = SymbolTable::getSymbolUses(used.pop_back_val());
    if (!uses)
      return;
    for (SymbolTable::SymbolUse use : *uses)
      if (func::FuncOp function =
              unused.lookup(use.getSymbolRef().getRootReference())) {
        used.push_back(function);
        unused[function.getSymNameAttr()] = nullptr;
      }
  }
  for (auto [name, function] : unused)
    if (function)
      function.erase();
}

void CallInlining::visit(func::FuncOp function) {
  if (!done.insert(function).second)
    return;
  open.insert(function);
  SmallVector<func::CallOp> calls;
  function.walk([&](func::CallOp call) { calls.push_back(call); });
  for (func::CallOp call : calls) {
    auto callee = symbols.lookupNearestSymbolFrom<func::FuncOp>(
        call, call.getCalleeAttr());
    if (!callee || !canInline(callee))
      continue;
    if (open.size() < maxDepth)
      visit(callee);
    StringRef obstacle = findObstacle(callee);
    if (obstacle.empty())
      inlineCall(call, callee);
    else
      call.emitRemark() << "'" << callee.getSymName() << "' " << obstacle
                        << " and stays a function";
  }
  open.erase(function);
}

StringRef CallInlining::findObstacle(func::FuncOp callee) {
  if (open.contains(callee))
    return "is recursive";
  if (!done.contains(callee))
    return "is called too deeply";
  callee.walk([&](Operation *) { --numOpsLeft; });
  return numOpsLeft < 0 ? "would make the program too large" : "";
}

void CallInlining::inlineCall(func::CallOp call, func::FuncOp callee) {
  if (succeeded(mlir::inlineCall(interface, config.getCloneCallback(), call,
                                 callee, &callee.getBody())))
    call.erase();
}

void amos::inlineCalls(ModuleOp module) { CallInlining(module).run(); }

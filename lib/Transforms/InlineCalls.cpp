//===- InlineCalls.cpp - Private functions become part of their callers ---===//
//
// Upstream's inliner simplifies whatever it meets, descriptions of machines
// included; here only calls vanish.
//
//===----------------------------------------------------------------------===//

#include "Normalize.h"
#include "mlir/Transforms/Inliner.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/SetVector.h"

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
  void inlineCall(func::CallOp call, func::FuncOp callee);

  ModuleOp module;
  InlinerInterface interface;
  InlinerConfig config;
  SymbolTableCollection symbols;
  DenseSet<Operation *> done;
  /// The functions being visited: calls to them are recursive.
  DenseSet<Operation *> open;
};
} // namespace

static bool canInline(func::FuncOp callee) {
  return callee.isPrivate() && llvm::hasSingleElement(callee.getBody());
}

void CallInlining::run() {
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  for (func::FuncOp function : functions)
    visit(function);
  // Callers precede callees among those that call each other.
  bool isChanged = true;
  while (isChanged) {
    isChanged = false;
    for (func::FuncOp &function : functions)
      if (function && canInline(function) &&
          SymbolTable::symbolKnownUseEmpty(function, module)) {
        function.erase();
        function = nullptr;
        isChanged = true;
      }
  }
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
    visit(callee);
    if (open.contains(callee))
      call.emitRemark() << "'" << callee.getSymName()
                        << "' is recursive and stays a function";
    else
      inlineCall(call, callee);
  }
  open.erase(function);
}

void CallInlining::inlineCall(func::CallOp call, func::FuncOp callee) {
  if (succeeded(mlir::inlineCall(interface, config.getCloneCallback(), call,
                                 callee, &callee.getBody())))
    call.erase();
}

void amos::inlineCalls(ModuleOp module) { CallInlining(module).run(); }

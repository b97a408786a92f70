//===- NativeCode.cpp - Running what was generated in this process --------===//

#include "NativeCode.h"
#include "Amos/Placement.h"
#include "amos/Driver/Accelerators.h"
#include "amos/Target/LLVM/Emit.h"
#include "llvm/Support/TargetSelect.h"

using namespace amos;
using llvm::StringRef;

static std::string explainOperand(IntrinsicOp intrinsic, unsigned operand) {
  std::string name = "operand " + std::to_string(operand);
  mlir::Attribute placement = intrinsic.getPlacementsAttr()[operand];
  if (!mlir::isa<FragmentAttr>(placement))
    return name + " lies in a memory";
  auto scalars =
      getScalars(intrinsic.getLowering().getArgument(operand).getType());
  if (!scalars || !scalars->type.isIntOrFloat())
    return name + " is of a type only the machine can fill";
  unsigned bits = scalars->type.getIntOrFloatBitWidth();
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
    return name + " has elements that are no whole bytes";
  return "";
}

std::string amos::explainSkip(AcceleratorOp machine, IntrinsicOp intrinsic) {
  if (intrinsic.getLowering().empty())
    return "it has no lowering";
  if (!isNative(machine))
    return machine.getTarget() ? "this processor does not execute its code"
                               : "the machine has no target";
  auto issue = mlir::cast<ScopeOp>(
      mlir::SymbolTable::lookupSymbolIn(machine, intrinsic.getIssueAttr()));
  if (issue.getLanes() != 1)
    return "it is issued by several lanes";
  unsigned operands = intrinsic.getPlacements()->size();
  if (intrinsic.getLowering().getNumArguments() != operands)
    return "its lowering takes more than the operands";
  for (unsigned operand = 0; operand < operands; ++operand)
    if (std::string reason = explainOperand(intrinsic, operand);
        !reason.empty())
      return reason;
  return "";
}

#ifdef __FLT16_MAX__
extern "C" float __extendhfsf2(_Float16);
extern "C" _Float16 __truncsfhf2(float);
#endif

/// What the code generator calls for types a processor does not have lies in
/// the compiler's own library, where a running program cannot look it up.
static llvm::Error addSoftFloats(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap symbols;
#ifdef __FLT16_MAX__
  for (auto [name, address] :
       {std::pair("__extendhfsf2", reinterpret_cast<void *>(&__extendhfsf2)),
        std::pair("__truncsfhf2", reinterpret_cast<void *>(&__truncsfhf2))})
    symbols[jit.mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(address),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
#endif
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}

llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>>
amos::loadNative(mlir::ModuleOp module) {
  llvm::SmallString<0> object;
  llvm::raw_svector_ostream stream(object);
  if (llvm::Error error =
          emitModule(module, EmitKind::Object, CpuOptions(), stream))
    return error;
  llvm::InitializeNativeTarget();
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit;
  if (llvm::Error error = addSoftFloats(**jit))
    return error;
  if (llvm::Error error = (*jit)->addObjectFile(
          llvm::MemoryBuffer::getMemBufferCopy(object.str())))
    return error;
  return jit;
}

//===- LinkLauncher.cpp - The launcher becomes part of an object ----------===//

#include "amos/Target/NVVM/LinkLauncher.h"
#include "amos/Target/NVVM/Launches.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Transforms/IPO/Internalize.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

__asm__(".section .rodata\n"
        ".balign 16\n"
        "amosLauncherBegin: .incbin \"" AMOS_LAUNCHER_BITCODE "\"\n"
        "amosLauncherEnd:\n"
        ".previous");

extern const char amosLauncherBegin[] __attribute__((visibility("hidden")));
extern const char amosLauncherEnd[] __attribute__((visibility("hidden")));

/// Nothing of the launcher is seen from outside of the object, and it need not
/// be kept when nobody calls it.
static void internalize(Module &module, const StringSet<> &linked) {
  removeFromUsedLists(module, [](Constant *) { return true; });
  internalizeModule(module, [&](const GlobalValue &value) {
    return !linked.contains(value.getName());
  });
}

Error amos::linkLauncher(Module &module) {
  Function *begin = module.getFunction(beginName);
  if (!begin || !begin->isDeclaration())
    return Error::success();
  StringRef bytes(amosLauncherBegin, amosLauncherEnd - amosLauncherBegin);
  auto launcher =
      parseBitcodeFile(MemoryBufferRef(bytes, "launcher"), module.getContext());
  if (!launcher)
    return launcher.takeError();
  (*launcher)->setTargetTriple(module.getTargetTriple());
  (*launcher)->setDataLayout(module.getDataLayout());
  if (Linker::linkModules(module, std::move(*launcher), Linker::LinkOnlyNeeded,
                          internalize))
    return createStringError("the launcher of kernels cannot be linked");
  return Error::success();
}

//===- Assemble.cpp - Kernels as machine code -----------------------------===//

#include "amos/Target/NVVM/Assemble.h"
#include "amos/Target/NVVM/EmitPtx.h"
#include "amos/Target/NVVM/Launches.h"
#include "amos/Target/NVVM/Toolkit.h"

using namespace mlir;
using namespace amos;

static std::string getChip(ModuleOp module) {
  FailureOr<NVVM::NVVMTargetAttr> target = getKernelTarget(module);
  return succeeded(target) && *target ? target->getChip().str() : "";
}

static llvm::Error runAssembler(const TemporaryFolder &folder, StringRef chip,
                                DeviceCode &code) {
  if (llvm::Error error = folder.write("kernels.ptx", code.ptx))
    return error;
  auto log = runToolkitProgram("ptxas",
                               {"-arch=" + chip.str(), "-O3", "-v",
                                folder.getPath("kernels.ptx"), "-o",
                                folder.getPath("kernels.cubin")},
                               "assemble kernels");
  if (!log)
    return log.takeError();
  code.report = parsePtxasReport(*log);
  auto cubin = folder.read("kernels.cubin");
  if (!cubin)
    return cubin.takeError();
  code.cubin = std::move(*cubin);
  return llvm::Error::success();
}

llvm::Expected<DeviceCode> amos::assembleKernels(ModuleOp module) {
  DeviceCode code;
  auto ptx = emitPtx(module);
  if (!ptx)
    return ptx.takeError();
  code.ptx = std::move(*ptx);
  if (code.ptx.empty())
    return code;
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  if (llvm::Error error = runAssembler(*folder, getChip(module), code))
    return error;
  return code;
}

llvm::Expected<std::string> amos::makeFatbin(ModuleOp module,
                                             const DeviceCode &code) {
  std::string chip = getChip(module);
  StringRef number = StringRef(chip).split('_').second;
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  if (llvm::Error error = folder->write("kernels.ptx", code.ptx))
    return error;
  if (llvm::Error error = folder->write("kernels.cubin", code.cubin))
    return error;
  auto image = [&](StringRef kind, StringRef file) {
    return ("--image3=kind=" + kind + ",sm=" + number +
            ",file=" + folder->getPath(file))
        .str();
  };
  auto log = runToolkitProgram("fatbinary",
                               {"--create=" + folder->getPath("kernels.fatbin"),
                                "-64", image("elf", "kernels.cubin"),
                                image("ptx", "kernels.ptx")},
                               "join machine code and PTX");
  if (!log)
    return log.takeError();
  return folder->read("kernels.fatbin");
}

llvm::Expected<std::string> amos::disassemble(StringRef cubin) {
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  if (llvm::Error error = folder->write("kernels.cubin", cubin))
    return error;
  std::string file = folder->getPath("kernels.cubin");
  if (findToolkitProgram("nvdisasm").empty() &&
      !findToolkitProgram("cuobjdump").empty())
    return runToolkitProgram("cuobjdump", {"--dump-sass", file}, "disassemble");
  return runToolkitProgram("nvdisasm", {"--print-code", file}, "disassemble");
}

void amos::recordReport(ModuleOp module, const PtxasReport &report) {
  Builder builder(module.getContext());
  for (const KernelReport &kernel : report.kernels)
    for (auto kernels : module.getOps<gpu::GPUModuleOp>()) {
      Operation *function = kernels.lookupSymbol(kernel.kernel);
      if (!function)
        continue;
      NamedAttrList fields;
      auto append = [&](StringRef name, int64_t count) {
        fields.append(name, builder.getI64IntegerAttr(count));
      };
      append("registers", kernel.registers);
      append("barriers", kernel.barriers);
      append("stack_bytes", kernel.stack);
      append("spill_store_bytes", kernel.spillStores);
      append("spill_load_bytes", kernel.spillLoads);
      append("static_shared_bytes", kernel.shared);
      append("constant_bytes", kernel.constants);
      function->setAttr(assemblerAttributeName,
                        fields.getDictionary(module.getContext()));
    }
}

//===- Kernels.cpp - Outputs for devices ----------------------------------===//

#include "amos/Driver/Kernels.h"
#include "amos/Target/NVVM/EmitPtx.h"
#include "amos/Target/NVVM/Launches.h"
#include "amos/Target/NVVM/Toolkit.h"

using namespace amos;
using llvm::StringRef;

/// A missing tool is the environment's fault, what a tool refuses the input's.
static ExitCode report(llvm::Error error) {
  ExitCode code =
      error.isA<MissingTool>() ? ExitCode::Environment : ExitCode::Input;
  reportError(llvm::toString(std::move(error)));
  return code;
}

template <typename Value>
static ExitCode take(llvm::Expected<Value> expected, Value &value) {
  if (!expected)
    return report(expected.takeError());
  value = std::move(*expected);
  return ExitCode::Success;
}

static bool hasKernels(Compiler &compiler) {
  return !compiler.getModule().getOps<mlir::gpu::GPUModuleOp>().empty();
}

static ExitCode checkKernels(Compiler &compiler, Output output) {
  if (hasKernels(compiler))
    return ExitCode::Success;
  reportError("the program has no kernel, so there is nothing that --emit=" +
              getInfo(output).name + " could write");
  reportNote("kernels are made for machines whose target is an '#nvvm.target', "
             "e.g. --target=nvidia-sm80");
  return ExitCode::Usage;
}

//===----------------------------------------------------------------------===//
// Machine code
//===----------------------------------------------------------------------===//

static mlir::Location findLocation(mlir::ModuleOp module, StringRef kernel) {
  for (auto kernels : module.getOps<mlir::gpu::GPUModuleOp>())
    if (mlir::Operation *function = kernels.lookupSymbol(kernel))
      return function->getLoc();
  return module.getLoc();
}

/// What costs speed, but gives right results.
static void warn(mlir::ModuleOp module, const PtxasReport &report) {
  for (const KernelReport &kernel : report.kernels)
    if (int64_t spilled = kernel.spillStores + kernel.spillLoads)
      mlir::emitWarning(findLocation(module, kernel.kernel))
          << "the kernel '" << kernel.kernel << "' moves " << spilled
          << " bytes between registers and the stack [-Wptxas]";
  for (const std::string &warning : report.warnings)
    mlir::emitWarning(module.getLoc()) << warning << " [-Wptxas]";
}

ExitCode Compiler::assembleKernels() {
  if (deviceCode || !hasKernels(*this))
    return ExitCode::Success;
  DeviceCode code;
  if (ExitCode status = take(amos::assembleKernels(*module), code);
      status != ExitCode::Success)
    return status;
  recordReport(*module, code.report);
  warn(*module, code.report);
  deviceCode = std::move(code);
  return diagnostics->hasErrors() ? ExitCode::Input : ExitCode::Success;
}

static llvm::Expected<std::string> joinCode(Compiler &compiler) {
  return makeFatbin(compiler.getModule(), *compiler.getDeviceCode());
}

ExitCode amos::embedKernels(Compiler &compiler) {
  if (!hasKernels(compiler) || !awaitsKernels(compiler.getModule()))
    return ExitCode::Success;
  std::string fatbin;
  if (ExitCode code = compiler.assembleKernels(); code != ExitCode::Success)
    return code;
  if (ExitCode code = take(joinCode(compiler), fatbin);
      code != ExitCode::Success)
    return code;
  embedKernels(compiler.getModule(), fatbin);
  compiler.dropNativeModule();
  return ExitCode::Success;
}

//===----------------------------------------------------------------------===//
// Writers
//===----------------------------------------------------------------------===//

/// Writes what `make` makes of the kernels, which there must be.
static ExitCode write(Compiler &compiler, Output output,
                      llvm::raw_pwrite_stream &stream,
                      llvm::function_ref<llvm::Expected<std::string>()> make) {
  if (ExitCode code = checkKernels(compiler, output); code != ExitCode::Success)
    return code;
  if (output != Output::Ptx) // which is made without the toolkit
    if (ExitCode code = compiler.assembleKernels(); code != ExitCode::Success)
      return code;
  std::string bytes;
  if (ExitCode code = take(make(), bytes); code != ExitCode::Success)
    return code;
  stream << bytes;
  return ExitCode::Success;
}

ExitCode amos::writePtx(Compiler &compiler, llvm::ArrayRef<PlannedFile>,
                        llvm::raw_pwrite_stream &stream) {
  return write(compiler, Output::Ptx, stream,
               [&] { return emitPtx(compiler.getModule()); });
}

ExitCode amos::writeCubin(Compiler &compiler, llvm::ArrayRef<PlannedFile>,
                          llvm::raw_pwrite_stream &stream) {
  return write(compiler, Output::Cubin, stream,
               [&] { return compiler.getDeviceCode()->cubin; });
}

ExitCode amos::writeFatbin(Compiler &compiler, llvm::ArrayRef<PlannedFile>,
                           llvm::raw_pwrite_stream &stream) {
  return write(compiler, Output::Fatbin, stream,
               [&] { return joinCode(compiler); });
}

ExitCode amos::writeSass(Compiler &compiler, llvm::ArrayRef<PlannedFile>,
                         llvm::raw_pwrite_stream &stream) {
  return write(compiler, Output::Sass, stream,
               [&] { return disassemble(compiler.getDeviceCode()->cubin); });
}

//===- CheckCode.cpp - What the code that was emitted consists of ---------===//

#include "amos/Driver/CheckCode.h"
#include "Amos/AmosDialect.h"
#include "amos/Report/Entry.h"
#include "amos/Report/Operations.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace amos;
using mlir::LLVM::LLVMFuncOp;

/// Plain loops, and what intrinsics mean in their place, are not for speed;
/// LLVM can take minutes over the latter when it tries: they are hundreds of
/// small loops.
static CpuOptions getCpuOptions(const PipelineOptions &pipeline) {
  CpuOptions options;
  options.hasLocations = true;
  if (pipeline.effort == 0 || pipeline.emulate)
    options.optLevel = 1;
  options.widensLoops = !pipeline.emulate;
  return options;
}

llvm::Expected<NativeModule &> Compiler::getNativeModule() {
  if (!native) {
    auto made = NativeModule::create(*module, getCpuOptions(options.pipeline));
    if (!made)
      return made.takeError();
    native = std::move(*made);
  }
  return *native;
}

ExitCode amos::emitNative(Compiler &compiler, EmitKind kind, bool hasLocations,
                          llvm::raw_pwrite_stream &stream) {
  auto native = compiler.getNativeModule();
  llvm::Error error =
      native ? native->emit(kind, hasLocations, stream) : native.takeError();
  if (!error)
    return ExitCode::Success;
  reportError(llvm::toString(std::move(error)));
  return ExitCode::Input;
}

ExitCode amos::readCode(Compiler &compiler) {
  mlir::ModuleOp module = compiler.getModule();
  if (llvm::any_of(module.getOps<LLVMFuncOp>(), [](LLVMFuncOp function) {
        return function->hasAttr("amos.assembly");
      }))
    return ExitCode::Success;
  llvm::SmallString<0> assembly;
  llvm::raw_svector_ostream stream(assembly);
  if (ExitCode code = emitNative(compiler, EmitKind::Assembly,
                                 /*hasLocations=*/true, stream);
      code != ExitCode::Success)
    return code;
  recordAssembly(module, assembly, compiler.getLowerings());
  return ExitCode::Success;
}

namespace {
/// An operation that was mapped, in the function it became part of.
struct MappedOperation {
  LLVMFuncOp function;
  std::string name;      ///< "linalg.matmul"
  std::string intrinsic; ///< "@machine::@intrinsic"
  mlir::Location location;
};
} // namespace

/// The place that "file:line:column" means.
static mlir::Location readLocation(mlir::StringAttr text) {
  auto [front, column] = text.getValue().rsplit(':');
  auto [file, line] = front.rsplit(':');
  unsigned lineNumber = 0, columnNumber = 0;
  if (line.getAsInteger(10, lineNumber) ||
      column.getAsInteger(10, columnNumber))
    return mlir::UnknownLoc::get(text.getContext());
  return mlir::FileLineColLoc::get(text.getContext(), file, lineNumber,
                                   columnNumber);
}

static std::vector<MappedOperation> listMapped(mlir::ModuleOp module) {
  std::vector<MappedOperation> list;
  for (auto function : module.getOps<LLVMFuncOp>()) {
    auto operations =
        function->getAttrOfType<mlir::ArrayAttr>(operationsAttributeName);
    if (!operations)
      continue;
    for (auto fields : operations.getAsRange<mlir::DictionaryAttr>()) {
      auto mapping = fields.getAs<MappingAttr>("mapping");
      auto place = fields.getAs<mlir::StringAttr>("location");
      auto name = fields.getAs<mlir::StringAttr>("operation");
      if (!mapping || !place || !name)
        continue;
      std::string intrinsic;
      llvm::raw_string_ostream(intrinsic) << mapping.getIntrinsic();
      list.push_back({function, name.str(), intrinsic, readLocation(place)});
    }
  }
  return list;
}

/// The counts of the intrinsic in the code of `operation`; null when there are
/// none, nothing when its function was made part of another.
static std::optional<mlir::DictionaryAttr>
getCounts(const MappedOperation &operation) {
  LLVMFuncOp function = operation.function;
  auto counts =
      function->getAttrOfType<mlir::DictionaryAttr>(intrinsicCountsName);
  if (!counts)
    return std::nullopt;
  return counts.getAs<mlir::DictionaryAttr>(operation.intrinsic);
}

/// The function as the user named it.
static std::string getName(LLVMFuncOp function) {
  auto entry = function->getAttrOfType<mlir::StringAttr>(entryAttributeName);
  return entry ? entry.str() : function.getSymName().str();
}

static void remarkCounts(const MappedOperation &operation,
                         mlir::DictionaryAttr counts) {
  auto remark = mlir::emitRemark(operation.location);
  remark << "in the code of '" << getName(operation.function) << "', '"
         << operation.intrinsic << "' became ";
  for (auto [position, count] : llvm::enumerate(counts))
    remark << (position ? ", " : "")
           << mlir::cast<mlir::IntegerAttr>(count.getValue()).getInt() << " "
           << count.getName().getValue();
  remark << " [-Rmap]";
}

static void reportAbsence(const MappedOperation &operation, bool isError) {
  mlir::InFlightDiagnostic diagnostic =
      isError ? mlir::emitError(operation.location)
              : mlir::emitWarning(operation.location);
  diagnostic << "this " << operation.name << " was mapped onto '"
             << operation.intrinsic << "', but the code of '"
             << getName(operation.function)
             << "' has no instruction of its lowering; 'amosc target test' "
                "compares lowerings with what they mean";
  if (!isError)
    diagnostic << " [-Wabsent-intrinsic]";
}

ExitCode amos::checkCode(Compiler &compiler) {
  bool hasKernels =
      !compiler.getModule().getOps<mlir::gpu::GPUModuleOp>().empty();
  if (compiler.getLowerings().empty() || hasKernels)
    return ExitCode::Success;
  if (ExitCode code = readCode(compiler); code != ExitCode::Success)
    return code;
  llvm::StringSet<> expected;
  for (const auto &place : compiler.getLowerings())
    expected.insert(place.getValue());
  bool isError = compiler.getOptions().requireIntrinsic, isAbsent = false;
  for (const MappedOperation &operation : listMapped(compiler.getModule())) {
    auto counts = getCounts(operation);
    if (!counts || !expected.contains(operation.intrinsic))
      continue;
    isAbsent |= !*counts;
    *counts ? remarkCounts(operation, *counts)
            : reportAbsence(operation, isError);
  }
  if (isAbsent && isError)
    return ExitCode::NoIntrinsic;
  return compiler.hasErrors() ? ExitCode::Input : ExitCode::Success;
}

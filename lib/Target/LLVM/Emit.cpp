//===- Emit.cpp - LLVM IR, assembly and objects for CPUs ------------------===//

#include "amos/Target/LLVM/Emit.h"
#include "CarryBits.h"
#include "amos/Target/NVVM/LinkLauncher.h"
#include "amos/Transforms/PrepareTranslation.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;

/// Records what each function may use, for LLVM's per-function subtargets.
static void setTargetFeatures(ModuleOp module, llvm::Module &translated,
                              StringRef cpu) {
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    auto features = function->getAttrOfType<ArrayAttr>("amos.features");
    llvm::Function *target = translated.getFunction(function.getSymName());
    if (!target || target->isDeclaration())
      continue;
    target->addFnAttr("target-cpu", cpu);
    if (!features || features.empty())
      continue;
    target->addFnAttr("target-features",
                      llvm::join(features.getAsValueRange<StringAttr>(), ","));
  }
}

static llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createMachine(const llvm::Triple &triple, const amos::CpuOptions &options) {
  llvm::InitializeAllTargetInfos();
  llvm::InitializeAllTargets();
  llvm::InitializeAllTargetMCs();
  llvm::InitializeAllAsmPrinters();
  llvm::InitializeAllAsmParsers();
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return llvm::createStringError(error);
  static const llvm::CodeGenOptLevel levels[] = {
      llvm::CodeGenOptLevel::None, llvm::CodeGenOptLevel::Less,
      llvm::CodeGenOptLevel::Default, llvm::CodeGenOptLevel::Aggressive};
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, options.cpu, "", llvm::TargetOptions(), llvm::Reloc::PIC_,
      std::nullopt, levels[std::min(options.optLevel, 3u)]));
}

/// Of a function; with 6000, two of LLVM's passes over single loops took 11 s.
static constexpr size_t mostBlocks = 2000;

/// Whether a pass may look at `unit`: not at a loop among thousands.
static bool isWorthAPass(StringRef, llvm::Any unit) {
  const auto *loop = llvm::any_cast<const llvm::Loop *>(&unit);
  return !loop || (*loop)->getHeader()->getParent()->size() <= mostBlocks;
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine,
                     const amos::CpuOptions &options) {
  const unsigned level = options.optLevel;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopUnrolling = tuning.LoopInterleaving = options.widensLoops;
  tuning.LoopVectorization = options.widensLoops;
  llvm::PassInstrumentationCallbacks callbacks;
  if (!options.widensLoops)
    callbacks.registerShouldRunOptionalPassCallback(isWorthAPass);
  llvm::PassBuilder builder(&machine, tuning, std::nullopt, &callbacks);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  static const llvm::OptimizationLevel levels[] = {
      llvm::OptimizationLevel::O0, llvm::OptimizationLevel::O1,
      llvm::OptimizationLevel::O2, llvm::OptimizationLevel::O3};
  llvm::OptimizationLevel chosen = levels[std::min(level, 3u)];
  (level == 0 ? builder.buildO0DefaultPipeline(chosen)
              : builder.buildPerModuleDefaultPipeline(chosen))
      .run(module, modules);
}

/// A copy of `module` whose functions say where they come from, without which
/// the translation drops all locations.
static OwningOpRef<ModuleOp> addScopes(ModuleOp module) {
  OwningOpRef<ModuleOp> copy = module.clone();
  // Upstream's pass takes whatever was inlined for a part of a function.
  copy->walk<WalkOrder::PreOrder>([](Operation *op) {
    if (isa<LLVM::LLVMFuncOp>(op))
      return WalkResult::skip();
    if (isa<CallSiteLoc>(op->getLoc()))
      op->setLoc(UnknownLoc::get(op->getContext()));
    return WalkResult::advance();
  });
  PassManager passes(module.getContext());
  passes.addPass(LLVM::createDIScopeForLLVMFuncOpPass());
  return succeeded(passes.run(*copy)) ? std::move(copy) : nullptr;
}

/// Else an instruction that comes from no line, as a spill does, would stand
/// behind the line of the one in front of it.
static void markUnknownLocations() {
  static constexpr StringRef name = "use-unknown-locations";
  static const bool isMarked = [] {
    auto found = llvm::cl::getRegisteredOptions().find(name);
    return found != llvm::cl::getRegisteredOptions().end() &&
           !found->second->addOccurrence(1, name, "Enable");
  }();
  (void)isMarked;
}

/// Upstream's conversion of branches leaves what was said of a loop where its
/// translation does not look.
static void annotateLoops(ModuleOp module) {
  module.walk([](LLVM::BrOp branch) {
    auto annotation = dyn_cast_or_null<LLVM::LoopAnnotationAttr>(
        branch->removeDiscardableAttr("llvm.loop_annotation"));
    if (annotation)
      branch.setLoopAnnotationAttr(annotation);
  });
}

static std::unique_ptr<llvm::Module>
translate(ModuleOp module, bool hasLocations, llvm::LLVMContext &context) {
  if (failed(amos::prepareTranslation(module)))
    return nullptr;
  annotateLoops(module);
  if (!hasLocations)
    return translateModuleToLLVMIR(module, context, "amosc");
  markUnknownLocations();
  OwningOpRef<ModuleOp> located = addScopes(module);
  return located ? translateModuleToLLVMIR(*located, context, "amosc")
                 : nullptr;
}

llvm::Expected<amos::NativeModule>
amos::NativeModule::create(ModuleOp source, const CpuOptions &options) {
  NativeModule native(options);
  CpuOptions &own = native.options;
  if (own.triple.empty())
    own.triple = llvm::sys::getDefaultTargetTriple();
  llvm::LLVMContext context;
  DialectRegistry registry;
  registerAllToLLVMIRTranslations(registry);
  source.getContext()->appendDialectRegistry(registry);
  std::unique_ptr<llvm::Module> module =
      translate(source, own.hasLocations, context);
  if (!module)
    return llvm::createStringError("the module does not translate to LLVM IR");
  llvm::Triple triple(own.triple);
  auto machine = createMachine(triple, own);
  if (!machine)
    return machine.takeError();
  if (llvm::Error error = checkInstructions(*module, triple))
    return error;
  module->setTargetTriple(triple);
  module->setDataLayout((*machine)->createDataLayout());
  setTargetFeatures(source, *module, own.cpu);
  if (llvm::Error error = linkLauncher(*module))
    return error;
  optimize(*module, **machine, own);
  carryBf16AsBits(*module);
  llvm::raw_svector_ostream stream(native.bitcode);
  // The order of uses decides what the code generator looks at first.
  llvm::WriteBitcodeToFile(*module, stream,
                           /*ShouldPreserveUseListOrder=*/true);
  return native;
}

llvm::Error amos::NativeModule::emit(EmitKind kind, bool hasLocations,
                                     llvm::raw_pwrite_stream &stream) const {
  llvm::LLVMContext context;
  auto module = llvm::parseBitcodeFile({bitcode, "amosc"}, context);
  if (!module)
    return module.takeError();
  if (!hasLocations)
    llvm::StripDebugInfo(**module);
  if (kind == EmitKind::LLVM) {
    (*module)->print(stream, nullptr);
    return llvm::Error::success();
  }
  auto machine = createMachine(llvm::Triple(options.triple), options);
  if (!machine)
    return machine.takeError();
  llvm::legacy::PassManager passes;
  auto type = kind == EmitKind::Assembly ? llvm::CodeGenFileType::AssemblyFile
                                         : llvm::CodeGenFileType::ObjectFile;
  if ((*machine)->addPassesToEmitFile(passes, stream, nullptr, type))
    return llvm::createStringError("'" + options.triple +
                                   "' cannot emit this kind of file");
  passes.run(**module);
  return llvm::Error::success();
}

llvm::Error amos::emitModule(ModuleOp module, EmitKind kind,
                             const CpuOptions &options,
                             llvm::raw_pwrite_stream &stream) {
  auto native = NativeModule::create(module, options);
  if (!native)
    return native.takeError();
  return native->emit(kind, options.hasLocations, stream);
}

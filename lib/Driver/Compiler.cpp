//===- Compiler.cpp - One program on its way through the stages -----------===//

#include "amos/Driver/Compiler.h"
#include "Amos/AmosDialect.h"
#include "KeepIntrinsics.h"
#include "ShareWork.h"
#include "amos/Driver/Accelerators.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/Demands.h"
#include "amos/Driver/Fallback.h"
#include "amos/Driver/Known.h"
#include "amos/Driver/Locked.h"
#include "amos/Driver/MachineChange.h"
#include "amos/Driver/Remarks.h"
#include "amos/Driver/Source.h"
#include "amos/Driver/Suggest.h"
#include "amos/Target/LLVM/MergeVariants.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Verifier.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace amos;
using llvm::StringRef;

std::unique_ptr<mlir::MLIRContext> amos::makeContext() {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<AmosDialect>();
  return std::make_unique<mlir::MLIRContext>(registry);
}

Compiler::Compiler(const CompilerOptions &options, Progress &progress)
    : options(options), progress(progress), context(makeContext()),
      diagnostics(
          std::make_unique<Diagnostics>(context.get(), options.diagnostics)) {
  context->printOpOnDiagnostic(options.diagnostics.verbose);
  if (options.isForked)
    context->disableMultithreading();
  mlir::applyDefaultTimingManagerCLOptions(timing);
  timing.setEnabled(options.reportTime);
  if (options.isTimeJson)
    timing.setOutput(mlir::createOutputStrategy(
        mlir::DefaultTimingManager::OutputFormat::Json, llvm::errs()));
  if (options.jobs > 0)
    context->disableMultithreading();
  if (options.jobs > 1) {
    threads = std::make_unique<llvm::DefaultThreadPool>(
        llvm::hardware_concurrency(options.jobs));
    context->setThreadPool(*threads);
  }
  time = timing.getRootScope();
}

Compiler::~Compiler() = default;

//===----------------------------------------------------------------------===//
// Stage parse
//===----------------------------------------------------------------------===//

/// Whether arguments are to be marked in a program that was dumped after that
/// is done; prints so.
static bool marksTooLate(const CompilerOptions &options) {
  if (options.pipeline.prepack.empty() ||
      options.startFrom.value_or(Stage::Parse) <= Stage::Normalize)
    return false;
  reportError("'--prepack' marks the program in stage parse, which "
              "'--start-from=" +
              getInfo(*options.startFrom).name + "' leaves out");
  return true;
}

ExitCode Compiler::load() {
  setText(progress.stage, "parse");
  if (marksTooLate(options) || sharesTooLate(options))
    return ExitCode::Usage;
  for (auto step :
       {&Compiler::parse, &Compiler::selectEntries, &Compiler::spliceMachines})
    if (ExitCode code = (this->*step)(); code != ExitCode::Success)
      return code;
  next = options.startFrom.value_or(Stage::Normalize);
  if (next > Stage::Normalize)
    return ExitCode::Success;
  if (ExitCode code = runStage(getInfo(Stage::Parse));
      code != ExitCode::Success)
    return code;
  input = module->clone();
  return ExitCode::Success;
}

/// What the user promises about every function is kept on it.
static void recordPromises(mlir::ModuleOp module,
                           const PipelineOptions &options) {
  if (options.assumeFinite)
    module.walk([](mlir::FunctionOpInterface function) {
      function->setAttr("amos.finite",
                        mlir::UnitAttr::get(function.getContext()));
    });
  recordThreads(module, options);
}

/// What the user wrote for the code generator, no pass of ours answers for.
static void blameOwnCode(mlir::ModuleOp module, const CompilerOptions &options,
                         Progress &progress) {
  if (!module.getOps<mlir::gpu::GPUModuleOp>().empty())
    setText(progress.blame, "the program's own kernels");
  else if (options.startFrom >= Stage::Lower)
    setText(progress.blame, "the program itself");
}

ExitCode Compiler::parse() {
  auto buffer = options.input == "-"
                    ? readText(options.standardInput, "<stdin>")
                    : readSource(options.input);
  if (!buffer) {
    bool isMissing =
        options.input != "-" && !llvm::sys::fs::exists(options.input);
    reportError(llvm::toString(buffer.takeError()));
    return isMissing ? ExitCode::Usage : ExitCode::Input;
  }
  if (options.input != "-")
    dependencies.push_back(options.input);
  llvm::SourceMgr &sources = diagnostics->getSources();
  sources.AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
  mlir::ParserConfig config(context.get());
  module = mlir::parseSourceFile<mlir::ModuleOp>(sources, config);
  if (module) {
    blameOwnCode(*module, options, progress);
    recordPromises(*module, options.pipeline);
    return ExitCode::Success;
  }
  if (!diagnostics->hasErrors()) // some of MLIR's parsers fail in silence
    reportError("the input cannot be parsed, and MLIR does not say why");
  return ExitCode::Input;
}

/// Makes every function private that was not asked for.
ExitCode Compiler::selectEntries() {
  llvm::StringSet<> found;
  std::vector<std::string> names;
  module->walk([&](mlir::FunctionOpInterface function) {
    names.push_back(function.getName().str());
    if (llvm::is_contained(options.entries, function.getName()))
      found.insert(function.getName());
    else if (!options.entries.empty())
      function.setPrivate();
  });
  for (const std::string &entry : options.entries)
    if (!found.contains(entry)) {
      reportError("there is no function '" + entry + "' in the input" +
                  ", which '--entry' asks for" + suggest(entry, names));
      return ExitCode::Usage;
    }
  return ExitCode::Success;
}

/// The machines asked for; this processor when the program brings none.
static std::vector<std::string> getTargets(const CompilerOptions &options,
                                           mlir::ModuleOp module) {
  if (!options.targets.empty() || !module.getOps<AcceleratorOp>().empty())
    return options.targets;
  return {"native"};
}

ExitCode Compiler::spliceMachines() {
  if (options.startFrom == Stage::Emit) // they are gone by then
    return ExitCode::Success;
  std::vector<std::string> targets = getTargets(options, *module);
  for (const std::string &target : targets)
    if (failed(findAccelerators(context.get(), target)))
      return ExitCode::Usage;
  if (failed(spliceAccelerators(*module, targets, dependencies)))
    return ExitCode::Input;
  for (const std::string &change : options.changes)
    if (failed(changeMachine(*module, change)))
      return ExitCode::Usage;
  if (cannotShare(*module, options.pipeline))
    return ExitCode::Usage;
  for (auto machine : module->getOps<AcceleratorOp>())
    machines.push_back(machine.getSymName().str());
  return options.intrinsics.empty()
             ? ExitCode::Success
             : keepIntrinsics(*module, options.intrinsics);
}

//===----------------------------------------------------------------------===//
// Several machines
//===----------------------------------------------------------------------===//

/// A copy, in this context, of a module of another one.
mlir::OwningOpRef<mlir::ModuleOp> Compiler::copyHere(mlir::ModuleOp foreign) {
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  if (failed(mlir::writeBytecodeToFile(foreign, stream)))
    return nullptr;
  // Constants in bytecode want the alignment they were written with.
  auto buffer = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(
      bytes.size(), "", llvm::Align(64));
  if (!buffer)
    return nullptr;
  llvm::copy(bytes, buffer->getBufferStart());
  mlir::Block block;
  mlir::ParserConfig config(context.get());
  if (failed(mlir::readBytecodeFile(*buffer, &block, config)))
    return nullptr;
  auto copy = mlir::cast<mlir::ModuleOp>(block.front());
  copy->remove();
  return copy;
}

ExitCode Compiler::merge(llvm::ArrayRef<std::unique_ptr<Compiler>> parts,
                         llvm::ArrayRef<std::string> labels) {
  module = mlir::ModuleOp::create(mlir::UnknownLoc::get(context.get()));
  for (const auto &[part, label] : llvm::zip_equal(parts, labels)) {
    mlir::OwningOpRef<mlir::ModuleOp> lowered = copyHere(part->getModule());
    if (!lowered)
      return ExitCode::Internal;
    if (failed(mergeVariant(*module, *lowered, label, part->getMachines())))
      return ExitCode::Input;
    llvm::append_range(machines, part->getMachines());
    llvm::append_range(dependencies, part->getDependencies());
    for (const auto &place : part->getLowerings())
      lowerings[place.getKey()] = place.getValue();
  }
  input = copyHere(parts.front()->getInput());
  deviceCode = DeviceCode(); // each part holds its own already
  next = Stage::Emit;
  return input ? ExitCode::Success : ExitCode::Internal;
}

//===----------------------------------------------------------------------===//
// The stages after it
//===----------------------------------------------------------------------===//

ExitCode Compiler::runThrough(Stage last) {
  for (const StageInfo &stage : getStages()) {
    if (stage.stage < next || stage.stage > last)
      continue;
    next = static_cast<Stage>(static_cast<int>(stage.stage) + 1);
    if (ExitCode code = runStage(stage); code != ExitCode::Success)
      return code;
  }
  return ExitCode::Success;
}

bool amos::isDevice(mlir::ModuleOp module) {
  return llvm::any_of(
      module.getOps<AcceleratorOp>(), [](AcceleratorOp machine) {
        return llvm::isa_and_nonnull<mlir::gpu::TargetAttrInterface>(
            machine.getTargetAttr());
      });
}

ExitCode Compiler::runStage(const StageInfo &stage) {
  if (!stage.build)
    return ExitCode::Success;
  setText(progress.stage, stage.name);
  if (stage.stage == Stage::Lower && !options.pipeline.emulate)
    lowerings = findLowerings(*module);
  mlir::PassManager passes(context.get());
  if (failed(mlir::applyPassManagerCLOptions(passes)))
    return ExitCode::Usage;
  mlir::TimingScope running = time.nest(stage.name);
  passes.enableTiming(running);
  PipelineOptions pipeline = options.pipeline;
  pipeline.isDevice = isDevice(*module);
  stage.build(passes, pipeline);
  if (failed(passes.run(*module))) {
    if (!diagnostics->hasErrors()) // some of MLIR's passes fail in silence
      reportError("stage '" + stage.name + "' cannot handle this program");
    return ExitCode::Input;
  }
  if (stage.stage == Stage::FindMappings && options.pipeline.effort > 0)
    if (ExitCode code = applyDecisions(); code != ExitCode::Success)
      return code;
  if (stage.stage == Stage::SelectMapping)
    if (ExitCode code = finishSelection(); code != ExitCode::Success)
      return code;
  return finishStage(stage);
}

/// What need not be chosen any more: a person, a lock or measurements did.
ExitCode Compiler::applyDecisions() {
  ExitCode code = applyDemands(*module, options.pipeline.mappings);
  if (code == ExitCode::Success)
    code = applyLock(*module, options);
  if (code == ExitCode::Success && options.pipeline.effort == 3)
    code = applyKnown(*module, options);
  return code;
}

/// What the code generator cannot do is the fault of the intrinsics in use.
ExitCode Compiler::finishSelection() {
  llvm::SetVector<mlir::Attribute> used;
  module->walk([&](mlir::Operation *op) {
    if (auto mapping = op->getAttrOfType<MappingAttr>("amos.mapping"))
      used.insert(mapping.getIntrinsic());
  });
  std::string text;
  llvm::raw_string_ostream stream(text);
  // The code for other machines may be generated together with this.
  stream << progress.blame << (progress.blame[0] && !used.empty() ? ", " : "");
  llvm::interleaveComma(used,
                        stream << (used.empty() ? "" : "the intrinsics "));
  setText(progress.blame, text);
  if (!options.lock.empty())
    choices = describeChoices(*module, options);
  remarkMappings(*module, options.diagnostics);
  return checkFallback(*module, options);
}

ExitCode Compiler::finishStage(const StageInfo &stage) {
  if (diagnostics->hasErrors()) // a warning that was made an error
    return ExitCode::Input;
  if (options.stageFolder.empty())
    return ExitCode::Success;
  llvm::SmallString<128> path(options.stageFolder);
  if (std::error_code code = llvm::sys::fs::create_directories(path)) {
    reportError("cannot create '" + path + "': " + code.message());
    return ExitCode::Environment;
  }
  llvm::sys::path::append(path, llvm::Twine(static_cast<int>(stage.stage) + 1) +
                                    "-" + stage.name + ".mlir");
  Artifact dump{path.str().str(), {}};
  llvm::raw_svector_ostream stream(dump.bytes);
  module->print(stream, mlir::OpPrintingFlags().enableDebugInfo(false));
  if (llvm::Error error = writeArtifacts(dump)) {
    reportError(llvm::toString(std::move(error)));
    return ExitCode::Environment;
  }
  return ExitCode::Success;
}

//===----------------------------------------------------------------------===//
// MLIR's own options
//===----------------------------------------------------------------------===//

void amos::registerMlirOptions() {
  mlir::registerMLIRContextCLOptions();
  mlir::registerPassManagerCLOptions();
  mlir::registerAsmPrinterCLOptions();
  mlir::registerDefaultTimingManagerCLOptions();
}

llvm::StringRef amos::parseMlirOptions(llvm::ArrayRef<std::string> arguments) {
  const auto &known = llvm::cl::getRegisteredOptions();
  llvm::SmallVector<const char *> words{"amosc"};
  for (const std::string &argument : arguments) {
    StringRef name = StringRef(argument).drop_front(2).split('=').first;
    if (!known.contains(name))
      return argument;
    words.push_back(argument.c_str());
  }
  bool parsed = llvm::cl::ParseCommandLineOptions(words.size(), words.data(),
                                                  "", &llvm::errs());
  return parsed ? StringRef() : StringRef(arguments.front());
}

//===- Compiler.h - One program on its way through the stages ---*- C++ -*-===//
#ifndef AMOS_DRIVER_COMPILER_H
#define AMOS_DRIVER_COMPILER_H

#include "amos/Driver/ChildProcess.h"
#include "amos/Driver/Diagnostics.h"
#include "amos/Driver/Pipeline.h"
#include "amos/Report/Assembly.h"
#include "amos/Target/LLVM/Emit.h"
#include "amos/Target/NVVM/Assemble.h"
#include "amos/Tuning/Lock.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/Timing.h"
#include "llvm/Support/ThreadPool.h"

namespace amos {

/// A context in which every program and every description parses.
std::unique_ptr<mlir::MLIRContext> makeContext();

/// What to do with a contraction on a lesser class of intrinsic than the target
/// has for its element types, or on none.
enum class Fallback { Warn, Error, Allow };

struct CompilerOptions {
  /// A file, or "-" for the standard input, which `standardInput` then holds.
  std::string input;
  std::string standardInput;
  /// Names and files of machines; `+` joins several. A program is compiled for
  /// all of them together: `amos::compile` compiles it for each.
  std::vector<std::string> targets;
  /// Keep the intrinsics that match one of these globs; a leading `!` forbids.
  std::vector<std::string> intrinsics;
  /// Changes of the machines, see changeMachine.
  std::vector<std::string> changes;
  /// The functions to compile; empty: all public ones.
  std::vector<std::string> entries;
  /// The input is a dump taken before this stage.
  std::optional<Stage> startFrom;
  /// Where to write the IR after each stage; empty: nowhere.
  std::string stageFolder;
  Fallback fallback = Fallback::Warn;
  bool requireIntrinsic = false;
  bool reportTime = false;
  bool isTimeJson = false;
  /// Threads of the passes; 0: as many as there are cores.
  unsigned jobs = 0;
  /// Start no threads, so that children can be forked off half-way.
  bool isForked = false;
  /// The database that `-O3` asks, see locateDatabase.
  std::string database;
  /// A file that pins what was chosen; empty: none. It is written when it is
  /// not there.
  std::string lock;
  PipelineOptions pipeline;
  DiagnosticOptions diagnostics;
};

/// Holds the context and the program. Every function prints what went wrong.
class Compiler {
public:
  Compiler(const CompilerOptions &options, Progress &progress);
  ~Compiler();

  /// Stage `parse`: reads the input and splices the machines in.
  ExitCode load();
  /// Instead of `load`: takes the lowered programs of `parts`, which are made
  /// from one input for one machine each. `labels` tell their symbols apart.
  ExitCode merge(llvm::ArrayRef<std::unique_ptr<Compiler>> parts,
                 llvm::ArrayRef<std::string> labels);
  /// Runs the stages up to and including `last` that have not run yet.
  ExitCode runThrough(Stage last);
  /// Writes no more dumps: what follows is not the program of the user.
  void stopDumping() { options.stageFolder.clear(); }

  mlir::ModuleOp getModule() { return *module; }
  /// The program as it was after `parse`; null when it started later.
  mlir::ModuleOp getInput() { return input.get(); }
  /// The text of the input.
  const llvm::SourceMgr &getSources() { return diagnostics->getSources(); }
  mlir::MLIRContext *getContext() { return context.get(); }
  const CompilerOptions &getOptions() const { return options; }
  /// After `lower`: where the lowerings were written that code was made from;
  /// empty when what intrinsics mean was computed instead.
  const LoweringPlaces &getLowerings() const { return lowerings; }
  /// Whether an error was reported, or a warning that is one.
  bool hasErrors() const { return diagnostics->hasErrors(); }
  /// The names of the machines, in order.
  const std::vector<std::string> &getMachines() const { return machines; }
  /// The machine code of the kernels of a program that has been lowered; null
  /// before `assembleKernels`, and when it has none.
  const DeviceCode *getDeviceCode() const {
    return deviceCode ? &*deviceCode : nullptr;
  }
  /// Makes that machine code, once. Warns of what will be slow.
  ExitCode assembleKernels();
  /// After `emit`: the code for the processor, made once and again when
  /// `embedKernels` has changed the program.
  llvm::Expected<NativeModule &> getNativeModule();
  void dropNativeModule() { native.reset(); }
  /// After `select-mapping`, where `lock` is asked for: the choices.
  const std::vector<LockedChoice> &getChoices() const { return choices; }
  /// Every file the result depends on.
  const std::vector<std::string> &getDependencies() const {
    return dependencies;
  }

private:
  mlir::OwningOpRef<mlir::ModuleOp> copyHere(mlir::ModuleOp foreign);
  ExitCode parse();
  ExitCode spliceMachines();
  ExitCode selectEntries();
  ExitCode runStage(const StageInfo &stage);
  ExitCode applyDecisions();
  ExitCode finishSelection();
  ExitCode finishStage(const StageInfo &stage);

  CompilerOptions options;
  Progress &progress;
  std::unique_ptr<llvm::DefaultThreadPool> threads; ///< for the context
  std::unique_ptr<mlir::MLIRContext> context;
  std::unique_ptr<Diagnostics> diagnostics;
  mlir::DefaultTimingManager timing;
  mlir::TimingScope time;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::OwningOpRef<mlir::ModuleOp> input;
  LoweringPlaces lowerings;
  std::vector<std::string> machines;
  std::vector<std::string> dependencies;
  std::vector<LockedChoice> choices;
  std::optional<DeviceCode> deviceCode;
  std::optional<NativeModule> native;
  Stage next = Stage::Parse;
};

/// Whether a machine of the program is a GPU.
bool isDevice(mlir::ModuleOp module);

/// Registers what `--mlir-*` options stand for; call once, before parsing them.
void registerMlirOptions();
/// Parses the arguments that start with `--mlir-`; the first wrong one, or
/// nothing.
llvm::StringRef parseMlirOptions(llvm::ArrayRef<std::string> arguments);

} // namespace amos

#endif // AMOS_DRIVER_COMPILER_H

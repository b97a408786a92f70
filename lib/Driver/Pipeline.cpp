//===- Pipeline.cpp - The stages of the compiler --------------------------===//

#include "amos/Driver/Pipeline.h"
#include "amos/Target/LLVM/Pipeline.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "llvm/ADT/STLExtras.h"

using namespace amos;

static void buildParse(mlir::OpPassManager &passes,
                       const PipelineOptions &options) {
  RecordSignatureOptions record;
  for (const std::string &argument : options.prepack)
    record.prepack.push_back(argument);
  passes.addPass(createRecordSignature(record));
}

static void buildNormalize(mlir::OpPassManager &passes,
                           const PipelineOptions &options) {
  passes.addPass(createVerifyTosa());
  passes.addPass(createNormalize());
  // What is no contraction still counts for tolerances and needs loops.
  passes.addNestedPass<mlir::func::FuncOp>(createDecomposeAggregates());
  passes.addNestedPass<mlir::func::FuncOp>(
      mlir::createConvertElementwiseToLinalgPass());
  passes.addPass(createRecordExtents());
  passes.addNestedPass<mlir::func::FuncOp>(createFuseElementwise());
  if (options.effort > 0 && !options.emulate)
    passes.addPass(createSplitSums());
}

static void buildFindMappings(mlir::OpPassManager &passes,
                              const PipelineOptions &options) {
  if (options.effort == 0)
    return;
  FindMappingsOptions find;
  find.rule = options.amosRule ? MappingRule::Amos : MappingRule::Complete;
  passes.addPass(createFindMappings(find));
}

static void buildSelectMapping(mlir::OpPassManager &passes,
                               const PipelineOptions &options) {
  SelectMappingOptions select;
  select.effort = options.effort;
  select.seed = options.seed;
  for (const std::string &mapping : options.mappings)
    select.mappings.push_back(mapping);
  select.neverPad = options.neverPad;
  passes.addPass(createSelectMapping(select));
}

static void buildApplyMapping(mlir::OpPassManager &passes,
                              const PipelineOptions &) {
  passes.addNestedPass<mlir::func::FuncOp>(createRecordOperations());
  passes.addPass(createApplyMapping());
}

static void buildLower(mlir::OpPassManager &passes,
                       const PipelineOptions &options) {
  bool isDevice = options.isDevice && !options.emulate;
  bool vectorize = !isDevice && !options.emulate && options.effort > 0;
  buildLowerPipeline(passes,
                     LowerOptions{options.emulate, isDevice, vectorize});
}

static void buildEmit(mlir::OpPassManager &passes,
                      const PipelineOptions &options) {
  passes.addPass(createAddEntries(AddEntriesOptions{options.prefix}));
}

static const StageInfo stages[] = {
    {Stage::Parse, "parse",
     "read the program and splice the descriptions of the machines into it",
     buildParse},
    {Stage::Normalize, "normalize",
     "bring every contraction, and the meaning of every intrinsic, into the "
     "form of linalg.generic",
     buildNormalize},
    {Stage::FindMappings, "find-mappings",
     "list every proved mapping of every contraction, and the refusals with "
     "their reasons",
     buildFindMappings},
    {Stage::SelectMapping, "select-mapping",
     "price the mappings with the cost model and choose mapping and schedule",
     buildSelectMapping},
    {Stage::ApplyMapping, "apply-mapping",
     "rewrite mapped contractions as loops over tiles", buildApplyMapping},
    {Stage::Lower, "lower",
     "hold tiles in registers, call the instructions, lower the rest with MLIR",
     buildLower},
    {Stage::Emit, "emit", "write objects, headers and reports", buildEmit},
};

llvm::ArrayRef<StageInfo> amos::getStages() { return stages; }

const StageInfo &amos::getInfo(Stage stage) {
  return stages[static_cast<int>(stage)];
}

std::optional<Stage> amos::findStage(llvm::StringRef name) {
  for (const StageInfo &info : stages)
    if (info.name == name)
      return info.stage;
  return std::nullopt;
}

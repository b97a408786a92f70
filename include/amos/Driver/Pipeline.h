//===- Pipeline.h - The stages of the compiler ------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_PIPELINE_H
#define AMOS_DRIVER_PIPELINE_H

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>
#include <string>
#include <vector>

namespace amos {

/// In the order they run.
enum class Stage {
  Parse,
  Normalize,
  FindMappings,
  SelectMapping,
  ApplyMapping,
  Lower,
  Emit
};

/// What the passes of the stages can be told.
struct PipelineOptions {
  /// Arguments that callers pack before they call, by their names in C.
  std::vector<std::string> prepack;
  /// Count only the matchings that AMOS's own rule allows.
  bool amosRule = false;
  /// Mappings to use instead of choosing: an id or `#amos.mapping<..>`, for one
  /// operation after `@function#number=`.
  std::vector<std::string> mappings;
  /// Refuse mappings that perform multiply-adds on padding.
  bool neverPad = false;
  /// No operand holds an infinity or NaN: zero times it is zero.
  bool assumeFinite = false;
  /// How many threads share the loops of a function, 0 for as many as OpenMP's
  /// runtime says; nothing: as many as the program says, else one.
  std::optional<int64_t> threads;
  /// 0 scalar loops, 1 the first legal mapping, 2 the best by the model.
  unsigned effort = 2;
  /// Of the exploration of schedules.
  uint64_t seed = 0;
  /// Put before the name of every exported symbol.
  std::string prefix;
  /// Inline the semantics of intrinsics where their lowering would go.
  bool emulate = false;
  /// A machine of the program is a GPU.
  bool isDevice = false;
};

struct StageInfo {
  Stage stage;
  llvm::StringRef name;
  /// One sentence, for `amosc help stages` and the documentation.
  llvm::StringRef summary;
  /// Adds the stage's passes; null for the stages that are none.
  void (*build)(mlir::OpPassManager &, const PipelineOptions &);
};

/// Every stage, in order.
llvm::ArrayRef<StageInfo> getStages();
const StageInfo &getInfo(Stage stage);
/// The stage a user calls `name`.
std::optional<Stage> findStage(llvm::StringRef name);

} // namespace amos

#endif // AMOS_DRIVER_PIPELINE_H

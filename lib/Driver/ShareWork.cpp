//===- ShareWork.cpp - Threads that a program asks for --------------------===//

#include "ShareWork.h"
#include "amos/Report/Entry.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace amos;

bool amos::sharesTooLate(const CompilerOptions &options) {
  if (options.pipeline.threads.value_or(1) == 1 ||
      options.startFrom.value_or(Stage::Parse) <= Stage::ApplyMapping)
    return false;
  reportError("'--threads' shares nests in stage apply-mapping, which "
              "'--start-from=" +
              getInfo(*options.startFrom).name + "' leaves out");
  return true;
}

bool amos::cannotShare(mlir::ModuleOp module, const PipelineOptions &options) {
  if (options.threads.value_or(1) == 1)
    return false;
  if (options.emulate)
    reportError("'--threads' shares what runs on the processor, which "
                "'--emulate' computes in one thread; leave one of them out");
  else if (isDevice(module))
    reportError("'--threads' is for processors, but a machine asked for is a "
                "GPU, which has threads of its own; leave it out");
  else
    return false;
  return true;
}

void amos::recordThreads(mlir::ModuleOp module,
                         const PipelineOptions &options) {
  if (!options.threads)
    return;
  mlir::Builder builder(module.getContext());
  module.walk([&](mlir::FunctionOpInterface function) {
    if (*options.threads == 1)
      function->removeAttr(threadsAttributeName);
    else
      function->setAttr(threadsAttributeName,
                        builder.getI64IntegerAttr(*options.threads));
  });
}

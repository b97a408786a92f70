//===- ShareWork.cpp - Threads that a program asks for --------------------===//

#include "ShareWork.h"
#include "amos/Report/Entry.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace amos;

bool amos::sharesTooLate(const CompilerOptions &options) {
  if (!options.pipeline.threads ||
      options.startFrom.value_or(Stage::Parse) <= Stage::ApplyMapping)
    return false;
  reportError("'--threads' shares nests in stage apply-mapping, which "
              "'--start-from=" +
              getInfo(*options.startFrom).name + "' leaves out");
  return true;
}

/// What asks for several threads: the flag, else an attribute of a function;
/// empty if nothing does.
static std::string findRequest(mlir::ModuleOp module,
                               const PipelineOptions &options) {
  if (options.threads)
    return *options.threads == 1 ? "" : "--threads";
  bool asks = false;
  module.walk([&](mlir::FunctionOpInterface function) {
    auto threads =
        function->getAttrOfType<mlir::IntegerAttr>(threadsAttributeName);
    asks |= threads && threads.getValue() != 1;
  });
  return asks ? threadsAttributeName.str() : "";
}

bool amos::cannotShare(mlir::ModuleOp module, const PipelineOptions &options) {
  std::string request = findRequest(module, options);
  if (request.empty())
    return false;
  if (options.emulate)
    reportError("'" + request +
                "' shares what runs on the processor, which '--emulate' "
                "computes in one thread; leave one of them out");
  else if (isDevice(module))
    reportError("'" + request +
                "' is for processors, but a machine asked for is a GPU, which "
                "has threads of its own; leave it out");
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

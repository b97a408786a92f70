//===- DescribeDevice.cpp - Kernels in the manifest -----------------------===//

#include "DescribeDevice.h"
#include "amos/Report/Device.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using Json = nlohmann::ordered_json;

namespace amos {

/// A dictionary of texts, numbers and lists of numbers.
static Json describe(DictionaryAttr fields) {
  Json object = Json::object();
  for (NamedAttribute field : fields) {
    std::string name = field.getName().str();
    if (auto text = dyn_cast<StringAttr>(field.getValue()))
      object[name] = text.str();
    else if (auto number = dyn_cast<IntegerAttr>(field.getValue()))
      object[name] = number.getInt();
  }
  return object;
}

/// Three sizes; those that only the running program knows are null.
static Json describeSizes(DictionaryAttr launch, StringRef name) {
  Json sizes = Json::array();
  if (auto list = launch.getAs<DenseI64ArrayAttr>(name))
    for (int64_t size : list.asArrayRef())
      sizes.push_back(size ? Json(size) : Json());
  return sizes;
}

/// What the assembler said about a kernel of the module around `function`, for
/// the device that the function is for.
static Json describeReport(Operation *function, StringRef kernel) {
  auto module = function->getParentOfType<ModuleOp>();
  Attribute target = function->getAttr(deviceAttributeName);
  for (auto kernels : module.getOps<gpu::GPUModuleOp>()) {
    if (!llvm::is_contained(kernels.getTargetsAttr(), target))
      continue;
    if (Operation *found = kernels.lookupSymbol(kernel))
      if (auto report =
              found->getAttrOfType<DictionaryAttr>(assemblerAttributeName))
        return describe(report);
  }
  return nullptr;
}

static Json describeLaunch(Operation *function, DictionaryAttr launch) {
  auto kernel = launch.getAs<StringAttr>("kernel");
  auto shared = launch.getAs<IntegerAttr>("shared");
  Json parameters = Json::array();
  if (auto list = launch.getAs<ArrayAttr>("parameters"))
    for (auto parameter : list.getAsRange<DictionaryAttr>())
      parameters.push_back(describe(parameter));
  return {{"kernel", kernel ? kernel.str() : ""},
          {"grid", describeSizes(launch, "grid")},
          {"block", describeSizes(launch, "block")},
          {"dynamic_shared_bytes", shared ? shared.getInt() : 0},
          {"parameters", parameters},
          {"assembler",
           describeReport(function, kernel ? kernel.getValue() : StringRef())}};
}

Json describeDevice(Operation *function) {
  auto target =
      function->getAttrOfType<NVVM::NVVMTargetAttr>(deviceAttributeName);
  if (!target)
    return nullptr;
  Json launches = Json::array();
  if (auto list = function->getAttrOfType<ArrayAttr>(launchesAttributeName))
    for (auto launch : list.getAsRange<DictionaryAttr>())
      launches.push_back(describeLaunch(function, launch));
  return {{"kind", "cuda"},
          {"chip", target.getChip().str()},
          {"features", target.getFeatures().str()},
          {"launches", launches}};
}

} // namespace amos

//===- Doctor.cpp - amosc doctor ------------------------------------------===//

#include "amos/Driver/Accelerators.h"
#include "amos/Driver/Compile.h"
#include "amos/Driver/Link.h"
#include "amos/Target/NVVM/Toolkit.h"
#include "mlir/Dialect/LLVMIR/LLVMAttrs.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"

using namespace amos;
using llvm::formatv;
using llvm::StringRef;

namespace {
struct Tool {
  /// The first that is found is used.
  llvm::SmallVector<StringRef> names;
  /// What cannot be done without it.
  StringRef cost;
  /// Whether `make demo` and ordinary use need it.
  bool isNeeded;
};

/// Something that was looked for.
struct Finding {
  std::string name;
  std::string place; ///< empty when it is not here
  StringRef cost;
  bool isNeeded;
};

struct MachineFinding {
  AcceleratorFile file;
  bool isNative = true;
  bool hasTarget = true;
  /// The features that its code needs and this processor does not have.
  std::vector<std::string> lacking;
};
} // namespace

//===----------------------------------------------------------------------===//
// Looking
//===----------------------------------------------------------------------===//

static Finding findTool(const Tool &tool) {
  for (StringRef name : tool.names)
    if (auto path = llvm::sys::findProgramByName(name))
      return {name.str(), *path, tool.cost, tool.isNeeded};
  return {tool.names.front().str(), "", tool.cost, tool.isNeeded};
}

/// Where the compiler looks for it: CUDA_HOME comes before PATH.
static Finding findToolkitTool(const Tool &tool) {
  for (StringRef name : tool.names)
    if (std::string path = findToolkitProgram(name); !path.empty())
      return {name.str(), path, tool.cost, tool.isNeeded};
  return {tool.names.front().str(), "", tool.cost, tool.isNeeded};
}

/// What the CUDA Toolkit is for.
static std::vector<Finding> lookAtToolkit() {
  return {findToolkitTool({{"ptxas"},
                           "no objects for NVIDIA machines; --emit=ptx, "
                           "explaining and emulating work",
                           false}),
          findToolkitTool({{"fatbinary"},
                           "no objects for NVIDIA machines; --emit=cubin works",
                           false}),
          findToolkitTool({{"nvdisasm", "cuobjdump"}, "no --emit=sass", false}),
          {"libdevice", findDeviceLibrary(),
           "no mathematical functions in kernels for NVIDIA machines", false}};
}

static Finding findDevice() {
  StringRef device = "/dev/nvidia0";
  return {"NVIDIA GPU", llvm::sys::fs::exists(device) ? device.str() : "",
          "code for NVIDIA machines does not run here; --emulate does", false};
}

static Finding findTemporaryFolder() {
  llvm::SmallString<128> folder;
  llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, folder);
  bool isWritable =
      !llvm::sys::fs::access(folder, llvm::sys::fs::AccessMode::Write);
  return {"temporary", isWritable ? folder.str().str() : "",
          "no shared objects and no 'amosc run'; set TMPDIR", true};
}

static std::vector<Finding> lookAround() {
  const Tool linker = {
      {"cc", "clang-22", "clang", "gcc", "ld.lld-22", "ld.lld", "ld"},
      "no shared objects, so no 'amosc run'; install a C compiler",
      true};
  std::vector<Finding> findings{
      {"amos-run", findOwnProgram("amos-run"),
       "no 'amosc run'; it is built and installed beside amosc", true},
      findTool(linker),
      {"libgomp", findThreadRuntime(),
       "no shared objects with '--threads'; install GCC's OpenMP runtime",
       false},
      findTemporaryFolder()};
  llvm::append_range(findings, lookAtToolkit());
  findings.push_back(findDevice());
  return findings;
}

static void examine(AcceleratorOp accelerator, MachineFinding &finding) {
  static const llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  finding.isNative &= isNative(accelerator);
  finding.hasTarget &= accelerator.getTarget().has_value();
  auto features = mlir::dyn_cast_or_null<mlir::LLVM::TargetFeaturesAttr>(
      accelerator.getTarget().value_or(mlir::Attribute()));
  if (!features)
    return;
  for (mlir::StringAttr feature : features.getFeatures()) {
    StringRef name = feature.getValue();
    if (name.consume_front("+") && !host.lookup(name))
      finding.lacking.push_back(name.str());
  }
}

static std::vector<MachineFinding> examineMachines() {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  std::vector<MachineFinding> findings;
  for (const AcceleratorFile &file : listAccelerators()) {
    auto module = readAccelerator(context.get(), file);
    if (!module)
      continue;
    findings.push_back({file, true, true, {}});
    for (auto accelerator : module->getOps<AcceleratorOp>())
      examine(accelerator, findings.back());
  }
  return findings;
}

//===----------------------------------------------------------------------===//
// Telling
//===----------------------------------------------------------------------===//

static std::string describe(const MachineFinding &machine) {
  if (machine.isNative)
    return "runs here";
  if (!machine.hasTarget)
    return "a description without code; --emulate computes what it would";
  if (machine.lacking.empty())
    return "is no processor; --emulate computes what it would";
  return "this processor lacks " + llvm::join(machine.lacking, ", ") +
         "; --emulate computes what it would";
}

static void printText(llvm::ArrayRef<Finding> findings,
                      llvm::raw_ostream &stream) {
  stream << "  version   amosc " AMOS_VERSION ", LLVM " LLVM_VERSION_STRING
            "\n  processor "
         << llvm::sys::getHostCPUName() << '\n';
  for (const Finding &finding : findings) {
    bool isFound = !finding.place.empty();
    StringRef status = isFound            ? "found"
                       : finding.isNeeded ? "MISSING"
                                          : "absent";
    stream << formatv("  {0,-9} {1,-12} {2}\n", status, finding.name,
                      isFound ? StringRef(finding.place) : finding.cost);
  }
  for (const MachineFinding &machine : examineMachines())
    stream << formatv("  machine   {0,-16} {1}\n", machine.file.name,
                      describe(machine));
}

static void printJson(llvm::ArrayRef<Finding> findings,
                      llvm::raw_ostream &stream) {
  llvm::json::Array tools, machines;
  for (const Finding &finding : findings) {
    llvm::json::Value place = nullptr;
    if (!finding.place.empty())
      place = finding.place;
    tools.push_back(llvm::json::Object{{"name", finding.name},
                                       {"path", std::move(place)},
                                       {"needed", finding.isNeeded},
                                       {"cost", finding.cost}});
  }
  for (const MachineFinding &machine : examineMachines())
    machines.push_back(
        llvm::json::Object{{"name", machine.file.name},
                           {"file", machine.file.path},
                           {"native", machine.isNative},
                           {"lacking", llvm::json::Array(machine.lacking)}});
  llvm::json::Object report{{"amosc", AMOS_VERSION},
                            {"llvm", LLVM_VERSION_STRING},
                            {"processor", llvm::sys::getHostCPUName()},
                            {"tools", std::move(tools)},
                            {"machines", std::move(machines)}};
  stream << formatv("{0:2}\n", llvm::json::Value(std::move(report)));
}

ExitCode amos::examineEnvironment(bool json, llvm::raw_ostream &stream) {
  std::vector<Finding> findings = lookAround();
  json ? printJson(findings, stream) : printText(findings, stream);
  bool isHealthy = llvm::none_of(findings, [](const Finding &finding) {
    return finding.isNeeded && finding.place.empty();
  });
  return isHealthy ? ExitCode::Success : ExitCode::Environment;
}

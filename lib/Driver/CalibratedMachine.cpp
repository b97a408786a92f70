//===- CalibratedMachine.cpp - A description with measured numbers --------===//

#include "CalibratedMachine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace amos;
using llvm::formatv;
using llvm::StringRef;
namespace json = llvm::json;

static std::optional<double> getValue(const json::Object &result,
                                      StringRef name) {
  const json::Object *measured = result.getObject(name);
  return measured ? measured->getNumber("value") : std::nullopt;
}

/// "3.98 (1 %)", "-" for what was not measured.
static std::string spell(const json::Object &result, StringRef name) {
  const json::Object *measured = result.getObject(name);
  if (!measured)
    return "-";
  return formatv("{0:F2} ({1:F0} %)", measured->getNumber("value").value_or(0),
                 100 * measured->getNumber("spread").value_or(0));
}

/// Whole cycles, of which there is at least one.
static int64_t getCycles(double value) {
  return std::max<int64_t>(1, std::llround(value));
}

namespace {
class Description {
public:
  Description(AcceleratorOp machine, const MachineResults &results)
      : machine(machine), results(results), parts(text) {}

  void write(const AcceleratorFile &file, llvm::raw_ostream &stream);

private:
  void addLevel(LevelOp level);
  void addIntrinsic(IntrinsicOp intrinsic);
  void addReason(StringRef part, const json::Object &result);
  void writeHead(const AcceleratorFile &file, llvm::raw_ostream &stream);

  AcceleratorOp machine;
  const MachineResults &results;
  std::string text;
  llvm::raw_string_ostream parts;
  double frequency = 0;
};
} // namespace

void Description::addReason(StringRef part, const json::Object &result) {
  StringRef reason = result.getString("reason").value_or("no result");
  parts << formatv("  // @{0} was not measured: {1}\n", part,
                   reason.split('\n').first);
}

void Description::addLevel(LevelOp level) {
  std::optional<json::Object> result = results.ofLevel(level);
  if (!result)
    return;
  auto read = getValue(*result, "read"), latency = getValue(*result, "latency");
  if (!read || !latency)
    return addReason(level.getSymName(), *result);
  frequency = std::max(frequency, getValue(*result, "frequency").value_or(0));
  parts << formatv("  // {0} KiB, bytes a cycle: read {1}, write {2}, copy {3}",
                   result->getInteger("bytes").value_or(0) / 1024,
                   spell(*result, "read"), spell(*result, "write"),
                   spell(*result, "copy"));
  if (result->getObject("broadcast"))
    parts << "; broadcasts a cycle: " << spell(*result, "broadcast");
  parts << formatv("\n  // cycles to follow a pointer: {0}\n",
                   spell(*result, "latency"));
  parts << formatv("  change @{0} bandwidth({1:F2}), latency({2})\n",
                   level.getSymName(), *read, getCycles(*latency));
}

void Description::addIntrinsic(IntrinsicOp intrinsic) {
  StringRef name = intrinsic.getSymName();
  json::Object result = results.ofIntrinsic(intrinsic);
  auto interval = getValue(result, "interval");
  auto latency = getValue(result, "latency");
  if (result.get("reason") || !interval || !latency)
    return addReason(name, result);
  parts << formatv("  // cycles: interval {0}, latency {1}\n",
                   spell(result, "interval"), spell(result, "latency"));
  StringRef unit = result.getString("unit").value_or("");
  parts << formatv("  change @{0} latency({1}), interval({2:F3})", name,
                   getCycles(*latency), *interval);
  if (!intrinsic.getUnit())
    parts << ", unit(@" << unit << ")";
  parts << '\n';
}

void Description::writeHead(const AcceleratorFile &file,
                            llvm::raw_ostream &stream) {
  bool hasName = file.name != file.path;
  llvm::SmallString<128> path(file.path);
  llvm::sys::fs::make_absolute(path);
  stream << formatv("amos.accelerator @{0}_calibrated extends @{0}{1}",
                    machine.getSymName(),
                    hasName ? "" : " from \"" + path.str().str() + "\"");
  if (frequency > 0)
    stream << formatv(" clock({0:E3})", frequency);
  stream << formatv("\n    attributes {{amos.measured = {{date = \"{0}\", "
                    "{1} = \"{2}\", amosc = \"{3}\"}} {{\n",
                    results.date, results.kind, results.name, AMOS_VERSION);
}

void Description::write(const AcceleratorFile &file,
                        llvm::raw_ostream &stream) {
  for (auto level : machine.getOps<LevelOp>())
    addLevel(level);
  for (auto intrinsic : machine.getOps<IntrinsicOp>())
    addIntrinsic(intrinsic);
  writeHead(file, stream);
  stream << text << "}\n";
}

void amos::writeCalibrated(AcceleratorOp machine, const AcceleratorFile &file,
                           const MachineResults &results,
                           llvm::raw_ostream &stream) {
  Description(machine, results).write(file, stream);
}

//===- Calibration.cpp - Kernels that say how fast a device is ------------===//

#include "Calibration.h"
#include "Reader.h"
#include <sys/stat.h>

namespace amos::run {

static constexpr int64_t version = 1;
/// No kernel has use for more.
static constexpr int64_t largestCount = 1024;
static constexpr int64_t largestBuffer = int64_t(1) << 36;

static bool readNumber(Reader &reader, const Json &json, const char *name,
                       const std::string &where, int64_t most, int64_t &value) {
  if (!reader.read(json, name, where, value))
    return false;
  return (value >= 0 && value <= most) ||
         reader.fail(where + "." + name,
                     "expected 0 to " + std::to_string(most));
}

static bool read(Reader &reader, const Json &json, const std::string &where,
                 TimedKernel &kernel) {
  auto readBytes = [&](const char *name, int64_t &value) {
    return readNumber(reader, json, name, where, largestBuffer, value);
  };
  auto readCount = [&](const char *name, int64_t &value) {
    return readNumber(reader, json, name, where, largestCount, value);
  };
  const Json *warm = reader.find(json, "warm", where);
  if (!warm || !reader.read(json, "kernel", where, kernel.name) ||
      !reader.read(json, "quantity", where, kernel.quantity) ||
      !readCount("threads", kernel.threads) ||
      !readCount("blocks_per_core", kernel.blocksPerCore) ||
      !readBytes("shared_bytes", kernel.sharedBytes) ||
      !readBytes("buffer_bytes", kernel.bufferBytes) ||
      !readBytes("step_bytes", kernel.stepBytes) ||
      !readBytes("ring_bytes", kernel.ringBytes) ||
      !readBytes("invocations", kernel.invocations) ||
      !readBytes("block_bytes", kernel.blockBytes))
    return false;
  if (!warm->is_boolean())
    return reader.fail(where + ".warm", "expected true or false");
  kernel.isWarm = warm->get<bool>();
  if (kernel.threads == 0)
    return reader.fail(where + ".threads", "expected at least 1");
  bool isRing = kernel.ringBytes == 0 ||
                (kernel.ringBytes >= 8 && kernel.ringBytes % 8 == 0 &&
                 kernel.blocksPerCore == 0);
  return isRing || reader.fail(where + ".ring_bytes",
                               "expected a multiple of 8, for one block");
}

static bool readKernels(Reader &reader, const Json &json,
                        const std::string &where, TimedPart &part) {
  const Json *kernels = reader.findArray(json, "kernels", where);
  if (!kernels || !reader.read(json, "file", where, part.file))
    return false;
  for (const Json &kernel : *kernels) {
    std::string inside =
        where + ".kernels[" + std::to_string(part.kernels.size()) + "]";
    part.kernels.emplace_back();
    if (!read(reader, kernel, inside, part.kernels.back()))
      return false;
  }
  return true;
}

static bool read(Reader &reader, const Json &json, Calibration &calibration) {
  int64_t found = 0;
  if (!reader.read(json, "amos_calibration", "", found))
    return false;
  if (found != version)
    return reader.fail("amos_calibration", "version " + std::to_string(found) +
                                               " is not known, only " +
                                               std::to_string(version));
  const Json *parts = reader.findArray(json, "parts", "");
  if (!parts || !reader.read(json, "producer", "", calibration.producer) ||
      !reader.read(json, "machine", "", calibration.machine))
    return false;
  for (const Json &json : *parts) {
    std::string where =
        "parts[" + std::to_string(calibration.parts.size()) + "]";
    TimedPart &part = calibration.parts.emplace_back();
    if (!reader.read(json, "part", where, part.name))
      return false;
    bool isRead = json.contains("reason")
                      ? reader.read(json, "reason", where, part.reason)
                      : readKernels(reader, json, where, part);
    if (!isRead)
      return false;
  }
  return true;
}

bool readCalibration(const std::string &path, Calibration &calibration,
                     std::string &problem) {
  struct stat status = {};
  bool isFolder = stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  std::string file = isFolder ? path + "/calibration.json" : path;
  Json json = parseFile(file, problem);
  if (json.is_discarded())
    return false;
  Reader reader(problem);
  if (!read(reader, json, calibration)) {
    problem = file + ": " + problem;
    return false;
  }
  // The code lies beside the description, whatever it says.
  size_t slash = file.rfind('/');
  std::string folder = slash == file.npos ? "./" : file.substr(0, slash + 1);
  for (TimedPart &part : calibration.parts) {
    size_t last = part.file.rfind('/');
    part.file = folder + (last == part.file.npos ? part.file
                                                 : part.file.substr(last + 1));
  }
  return true;
}

} // namespace amos::run

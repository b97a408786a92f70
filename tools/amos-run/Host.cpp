//===- Host.cpp - Where and when something was measured -------------------===//

#include "Host.h"
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sys/utsname.h>
#include <unistd.h>

namespace amos::run {

static std::string readModel() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0)
      return line.substr(line.find(':') + 2);
  return "unknown";
}

static std::string readSystem() {
  struct utsname name;
  if (uname(&name) != 0)
    return "unknown";
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

static std::string readDate() {
  std::time_t seconds = std::time(nullptr);
  char text[32] = "";
  if (const std::tm *parts = std::gmtime(&seconds))
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", parts);
  return text;
}

Host describeHost() {
  Host host;
  host.cpu = readModel();
  host.system = readSystem();
  host.cores = sysconf(_SC_NPROCESSORS_ONLN);
  if (getloadavg(&host.load, 1) != 1)
    host.load = 0;
  host.date = readDate();
  return host;
}

} // namespace amos::run

//===- Entry.cpp - A compiled function, loaded ----------------------------===//

#include "Entry.h"
#include <dlfcn.h>

namespace amos::run {

static constexpr int32_t missingFeature = 3;
static constexpr size_t workspaceAlignment = 256;

bool Library::load(const std::string &path, std::string &problem) {
  this->path = path;
  handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    problem = std::string("cannot load: ") + dlerror();
  return handle;
}

void *Library::find(const std::string &symbol, std::string &problem) const {
  void *address = dlsym(handle, symbol.c_str());
  if (!address)
    problem = path + " has no '" + symbol + "'";
  return address;
}

template <typename Pointer>
static bool assign(Pointer &pointer, void *address) {
  pointer = reinterpret_cast<Pointer>(address);
  return address;
}

/// More parameters than this of a function are not passed.
static constexpr size_t maxExtents = 8;

size_t Entry::getWorkspaceSize() const {
  int64_t values[maxExtents] = {};
  std::copy(extents.begin(), extents.end(), values);
  // The calling conventions of C here do not look at further arguments.
  auto call =
      reinterpret_cast<size_t (*)(int64_t, int64_t, int64_t, int64_t, int64_t,
                                  int64_t, int64_t, int64_t)>(workspaceSize);
  const int64_t *v = values;
  return call(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
}

bool Entry::load(const Library &library, const std::string &symbol,
                 std::vector<int64_t> dynamicExtents, std::string &problem) {
  extents = std::move(dynamicExtents);
  if (extents.size() > maxExtents) {
    problem = "'" + symbol + "' has " + std::to_string(extents.size()) +
              " dynamic extents, at most " + std::to_string(maxExtents) +
              " can be passed";
    return false;
  }
  return assign(workspaceSize,
                library.find(symbol + "_workspace_size", problem)) &&
         assign(callUniformly, library.find(symbol + "_call", problem)) &&
         assign(error, library.find(symbol + "_error", problem));
}

Buffer Entry::createWorkspace(Placement placement) const {
  return Buffer(getWorkspaceSize(), workspaceAlignment, placement);
}

std::optional<Failure> Entry::call(const std::vector<void *> &buffers,
                                   const Buffer &workspace) const {
  bool isMissing = !workspace.isValid();
  for (void *buffer : buffers)
    isMissing |= !buffer;
  if (isMissing)
    return Failure{EnvironmentError, "not enough memory"};
  int32_t status = run(buffers, workspace);
  if (status == 0)
    return std::nullopt;
  return Failure{status == missingFeature ? EnvironmentError : CheckFailed,
                 explain(status)};
}

int32_t Entry::run(const std::vector<void *> &buffers,
                   const Buffer &workspace) const {
  return run(buffers, workspace.size() ? workspace.get() : nullptr,
             workspace.size(), nullptr);
}

int32_t Entry::run(const std::vector<void *> &buffers, void *workspace,
                   size_t bytes, void *stream) const {
  return callUniformly(buffers.data(), static_cast<int64_t>(buffers.size()),
                       workspace, bytes, stream);
}

std::string Entry::explain(int32_t status) const {
  return "status " + std::to_string(status) + ": " + error(status);
}

} // namespace amos::run

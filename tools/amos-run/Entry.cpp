//===- Entry.cpp - A compiled function, loaded ----------------------------===//

#include "Entry.h"
#include <dlfcn.h>

namespace amos::run {

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

bool Entry::load(const Library &library, const std::string &symbol,
                 std::string &problem) {
  return assign(workspaceSize,
                library.find(symbol + "_workspace_size", problem)) &&
         assign(call, library.find(symbol + "_call", problem)) &&
         assign(error, library.find(symbol + "_error", problem));
}

int32_t Entry::run(const std::vector<void *> &buffers,
                   const Buffer &workspace) const {
  void *scratch = workspace.size() ? workspace.get() : nullptr;
  return call(buffers.data(), static_cast<int64_t>(buffers.size()), scratch,
              workspace.size(), nullptr);
}

std::string Entry::explain(int32_t status) const {
  return "status " + std::to_string(status) + ": " + error(status);
}

} // namespace amos::run

//===- Packed.cpp - Arguments that are packed beforehand ------------------===//

#include "Packed.h"
#include <cstring>

namespace amos::run {

static constexpr size_t packedAlignment = 64;
static constexpr int32_t missingFeature = 3;

/// What nobody packed: bytes that change sums.
static constexpr int unwritten = 0x3f;

/// Calls the packer of `argument`.
static std::optional<Failure> pack(const Argument &argument,
                                   const Library &library, const void *from,
                                   const Buffer &to) {
  if (!to.isValid())
    return Failure{EnvironmentError, "not enough memory"};
  std::memset(to.get(), unwritten, to.size());
  std::string problem;
  void *address = library.find(argument.packer, problem);
  if (!address)
    return Failure{InputRejected, problem};
  auto call = reinterpret_cast<int32_t (*)(const void *, void *)>(address);
  int32_t status = call(from, to.get());
  if (status == 0)
    return std::nullopt;
  return Failure{status == missingFeature ? EnvironmentError : CheckFailed,
                 "'" + argument.packer + "' returns status " +
                     std::to_string(status)};
}

std::optional<Failure> Packed::pack(const Function &function,
                                    const Library &library,
                                    const Operands &operands,
                                    Placement placement) {
  for (size_t n = 0; n < function.arguments.size(); ++n) {
    const Argument &argument = function.arguments[n];
    forms.emplace_back(argument.packedBytes, packedAlignment, placement);
    copies.emplace_back();
    if (argument.packer.empty())
      continue;
    if (auto failure =
            run::pack(argument, library, operands[n].get(), forms.back()))
      return failure;
    const auto *bytes = static_cast<const char *>(forms.back().get());
    copies.back().assign(bytes, bytes + forms.back().size());
  }
  return std::nullopt;
}

std::vector<void *> Packed::getPointers(const Function &function,
                                        const Operands &operands) const {
  std::vector<void *> pointers = operands.getPointers(function);
  size_t place = 0;
  for (size_t n = 0; n < forms.size(); ++n) {
    if (!function.arguments[n].packer.empty())
      pointers[place] = forms[n].get();
    place += 1 + function.arguments[n].numbers.size();
  }
  return pointers;
}

std::string Packed::findModified(const Function &function) const {
  for (size_t n = 0; n < forms.size(); ++n)
    if (!copies[n].empty() &&
        std::memcmp(copies[n].data(), forms[n].get(), copies[n].size()) != 0)
      return function.arguments[n].name;
  return "";
}

} // namespace amos::run

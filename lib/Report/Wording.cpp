//===- Wording.cpp - An explanation in words ------------------------------===//

#include "Wording.h"
#include "llvm/ADT/StringExtras.h"

using namespace amos;

std::string amos::spellExtent(int64_t extent) {
  return mlir::ShapedType::isDynamic(extent) ? "?" : std::to_string(extent);
}

std::string amos::spellGroup(const ExplainedOperation &operation,
                             llvm::ArrayRef<int64_t> group) {
  std::vector<std::string> names;
  for (int64_t v : group)
    names.push_back(size_t(v) < operation.iterations.size()
                        ? operation.iterations[v].name
                        : "d" + std::to_string(v));
  return names.empty() ? "1" : llvm::join(names, " ");
}

std::string amos::spellMatching(const ExplainedOperation &operation,
                                const ExplainedCandidate &candidate) {
  if (!candidate.matching)
    return "nothing";
  std::vector<std::string> groups;
  for (auto [h, group] : llvm::enumerate(*candidate.matching)) {
    std::string name = h < candidate.iterations.size()
                           ? candidate.iterations[h]
                           : "i" + std::to_string(h);
    groups.push_back(name + " = " + spellGroup(operation, group));
  }
  return groups.empty() ? "nothing" : llvm::join(groups, ", ");
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

static bool isBefore(const Refusals &a, const Refusals &b) {
  return std::make_pair(a.first.getCode().getValue(), a.position) <
         std::make_pair(b.first.getCode().getValue(), b.position);
}

std::vector<Refusals>
amos::groupRefusals(llvm::ArrayRef<ExplainedCandidate> refused) {
  llvm::MapVector<std::pair<mlir::Attribute, mlir::Attribute>, Refusals> groups;
  for (const ExplainedCandidate &candidate : refused) {
    RejectionAttr rejection = candidate.rejection;
    Refusals &group = groups[{rejection.getCode(), rejection.getMessage()}];
    if (!group.first) {
      group.first = rejection;
      group.position = groups.size();
    }
    group.intrinsics.insert({candidate.intrinsic, candidate.described});
    ++group.count;
  }
  std::vector<Refusals> list;
  for (auto &[key, group] : groups)
    list.push_back(group);
  llvm::sort(list, isBefore);
  return list;
}

static size_t countProved(const ExplainedOperation &operation) {
  return llvm::count_if(operation.candidates, [](const ExplainedCandidate &c) {
    return !c.rejection;
  });
}

llvm::ArrayRef<ExplainedCandidate>
amos::getProved(const ExplainedOperation &operation) {
  return llvm::ArrayRef(operation.candidates)
      .take_front(countProved(operation));
}

llvm::ArrayRef<ExplainedCandidate>
amos::getRefused(const ExplainedOperation &operation) {
  return llvm::ArrayRef(operation.candidates)
      .drop_front(countProved(operation));
}

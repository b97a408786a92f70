//===- MatrixWords.cpp - What the access matrices say, in words -----------===//

#include "MatrixWords.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

/// "read by src1 and src2" for the sources whose bit is `isSet`, or nothing.
static std::string nameSources(uint32_t signature, unsigned numSources,
                               bool isSet) {
  SmallVector<std::string> names;
  for (unsigned t = 0; t < numSources; ++t)
    if (((signature >> t) & 1) == isSet)
      names.push_back(llvm::formatv("src{0}", t + 1));
  return names.empty() ? "" : "read by " + llvm::join(names, " and ");
}

/// "read by src2 and written but not read by src1".
static std::string describe(uint32_t signature, unsigned numSources) {
  SmallVector<std::string> parts[2];
  for (bool isSet : {true, false}) {
    std::string reads = nameSources(signature, numSources, isSet);
    if (!reads.empty())
      parts[isSet].push_back(reads);
    if (((signature >> numSources) & 1) == isSet)
      parts[isSet].push_back("written");
  }
  if (parts[true].empty())
    return "used by no operand";
  std::string text = llvm::join(parts[true], " and ");
  if (!parts[false].empty())
    text += " but not " + llvm::join(parts[false], " or ");
  return text;
}

Reason amos::explainUnmatched(const Contraction &op,
                              const Contraction &intrinsic) {
  unsigned numSources = op.getDestination();
  for (unsigned h = 0; h < intrinsic.iterations.size(); ++h) {
    uint32_t wanted = intrinsic.getSignature(h);
    auto isPartner = [&](unsigned v) { return op.getSignature(v) == wanted; };
    if (llvm::any_of(llvm::seq<unsigned>(0, op.iterations.size()), isPartner))
      continue;
    return {
        ReasonCode::Struct,
        llvm::formatv("no iteration of the operator is {0}, as {1} of the "
                      "intrinsic is",
                      describe(wanted, numSources),
                      intrinsic.iterations[h].name),
        llvm::formatv("give the operator an iteration of extent 1 that is {0}",
                      describe(wanted, numSources))};
  }
  return {
      ReasonCode::Struct,
      "several iterations of the intrinsic compete for one iteration of the "
      "operator",
      ""};
}

//===----------------------------------------------------------------------===//
// Matchings
//===----------------------------------------------------------------------===//

static std::optional<Reason> checkLists(const Contraction &op,
                                        const Contraction &intrinsic,
                                        const Matching &matching) {
  auto refuse = [](std::string message) {
    return Reason{ReasonCode::Struct, std::move(message), ""};
  };
  if (matching.size() != intrinsic.iterations.size())
    return refuse(llvm::formatv(
        "the matching has {0} lists, the intrinsic {1} iterations",
        matching.size(), intrinsic.iterations.size()));
  SmallVector<bool> isMatched(op.iterations.size(), false);
  for (ArrayRef<int64_t> group : matching)
    for (int64_t v : group) {
      if (v < 0 || v >= static_cast<int64_t>(isMatched.size()))
        return refuse(llvm::formatv(
            "the matching lists iteration {0}, the operator has {1}", v,
            isMatched.size()));
      if (isMatched[v])
        return refuse(
            llvm::formatv("the matching lists iteration {0} twice", v));
      isMatched[v] = true;
    }
  return std::nullopt;
}

static std::string nameOperand(unsigned t, unsigned destination) {
  return t == destination ? "the destination"
                          : llvm::formatv("src{0}", t + 1).str();
}

/// Compares column v of the operator with column h of the intrinsic.
static std::optional<Reason> checkColumn(const Contraction &op,
                                         const Contraction &intrinsic,
                                         unsigned v, unsigned h,
                                         Family family) {
  unsigned destination = op.getDestination();
  for (unsigned t = 0; t <= destination; ++t) {
    bool isUsed = op.dependsOn(t, v), isExpected = intrinsic.dependsOn(t, h);
    bool isRepeated = family == Family::Broadcast && t != destination &&
                      isExpected && !isUsed;
    if (isUsed == isExpected || isRepeated)
      continue;
    StringRef player = op.iterations[v].name;
    StringRef role = intrinsic.iterations[h].name;
    return Reason{
        ReasonCode::Struct,
        llvm::formatv(
            "iteration {0} cannot play {1}: {2} {3} on {0}, but {4} on "
            "{1}",
            player, role, nameOperand(t, destination),
            isUsed ? "depends" : "does not depend",
            isExpected ? "does" : "does not"),
        llvm::formatv("leave {0} out of the matching, or match it to an "
                      "iteration that is {1}",
                      player, describe(op.getSignature(v), destination))};
  }
  return std::nullopt;
}

std::optional<Reason> amos::checkMatrices(const Contraction &op,
                                          const Contraction &intrinsic,
                                          const Matching &matching,
                                          Family family) {
  if (auto reason = checkLists(op, intrinsic, matching))
    return reason;
  for (auto [h, group] : llvm::enumerate(matching)) {
    if (group.empty() && family != Family::Unit && family != Family::Broadcast)
      return Reason{
          ReasonCode::Struct,
          llvm::formatv("no iteration plays {0}", intrinsic.iterations[h].name),
          "name one, or write 'family unit'"};
    for (int64_t v : group)
      if (auto reason = checkColumn(op, intrinsic, v, h, family))
        return reason;
  }
  return std::nullopt;
}

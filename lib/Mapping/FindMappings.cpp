//===- FindMappings.cpp - Candidates and rejections of one op -------------===//

#include "amos/Mapping/FindMappings.h"
#include "MatrixWords.h"
#include "amos/Mapping/Lift.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace amos;

SymbolRefAttr amos::getReference(IntrinsicOp intrinsic) {
  auto name = FlatSymbolRefAttr::get(intrinsic.getSymNameAttr());
  auto accelerator = intrinsic->getParentOfType<AcceleratorOp>();
  return SymbolRefAttr::get(accelerator.getSymNameAttr(), {name});
}

static MappingAttr getMapping(IntrinsicOp intrinsic, const Proposal &proposal) {
  MLIRContext *context = intrinsic.getContext();
  auto matching = llvm::map_to_vector(proposal.matching, [&](const auto &list) {
    return DenseI64ArrayAttr::get(context, list);
  });
  DenseI64ArrayAttr operands;
  if (!llvm::is_sorted(proposal.operands))
    operands = DenseI64ArrayAttr::get(context, proposal.operands);
  return MappingAttr::get(context, getReference(intrinsic), matching, operands,
                          proposal.family);
}

static RejectionAttr getRejection(IntrinsicOp intrinsic, const Reason &reason,
                                  MappingAttr mapping = {}) {
  Builder builder(intrinsic.getContext());
  return RejectionAttr::get(intrinsic.getContext(), getReference(intrinsic),
                            builder.getStringAttr(spell(reason.code)),
                            builder.getStringAttr(reason.message),
                            builder.getStringAttr(reason.fix), mapping);
}

static Reason getReason(const Refutation &refutation, StringRef where) {
  return {ReasonCode::Proof,
          llvm::formatv("{0}obligation '{1}' does not hold: {2}", where,
                        spell(refutation.duty), refutation.witness),
          ""};
}

/// The contraction of `op`, if its iterations are proved to be the operator's.
static std::variant<ReadContraction, Reason> readProved(linalg::LinalgOp op,
                                                        Solver &solver) {
  auto read = readContraction(op);
  auto *contraction = std::get_if<ReadContraction>(&read);
  if (!contraction || !contraction->lift)
    return read;
  if (auto refutation = refute(*contraction->lift, solver))
    return getReason(*refutation, "for the phases, ");
  return read;
}

/// Both have their sources in the intrinsic's order.
static std::optional<Reason> prove(const Contraction &op,
                                   const Contraction &intrinsic,
                                   const Matching &matching,
                                   const Schedule &schedule, Solver &solver) {
  if (auto reason = checkLayout(op, intrinsic, matching, schedule))
    return reason;
  MappedAccesses mapped = mapAccesses(op, intrinsic, matching, schedule);
  if (auto reason = checkSchedule(mapped, schedule))
    return reason;
  std::optional<Refutation> refutation = refute(op, intrinsic, mapped, solver);
  if (!refutation)
    return std::nullopt;
  return getReason(*refutation, "");
}

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

/// Everything about one intrinsic: one entry of `found` per proposal, or one
/// rejection of the intrinsic as a whole.
static void findMappings(linalg::LinalgOp op, const Contraction &read,
                         IntrinsicOp intrinsic, Solver &solver,
                         FoundMappings &found) {
  auto orders = matchBody(op, intrinsic);
  if (auto *reason = std::get_if<Reason>(&orders)) {
    found.rejections.push_back(getRejection(intrinsic, *reason));
    return;
  }
  Contraction target = readIntrinsic(intrinsic);
  const auto &legal = std::get<SourceOrders>(orders);
  std::vector<Proposal> proposals = enumerateProposals(read, target, legal);
  if (proposals.empty())
    found.rejections.push_back(getRejection(
        intrinsic,
        explainUnmatched(permuteSources(read, legal.front()), target)));
  for (const Proposal &proposal : proposals) {
    Contraction permuted = permuteSources(read, proposal.operands);
    Schedule schedule = getDefaultSchedule(permuted, target, proposal.matching);
    MappingAttr mapping = getMapping(intrinsic, proposal);
    if (std::optional<Reason> reason =
            prove(permuted, target, proposal.matching, schedule, solver)) {
      found.rejections.push_back(getRejection(intrinsic, *reason, mapping));
      continue;
    }
    bool isAmos = proposal.family == Family::Direct &&
                  isAmosMatching(permuted, target, proposal.matching);
    found.candidates.push_back(CandidateAttr::get(
        op->getContext(), mapping, isAmos, ScheduleAttr(), CostAttr()));
  }
}

static MappingAttr rename(MappingAttr mapping, IntrinsicOp intrinsic) {
  return mapping
             ? MappingAttr::get(mapping.getContext(), getReference(intrinsic),
                                mapping.getMatching(), mapping.getOperands(),
                                mapping.getFamily())
             : mapping;
}

/// What was found for an intrinsic of the same meaning, as that of `intrinsic`.
static FoundMappings rename(const FoundMappings &twin, IntrinsicOp intrinsic) {
  FoundMappings found;
  for (CandidateAttr candidate : twin.candidates)
    found.candidates.push_back(CandidateAttr::get(
        candidate.getContext(), rename(candidate.getMapping(), intrinsic),
        candidate.getAmosRule(), ScheduleAttr(), CostAttr()));
  for (RejectionAttr rejection : twin.rejections)
    found.rejections.push_back(RejectionAttr::get(
        rejection.getContext(), getReference(intrinsic), rejection.getCode(),
        rejection.getMessage(), rejection.getFix(),
        rename(rejection.getMapping(), intrinsic)));
  return found;
}

static bool haveSameMeaning(IntrinsicOp a, IntrinsicOp b) {
  return OperationEquivalence::isRegionEquivalentTo(
      &a.getSemantics(), &b.getSemantics(),
      OperationEquivalence::IgnoreLocations);
}

FoundMappings amos::findMappings(linalg::LinalgOp op,
                                 ArrayRef<IntrinsicOp> intrinsics) {
  FoundMappings found;
  Solver solver;
  auto read = readProved(op, solver);
  std::vector<std::pair<IntrinsicOp, FoundMappings>> known;
  for (IntrinsicOp intrinsic : intrinsics) {
    if (auto *reason = std::get_if<Reason>(&read)) {
      found.rejections.push_back(getRejection(intrinsic, *reason));
      continue;
    }
    // Intrinsics that differ in where operands lie have the same mappings.
    auto twin = llvm::find_if(known, [&](const auto &other) {
      return haveSameMeaning(intrinsic, other.first);
    });
    FoundMappings own;
    if (twin != known.end())
      own = rename(twin->second, intrinsic);
    else
      ::findMappings(op, std::get<ReadContraction>(read).contraction, intrinsic,
                     solver, own);
    llvm::append_range(found.candidates, own.candidates);
    llvm::append_range(found.rejections, own.rejections);
    if (twin == known.end())
      known.emplace_back(intrinsic, std::move(own));
  }
  return found;
}

//===----------------------------------------------------------------------===//
// Verifying
//===----------------------------------------------------------------------===//

/// The order of sources a mapping asks for, if it is one of `numSources`.
static std::optional<SmallVector<int64_t>> getOperandOrder(MappingAttr mapping,
                                                           int64_t numSources) {
  auto order = llvm::to_vector(llvm::seq<int64_t>(0, numSources));
  if (!mapping.getOperands())
    return order;
  ArrayRef<int64_t> given = mapping.getOperands().asArrayRef();
  if (!std::is_permutation(given.begin(), given.end(), order.begin(),
                           order.end()))
    return std::nullopt;
  return llvm::to_vector(given);
}

static Reason getOrderReason(int64_t numSources) {
  return {
      ReasonCode::Struct,
      llvm::formatv("'operands' must list each of the sources 0 to {0} once",
                    numSources - 1),
      ""};
}

/// Whether the bodies agree with the sources in this order.
static std::optional<Reason>
checkBody(linalg::LinalgOp op, IntrinsicOp intrinsic, ArrayRef<int64_t> order) {
  auto orders = matchBody(op, intrinsic);
  if (auto *reason = std::get_if<Reason>(&orders))
    return *reason;
  const auto &legal = std::get<SourceOrders>(orders);
  if (llvm::is_contained(legal, order))
    return std::nullopt;
  return Reason{
      ReasonCode::Body,
      "the bodies agree with the sources in another order only",
      llvm::formatv("write 'operands [{0}]'",
                    llvm::join(llvm::map_range(legal.front(),
                                               [](int64_t source) {
                                                 return std::to_string(source);
                                               }),
                               ", "))};
}

std::optional<Reason> amos::verifyMapping(linalg::LinalgOp op,
                                          IntrinsicOp intrinsic,
                                          MappingAttr mapping,
                                          ScheduleAttr schedule,
                                          Solver &solver) {
  auto read = readProved(op, solver);
  if (auto *reason = std::get_if<Reason>(&read))
    return *reason;
  Contraction target = readIntrinsic(intrinsic);
  int64_t numSources = op.getNumDpsInputs();
  std::optional<SmallVector<int64_t>> order =
      getOperandOrder(mapping, numSources);
  if (!order)
    return getOrderReason(numSources);
  if (numSources != target.getDestination())
    return checkBody(op, intrinsic, *order);
  Contraction permuted =
      permuteSources(std::get<ReadContraction>(read).contraction, *order);
  auto matching = llvm::map_to_vector(mapping.getMatching(), [](auto list) {
    return SmallVector<int64_t>(list.asArrayRef());
  });
  if (auto reason =
          checkMatrices(permuted, target, matching, mapping.getFamily()))
    return reason;
  if (auto reason = checkBody(op, intrinsic, *order))
    return reason;
  Schedule plain = schedule ? Schedule::get(schedule)
                            : getDefaultSchedule(permuted, target, matching);
  return prove(permuted, target, matching, plain, solver);
}

//===- Details.cpp - What the model says about a candidate ----------------===//

#include "Details.h"
#include "llvm/ADT/StringExtras.h"

using namespace amos;

AccessMatrix amos::getAccesses(const Contraction &contraction) {
  AccessMatrix matrix;
  for (unsigned t = 0; t < contraction.operands.size(); ++t) {
    std::vector<bool> &row = matrix.emplace_back();
    for (unsigned v = 0; v < contraction.iterations.size(); ++v)
      row.push_back(contraction.dependsOn(t, v));
  }
  return matrix;
}

std::vector<ExplainedIteration>
amos::getIterations(const Contraction &contraction) {
  std::vector<ExplainedIteration> iterations;
  for (const Iteration &iteration : contraction.iterations)
    iterations.push_back({iteration.name, iteration.extent,
                          iteration.isReduction ? "reduction" : "parallel"});
  return iterations;
}

double amos::countMultiplyAdds(const Contraction &contraction) {
  double points = 1;
  for (const Iteration &iteration : contraction.iterations)
    points *= mlir::ShapedType::isDynamic(iteration.extent) ? assumedExtent
                                                            : iteration.extent;
  return points;
}

//===----------------------------------------------------------------------===//
// Intrinsics
//===----------------------------------------------------------------------===//

/// Issuing units share an instance of a level, so that there are fewer of them.
static ExplainedLevel explainLevel(const Level &level,
                                   const IntrinsicModel &model) {
  double issuers = double(model.units) * model.issuersPerUnit;
  double instances = std::max(1.0, issuers / level.issuers);
  return {level.name, level.capacity, level.bandwidth * instances};
}

ExplainedIntrinsic amos::explainIntrinsic(const IntrinsicModel &model,
                                          std::string described) {
  ExplainedIntrinsic explained;
  explained.kind = stringifyIntrinsicClass(model.kind).str();
  explained.described = std::move(described);
  explained.iterations = getIterations(model.contraction);
  explained.accesses = getAccesses(model.contraction);
  for (const Access &operand : model.contraction.operands)
    llvm::raw_string_ostream(explained.types.emplace_back())
        << operand.elementType;
  explained.clock = model.clock;
  explained.rate =
      countMultiplyAdds(model.contraction) * model.units / model.interval;
  for (const Level &level : model.memories)
    explained.levels.push_back(explainLevel(level, model));
  return explained;
}

//===----------------------------------------------------------------------===//
// Candidates
//===----------------------------------------------------------------------===//

/// `expr` with the names of the iterations in place of d0, d1, ..
static std::string nameDims(mlir::AffineExpr expr, const Contraction &op) {
  std::string text, named;
  llvm::raw_string_ostream(text) << expr;
  llvm::StringRef rest = text;
  while (!rest.empty()) {
    llvm::StringRef digits =
        rest.drop_front().take_while([](char c) { return llvm::isDigit(c); });
    size_t v = 0;
    if (rest[0] == 'd' && !digits.getAsInteger(10, v) &&
        v < op.iterations.size()) {
      named += op.iterations[v].name;
      rest = rest.drop_front(1 + digits.size());
      continue;
    }
    named += rest[0];
    rest = rest.drop_front();
  }
  return named;
}

void amos::addDetails(ExplainedCandidate &candidate,
                      const MappedProblem &problem) {
  if (!candidate.schedule)
    return;
  Schedule schedule = Schedule::get(candidate.schedule);
  // Refuses schedules that do not belong to the mapping.
  auto cost = estimateCost(problem, schedule, &candidate.usages);
  if (std::holds_alternative<Reason>(cost))
    return;
  MappedAccesses mapped = mapAccesses(problem.op, problem.intrinsic.contraction,
                                      problem.matching, schedule);
  for (auto [o, loop] : llvm::enumerate(mapped.outer))
    candidate.loops.push_back({loop.name, loop.extent,
                               loop.isParallel ? "parallel" : "reduction",
                               schedule.block[o]});
  for (mlir::AffineExpr lane : mapped.lanes)
    candidate.lanes.push_back(nameDims(lane, problem.op));
}

//===----------------------------------------------------------------------===//
// The text of an operation
//===----------------------------------------------------------------------===//

/// More lines of one operation are not shown.
constexpr unsigned longestSource = 40;

/// How many more brackets `line` opens than it closes, outside of strings.
static int countOpened(llvm::StringRef line) {
  int opened = 0;
  bool isString = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"')
      isString = !isString;
    if (isString)
      i += line[i] == '\\';
    else if (line.substr(i).starts_with("//"))
      break;
    else
      opened += llvm::StringRef("([{").contains(line[i]) -
                llvm::StringRef(")]}").contains(line[i]);
  }
  return opened;
}

/// Whether a line is the continuation of an operation whose brackets are
/// closed.
static bool continuesOperation(llvm::StringRef line) {
  line = line.ltrim();
  for (llvm::StringRef start : {"ins(", "outs(", "ins (", "outs (", "->", ":",
                                "{", "permutation", "dimensions", "attrs"})
    if (line.starts_with(start))
      return true;
  return false;
}

std::string amos::findSource(llvm::StringRef text, unsigned line) {
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n');
  if (line == 0 || line > lines.size())
    return {};
  llvm::SmallVector<llvm::StringRef> found;
  int depth = 0;
  for (llvm::StringRef next : llvm::ArrayRef(lines).drop_front(line - 1)) {
    if (!found.empty() && depth <= 0 && !continuesOperation(next))
      break;
    if (found.size() == longestSource) {
      found.push_back("..");
      break;
    }
    found.push_back(next.rtrim());
    depth += countOpened(next);
  }
  return llvm::join(found, "\n");
}

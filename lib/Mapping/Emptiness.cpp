//===- Emptiness.cpp - Is there a point where something goes wrong? -------===//

#include "Emptiness.h"
#include "mlir/Analysis/Presburger/IntegerRelation.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace amos;
using presburger::IntegerPolyhedron;
using presburger::PresburgerSpace;

/// The library has no time limit, and time grows with interacting divisions.
/// No mapping in the tests comes to more than 5 divisions and 12 columns.
static constexpr unsigned maxDivisions = 16, maxColumns = 48;

Question::Question(Sums &sums) : sums(sums) {
  for (unsigned v = 0; v + sums.getNumParameters() < sums.getNumVariables();
       ++v)
    if (const std::optional<Sum> &limit = sums.getLimit(v))
      assumeNonNegative(
          sums.plus(sums.plus(*limit, sums.getVariable(v), -1), -1));
}

void Question::assumeNonNegative(const Sum &sum) {
  if (sums.getRange(sum).low < 0)
    nonNegative.push_back(sum);
}

void Question::assumeEqual(const Sum &a, const Sum &b) {
  Sum difference = sums.plus(a, b, -1);
  if (!(difference == Sum(0)))
    zero.push_back(difference);
}

void Question::forbidBelow(const Sum &a, const Sum &b) {
  Sum excess = sums.plus(a, b, -1);
  // Bounds tell, or an assumption says the contrary literally.
  if (sums.getRange(excess).low >= 0 || llvm::is_contained(nonNegative, excess))
    return;
  violations.push_back(sums.plus(-1, excess, -1));
}

void Question::forbidDifferent(const Sum &a, const Sum &b) {
  if (a == b)
    return;
  forbidBelow(a, b);
  forbidBelow(b, a);
}

//===----------------------------------------------------------------------===//
// Systems
//===----------------------------------------------------------------------===//

/// One column per atom, ascending, then the constant.
struct Question::Rows {
  using Row = std::vector<int64_t>;
  SmallVector<unsigned> columns;
  unsigned numDivisions = 0;
  std::vector<Row> equalities, inequalities;

  bool isTooLarge() const {
    return numDivisions > maxDivisions || columns.size() > maxColumns;
  }
  Row getRow(const Sum &sum) const {
    Row row(columns.size() + 1);
    for (auto [atom, coefficient] : sum.terms)
      row[llvm::lower_bound(columns, atom) - columns.begin()] = coefficient;
    row.back() = sum.constant;
    return row;
  }
  std::vector<int64_t> getKey() const {
    std::vector<Row> sorted = inequalities;
    llvm::sort(sorted);
    std::vector<int64_t> key{int64_t(columns.size()),
                             int64_t(equalities.size())};
    for (ArrayRef<Row> rows : {ArrayRef(equalities), ArrayRef(sorted)})
      for (const Row &row : rows)
        key.insert(key.end(), row.begin(), row.end());
    return key;
  }
  IntegerPolyhedron getPolyhedron() const {
    IntegerPolyhedron set(PresburgerSpace::getSetSpace(columns.size()));
    for (const Row &row : equalities)
      set.addEquality(row);
    for (const Row &row : inequalities)
      set.addInequality(row);
    return set;
  }
};

static bool touches(const Sum &sum, ArrayRef<bool> atoms) {
  return llvm::any_of(sum.terms,
                      [&](const auto &term) { return atoms[term.first]; });
}

/// Adds the atoms of `sum`; whether one was new.
static bool addAtoms(const Sum &sum, SmallVector<bool> &atoms) {
  bool isNew = false;
  for (auto [atom, coefficient] : sum.terms)
    isNew |= !std::exchange(atoms[atom], true);
  return isNew;
}

/// The atoms that constraints connect, directly or not, to those of `start`.
SmallVector<bool> Question::getConnected(ArrayRef<Sum> start) const {
  SmallVector<bool> atoms(sums.getNumAtoms());
  for (const Sum &sum : start)
    addAtoms(sum, atoms);
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto *list : {&nonNegative, &zero})
      for (const Sum &sum : *list)
        grows |= touches(sum, atoms) && addAtoms(sum, atoms);
    for (unsigned atom = sums.getNumVariables(); atom < atoms.size(); ++atom)
      grows |= atoms[atom] && addAtoms(sums.getDivision(atom)->dividend, atoms);
  }
  return atoms;
}

/// What bounds an atom: its extent, or the definition of the division.
static void addDefinition(Sums &sums, unsigned atom,
                          llvm::function_ref<void(const Sum &)> add) {
  Sum self;
  self.terms.push_back({atom, 1});
  if (const Sums::Division *division = sums.getDivision(atom)) {
    Sum rest = sums.plus(division->dividend, self, -division->divisor);
    add(rest);
    add(sums.plus(division->divisor - 1, rest, -1));
    return;
  }
  add(self);
  if (!ShapedType::isDynamic(sums.getExtent(atom)))
    add(sums.plus(sums.getExtent(atom) - 1, self, -1));
}

Question::Rows Question::getRows(ArrayRef<Sum> start) const {
  SmallVector<bool> atoms = getConnected(start);
  Rows rows;
  for (unsigned atom = 0; atom < atoms.size(); ++atom)
    if (atoms[atom]) {
      rows.columns.push_back(atom);
      rows.numDivisions += sums.getDivision(atom) != nullptr;
    }
  auto add = [&](const Sum &sum) {
    rows.inequalities.push_back(rows.getRow(sum));
  };
  for (unsigned atom : rows.columns)
    addDefinition(sums, atom, add);
  // A constant belongs everywhere: it may be a contradiction.
  for (const Sum &sum : nonNegative)
    if (sum.terms.empty() || touches(sum, atoms))
      add(sum);
  for (const Sum &sum : zero)
    if (sum.terms.empty() || touches(sum, atoms))
      rows.equalities.push_back(rows.getRow(sum));
  return rows;
}

/// If the connected part is empty, all is. Elimination never errs on that and
/// decides most parts; the exact search is left with the others.
Question::Verdict Question::judge(const Sum &violation,
                                  Solver::Memory &memory) const {
  Rows rows = getRows(violation);
  rows.inequalities.push_back(rows.getRow(violation));
  if (rows.isTooLarge())
    return Verdict::Undecided;
  auto [known, isNew] = memory.isEmpty.insert({rows.getKey(), false});
  if (isNew) {
    IntegerPolyhedron set = rows.getPolyhedron();
    known->second = set.isEmpty() || set.isIntegerEmpty();
  }
  return known->second ? Verdict::Empty : Verdict::Inhabited;
}

bool Question::isEmpty(Solver::Memory &memory) const {
  return llvm::all_of(violations, [&](const Sum &violation) {
    return judge(violation, memory) == Verdict::Empty;
  });
}

/// Restricts the column, whose values are not negative, to its least value.
static int64_t minimize(IntegerPolyhedron &set, unsigned column, int64_t some) {
  int64_t least = 0, known = some;
  while (least < known) {
    int64_t middle = least + (known - least) / 2;
    IntegerPolyhedron below = set;
    below.addBound(presburger::BoundType::UB, column, middle);
    if (below.isIntegerEmpty())
      least = middle + 1;
    else
      known = middle;
  }
  set.addBound(presburger::BoundType::EQ, column, known);
  return known;
}

/// The first point of the whole system, if the unconnected rest has one too.
std::optional<Question::Answer> Question::sample(const Sum &violation) const {
  SmallVector<Sum> start(nonNegative);
  start.append(zero);
  start.push_back(violation);
  Rows rows = getRows(start);
  rows.inequalities.push_back(rows.getRow(violation));
  if (rows.isTooLarge())
    return Answer{false, {}};
  IntegerPolyhedron set = rows.getPolyhedron();
  if (set.isEmpty() || set.isIntegerEmpty())
    return std::nullopt;
  Answer answer{true, SmallVector<int64_t>(sums.getNumVariables())};
  for (auto [column, atom] : llvm::enumerate(rows.columns)) {
    if (atom >= answer.point.size())
      break;
    auto found = set.findIntegerSample();
    if (!found)
      break;
    answer.point[atom] = minimize(set, column, int64_t((*found)[column]));
  }
  return answer;
}

std::optional<Question::Answer> Question::find(Solver::Memory &memory) const {
  std::optional<Answer> undecided;
  for (const Sum &violation : violations) {
    Verdict verdict = judge(violation, memory);
    if (verdict == Verdict::Empty)
      continue;
    std::optional<Answer> answer =
        verdict == Verdict::Undecided ? Answer{false, {}} : sample(violation);
    if (answer && answer->isDecided)
      return answer;
    if (answer)
      undecided = answer;
  }
  return undecided;
}

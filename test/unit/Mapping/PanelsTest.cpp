//===- PanelsTest.cpp - Chunks laid out as boxes
//---------------------------===//
//
// What a panel holds is compared, element by element, with what the mapping
// reads at the step and lane that a row and a column are.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Points.h"
#include "Verdicts.h"
#include "amos/Mapping/StageCopy.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Parser/Parser.h"
#include <catch2/catch.hpp>

using namespace mlir;
using namespace amos;
using namespace amos::test;

namespace {
/// C[i, j] += A[i, r] * B[r, j] on a unit of 16 x 8 x 4: outer loops i, j, r.
struct Product {
  Contraction op = parseContraction("i:64 j:48 +r:32", {"i,r", "r,j", "i,j"});
  Contraction unit = getMatrixUnit(16, 8, 4);
  MappedAccesses mapped = fuse(op, unit, {{0}, {1}, {2}});
};
} // namespace

/// `lane`: iterations 0, 1 and 2 of the unit are those of outer loops 0 to 2.
static bool holdsWhatIsRead(const Product &product, unsigned source,
                            const Panels &panels, ArrayRef<int64_t> spans) {
  SmallVector<int64_t> lanes = product.unit.getExtents();
  const Access &fragment = product.mapped.fragments[source];
  Point box = {4, 6, 8, panels.count, panels.rows, panels.columns};
  return forAll(box, [&](const Point &at) {
    SmallVector<int64_t> place(at.begin(), at.begin() + 3);
    for (int d = 0; d < 3; ++d)
      if (place[d] % spans[d])
        return true; // no start of a chunk
    place.append(3, 0);
    int64_t along = at[3] * panels.columns + at[5];
    for (auto [lane, position] : {std::pair(panels.rowLane, at[4]),
                                  std::pair(panels.columnLane, along)}) {
      place[lane] += position / lanes[lane];
      place[3 + lane] = position % lanes[lane];
    }
    for (auto [ours, theirs] : llvm::zip_equal(panels.access.index.getResults(),
                                               fragment.index.getResults()))
      if (evaluate(ours, at) != evaluate(theirs, place))
        return false;
    return true;
  });
}

static std::variant<Panels, Reason> make(const Product &product,
                                         unsigned source, unsigned row,
                                         unsigned column, int64_t columns,
                                         ArrayRef<int64_t> spans) {
  return makePanels(product.mapped, product.unit, source, row, column, columns,
                    spans);
}

TEST_CASE("rows and columns of panels are steps and lanes of a chunk") {
  Product product;
  SECTION("one panel of several steps") {
    auto panels = make(product, 0, 0, 2, 16, {2, 1, 4});
    REQUIRE(std::holds_alternative<Panels>(panels));
    CHECK(std::get<Panels>(panels).count == 1);
    CHECK(std::get<Panels>(panels).rows == 32);
    CHECK(holdsWhatIsRead(product, 0, std::get<Panels>(panels), {2, 1, 4}));
  }
  SECTION("several panels inside of one lane") {
    auto panels = make(product, 1, 2, 1, 4, {1, 2, 4});
    REQUIRE(std::holds_alternative<Panels>(panels));
    CHECK(std::get<Panels>(panels).count == 4);
    CHECK(holdsWhatIsRead(product, 1, std::get<Panels>(panels), {1, 2, 4}));
  }
}

TEST_CASE("a chunk narrower than a panel uses its first columns") {
  Product product;
  auto panels = make(product, 0, 0, 2, 16, {1, 1, 2});
  REQUIRE(std::holds_alternative<Panels>(panels));
  Panels found = std::get<Panels>(panels);
  CHECK(found.count == 1);
  CHECK(found.columns == 16);
  CHECK(found.used == 8);
  found.columns = found.used;
  CHECK(holdsWhatIsRead(product, 0, found, {1, 1, 2}));
}

TEST_CASE("chunks that fill no whole panels are refused") {
  Product product;
  CHECK(std::holds_alternative<Reason>(make(product, 0, 0, 2, 16, {1, 1, 6})));
  CHECK(std::holds_alternative<Reason>(make(product, 0, 0, 2, 6, {1, 1, 3})));
}

namespace {
/// A machine with one layout of the rows of 128 bytes.
struct Machine {
  explicit Machine(StringRef layout) {
    std::string text = "amos.accelerator @m {\n  scope @thread\n  level @s per "
                       "@thread address(i32) capacity(65536)\n  layout "
                       "@l in @s " +
                       layout.str() + "\n}";
    getContext()->loadDialect<AmosDialect>();
    module = parseSourceString<ModuleOp>(text, getContext());
    REQUIRE(module);
    module->walk([&](LayoutOp op) { found = op; });
  }
  std::optional<SmallVector<int64_t>> solve(ArrayRef<int64_t> dims,
                                            StringRef index,
                                            ArrayRef<int64_t> tile,
                                            ArrayRef<int64_t> shape) {
    auto map = cast<AffineMapAttr>(
        parseAttribute(("affine_map<" + index + ">").str(), getContext()));
    auto place =
        MemoryAttr::get(getContext(), FlatSymbolRefAttr::get(getContext(), "l"),
                        DenseI64ArrayAttr::get(getContext(), dims));
    auto strides = solveStrides(place, found, map.getValue(), tile, shape, 2);
    if (std::holds_alternative<Reason>(strides))
      return std::nullopt;
    return std::get<0>(strides);
  }
  OwningOpRef<ModuleOp> module;
  LayoutOp found;
};
} // namespace

TEST_CASE("free strides are solved where a layout finds every element") {
  using Strides = std::optional<SmallVector<int64_t>>;
  SECTION("the reduction is contiguous") {
    Machine machine(
        "affine_map<(mn, k) -> (mn * 128 + k)> atom[8, 128] strides[0]");
    CHECK(machine.solve({0, 1}, "(i, j) -> (0, i, j + 16)", {64, 16},
                        {1, 128, 64}) == Strides({1024}));
    // Its rows are the other coordinate.
    CHECK(machine.solve({1, 0}, "(i, j) -> (0, i, j + 16)", {64, 16},
                        {1, 128, 64}) == Strides());
  }
  SECTION("rows of the result are contiguous") {
    Machine machine(
        "affine_map<(mn, k) -> (k * 128 + mn)> atom[128, 8] strides[0, 1]");
    CHECK(machine.solve({1, 0}, "(i, j) -> (j floordiv 64, i, j mod 64)",
                        {16, 256}, {4, 64, 64}) == Strides({8192, 1024}));
  }
  SECTION("a dimension that is not free holds one atom") {
    Machine machine("affine_map<(mn, k) -> (mn * 128 + k)> atom[8, 128]");
    CHECK(machine.solve({0, 1}, "(i, j) -> (0, i, j)", {8, 16}, {1, 8, 64}) ==
          Strides(SmallVector<int64_t>()));
    CHECK(machine.solve({0, 1}, "(i, j) -> (0, i, j)", {16, 16}, {1, 16, 64}) ==
          Strides());
  }
}

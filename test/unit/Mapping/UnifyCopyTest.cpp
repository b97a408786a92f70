//===- UnifyCopyTest.cpp - Copies that fetch what a mapping reads ---------===//
//
// The judge of every assignment is enumeration: on each place of the box, the
// copy under the assignment reads what the fragment reads.
//
//===----------------------------------------------------------------------===//

#include "amos/Mapping/UnifyCopy.h"
#include "Operators.h"
#include "Points.h"
#include "Verdicts.h"
#include "mlir/AsmParser/AsmParser.h"
#include <catch2/catch.hpp>
#include <ctime>

using namespace mlir;
using namespace amos;
using namespace amos::test;

static CopyFunction getCopy(StringRef map, unsigned numRunTime) {
  auto attribute = cast<AffineMapAttr>(
      parseAttribute(("affine_map<" + map + ">").str(), getContext()));
  return {attribute.getValue(), numRunTime};
}

/// The copies that nvidia-sm90.mlir declares.
static CopyFunction getBox() {
  return getCopy("(i, j)[i0, j0, si] -> (i0 + i * si, j0 + j)", 2);
}
static CopyFunction getWindow() {
  return getCopy("(x, c)[x0, c0, r, s, p, q, st, pad, dil] -> "
                 "((x + x0) floordiv (p * q), "
                 "((x + x0) floordiv q) mod p * st + r * dil - pad, "
                 "(x + x0) mod q * st + s * dil - pad, c + c0)",
                 4);
}

/// The image of a convolution with its channels last.
static Contraction getChannelsLast(const Convolution &convolution) {
  Contraction op = getConvolution(convolution);
  Access &image = op.operands[0];
  auto move = [](auto list) {
    std::rotate(list.begin() + 1, list.begin() + 2, list.end());
    return list;
  };
  image.index = AffineMap::get(image.index.getNumDims(), 0,
                               move(llvm::to_vector(image.index.getResults())),
                               getContext());
  image.shape = move(image.shape);
  return op;
}

static FragmentRead getRead(const Contraction &op, const Contraction &unit,
                            const Matching &matching, unsigned t) {
  return getFragmentRead(op, unit, fuse(op, unit, matching), t);
}

/// As the definition says: the element, or zero where a guard fails.
static bool isFetched(const FragmentRead &read, const CopyFunction &copy,
                      const CopyAssignment &assignment) {
  return forAll(
      Point(read.extents.begin(), read.extents.end()), [&](const Point &at) {
        SmallVector<AffineExpr> tile;
        for (unsigned d : read.dims)
          tile.push_back(getAffineConstantExpr(at[d], getContext()));
        bool isZero = llvm::any_of(read.access.guards, [&](AffineExpr e) {
          return evaluate(e, at) < 0;
        });
        bool isSame = true, isOutside = false;
        unsigned d = 0;
        for (auto [group, e] :
             llvm::zip_equal(assignment.merged, copy.map.getResults())) {
          int64_t extent = 1, element = 0;
          for (unsigned last = d + group; d < last; ++d) {
            extent *= read.access.shape[d];
            element = element * read.access.shape[d] +
                      evaluate(read.access.index.getResult(d), at);
          }
          int64_t fetched =
              evaluate(e.replaceDimsAndSymbols(tile, assignment.symbols), at);
          isSame &= fetched == element;
          isOutside |= fetched < 0 || fetched >= extent;
        }
        return isZero ? isOutside : isSame && !isOutside;
      });
}

/// The symbols, after checking them at every place; else why there are none.
static std::string unify(const FragmentRead &read, const CopyFunction &copy,
                         bool isSmall = true) {
  Solver solver;
  auto result = unifyCopy(read, copy, solver);
  if (auto *reason = std::get_if<Reason>(&result))
    return spell(reason->code).str() + ": " + reason->message;
  auto &assignment = std::get<CopyAssignment>(result);
  if (isSmall)
    CHECK(isFetched(read, copy, assignment));
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(assignment.symbols, stream);
  return text;
}

TEST_CASE("a window copy fetches the image of a convolution") {
  Contraction unit = getMatrixUnit(16, 8, 4);
  Matching matching{{0, 2, 3}, {1}, {4}};
  auto fetch = [&](const Convolution &convolution) {
    return unify(getRead(getChannelsLast(convolution), unit, matching, 0),
                 getWindow());
  };
  SECTION("plain") {
    CHECK(fetch({{2, 8, 8}, {6, 7}, {3, 2}}) ==
          "d2 * 16, d3 * 4, d0, d1, 6, 7, 1, 0, 1");
  }
  SECTION("with padding") {
    CHECK(fetch({{2, 8, 8}, {6, 7}, {3, 3}, 1, 1, 1}) ==
          "d2 * 16, d3 * 4, d0, d1, 6, 7, 1, 1, 1");
  }
  SECTION("with stride, dilation and padding, and a ragged tail") {
    CHECK(fetch({{3, 8, 6}, {5, 7}, {3, 3}, 2, 3, 2}) ==
          "d2 * 16, d3 * 4, d0 * 3, d1 * 3, 5, 7, 2, 2, 1");
  }
  SECTION("with a window that runs backwards") {
    Contraction op = getChannelsLast({{2, 8, 8}, {6, 7}, {3, 3}, 1, 1, 1});
    Access &image = op.operands[0];
    AffineExpr r = getAffineDimExpr(5, getContext());
    image.index = image.index.replace(r, 2 - r, op.iterations.size(), 0);
    for (AffineExpr &guard : image.guards)
      guard = guard.replace(r, 2 - r);
    CHECK(unify(getRead(op, unit, matching, 0), getWindow()) ==
          "d2 * 16, d3 * 4, -d0 + 2, d1, 6, 7, 1, 1, 1");
  }
  SECTION("one image") {
    CHECK(fetch({{1, 8, 8}, {8, 8}, {3, 3}, 2, 1, 1}) ==
          "d2 * 16, d3 * 4, d0, d1, 8, 8, 2, 1, 1");
  }
  SECTION(
      "one image that tiles do not divide, and channels are more than rows") {
    CHECK(fetch({{1, 16, 8}, {6, 7}, {3, 3}, 1, 1, 1}) ==
          "d2 * 16, d4 * 4, d0, d1, 6, 7, 1, 1, 1");
  }
}

/// A tile that ends in an image's middle must not read on in the next image.
TEST_CASE("a window copy fetches image by image what tiles do not cross") {
  Contraction unit = getMatrixUnit(16, 8, 4);
  Matching matching{{2, 3}, {1}, {4}};
  auto fetch = [&](Contraction op, bool isSmall) {
    return unify(getRead(op, unit, matching, 0), getWindow(), isSmall);
  };
  Contraction whole = getChannelsLast({{2, 8, 8}, {6, 8}, {3, 3}, 1, 1, 1});
  CHECK(fetch(whole, true) ==
        "d0 * 48 + d3 * 16, d4 * 4, d1, d2, 6, 8, 1, 1, 1");
  CHECK(fetch(getChannelsLast({{2, 8, 8}, {6, 7}, {3, 3}, 1, 1, 1}), true) ==
        "E-PROOF: a zero is read where the copy fetches an element, at (0, 0, "
        "0, 2, 0, 11, 0, 0) of outer loops and lanes");
  SECTION("also when their number is unknown") {
    whole.iterations[0].extent = ShapedType::kDynamic;
    for (Access &access : whole.operands)
      access.shape[0] =
          access.shape[0] == 2 ? ShapedType::kDynamic : access.shape[0];
    CHECK(fetch(whole, false) ==
          "d0 * 48 + d3 * 16, d4 * 4, d1, d2, 6, 8, 1, 1, 1");
  }
}

TEST_CASE("a box copy fetches matrices") {
  Contraction gemm = parseContraction("i:64 j:40 +l:50", {"i,l", "l,j", "i,j"});
  Contraction unit = getMatrixUnit(16, 8, 16);
  Matching matching{{0}, {1}, {2}};
  CHECK(unify(getRead(gemm, unit, matching, 0), getBox()) ==
        "d0 * 16, d2 * 16, 1");
  CHECK(unify(getRead(gemm, unit, matching, 1), getBox()) ==
        "d2 * 16, d1 * 8, 1");
  SECTION("also every second row") {
    Contraction sparse =
        parseContraction("i:32 j:40 +l:50", {"2i,l", "l,j", "i,j"});
    CHECK(unify(getRead(sparse, unit, matching, 0), getBox()) ==
          "d0 * 32, d2 * 16, 2");
  }
  SECTION("and the image of a 1x1 convolution, pixels as rows") {
    Contraction op = getChannelsLast({{2, 8, 8}, {6, 7}, {1, 1}});
    CHECK(unify(getRead(op, getMatrixUnit(16, 8, 4), {{0, 2, 3}, {1}, {4}}, 0),
                getBox()) == "d0 * 16, d1 * 4, 1");
  }
}

TEST_CASE("a slab is one of many matrices, or nothing") {
  CopyFunction slab =
      getCopy("(i, j)[y, x, i0, j0, si] -> (y, x, i0 + i * si, j0 + j)", 4);
  Contraction op = parseContraction("i:16 j:8 f:2 g:2 +l:8 +r:2 +s:2",
                                    {"i,l,r,s", "2r+f,2s+g,l,j", "i,j,f,g"});
  setShape(op, 1, {3, 3, 8, 8});
  CHECK(unify(getRead(op, getMatrixUnit(16, 8, 4), {{0}, {1}, {4}}, 1), slab) ==
        "d0 + d2 * 2, d1 + d3 * 2, d4 * 4, 0, 1");
}

/// Elements of the tile, and copies of at most 256 x 64 that it takes.
static std::pair<int64_t, int64_t> getSize(const FragmentRead &read) {
  int64_t rows = read.extents[read.dims[0]],
          columns = read.extents[read.dims[1]];
  return {rows * columns,
          llvm::divideCeil(rows, 256) * llvm::divideCeil(columns, 64)};
}

/// Two compute parts, each with two buffers of 64 x 64 results for the store.
/// A stage also has two barriers of 8 bytes.
TEST_CASE("stages fill the shared memory of nvidia-sm90") {
  Contraction op = getChannelsLast({{16, 256, 128}, {28, 28}, {3, 3}, 1, 1, 1});
  Contraction stage = getMatrixUnit(128, 256, 64);
  auto [image, imageBoxes] =
      getSize(getRead(op, stage, {{0, 2, 3}, {1}, {4}}, 0));
  auto [weight, weightBoxes] =
      getSize(getRead(op, stage, {{0, 2, 3}, {1}, {4}}, 1));
  CHECK(imageBoxes == 1);
  CHECK(weightBoxes == 4);
  const int64_t bytes = (image + weight) * 2, stored = 2 * 2 * 64 * 64 * 2;
  CHECK(bytes == 49152);
  const int64_t stages = (232448 - stored) / (bytes + 2 * 8);
  CHECK(stages == 4);
  CHECK(stages * (bytes + 2 * 8) + stored == 229440);
}

/// A stage is a tile of several intrinsics: 2 x 1 x 4 of 64 x 256 x 16. The
/// weights lie as (r, s, c, k) or as (k, r, s, c).
TEST_CASE("stages of a residual network's layer are boxes") {
  Convolution layer{{16, 256, 128}, {28, 28}, {3, 3}, 1, 1, 1};
  Contraction op = getChannelsLast(layer), stage = getMatrixUnit(128, 256, 64);
  Matching matching{{0, 2, 3}, {1}, {4}};
  CHECK(unify(getRead(op, stage, matching, 0), getWindow(), false) ==
        "d2 * 128, d3 * 64, d0, d1, 28, 28, 1, 1, 1");
  auto setWeights = [&](ArrayRef<unsigned> order, ArrayRef<int64_t> shape) {
    AffineMap &index = op.operands[1].index;
    index = AffineMap::getPermutationMap(order, getContext()).compose(index);
    op.operands[1].shape = llvm::to_vector(shape);
  };
  SECTION("one row per tap and channel") {
    setWeights({2, 3, 1, 0}, {3, 3, 128, 256});
    CHECK(unify(getRead(op, stage, matching, 1), getBox(), false) ==
          "d0 * 384 + d1 * 128 + d3 * 64, 0, 1");
  }
  SECTION("one row per channel of the result") {
    setWeights({0, 2, 3, 1}, {256, 3, 3, 128});
    FragmentRead read = getRead(op, stage, matching, 1);
    std::swap(read.dims[0], read.dims[1]);
    std::swap(read.repeats[0], read.repeats[1]);
    CHECK(unify(read, getBox(), false) ==
          "0, d0 * 384 + d1 * 128 + d3 * 64, 1");
  }
  SECTION("not as (k, c, r, s)") {
    CHECK(unify(getRead(op, stage, matching, 1), getBox(), false) ==
          "E-LAYOUT: coordinate 1 is read at '((d3 * 64 + d6) * 3 + d0) * 3 + "
          "d1', found no symbols for which 'd1 + s1' is that");
  }
}

TEST_CASE("what a copy cannot fetch is refused") {
  Contraction unit = getMatrixUnit(16, 8, 4);
  Convolution convolution{{2, 8, 8}, {6, 7}, {3, 3}, 1, 1, 1};
  Contraction op = getChannelsLast(convolution);
  Matching matching{{0, 2, 3}, {1}, {4}};
  SECTION("columns before rows") {
    Schedule schedule = getDefaultSchedule(op, unit, matching);
    schedule.order[0] = {0, 3, 2};
    MappedAccesses mapped = mapAccesses(op, unit, matching, schedule);
    CHECK(unify(getFragmentRead(op, unit, mapped, 0), getWindow()) ==
          "E-LAYOUT: coordinate 2 is read at 'd1 + ((d2 * 16 + d4) floordiv 6) "
          "mod 7 - 1', found no symbols for which '((d0 + s0) mod s5) * s6 + "
          "s3 * s8 - s7' is that");
  }
  SECTION("channels first") {
    CHECK(unify(getRead(getConvolution(convolution), unit, matching, 0),
                getWindow()) ==
          "E-LAYOUT: coordinate 3 is read at 'd1 + (d2 * 16 + d4) mod 7 - 1', "
          "found no symbols for which 'd1 + s1' is that");
  }
  SECTION("taps fused with channels") {
    CHECK(unify(getRead(op, unit, {{0, 2, 3}, {1}, {4, 6}}, 0), getWindow()) ==
          "E-LAYOUT: coordinate 3 is read at '(d2 * 4 + d5) floordiv 3', found "
          "no symbols for which 'd1 + s1' is that");
  }
  SECTION("a stride of the rows that is not one of the columns") {
    Contraction two = parseContraction("n:2 k:8 p:6 q:7 +c:8 +r:3 +s:3",
                                       {"n,2p+r,q+s,c", "k,c,r,s", "n,k,p,q"});
    CHECK(unify(getRead(two, unit, matching, 0), getWindow()) ==
          "E-LAYOUT: coordinate 1 is read at 'd0 + (((d2 * 16 + d4) floordiv "
          "7) mod 6) * 2', found no symbols for which '(((d0 + s0) floordiv "
          "s5) mod s4) * s6 + s2 * s8 - s7' is that");
  }
  SECTION("a transposed matrix") {
    Contraction gemm =
        parseContraction("i:64 j:40 +l:50", {"l,i", "l,j", "i,j"});
    CHECK(unify(getRead(gemm, unit, {{0}, {1}, {2}}, 0), getBox()) ==
          "E-LAYOUT: coordinate 1 is read at 'd0 * 16 + d3', found no symbols "
          "for which 'd1 + s1' is that");
  }
  SECTION("zeros that are not around the tensor") {
    Contraction gemm =
        parseContraction("i:64 j:40 +l:50", {"i,l", "l,j", "i,j"});
    gemm.operands[0].guards.push_back(
        parseContraction("i:64", {"i-20", "i"}).operands[0].index.getResult(0));
    CHECK(unify(getRead(gemm, unit, {{0}, {1}, {2}}, 0), getBox()) ==
          "E-PROOF: a zero is read where the copy fetches an element, at (0, "
          "0, 0, 0, 0, 0) of outer loops and lanes");
  }
}

/// Weights of a transposed convolution, reordered: steps of the filter between
/// rows of a stage that no window has.
static FragmentRead getReorderedWeights() {
  FragmentRead read;
  read.access.index = getCopy("(r, t, p, q, b, c, l, i, j) -> "
                              "(r, b + i floordiv 8, t, c * 32 + l * 128 + j)",
                              0)
                          .map;
  read.access.shape = {3, 2, 11, 96};
  read.extents = {3, 11, 28, 31, 2, 3, 1, 16, 96};
  read.numOuter = 7;
  read.dims = {7, 8};
  read.repeats = {std::nullopt, std::nullopt};
  read.hints = {96, 3, 2, 11, 28, 64, 31};
  return read;
}

TEST_CASE("what coordinates cannot agree on is refused, fast") {
  std::clock_t begin = std::clock();
  CHECK(unify(getReorderedWeights(), getWindow(), false) ==
        "E-LAYOUT: coordinate 1 is read at 'd4 + d7 floordiv 8', found no "
        "symbols for which '(((d0 + s0) floordiv s5) mod s4) * s6 + s2 * s8 - "
        "s7' is that");
  // Far more than it takes, for slow machines and sanitizers.
  CHECK((std::clock() - begin) / CLOCKS_PER_SEC < 1);
}

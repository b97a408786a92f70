//===- ExtendTest.cpp - Making a machine from another ---------------------===//

#include "Extend.h"
#include "amos/Driver/ChangePart.h"
#include "amos/Driver/Suggest.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FormatVariadic.h"
#include <catch2/catch.hpp>

using namespace amos;

namespace {
/// A base, a machine that extends it, and the last diagnostic.
class Pair {
public:
  Pair(llvm::StringRef baseParts, llvm::StringRef ownParts);

  /// Whether the machine could be made, and verifies.
  bool extend();
  std::vector<std::string> getNames();
  template <typename Part>
  Part get(llvm::StringRef name) {
    return llvm::dyn_cast_or_null<Part>(
        mlir::SymbolTable::lookupSymbolIn(machine, name));
  }

  mlir::MLIRContext context;
  std::string message;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  AcceleratorOp base, machine;
};
} // namespace

Pair::Pair(llvm::StringRef baseParts, llvm::StringRef ownParts) {
  context.loadDialect<AmosDialect, mlir::LLVM::LLVMDialect,
                      mlir::linalg::LinalgDialect>();
  context.getDiagEngine().registerHandler(
      [&](mlir::Diagnostic &diagnostic) { message = diagnostic.str(); });
  std::string text = "amos.accelerator @base clock(2.0e9) {\n scope @thread\n" +
                     baseParts.str() +
                     "}\namos.accelerator @m extends @base {\n" +
                     ownParts.str() + "}\n";
  module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  INFO(message);
  REQUIRE(module);
  base = llvm::cast<AcceleratorOp>(module->lookupSymbol("base"));
  machine = llvm::cast<AcceleratorOp>(module->lookupSymbol("m"));
}

bool Pair::extend() {
  return succeeded(expandFamilies(machine)) &&
         succeeded(extendAccelerator(machine, base)) &&
         succeeded(mlir::verify(*module));
}

std::vector<std::string> Pair::getNames() {
  std::vector<std::string> names;
  for (auto part : machine.getOps<mlir::SymbolOpInterface>())
    names.push_back(part.getName().str());
  return names;
}

using Names = std::vector<std::string>;

TEST_CASE("a machine has the parts of its base", "[extend]") {
  Pair pair("level @a per @thread capacity(8)\n", "level @b per @thread\n");
  REQUIRE(pair.extend());
  CHECK(pair.getNames() == Names{"thread", "a", "b"});
  CHECK(pair.machine.isPlain());
  CHECK(pair.machine.getClock()->convertToDouble() == 2.0e9);
  CHECK(llvm::range_size(pair.base.getOps<LevelOp>()) == 1);
}

TEST_CASE("a part takes the place of the one of its name", "[extend]") {
  Pair pair("level @a per @thread capacity(8)\nlevel @b per @thread\n",
            "level @a per @thread latency(3)\n");
  REQUIRE(pair.extend());
  CHECK(pair.getNames() == Names{"thread", "a", "b"});
  CHECK(!pair.get<LevelOp>("a").getCapacity());
  CHECK(pair.get<LevelOp>("a").getLatency() == 3);
}

TEST_CASE("what is said is carried out in order", "[extend]") {
  Pair pair("level @a per @thread capacity(8)\n",
            "change @a capacity(16), bandwidth(4)\nremove @a\n"
            "level @c per @thread capacity(1)\nchange @\"?\" latency(7)\n");
  REQUIRE(pair.extend());
  CHECK(pair.getNames() == Names{"thread", "c"});
  CHECK(pair.get<LevelOp>("c").getLatency() == 7);
}

TEST_CASE("a change keeps what it does not name", "[extend]") {
  Pair pair("level @a per @thread capacity(8) banks[32, 4] cache\n",
            "change @a banks[16, 8], bandwidth(4)\n");
  REQUIRE(pair.extend());
  auto level = pair.get<LevelOp>("a");
  CHECK(level.getCapacity() == 8);
  CHECK(level.getBandwidth()->convertToDouble() == 4.0);
  CHECK(level.getBanks()->front() == 16);
  CHECK(level.getCache());
}

TEST_CASE("fences have no name and are told apart by what they order",
          "[extend]") {
  llvm::StringRef fence = "fence \"generic\" to \"generic\" in @a lowering "
                          "{\n yield\n}\n";
  Pair pair("level @a per @thread address(i32)\n" + fence.str(), fence);
  REQUIRE(pair.extend());
  CHECK(llvm::range_size(pair.machine.getOps<FenceOp>()) == 1);
}

TEST_CASE("wrong changes leave their message", "[extend]") {
  auto refuse = [](llvm::StringRef own) {
    Pair pair("level @a per @thread capacity(8)\n", own);
    CHECK(!pair.extend());
    return pair.message;
  };
  using Catch::Matchers::Contains;
  CHECK_THAT(refuse("change @thraed count(2)\n"),
             Contains("none named '@thraed'; did you mean '@thread'?"));
  CHECK_THAT(refuse("change @a sope(@x)\n"), Contains("did you mean 'scope'?"));
  CHECK_THAT(refuse("change @a scope(@x)\n"), Contains("none named '@x'"));
  CHECK_THAT(refuse("change @a latency(0.5)\n"), Contains("cannot be"));
  CHECK_THAT(refuse("scope @a\n"), Contains("'@a' is an 'amos.level'"));
}

TEST_CASE("families have a member for each size", "[family]") {
  Pair pair("", R"(
    family 26 in [1, 2, 4] {
      intrinsic @add_n26 issue(@thread) class(vector)
          latency(13) interval(6.5 per @thread) semantics {
      ^bb0(%a: tensor<26xf32>, %b: tensor<26xf32>, %c: tensor<26xf32>):
        %d = linalg.mul ins(%a, %b : tensor<26xf32>, tensor<26xf32>)
            outs(%c : tensor<26xf32>) -> tensor<26xf32>
        yield %d : tensor<26xf32>
      }
    })");
  SECTION("those that are whole") {
    pair.machine.walk([](FamilyOp family) { family.setSizes({2, 4}); });
    REQUIRE(pair.extend());
    CHECK(pair.getNames() == Names{"thread", "add_n2", "add_n4"});
    auto member = pair.get<IntrinsicOp>("add_n4");
    CHECK(member.getOperandType(0).getNumElements() == 4);
    CHECK(member.getLatency() == 2);
    // 6.5 is no multiple of 13.
    CHECK(member.getInterval()->convertToDouble() == 6.5);
  }
  SECTION("and no others") {
    CHECK(!pair.extend());
    CHECK(pair.message == "at size 1 of the family, which is written for 26, "
                          "13 would be 0.5");
  }
}

TEST_CASE("families have a member for each word", "[family]") {
  Pair pair("", R"(
    family (f32, "wide", "4") in [(f32, "wide", "4"), (f16, "wide_half", "2")],
        26 in [2, 8] {
        intrinsic @mul_wide_n26_f32 issue(@thread) class(vector)
            latency(4) interval(6.0 per @thread)
            {kept = !llvm.struct<(f32, bf16)>} semantics {
        ^bb0(%a: tensor<4x26xf32>, %b: tensor<4x26xf32>, %c: tensor<4x26xf32>):
          %d = linalg.mul ins(%a, %b : tensor<4x26xf32>, tensor<4x26xf32>)
              outs(%c : tensor<4x26xf32>) -> tensor<4x26xf32>
          yield %d : tensor<4x26xf32>
        }
    })");
  REQUIRE(pair.extend());
  CHECK(pair.getNames() == Names{"thread", "mul_wide_n2_f32",
                                 "mul_wide_half_n2_f16", "mul_wide_n8_f32",
                                 "mul_wide_half_n8_f16"});
  auto member = pair.get<IntrinsicOp>("mul_wide_half_n8_f16");
  CHECK(member.getOperandType(0).getShape() == llvm::ArrayRef<int64_t>{2, 8});
  CHECK(member.getOperandType(0).getElementType().isF16());
  CHECK(member.getLatency() == 2);
  // A word within another is none.
  auto kept = member->getAttrOfType<mlir::TypeAttr>("kept");
  CHECK(kept.getValue() ==
        mlir::parseType("!llvm.struct<(f16, bf16)>", &pair.context));
}

TEST_CASE("the nearest word is suggested", "[suggest]") {
  CHECK(suggest("x86_avx521", {"x86_avx2", "x86_avx512"}) ==
        "; did you mean 'x86_avx512'?");
  CHECK(suggest("other", {"word"}).empty());
}

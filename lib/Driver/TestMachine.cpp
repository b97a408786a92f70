//===- TestMachine.cpp - amosc target test --------------------------------===//
//
// Operands are small integers also where elements are floats: every product and
// sum is exact then, so lowering and semantics have to agree bit for bit.
//
//===----------------------------------------------------------------------===//

#include "Amos/HeldType.h"
#include "Amos/Placement.h"
#include "MachineSession.h"
#include "NativeCode.h"
#include "TestModule.h"
#include "amos/Driver/ChildProcess.h"
#include "amos/Driver/TargetVerbs.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <random>
#include <unistd.h>

using namespace amos;
using llvm::StringRef;

constexpr int testRounds = 64;
/// A lowering that has not ended by then never will.
constexpr unsigned mostSeconds = 60;

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

namespace {
/// An operand twice: as the semantics reads it and as the lowering does.
struct TestOperand {
  mlir::RankedTensorType tile;
  mlir::AffineMap fragment;
  int64_t held;        ///< elements the lowering reads
  int64_t bytes;       ///< of one
  mlir::Type heldType; ///< what the lowering reads of one
  std::vector<char> dense, registers;

  int64_t getHeldBytes() const { return heldType.getIntOrFloatBitWidth() / 8; }
  /// The dense position of an element in registers.
  int64_t locate(int64_t element) const;
};
} // namespace

int64_t TestOperand::locate(int64_t element) const {
  int64_t position = 0;
  auto at = evaluate(fragment, element);
  for (auto [index, extent] : llvm::zip_equal(*at, tile.getShape()))
    position = position * extent + index;
  return position;
}

static TestOperand makeOperand(IntrinsicOp intrinsic, unsigned operand) {
  TestOperand made;
  made.tile = intrinsic.getOperandType(operand);
  made.fragment =
      mlir::cast<FragmentAttr>(intrinsic.getPlacementsAttr()[operand]).getMap();
  made.held =
      getScalars(intrinsic.getLowering().getArgument(operand).getType())->count;
  made.bytes = made.tile.getElementTypeBitWidth() / 8;
  made.dense.resize(made.tile.getNumElements() * made.bytes);
  made.heldType = getHeldType(intrinsic, operand);
  made.registers.resize(made.held * made.getHeldBytes());
  return made;
}

/// The bits of a random element: any integer, or a small one as a float.
static uint64_t drawElement(mlir::Type type, std::mt19937_64 &random) {
  auto floatType = mlir::dyn_cast<mlir::FloatType>(type);
  if (!floatType)
    return random();
  llvm::APFloat value(static_cast<double>(static_cast<int>(random() % 7) - 3));
  bool losesInfo;
  value.convert(floatType.getFloatSemantics(),
                llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return value.bitcastToAPInt().getZExtValue();
}

static uint64_t readBits(const std::vector<char> &bytes, int64_t index,
                         int64_t size) {
  uint64_t bits = 0;
  std::memcpy(&bits, &bytes[index * size], size);
  return bits;
}

/// The bits of the same number as a wider float.
static uint64_t widen(uint64_t bits, mlir::Type from, mlir::Type to) {
  if (from == to)
    return bits;
  llvm::APFloat value(mlir::cast<mlir::FloatType>(from).getFloatSemantics(),
                      llvm::APInt(from.getIntOrFloatBitWidth(), bits));
  bool losesInfo;
  value.convert(mlir::cast<mlir::FloatType>(to).getFloatSemantics(),
                llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return value.bitcastToAPInt().getZExtValue();
}

static void fill(TestOperand &operand, std::mt19937_64 &random) {
  for (int64_t i = 0; i < operand.tile.getNumElements(); ++i) {
    uint64_t bits = drawElement(operand.tile.getElementType(), random);
    std::memcpy(&operand.dense[i * operand.bytes], &bits, operand.bytes);
  }
  int64_t heldBytes = operand.getHeldBytes();
  for (int64_t e = 0; e < operand.held; ++e) {
    uint64_t bits = readBits(operand.dense, operand.locate(e), operand.bytes);
    bits = widen(bits, operand.tile.getElementType(), operand.heldType);
    std::memcpy(&operand.registers[e * heldBytes], &bits, heldBytes);
  }
}

/// The first element that differs, in words; nothing when all are equal.
static std::string compare(const TestOperand &result) {
  for (int64_t e = 0; e < result.held; ++e) {
    uint64_t actual = readBits(result.registers, e, result.bytes);
    uint64_t expected = readBits(result.dense, result.locate(e), result.bytes);
    if (actual == expected)
      continue;
    std::string place;
    llvm::raw_string_ostream stream(place);
    llvm::interleaveComma(*evaluate(result.fragment, e), stream);
    return llvm::formatv("element ({0}) is {1:x}, the semantics give {2:x}",
                         place, actual, expected);
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

using Function = void (*)(void **);

static std::string runRounds(IntrinsicOp intrinsic, Function lowered,
                             Function meant) {
  std::vector<TestOperand> operands;
  for (unsigned i = 0; i < intrinsic.getPlacements()->size(); ++i)
    operands.push_back(makeOperand(intrinsic, i));
  std::mt19937_64 random(1);
  for (int round = 0; round < testRounds; ++round) {
    std::vector<void *> dense, registers;
    for (TestOperand &operand : operands) {
      fill(operand, random);
      dense.push_back(operand.dense.data());
      registers.push_back(operand.registers.data());
    }
    meant(dense.data());
    lowered(registers.data());
    if (std::string difference = compare(operands.back()); !difference.empty())
      return difference;
  }
  return "";
}

/// Runs the two functions that `jit` holds; what went wrong, or nothing.
static std::string runTest(IntrinsicOp intrinsic, llvm::orc::LLJIT &jit) {
  // The lookup itself does not say which symbol is undefined.
  auto undefined = std::make_shared<std::string>();
  jit.getExecutionSession().setErrorReporter([undefined](llvm::Error error) {
    *undefined = llvm::toString(std::move(error));
  });
  Function functions[2];
  for (auto [name, function] :
       llvm::zip_equal(std::array{"lowered", "meant"}, functions)) {
    auto address = jit.lookup(name);
    if (!address) {
      std::string message = llvm::toString(address.takeError());
      return undefined->empty() ? message : *undefined;
    }
    function = address->toPtr<Function>();
  }
  return runRounds(intrinsic, functions[0], functions[1]);
}

static ExitCode testIntrinsic(IntrinsicOp intrinsic, Progress &progress) {
  std::string name = "'@" + intrinsic.getSymName().str() + "'";
  setText(progress.blame, "the lowering of " + name);
  auto module = buildTestModule(intrinsic);
  if (!module)
    return ExitCode::Check;
  auto jit = loadNative(*module);
  std::string mistake =
      jit ? runTest(intrinsic, **jit) : llvm::toString(jit.takeError());
  if (mistake.empty())
    return ExitCode::Success;
  reportError(name + ": " + mistake);
  return ExitCode::Check;
}

/// Whether the intrinsic passed in a process of its own.
static bool passes(IntrinsicOp intrinsic) {
  ExitCode code = runInChild(
      [&](Progress &progress) {
        ::alarm(mostSeconds);
        return testIntrinsic(intrinsic, progress);
      },
      [&](const Progress &, StringRef death) {
        reportError("'@" + intrinsic.getSymName() +
                    "': running it ended with: " + death);
      });
  return code == ExitCode::Success;
}

namespace {
struct Verdict {
  std::string intrinsic;
  /// "passed", "failed" or "skipped", and why it was skipped.
  StringRef word;
  std::string reason;
};
} // namespace

static Verdict judge(AcceleratorOp machine, IntrinsicOp intrinsic) {
  std::string name =
      ("@" + machine.getSymName() + "::@" + intrinsic.getSymName()).str();
  std::string reason = explainSkip(machine, intrinsic);
  if (!reason.empty())
    return {name, "skipped", reason};
  return {name, passes(intrinsic) ? "passed" : "failed", ""};
}

static void print(const Verdict &verdict) {
  llvm::outs() << llvm::formatv("{0,-44} {1}\n", verdict.intrinsic,
                                verdict.word == "failed" ? "FAILED"
                                : verdict.reason.empty()
                                    ? verdict.word.str()
                                    : "skipped: " + verdict.reason);
}

static void printJson(llvm::ArrayRef<Verdict> verdicts) {
  llvm::json::Array list;
  for (const Verdict &verdict : verdicts) {
    llvm::json::Object own{{"intrinsic", verdict.intrinsic},
                           {"verdict", verdict.word}};
    if (!verdict.reason.empty())
      own["reason"] = verdict.reason;
    list.push_back(std::move(own));
  }
  llvm::outs() << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(list)));
}

ExitCode amos::testTarget(StringRef target, bool json) {
  MachineSession session;
  if (ExitCode code = session.read(target); code != ExitCode::Success)
    return code;
  std::vector<Verdict> verdicts;
  for (const MachineSession::Machine &machine : session.getMachines())
    for (auto accelerator : machine.module.get().getOps<AcceleratorOp>())
      for (auto intrinsic : accelerator.getOps<IntrinsicOp>()) {
        verdicts.push_back(judge(accelerator, intrinsic));
        if (!json)
          print(verdicts.back());
      }
  auto count = [&](StringRef word) {
    return llvm::count_if(verdicts,
                          [&](const Verdict &v) { return v.word == word; });
  };
  if (json)
    printJson(verdicts);
  else
    llvm::outs() << count("passed") << " passed, " << count("failed")
                 << " failed, " << count("skipped") << " skipped\n";
  return count("failed") ? ExitCode::Check : ExitCode::Success;
}

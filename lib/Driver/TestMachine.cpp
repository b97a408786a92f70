//===- TestMachine.cpp - amosc target test --------------------------------===//
//
// Operands are small integers also where elements are floats: every product and
// sum is exact then, so lowering and semantics have to agree bit for bit.
//
//===----------------------------------------------------------------------===//

#include "Amos/Placement.h"
#include "MachineSession.h"
#include "TestModule.h"
#include "amos/Driver/ChildProcess.h"
#include "amos/Driver/TargetVerbs.h"
#include "amos/Target/LLVM/Emit.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/TargetSelect.h"
#include <random>
#include <unistd.h>

using namespace amos;
using llvm::StringRef;

constexpr int testRounds = 64;
/// A lowering that has not ended by then never will.
constexpr unsigned mostSeconds = 60;

//===----------------------------------------------------------------------===//
// What can be run
//===----------------------------------------------------------------------===//

static std::string explainOperand(IntrinsicOp intrinsic, unsigned operand) {
  std::string name = "operand " + std::to_string(operand);
  mlir::Attribute placement = intrinsic.getPlacementsAttr()[operand];
  if (!mlir::isa<FragmentAttr>(placement))
    return name + " lies in a memory";
  auto scalars =
      getScalars(intrinsic.getLowering().getArgument(operand).getType());
  if (!scalars || !scalars->type.isIntOrFloat())
    return name + " is of a type only the machine can fill";
  unsigned bits = scalars->type.getIntOrFloatBitWidth();
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
    return name + " has elements that are no whole bytes";
  return "";
}

/// Why the intrinsic cannot be run here, or nothing.
static std::string explainSkip(AcceleratorOp machine, IntrinsicOp intrinsic) {
  if (intrinsic.getLowering().empty())
    return "it has no lowering";
  if (!isNative(machine))
    return machine.getTarget() ? "this processor does not execute its code"
                               : "the machine has no target";
  auto issue = mlir::cast<ScopeOp>(
      mlir::SymbolTable::lookupSymbolIn(machine, intrinsic.getIssueAttr()));
  if (issue.getLanes() != 1)
    return "it is issued by several lanes";
  unsigned operands = intrinsic.getPlacements()->size();
  if (intrinsic.getLowering().getNumArguments() != operands)
    return "its lowering takes more than the operands";
  for (unsigned operand = 0; operand < operands; ++operand)
    if (std::string reason = explainOperand(intrinsic, operand);
        !reason.empty())
      return reason;
  return "";
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

namespace {
/// An operand twice: as the semantics reads it and as the lowering does.
struct TestOperand {
  mlir::RankedTensorType tile;
  mlir::AffineMap fragment;
  int64_t held;  ///< elements the lowering reads
  int64_t bytes; ///< of one
  std::vector<char> dense, registers;

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
  made.registers.resize(made.held * made.bytes);
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

static void fill(TestOperand &operand, std::mt19937_64 &random) {
  for (int64_t i = 0; i < operand.tile.getNumElements(); ++i) {
    uint64_t bits = drawElement(operand.tile.getElementType(), random);
    std::memcpy(&operand.dense[i * operand.bytes], &bits, operand.bytes);
  }
  for (int64_t e = 0; e < operand.held; ++e)
    std::memcpy(&operand.registers[e * operand.bytes],
                &operand.dense[operand.locate(e) * operand.bytes],
                operand.bytes);
}

static uint64_t readBits(const std::vector<char> &bytes, int64_t index,
                         int64_t size) {
  uint64_t bits = 0;
  std::memcpy(&bits, &bytes[index * size], size);
  return bits;
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

#ifdef __FLT16_MAX__
extern "C" float __extendhfsf2(_Float16);
extern "C" _Float16 __truncsfhf2(float);
#endif

/// What the code generator calls for types a processor does not have lies in
/// the compiler's own library, where a running program cannot look it up.
static llvm::Error addSoftFloats(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap symbols;
#ifdef __FLT16_MAX__
  for (auto [name, address] :
       {std::pair("__extendhfsf2", reinterpret_cast<void *>(&__extendhfsf2)),
        std::pair("__truncsfhf2", reinterpret_cast<void *>(&__truncsfhf2))})
    symbols[jit.mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(address),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
#endif
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}

using Function = void (*)(void **);

static llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>>
load(mlir::ModuleOp module) {
  llvm::SmallString<0> object;
  llvm::raw_svector_ostream stream(object);
  if (llvm::Error error =
          emitModule(module, EmitKind::Object, CpuOptions(), stream))
    return error;
  llvm::InitializeNativeTarget();
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit;
  if (llvm::Error error = addSoftFloats(**jit))
    return error;
  if (llvm::Error error = (*jit)->addObjectFile(
          llvm::MemoryBuffer::getMemBufferCopy(object.str())))
    return error;
  return jit;
}

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
  auto jit = load(*module);
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

ExitCode amos::testTarget(StringRef target) {
  MachineSession session;
  if (!session.read(target))
    return ExitCode::Input;
  int passed = 0, failed = 0, skipped = 0;
  for (const MachineSession::Machine &machine : session.getMachines())
    for (auto accelerator : machine.module.get().getOps<AcceleratorOp>())
      for (auto intrinsic : accelerator.getOps<IntrinsicOp>()) {
        std::string reason = explainSkip(accelerator, intrinsic);
        std::string verdict = "skipped: " + reason;
        if (reason.empty())
          verdict = passes(intrinsic) ? "passed" : "FAILED";
        ++(!reason.empty() ? skipped : verdict == "passed" ? passed : failed);
        llvm::outs() << llvm::formatv("{0,-44} {1}\n",
                                      "@" + accelerator.getSymName() + "::@" +
                                          intrinsic.getSymName(),
                                      verdict);
      }
  llvm::outs() << passed << " passed, " << failed << " failed, " << skipped
               << " skipped\n";
  return failed ? ExitCode::Check : ExitCode::Success;
}

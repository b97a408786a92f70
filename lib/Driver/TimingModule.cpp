//===- TimingModule.cpp - Loops whose time says how fast a machine is -----===//

#include "TimingModule.h"
#include "TestModule.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace amos;

llvm::ArrayRef<int64_t> amos::getChains() {
  static const int64_t chains[] = {1, 4, 6, 8, 10, 12, 16, 20, 24};
  return chains;
}

namespace {
/// Writes one function with its loop over rounds.
class TimedFunction {
public:
  TimedFunction(OpBuilder &builder, ModuleOp module, AcceleratorOp machine,
                StringRef name);

  Value getPointer(int64_t operand);
  /// Runs `body` in each round; it gets and gives what the rounds hand on. The
  /// results are those of the last round.
  SmallVector<Value>
  repeat(ValueRange initial,
         llvm::function_ref<SmallVector<Value>(ValueRange)> body);
  void finish() { func::ReturnOp::create(builder, location); }

  OpBuilder &builder;
  Location location;
  func::FuncOp function;
};
} // namespace

TimedFunction::TimedFunction(OpBuilder &builder, ModuleOp module,
                             AcceleratorOp machine, StringRef name)
    : builder(builder), location(machine.getLoc()) {
  builder.setInsertionPointToEnd(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(builder.getContext());
  function = func::FuncOp::create(
      builder, location, name,
      builder.getFunctionType({pointer, builder.getI64Type()}, {}));
  setFeatures(function, machine);
  builder.setInsertionPointToStart(function.addEntryBlock());
}

Value TimedFunction::getPointer(int64_t operand) {
  Type pointer = function.getArgument(0).getType();
  Value place = LLVM::GEPOp::create(
      builder, location, pointer, pointer, function.getArgument(0),
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(operand)});
  return LLVM::LoadOp::create(builder, location, pointer, place);
}

SmallVector<Value>
TimedFunction::repeat(ValueRange initial,
                      llvm::function_ref<SmallVector<Value>(ValueRange)> body) {
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, location, value);
  };
  Value rounds = arith::IndexCastOp::create(
      builder, location, builder.getIndexType(), function.getArgument(1));
  auto loop = scf::ForOp::create(
      builder, location, index(0), rounds, index(1), initial,
      [&](OpBuilder &, Location at, Value, ValueRange handed) {
        scf::YieldOp::create(builder, at, body(handed));
      });
  return SmallVector<Value>(loop.getResults());
}

//===----------------------------------------------------------------------===//
// What no optimiser sees through
//===----------------------------------------------------------------------===//

/// The kind of register that holds `bits` bits, as inline assembly of this
/// processor calls it.
static StringRef getRegister(int64_t bits, bool isVector) {
  bool isX86 = llvm::Triple(llvm::sys::getDefaultTargetTriple()).isX86();
  if (!isVector)
    return "r";
  if (!isX86)
    return "w";
  return bits > 256 ? "v" : "x";
}

/// `value` after assembly without instructions, which keeps its register.
static Value hide(OpBuilder &builder, Location location, Value value) {
  Type type = value.getType();
  if (auto vector = dyn_cast<VectorType>(type);
      vector && vector.getRank() > 1) {
    auto flat =
        VectorType::get(vector.getNumElements(), vector.getElementType());
    value = vector::ShapeCastOp::create(builder, location, flat, value);
    value = hide(builder, location, value);
    return vector::ShapeCastOp::create(builder, location, type, value);
  }
  auto vector = dyn_cast<VectorType>(type);
  int64_t bits = vector
                     ? vector.getNumElements() * vector.getElementTypeBitWidth()
                     : type.getIntOrFloatBitWidth();
  Type held = type;
  if (vector && bits >= 128) // of any element type
    held = VectorType::get(bits / 32, builder.getI32Type());
  else if (vector || bits < 32)
    held = builder.getIntegerType(bits);
  bool inVector = isa<VectorType, FloatType>(held);
  if (held != type)
    value = LLVM::BitcastOp::create(builder, location, held, value);
  std::string constraint = ("=" + getRegister(bits, inVector) + ",0").str();
  value = LLVM::InlineAsmOp::create(
              builder, location, held, ValueRange{value}, "", constraint,
              /*has_side_effects=*/true, /*is_align_stack=*/false,
              LLVM::tailcallkind::TailCallKind::None, LLVM::AsmDialectAttr(),
              ArrayAttr())
              .getResult(0);
  if (held != type)
    value = LLVM::BitcastOp::create(builder, location, type, value);
  return value;
}

/// The same for an address.
static Value hideAddress(OpBuilder &builder, Location location, Value address) {
  Value number = LLVM::PtrToIntOp::create(builder, location,
                                          builder.getI64Type(), address);
  return LLVM::IntToPtrOp::create(builder, location, address.getType(),
                                  hide(builder, location, number));
}

static void addClock(OpBuilder &builder, ModuleOp module,
                     AcceleratorOp machine) {
  TimedFunction timed(builder, module, machine, "clock");
  Value pointer = timed.getPointer(0);
  Value addend =
      loadValue(builder, timed.location, builder.getI64Type(), pointer);
  auto add = [&](ValueRange handed) {
    Value sum = handed[0];
    for (int64_t i = 0; i < clockAdditions; ++i) {
      sum = arith::AddIOp::create(builder, timed.location, sum, handed[1]);
      sum = hide(builder, timed.location, sum);
    }
    return SmallVector<Value>{sum, handed[1]};
  };
  SmallVector<Value> sums = timed.repeat({addend, addend}, add);
  storeValue(builder, timed.location, sums[0], pointer);
  timed.finish();
}

//===----------------------------------------------------------------------===//
// Intrinsics
//===----------------------------------------------------------------------===//

/// One invocation on `values`, the accumulator last; sources stay hidden.
static void invoke(OpBuilder &builder, IntrinsicOp intrinsic,
                   MutableArrayRef<Value> values) {
  IRMapping mapping;
  for (auto [index, argument] :
       llvm::enumerate(intrinsic.getLowering().getArguments())) {
    if (index + 1 < values.size())
      values[index] = hide(builder, intrinsic.getLoc(), values[index]);
    mapping.map(argument, values[index]);
  }
  Block &body = intrinsic.getLowering().front();
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping);
  values.back() = mapping.lookup(cast<YieldOp>(body.back()).getOperand(0));
}

static void addChains(OpBuilder &builder, ModuleOp module,
                      IntrinsicOp intrinsic, int64_t chains) {
  auto machine = intrinsic->getParentOfType<AcceleratorOp>();
  TimedFunction timed(builder, module, machine,
                      "chains" + std::to_string(chains));
  SmallVector<Value> initial;
  Value result;
  for (BlockArgument argument : intrinsic.getLowering().getArguments()) {
    result = timed.getPointer(argument.getArgNumber());
    initial.push_back(
        loadValue(builder, timed.location, argument.getType(), result));
  }
  // Copied first: the value may grow with the list.
  initial.resize(initial.size() + chains - 1, Value(initial.back()));
  size_t sources = initial.size() - chains;
  auto round = [&](ValueRange handed) {
    SmallVector<Value> values(handed);
    for (int64_t chain = 0; chain < chains; ++chain) {
      std::swap(values[sources], values[sources + chain]);
      invoke(builder, intrinsic,
             MutableArrayRef(values).take_front(sources + 1));
      std::swap(values[sources], values[sources + chain]);
    }
    return values;
  };
  SmallVector<Value> results = timed.repeat(initial, round);
  for (Value value : ArrayRef(results).drop_front(sources))
    storeValue(builder, timed.location, hide(builder, timed.location, value),
               result);
  timed.finish();
}

static OwningOpRef<ModuleOp> makeModule(OpBuilder &builder,
                                        AcceleratorOp machine) {
  machine.getContext()
      ->loadDialect<arith::ArithDialect, func::FuncDialect, LLVM::LLVMDialect,
                    scf::SCFDialect, vector::VectorDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, machine.getLoc());
  addClock(builder, *module, machine);
  return module;
}

OwningOpRef<ModuleOp> amos::buildTimingModule(IntrinsicOp intrinsic) {
  OpBuilder builder(intrinsic.getContext());
  auto machine = intrinsic->getParentOfType<AcceleratorOp>();
  OwningOpRef<ModuleOp> module = makeModule(builder, machine);
  builder.setInsertionPointToEnd(module->getBody());
  for (Operation &part : *machine.getBody())
    if (isa<FunctionOpInterface>(part))
      builder.clone(part);
  for (int64_t chains : getChains())
    addChains(builder, *module, intrinsic, chains);
  if (failed(lowerTestModule(*module)))
    return nullptr;
  return module;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

constexpr int64_t accessesPerStep = 8;

namespace {
/// One sweep over `bytes` bytes a round.
class Sweep {
public:
  Sweep(TimedFunction &timed, int64_t width, int64_t bytes)
      : timed(timed), width(width), bytes(bytes),
        type(VectorType::get(width / 4, timed.builder.getI32Type())) {}

  void read(Value base);
  void write(Value base);
  void copy(Value base);

private:
  /// Calls `access` with the address of each vector.
  void forEach(Value base, int64_t end,
               llvm::function_ref<void(Value address)> access);
  Value load(Value address) {
    return loadValue(timed.builder, timed.location, type, address);
  }
  Value move(Value address, int64_t distance);

  TimedFunction &timed;
  int64_t width, bytes;
  VectorType type;
};
} // namespace

Value Sweep::move(Value address, int64_t distance) {
  return LLVM::GEPOp::create(
      timed.builder, timed.location, address.getType(),
      timed.builder.getI8Type(), address,
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(distance)});
}

void Sweep::forEach(Value base, int64_t end,
                    llvm::function_ref<void(Value)> access) {
  OpBuilder &builder = timed.builder;
  Location location = timed.location;
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, location, value);
  };
  timed.repeat({}, [&](ValueRange) {
    scf::ForOp::create(
        builder, location, index(0), index(end), index(accessesPerStep * width),
        ValueRange(), [&](OpBuilder &, Location, Value offset, ValueRange) {
          Value distance = arith::IndexCastOp::create(
              builder, location, builder.getI64Type(), offset);
          Value address = LLVM::GEPOp::create(builder, location, base.getType(),
                                              builder.getI8Type(), base,
                                              ArrayRef<LLVM::GEPArg>{distance});
          for (int64_t i = 0; i < accessesPerStep; ++i)
            access(move(address, i * width));
          scf::YieldOp::create(builder, location);
        });
    return SmallVector<Value>();
  });
}

void Sweep::read(Value base) {
  forEach(base, bytes, [&](Value address) {
    hide(timed.builder, timed.location, load(address));
  });
}

void Sweep::write(Value base) {
  Value value = load(base);
  forEach(base, bytes, [&](Value address) {
    storeValue(timed.builder, timed.location,
               hide(timed.builder, timed.location, value), address);
  });
}

void Sweep::copy(Value base) {
  forEach(base, bytes / 2, [&](Value address) {
    Value value = hide(timed.builder, timed.location, load(address));
    storeValue(timed.builder, timed.location, value, move(address, bytes / 2));
  });
}

static void addBroadcasts(TimedFunction timed, int64_t width) {
  OpBuilder &builder = timed.builder;
  Value base = timed.getPointer(0);
  Type number = builder.getF32Type();
  auto type = VectorType::get(width / 4, number);
  timed.repeat({}, [&](ValueRange) {
    Value hidden = hideAddress(builder, timed.location, base);
    for (int64_t i = 0; i < broadcastsPerRound; ++i) {
      Value address = LLVM::GEPOp::create(
          builder, timed.location, base.getType(), number, hidden,
          ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
      Value value = loadValue(builder, timed.location, number, address);
      value = vector::BroadcastOp::create(builder, timed.location, type, value);
      hide(builder, timed.location, value);
    }
    return SmallVector<Value>();
  });
  timed.finish();
}

static void addChase(TimedFunction timed) {
  Value start = timed.getPointer(0);
  auto follow = [&](ValueRange handed) {
    Value next = LLVM::LoadOp::create(timed.builder, timed.location,
                                      start.getType(), handed[0]);
    return SmallVector<Value>{next};
  };
  SmallVector<Value> last = timed.repeat({start}, follow);
  // The next call goes on from here, where nothing is cached yet.
  LLVM::StoreOp::create(timed.builder, timed.location, last[0],
                        timed.function.getArgument(0));
  timed.finish();
}

OwningOpRef<ModuleOp> amos::buildTimingModule(AcceleratorOp machine,
                                              int64_t width, int64_t bytes) {
  OpBuilder builder(machine.getContext());
  OwningOpRef<ModuleOp> module = makeModule(builder, machine);
  for (auto [name, access] :
       {std::pair("read", &Sweep::read), std::pair("write", &Sweep::write),
        std::pair("copy", &Sweep::copy)}) {
    TimedFunction timed(builder, *module, machine, name);
    Sweep sweep(timed, width, bytes);
    (sweep.*access)(timed.getPointer(0));
    timed.finish();
  }
  addBroadcasts(TimedFunction(builder, *module, machine, "broadcast"), width);
  addChase(TimedFunction(builder, *module, machine, "chase"));
  if (failed(lowerTestModule(*module)))
    return nullptr;
  return module;
}

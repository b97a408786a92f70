//===- CpuFeatures.cpp - Does this CPU have what a kernel needs? ----------===//
//
// The check is part of every object, so that an object that meets an older CPU
// returns a status where it would otherwise die of an illegal instruction.

#include "CpuFeatures.h"
#include "amos/Transforms/PrepareTranslation.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;

namespace amos {
namespace {
enum Register { EAX, EBX, ECX, EDX };

/// Where CPUID reports a feature, and the bits of XCR0 that say that the
/// system saves the registers it uses. From the CPUID instruction's page in
/// the architecture manuals of Intel (volume 2A) and AMD (volume 3, appendix
/// E).
struct Feature {
  StringRef name;
  uint32_t leaf;
  uint32_t subleaf;
  Register reg;
  unsigned bit;
  uint32_t savedState;
};
} // namespace

static constexpr uint32_t avxState = 0x6;
static constexpr uint32_t avx512State = 0xe6;

static constexpr Feature features[] = {
    {"cx8", 1, 0, EDX, 8, 0},
    {"cmov", 1, 0, EDX, 15, 0},
    {"mmx", 1, 0, EDX, 23, 0},
    {"fxsr", 1, 0, EDX, 24, 0},
    {"sse", 1, 0, EDX, 25, 0},
    {"sse2", 1, 0, EDX, 26, 0},
    {"sse3", 1, 0, ECX, 0, 0},
    {"pclmul", 1, 0, ECX, 1, 0},
    {"ssse3", 1, 0, ECX, 9, 0},
    {"fma", 1, 0, ECX, 12, avxState},
    {"cx16", 1, 0, ECX, 13, 0},
    {"sse4.1", 1, 0, ECX, 19, 0},
    {"sse4.2", 1, 0, ECX, 20, 0},
    {"movbe", 1, 0, ECX, 22, 0},
    {"popcnt", 1, 0, ECX, 23, 0},
    {"crc32", 1, 0, ECX, 20, 0},
    {"aes", 1, 0, ECX, 25, 0},
    {"xsave", 1, 0, ECX, 26, 0},
    {"avx", 1, 0, ECX, 28, avxState},
    {"f16c", 1, 0, ECX, 29, avxState},
    {"bmi", 7, 0, EBX, 3, 0},
    {"avx2", 7, 0, EBX, 5, avxState},
    {"bmi2", 7, 0, EBX, 8, 0},
    {"avx512f", 7, 0, EBX, 16, avx512State},
    {"avx512dq", 7, 0, EBX, 17, avx512State},
    {"adx", 7, 0, EBX, 19, 0},
    {"avx512ifma", 7, 0, EBX, 21, avx512State},
    {"avx512cd", 7, 0, EBX, 28, avx512State},
    {"avx512bw", 7, 0, EBX, 30, avx512State},
    {"avx512vl", 7, 0, EBX, 31, avx512State},
    {"avx512vbmi", 7, 0, ECX, 1, avx512State},
    {"avx512vbmi2", 7, 0, ECX, 6, avx512State},
    {"gfni", 7, 0, ECX, 8, 0},
    {"vaes", 7, 0, ECX, 9, avxState},
    {"vpclmulqdq", 7, 0, ECX, 10, avxState},
    {"avx512vnni", 7, 0, ECX, 11, avx512State},
    {"avx512bitalg", 7, 0, ECX, 12, avx512State},
    {"avx512vpopcntdq", 7, 0, ECX, 14, avx512State},
    {"avx512vp2intersect", 7, 0, EDX, 8, avx512State},
    {"avx512fp16", 7, 0, EDX, 23, avx512State},
    {"avxvnni", 7, 1, EAX, 4, avxState},
    {"avx512bf16", 7, 1, EAX, 5, avx512State},
    {"avxifma", 7, 1, EAX, 23, avxState},
    {"avxvnniint8", 7, 1, EDX, 4, avxState},
    {"avxneconvert", 7, 1, EDX, 5, avxState},
    {"avxvnniint16", 7, 1, EDX, 10, avxState},
    {"sahf", 0x80000001, 0, ECX, 0, 0},
    {"lzcnt", 0x80000001, 0, ECX, 5, 0},
    {"xop", 0x80000001, 0, ECX, 11, avxState},
    {"fma4", 0x80000001, 0, ECX, 16, avxState},
};

/// The two questions every check is made of. CPUID names the highest leaf of a
/// range in EAX of the range's first leaf; XGETBV may run only where OSXSAVE
/// (leaf 1, ECX bit 27) is set.
static constexpr StringLiteral questions = R"mlir(
llvm.func internal @amos.cpu.reports(%leaf: i32, %subleaf: i32, %register: i32,
                                     %mask: i32) -> i1 {
  %zero = llvm.mlir.constant(0 : i32) : i32
  %one = llvm.mlir.constant(1 : i32) : i32
  %two = llvm.mlir.constant(2 : i32) : i32
  %rangeMask = llvm.mlir.constant(0x80000000 : i32) : i32
  %range = llvm.and %leaf, %rangeMask : i32
  %first = llvm.inline_asm has_side_effects "cpuid",
      "={ax},={bx},={cx},={dx},0,2,~{dirflag},~{fpsr},~{flags}" %range, %zero
      : (i32, i32) -> !llvm.struct<(i32, i32, i32, i32)>
  %highest = llvm.extractvalue %first[0] : !llvm.struct<(i32, i32, i32, i32)>
  %known = llvm.icmp "uge" %highest, %leaf : i32
  llvm.cond_br %known, ^read, ^absent
^read:
  %all = llvm.inline_asm has_side_effects "cpuid",
      "={ax},={bx},={cx},={dx},0,2,~{dirflag},~{fpsr},~{flags}" %leaf, %subleaf
      : (i32, i32) -> !llvm.struct<(i32, i32, i32, i32)>
  %eax = llvm.extractvalue %all[0] : !llvm.struct<(i32, i32, i32, i32)>
  %ebx = llvm.extractvalue %all[1] : !llvm.struct<(i32, i32, i32, i32)>
  %ecx = llvm.extractvalue %all[2] : !llvm.struct<(i32, i32, i32, i32)>
  %edx = llvm.extractvalue %all[3] : !llvm.struct<(i32, i32, i32, i32)>
  %isA = llvm.icmp "eq" %register, %zero : i32
  %isB = llvm.icmp "eq" %register, %one : i32
  %isC = llvm.icmp "eq" %register, %two : i32
  %cd = llvm.select %isC, %ecx, %edx : i1, i32
  %bcd = llvm.select %isB, %ebx, %cd : i1, i32
  %bits = llvm.select %isA, %eax, %bcd : i1, i32
  %masked = llvm.and %bits, %mask : i32
  %present = llvm.icmp "eq" %masked, %mask : i32
  llvm.return %present : i1
^absent:
  %no = llvm.mlir.constant(false) : i1
  llvm.return %no : i1
}

llvm.func internal @amos.cpu.saves(%state: i32) -> i1 {
  %zero = llvm.mlir.constant(0 : i32) : i32
  %one = llvm.mlir.constant(1 : i32) : i32
  %two = llvm.mlir.constant(2 : i32) : i32
  %osxsave = llvm.mlir.constant(0x08000000 : i32) : i32
  %readable = llvm.call @amos.cpu.reports(%one, %zero, %two, %osxsave)
      : (i32, i32, i32, i32) -> i1
  llvm.cond_br %readable, ^read, ^absent
^read:
  %xcr0 = llvm.inline_asm has_side_effects "xgetbv",
      "={ax},={dx},{cx},~{dirflag},~{fpsr},~{flags}" %zero
      : (i32) -> !llvm.struct<(i32, i32)>
  %low = llvm.extractvalue %xcr0[0] : !llvm.struct<(i32, i32)>
  %masked = llvm.and %low, %state : i32
  %saved = llvm.icmp "eq" %masked, %state : i32
  llvm.return %saved : i1
^absent:
  %no = llvm.mlir.constant(false) : i1
  llvm.return %no : i1
}
)mlir";

static constexpr StringLiteral reportsName = "amos.cpu.reports";
static constexpr StringLiteral savesName = "amos.cpu.saves";

static const Feature *findFeature(StringRef name) {
  for (const Feature &feature : features)
    if (feature.name == name)
      return &feature;
  return nullptr;
}

void restrictToBaseline(LLVM::LLVMFuncOp function) {
  function.setTargetCpu("x86-64");
  StringRef baseline[] = {"+sse2"};
  function.setTargetFeaturesAttr(
      LLVM::TargetFeaturesAttr::get(function.getContext(), baseline));
}

static void addQuestions(ModuleOp module) {
  if (module.lookupSymbol(reportsName))
    return;
  OwningOpRef<ModuleOp> parsed =
      parseSourceString<ModuleOp>(questions, module.getContext());
  for (auto question : parsed->getOps<LLVM::LLVMFuncOp>()) {
    restrictToBaseline(question);
    module.push_back(question.clone());
  }
}

static ArrayAttr getFeatures(LLVM::LLVMFuncOp kernel) {
  return kernel->getAttrOfType<ArrayAttr>("amos.features");
}

bool needsFeatures(LLVM::LLVMFuncOp kernel) {
  ArrayAttr features = getFeatures(kernel);
  return features && !features.empty();
}

static FailureOr<SmallVector<const Feature *>>
findFeatures(LLVM::LLVMFuncOp kernel) {
  if (failed(checkFeatures(kernel)))
    return failure();
  SmallVector<const Feature *> found;
  for (StringRef spelled : getFeatures(kernel).getAsValueRange<StringAttr>()) {
    if (spelled.starts_with("-"))
      continue;
    spelled.consume_front("+");
    found.push_back(findFeature(spelled));
    if (!found.back())
      return kernel.emitError()
             << "no run-time check is known for the CPU feature '" << spelled
             << "'; without one the kernel could die of an illegal instruction";
  }
  return found;
}

static Value ask(ImplicitLocOpBuilder &b, StringRef question,
                 ArrayRef<uint32_t> arguments) {
  SmallVector<Value> values;
  for (uint32_t argument : arguments)
    values.push_back(LLVM::ConstantOp::create(
        b, b.getI32Type(), b.getI32IntegerAttr(int32_t(argument))));
  return LLVM::CallOp::create(b, TypeRange(b.getI1Type()), question, values)
      .getResult();
}

static Value askAll(ImplicitLocOpBuilder &b,
                    ArrayRef<const Feature *> required) {
  uint32_t states = 0;
  for (const Feature *feature : required)
    states |= feature->savedState;
  Value all = ask(b, savesName, {states});
  for (const Feature *f : required) {
    Value has = ask(b, reportsName,
                    {f->leaf, f->subleaf, uint32_t(f->reg), 1u << f->bit});
    all = LLVM::AndOp::create(b, all, has);
  }
  return all;
}

/// The kept answer: 0 not asked yet, 1 no, 2 yes.
static LLVM::GlobalOp addState(ImplicitLocOpBuilder &b, StringRef name) {
  return LLVM::GlobalOp::create(
      b, b.getI32Type(), /*isConstant=*/false, LLVM::Linkage::Internal,
      ("amos.cpu.state." + name).str(), b.getI32IntegerAttr(0), 4);
}

static void addBody(ImplicitLocOpBuilder &b, LLVM::LLVMFuncOp check,
                    LLVM::GlobalOp state, ArrayRef<const Feature *> required) {
  Block *entry = check.addEntryBlock(b);
  Block *asking = check.addBlock();
  Block *knowing = check.addBlock();
  Value known = knowing->addArgument(b.getI32Type(), b.getLoc());
  auto constant = [&](int32_t n) {
    return LLVM::ConstantOp::create(b, b.getI32Type(), b.getI32IntegerAttr(n));
  };
  b.setInsertionPointToEnd(entry);
  Value address = LLVM::AddressOfOp::create(b, state);
  Value kept = LLVM::LoadOp::create(b, b.getI32Type(), address, 4);
  kept.getDefiningOp<LLVM::LoadOp>().setOrdering(
      LLVM::AtomicOrdering::monotonic);
  Value isKept =
      LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne, kept, constant(0));
  LLVM::CondBrOp::create(b, isKept, knowing, ValueRange(kept), asking,
                         ValueRange());
  b.setInsertionPointToEnd(asking);
  Value answer =
      LLVM::SelectOp::create(b, askAll(b, required), constant(2), constant(1));
  auto keep = LLVM::StoreOp::create(b, answer, address, 4);
  keep.setOrdering(LLVM::AtomicOrdering::monotonic);
  LLVM::BrOp::create(b, ValueRange(answer), knowing);
  b.setInsertionPointToEnd(knowing);
  Value yes =
      LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, known, constant(2));
  LLVM::ReturnOp::create(b, yes);
}

FailureOr<LLVM::LLVMFuncOp>
addCpuCheck(ModuleOp module, LLVM::LLVMFuncOp kernel, StringRef name) {
  FailureOr<SmallVector<const Feature *>> required = findFeatures(kernel);
  if (failed(required))
    return failure();
  addQuestions(module);
  auto b = ImplicitLocOpBuilder::atBlockEnd(kernel.getLoc(), module.getBody());
  LLVM::GlobalOp state = addState(b, name);
  auto type = LLVM::LLVMFunctionType::get(b.getI1Type(), {});
  auto check = LLVM::LLVMFuncOp::create(b, ("amos.cpu.check." + name).str(),
                                        type, LLVM::Linkage::Internal);
  restrictToBaseline(check);
  addBody(b, check, state, *required);
  return check;
}

} // namespace amos

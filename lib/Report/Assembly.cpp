//===- Assembly.cpp - What the code that was written consists of ----------===//

#include "amos/Report/Assembly.h"
#include "Amos/AmosDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace amos {
namespace {
/// The counts of one function.
struct Counts {
  llvm::StringMap<int64_t> mnemonics;
  llvm::StringSet<> registers;
  int64_t instructions = 0;
  int64_t spills = 0;
  /// For each intrinsic, the mnemonics that its lowering became.
  llvm::StringMap<llvm::StringMap<int64_t>> intrinsics;

  void add(StringRef instruction);
  void add(const Counts &other);
  DictionaryAttr getAttr(MLIRContext *context) const;
  DictionaryAttr getIntrinsicsAttr(MLIRContext *context) const;
};

/// The state of reading assembly from top to bottom.
class Reader {
public:
  explicit Reader(const LoweringPlaces &places) : places(places) {}

  void read(StringRef line);
  const llvm::StringMap<Counts> &getFunctions() const { return functions; }

private:
  void readDirective(StringRef directive);
  void readInstruction(StringRef instruction);
  void nameFile(StringRef arguments);
  void moveTo(StringRef arguments);

  const LoweringPlaces &places;
  llvm::StringMap<std::string> files; ///< by their numbers
  llvm::StringMap<Counts> functions;
  Counts *current = nullptr;
  /// What the next instruction comes from; empty when that is no lowering.
  StringRef intrinsic;
};
} // namespace

/// Absolute and without dots, so that two spellings of one file agree.
static std::string normalize(StringRef path) {
  llvm::SmallString<128> absolute(path);
  if (llvm::sys::fs::make_absolute(absolute))
    return path.str();
  llvm::sys::path::remove_dots(absolute, /*remove_dot_dot=*/true);
  return absolute.str().str();
}

LoweringPlaces findLowerings(ModuleOp module) {
  LoweringPlaces places;
  module.walk([&](IntrinsicOp intrinsic) {
    auto machine = intrinsic->getParentOfType<AcceleratorOp>();
    if (!isa_and_nonnull<LLVM::TargetFeaturesAttr>(machine.getTargetAttr()))
      return; // its code is not in what LLVM writes for this processor
    std::string name =
        ("@" + machine.getSymName() + "::@" + intrinsic.getSymName()).str();
    intrinsic.getLowering().walk([&](Operation *op) {
      if (auto place = op->getLoc()->findInstanceOf<FileLineColLoc>())
        places[normalize(place.getFilename()) + ":" +
               std::to_string(place.getLine()) + ":" +
               std::to_string(place.getColumn())] = name;
    });
  });
  return places;
}

/// The numbers of the vector registers an instruction names. Halves and
/// quarters of a register count as the register.
static void collectRegisters(StringRef operands, llvm::StringSet<> &registers) {
  for (StringRef prefix : {"%xmm", "%ymm", "%zmm"})
    for (size_t at = operands.find(prefix); at != StringRef::npos;
         at = operands.find(prefix, at + 1))
      registers.insert(
          operands.substr(at + prefix.size()).take_while([](char c) {
            return llvm::isDigit(c);
          }));
}

void Counts::add(StringRef instruction) {
  auto [mnemonic, operands] = instruction.split('\t');
  ++instructions;
  ++mnemonics[mnemonic.trim()];
  llvm::StringSet<> named;
  collectRegisters(operands, named);
  for (const auto &name : named)
    registers.insert(name.getKey());
  bool isOnStack = operands.contains("(%rsp") || operands.contains("(%rbp");
  bool isMove = mnemonic.starts_with("vmov") || mnemonic.starts_with("mov");
  spills += isOnStack && isMove && !named.empty();
}

void Counts::add(const Counts &other) {
  for (const auto &mnemonic : other.mnemonics)
    mnemonics[mnemonic.getKey()] += mnemonic.getValue();
  for (const auto &name : other.registers)
    registers.insert(name.getKey());
  instructions += other.instructions;
  spills += other.spills;
  for (const auto &intrinsic : other.intrinsics)
    for (const auto &mnemonic : intrinsic.getValue())
      intrinsics[intrinsic.getKey()][mnemonic.getKey()] += mnemonic.getValue();
}

DictionaryAttr Counts::getAttr(MLIRContext *context) const {
  Builder builder(context);
  NamedAttrList fields;
  auto append = [&](StringRef name, int64_t count) {
    fields.append(name, builder.getI64IntegerAttr(count));
  };
  append("instructions", instructions);
  append("registers", registers.size());
  append("spills", spills);
  for (const auto &mnemonic : mnemonics)
    append(mnemonic.getKey(), mnemonic.getValue());
  return fields.getDictionary(context);
}

static DictionaryAttr getCountsAttr(const llvm::StringMap<int64_t> &mnemonics,
                                    MLIRContext *context) {
  Builder builder(context);
  NamedAttrList fields;
  for (const auto &mnemonic : mnemonics)
    fields.append(mnemonic.getKey(),
                  builder.getI64IntegerAttr(mnemonic.getValue()));
  return fields.getDictionary(context);
}

DictionaryAttr Counts::getIntrinsicsAttr(MLIRContext *context) const {
  NamedAttrList fields;
  for (const auto &intrinsic : intrinsics)
    fields.append(intrinsic.getKey(),
                  getCountsAttr(intrinsic.getValue(), context));
  return fields.getDictionary(context);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// `1 "folder" "file"`; the folder may be left out.
void Reader::nameFile(StringRef arguments) {
  llvm::SmallVector<StringRef> parts;
  arguments.split(parts, '"');
  if (parts.size() < 3 || parts[0].trim().empty())
    return;
  llvm::SmallString<128> path(parts[1]);
  if (parts.size() >= 5)
    llvm::sys::path::append(path, parts[3]);
  files[parts[0].trim()] = normalize(path);
}

/// `1 75 10 ..`: file, line and column of what follows.
void Reader::moveTo(StringRef arguments) {
  llvm::SmallVector<StringRef> words;
  llvm::SplitString(arguments, words);
  intrinsic = {};
  if (words.size() < 3)
    return;
  auto found = places.find(files.lookup(words[0]) + ":" + words[1].str() + ":" +
                           words[2].str());
  if (found != places.end())
    intrinsic = found->getValue();
}

void Reader::readDirective(StringRef directive) {
  auto [name, arguments] = directive.split('\t');
  if (name == ".file")
    nameFile(arguments);
  else if (name == ".loc")
    moveTo(arguments);
}

void Reader::readInstruction(StringRef instruction) {
  if (!current)
    return;
  current->add(instruction);
  if (!intrinsic.empty())
    ++current->intrinsics[intrinsic][instruction.split('\t').first.trim()];
}

/// Labels stand at the start of a line, instructions and directives behind a
/// tab; a directive starts with a dot.
void Reader::read(StringRef line) {
  if (line.starts_with("\t."))
    return readDirective(line.drop_front());
  line = line.split('#').first.rtrim();
  if (line.consume_front("\t"))
    return line.empty() ? void() : readInstruction(line);
  if (line.starts_with(".Lfunc_end"))
    current = nullptr;
  else if (line.consume_back(":") && !line.starts_with(".")) {
    current = &functions[line];
    intrinsic = {};
  }
}

/// The counts of `function` with those of what its threads run, whose address
/// it passes on.
static Counts addThreads(LLVM::LLVMFuncOp function,
                         const llvm::StringMap<Counts> &functions) {
  Counts counts = functions.lookup(function.getName());
  function.walk([&](LLVM::AddressOfOp address) {
    auto found = functions.find(address.getGlobalName());
    if (found != functions.end())
      counts.add(found->getValue());
  });
  return counts;
}

void recordAssembly(ModuleOp module, StringRef assembly,
                    const LoweringPlaces &places) {
  Reader reader(places);
  for (StringRef line : llvm::split(assembly, '\n'))
    reader.read(line);
  MLIRContext *context = module.getContext();
  for (const auto &name : reader.getFunctions().keys()) {
    auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
    if (!function)
      continue;
    Counts counts = addThreads(function, reader.getFunctions());
    function->setAttr("amos.assembly", counts.getAttr(context));
    if (!places.empty())
      function->setAttr(intrinsicCountsName, counts.getIntrinsicsAttr(context));
  }
}

} // namespace amos

//===- Assembly.cpp - What the code that was written consists of ----------===//

#include "amos/Report/Assembly.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace amos {
namespace {
/// The counts of one function.
struct Counts {
  llvm::StringMap<int64_t> mnemonics;
  llvm::StringSet<> registers;
  int64_t instructions = 0;
  int64_t spills = 0;

  void add(StringRef instruction);
  DictionaryAttr getAttr(MLIRContext *context) const;
};
} // namespace

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

/// Labels stand at the start of a line, instructions and directives behind a
/// tab; a directive starts with a dot.
static llvm::StringMap<Counts> countFunctions(StringRef assembly) {
  llvm::StringMap<Counts> functions;
  Counts *current = nullptr;
  while (!assembly.empty()) {
    StringRef line;
    std::tie(line, assembly) = assembly.split('\n');
    line = line.split('#').first.rtrim();
    bool isInstruction = line.consume_front("\t") && !line.starts_with(".");
    if (isInstruction && current && !line.empty())
      current->add(line);
    else if (line.starts_with(".Lfunc_end"))
      current = nullptr;
    else if (line.consume_back(":") && !line.starts_with("."))
      current = &functions[line];
  }
  return functions;
}

void recordAssembly(ModuleOp module, StringRef assembly) {
  for (const auto &counts : countFunctions(assembly))
    if (auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(counts.getKey()))
      function->setAttr("amos.assembly",
                        counts.getValue().getAttr(module.getContext()));
}

} // namespace amos

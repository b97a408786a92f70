//===- Header.cpp - The C header of an object -----------------------------===//

#include "amos/Report/Header.h"
#include "amos/Report/Device.h"
#include "amos/Report/Entry.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace amos {

static void declare(ArrayRef<Number> numbers,
                    SmallVectorImpl<std::string> &declarations) {
  for (const Number &number : numbers)
    declarations.push_back("int64_t " + number.name);
}

static std::string declare(const Parameter &parameter) {
  if (parameter.packing)
    return "const void *" + parameter.name;
  StringRef qualifier =
      !parameter.isScalar && parameter.role == Role::In ? "const " : "";
  StringRef declarator = parameter.isScalar ? " " : " *";
  return (qualifier + parameter.type->cType + declarator + parameter.name)
      .str();
}

/// In the comment: "in x: f32[x_extent0][8], offset 5, strides x_stride0 1".
static std::string describe(const Parameter &parameter) {
  SmallVector<Number> numbers = parameter.getNumbers();
  ArrayRef<Number> passed = numbers;
  auto spellNext = [&](int64_t number) {
    if (!ShapedType::isDynamic(number))
      return std::to_string(number);
    std::string name = passed.front().name;
    passed = passed.drop_front();
    return name;
  };
  std::string text = (spell(parameter.role) + " " + parameter.name + ": " +
                      parameter.type->name)
                         .str();
  for (int64_t extent : parameter.shape)
    text += "[" + spellNext(extent) + "]";
  if (parameter.below)
    text += ", below " + std::to_string(*parameter.below);
  if (!parameter.layout)
    return text;
  text += ", offset " + spellNext(parameter.layout->offset) + ", strides";
  for (int64_t stride : parameter.layout->strides)
    text += " " + spellNext(stride);
  return text;
}

static void emitComment(const Entry &entry, raw_ostream &out) {
  out << "/*\n";
  for (const Parameter &parameter : entry.signature.parameters)
    out << " * " << describe(parameter)
        << (parameter.packing ? ", packed by " + entry.getPacker(parameter)
                              : "")
        << "\n";
  out << " */\n";
}

static void emitPackers(const Entry &entry, raw_ostream &out) {
  for (const Parameter &parameter : entry.signature.parameters)
    if (parameter.packing)
      out << llvm::formatv("size_t {0}(void);\n"
                           "int32_t {1}(const {2} *{3}, void *packed);\n",
                           entry.getPackedSize(parameter),
                           entry.getPacker(parameter), parameter.type->cType,
                           parameter.name);
}

static void emitEntry(const Entry &entry, raw_ostream &out) {
  SmallVector<std::string> parameters, extents;
  for (const Parameter &parameter : entry.signature.parameters) {
    parameters.push_back(declare(parameter));
    declare(parameter.getNumbers(), parameters);
    declare(parameter.getExtents(), extents);
  }
  parameters.push_back("void *workspace");
  if (entry.function->hasAttr(deviceAttributeName))
    parameters.push_back("void *stream");
  if (extents.empty())
    extents.push_back("void");
  emitComment(entry, out);
  emitPackers(entry, out);
  out << llvm::formatv(R"(int32_t {0}({1});
size_t {0}_workspace_size({2});
int32_t {0}_call(void *const *buffers, int64_t count, void *workspace,
    size_t workspace_bytes, void *stream);
const char *{0}_error(int32_t status);

)",
                       entry.symbol, llvm::join(parameters, ", "),
                       llvm::join(extents, ", "));
}

static constexpr StringLiteral prologue = R"(/* Written by amosc.
 *
 * Tensors are dense and row-major unless strides are listed; offset and strides
 * count elements, which may not share memory. bf16 and f16 are passed as their
 * bits, i1 as 0 or 1. Outputs may not overlap inputs. A workspace is aligned to
 * 256 bytes and may be NULL if its size is 0. Functions return 0, or a status
 * that the function's _error explains: 1 bad argument, 2 bad workspace, 3 CPU
 * feature absent, 4 driver absent, 5 no code for the device, 1000 and up: the
 * driver's. A _call takes arguments and results in order; what is no pointer, it
 * takes by address.
 */
)";

static constexpr StringLiteral packingNote = R"(/*
 * An argument that is packed beforehand is passed as NAME_pack_ARG has left it,
 * in NAME_packed_size_ARG bytes aligned to 64. It may be passed any number of
 * times, by several threads at once, but only to the function of this very object
 * and on the processor that it was packed on: other machines lay it out
 * differently.
 */
)";

static constexpr StringLiteral threadsNote = R"(/*
 * Threads share the work of a call. Link with an OpenMP runtime: -lgomp, GCC's, or
 * -lomp, LLVM's. A call within a parallel region runs in the threads that the
 * runtime gives it, one unless it is told otherwise; results are the same.
 */
)";

static constexpr StringLiteral deviceNote = R"(/*
 * These functions run on a device of NVIDIA's. Tensors and workspace are memory
 * of that device, scalars lie on the host. A stream is a CUstream (a
 * cudaStream_t), NULL the default one; the work is done in its order and in its
 * context. Functions neither wait for it nor allocate memory of the device, and
 * may be captured in a graph. libcuda.so.1 (CUDA 12 or later) is opened by the
 * first call; the first call on a device takes longer, since it loads the code.
 */
)";

LogicalResult emitHeader(ModuleOp module, StringRef prefix, raw_ostream &out) {
  FailureOr<SmallVector<Entry>> entries = readEntries(module, prefix);
  if (failed(entries))
    return failure();
  std::string guard = "AMOS_";
  if (!entries->empty())
    guard += StringRef(entries->front().symbol).upper() + "_";
  guard += "H";
  bool isOnDevice = llvm::any_of(*entries, [](const Entry &entry) {
    return entry.function->hasAttr(deviceAttributeName);
  });
  bool hasPacked = llvm::any_of(*entries, [](const Entry &entry) {
    return llvm::any_of(entry.signature.parameters,
                        [](auto &p) { return p.packing.has_value(); });
  });
  out << prologue << (hasPacked ? StringRef(packingNote) : "")
      << (usesThreads(module) ? StringRef(threadsNote) : "")
      << (isOnDevice ? StringRef(deviceNote) : "")
      << llvm::formatv("#ifndef {0}\n#define {0}\n\n#include <stddef.h>\n"
                       "#include <stdint.h>\n\n#ifdef __cplusplus\n"
                       "extern \"C\" {{\n#endif\n\n",
                       guard);
  for (const Entry &entry : *entries)
    emitEntry(entry, out);
  out << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
  return success();
}

} // namespace amos

//===- Skeleton.cpp - amosc target new ------------------------------------===//

#include "amos/Driver/Accelerators.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/TargetVerbs.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace amos;
using llvm::StringRef;

/// NAME stands for the machine's symbol.
static constexpr StringRef skeleton =
    R"(//===- NAME - A machine in the making -------------------------------------===//
//
// A description to begin with: change the numbers and the instructions to those of
// your machine. What every word means is in docs/Accelerators.md. Then:
//
//   amosc target check NAME.mlir     mistakes, at their line
//   amosc target show NAME.mlir      the machine in words
//   amosc target test NAME.mlir      lowerings against their meaning, run here
//   amosc explain PROGRAM.mlir --target=NAME.mlir
//   amosc run PROGRAM.mlir --target=NAME.mlir --emulate
//
//===----------------------------------------------------------------------===//

// Which element of an operand each register element e holds, counting from 0.
#repeated = #amos.fragment<(e) -> (e mod 4)>          // four bytes, eight times
#packed = #amos.fragment<(e) -> (e mod 4, e floordiv 4)>
#splat = #amos.fragment<(e) -> ()>                    // one number in all lanes
#lanes = #amos.fragment<(e) -> (e)>

// target: what emits code, with the features it may use; without it the machine is
// mapped, priced and emulated only. clock: cycles per second.
amos.accelerator @NAME target(#llvm.target_features<[]>) clock(2.0e9) {
  // Who executes: the smallest first, each made of so many of another.
  scope @thread
  scope @device = 1 @thread

  // Where data lies, one instance for each scope named. Capacity in bytes,
  // bandwidth in bytes per cycle, latency in cycles. A memory that tensors lie in
  // has an address; a cache is managed by hardware; registers have a granule, the
  // bytes of one.
  level @memory per @device address(!llvm.ptr) bandwidth(8.0) latency(200) access(32)
  level @l1 per @thread capacity(32768) bandwidth(64.0) latency(4) cache
  level @register per @thread granule(32) capacity(512)

  // What computes. class: matrix, dot, vector or scalar; one placement for each
  // operand, the accumulator last. latency: cycles until the result can be used;
  // interval: cycles from one to the next. semantics: what it means, on tensors;
  // this one adds four products of signed bytes to each of eight sums.
  intrinsic @dot issue(@thread) class(dot) operands[#repeated, #packed, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x8xi8>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x8xi8>)
        outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
    // What is emitted: here plain vector operations, which any processor runs. The
    // instruction itself would be llvm.call_intrinsic "llvm.mine.dot"(%c, %a, %b),
    // or llvm.inline_asm.
  ^bb0(%a: vector<32xi8>, %b: vector<32xi8>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<32xi8> to vector<32xi32>
    %y = arith.extsi %b : vector<32xi8> to vector<32xi32>
    %m = arith.muli %x, %y : vector<32xi32>
    %e0, %o0 = vector.deinterleave %m : vector<32xi32> -> vector<16xi32>
    %s0 = arith.addi %e0, %o0 : vector<16xi32>
    %e1, %o1 = vector.deinterleave %s0 : vector<16xi32> -> vector<8xi32>
    %s1 = arith.addi %e1, %o1 : vector<8xi32>
    %d = arith.addi %c, %s1 : vector<8xi32>
    yield %d : vector<8xi32>
  }

  // One number times eight, added to eight.
  intrinsic @fma issue(@thread) class(vector) operands[#splat, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<f32>, %b: tensor<8xf32>, %c: tensor<8xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<f32>, tensor<8xf32>) outs(%c : tensor<8xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<8xf32>
    yield %d : tensor<8xf32>
  } lowering {
  ^bb0(%a: vector<8xf32>, %b: vector<8xf32>, %c: vector<8xf32>):
    %d = math.fma %a, %b, %c : vector<8xf32>
    yield %d : vector<8xf32>
  }
}
)";

/// BASE stands for the symbol of the machine that is extended.
static constexpr StringRef extension =
    R"(//===- NAME - BASE with changes -------------------------------------------===//
//
// Everything that BASE has, and what is said here on top, in order:
//
//   change @part argument(value), ..   other numbers; the part may be a glob
//   remove @part                       it is not there
//   a part of a name that is there     takes its place
//   any other part                     is new
//
// 'amosc target show BASE' lists the parts, docs/Accelerators.md has the words.
//
//===----------------------------------------------------------------------===//

amos.accelerator @NAME extends @BASEFROM {
}
)";

/// The name as a symbol; empty for what is none.
static std::string makeSymbol(StringRef name) {
  bool isName =
      !name.empty() && llvm::isAlpha(name.front()) &&
      llvm::all_of(name, [](char letter) {
        return llvm::isAlnum(letter) || letter == '-' || letter == '_';
      });
  std::string symbol = isName ? name.str() : "";
  std::replace(symbol.begin(), symbol.end(), '-', '_');
  return symbol;
}

static void replaceAll(std::string &text, StringRef from, StringRef to) {
  for (size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to.str());
}

/// What extends the one machine that `base` is; empty after a report.
static std::string writeExtension(StringRef base) {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  Diagnostics diagnostics(context.get(), DiagnosticOptions());
  auto files = findAccelerators(context.get(), base);
  if (failed(files))
    return "";
  auto module = files->size() == 1
                    ? readAccelerator(context.get(), files->front())
                    : mlir::OwningOpRef<mlir::ModuleOp>();
  if (files->size() != 1)
    reportError("one machine can be extended, '" + base + "' is several");
  if (!module)
    return "";
  AcceleratorOp machine = *module->getOps<AcceleratorOp>().begin();
  std::string text = extension.str();
  bool hasName = files->front().name != files->front().path;
  replaceAll(text, "FROM",
             hasName ? "" : " from \"" + files->front().path + "\"");
  replaceAll(text, "BASE", machine.getSymName());
  return text;
}

ExitCode amos::writeSkeleton(const SkeletonRequest &request) {
  std::string symbol = makeSymbol(request.name);
  if (symbol.empty()) {
    reportError("'" + request.name +
                "' is no name of a machine: letters, digits, '-' and '_', a "
                "letter first");
    return ExitCode::Usage;
  }
  std::string path =
      request.output.empty() ? request.name + ".mlir" : request.output;
  if (path != "-" && !request.overwrites && llvm::sys::fs::exists(path)) {
    reportError("'" + path + "' exists; --force replaces it, -o names another");
    return ExitCode::Usage;
  }
  std::string text =
      request.base.empty() ? skeleton.str() : writeExtension(request.base);
  if (text.empty())
    return ExitCode::Usage;
  replaceAll(text, "NAME.mlir", path == "-" ? request.name + ".mlir" : path);
  replaceAll(text, "NAME", symbol);
  Artifact file{path, {}};
  file.bytes = text;
  if (llvm::Error error = writeArtifacts(file)) {
    reportError(llvm::toString(std::move(error)));
    return ExitCode::Environment;
  }
  return ExitCode::Success;
}

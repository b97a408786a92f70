//===- Assembly.h - What the code that was written consists of --*- C++ -*-===//
#ifndef AMOS_REPORT_ASSEMBLY_H
#define AMOS_REPORT_ASSEMBLY_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include <string>

namespace amos {

/// Where the operations of lowerings are written, "/folder/file:line:column",
/// and the intrinsic that each belongs to, "@machine::@intrinsic".
using LoweringPlaces = llvm::StringMap<std::string>;

/// The places of every lowering in `module`, before its machines are dropped.
LoweringPlaces findLowerings(mlir::ModuleOp module);

/// The attribute of a function whose code was read: for each intrinsic in
/// `places`, a dictionary of how often each mnemonic occurs that its lowering
/// became.
inline constexpr llvm::StringLiteral intrinsicCountsName = "amos.intrinsics";

/// Counts instructions in `assembly`, x86 in AT&T syntax as LLVM prints it, and
/// leaves `amos.intrinsics`, if it says where instructions come from, and an
/// `amos.assembly` on every function of `module` that it defines: a dictionary
/// of how often each mnemonic occurs, and
///
/// * `instructions`: all of them
/// * `registers`: how many vector registers the function names
/// * `spills`: moves of a vector register to or from the stack
void recordAssembly(mlir::ModuleOp module, llvm::StringRef assembly,
                    const LoweringPlaces &places = {});

} // namespace amos

#endif // AMOS_REPORT_ASSEMBLY_H

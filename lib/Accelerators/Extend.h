//===- Extend.h - Making a machine from another -----------------*- C++ -*-===//
//
// Reading a description does all of it; what is said here is for the verbs that
// change machines, and for tests. Everything is reported at the line that asked
// for it.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_ACCELERATORS_EXTEND_H
#define AMOS_ACCELERATORS_EXTEND_H

#include "Amos/AmosDialect.h"

namespace amos {

/// Puts copies of the parts of `base`, a plain machine, in front of those of
/// `machine`, carries out what those say, and takes over target and clock where
/// it has none. Afterwards `machine` extends nothing.
mlir::LogicalResult extendAccelerator(AcceleratorOp machine,
                                      AcceleratorOp base);

/// Replaces each family of `machine` by its members, and reports members that
/// are wrong.
mlir::LogicalResult expandFamilies(AcceleratorOp machine);

} // namespace amos

#endif // AMOS_ACCELERATORS_EXTEND_H

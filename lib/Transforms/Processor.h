//===- Processor.h - What a description says of a processor -----*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_PROCESSOR_H
#define AMOS_TRANSFORMS_PROCESSOR_H

#include "Amos/AmosDialect.h"

namespace amos {

/// Whether code for the machine is code of a processor's.
bool isProcessor(AcceleratorOp machine);

/// Of the widest vectors that are asked for: twice as wide as any processor's,
/// far from where code generation takes long or dies.
constexpr int64_t mostVectorBytes = 256;

/// Bytes of the widest vector register of a thread, `mostVectorBytes` at most;
/// 0 if there is none.
int64_t getVectorBytes(AcceleratorOp machine);

/// The processor with the widest registers; null if there is none.
AcceleratorOp getWidestProcessor(mlir::ModuleOp module);

} // namespace amos

#endif // AMOS_TRANSFORMS_PROCESSOR_H

//===- Processor.h - What a description says of a processor -----*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_PROCESSOR_H
#define AMOS_TRANSFORMS_PROCESSOR_H

#include "Amos/AmosDialect.h"

namespace amos {

/// Whether code for the machine is code of a processor's.
bool isProcessor(AcceleratorOp machine);

/// Bytes of the widest register of a thread; 8 if none is a vector.
int64_t getRegisterBytes(AcceleratorOp machine);

/// The processor with the widest registers; null if there is none.
AcceleratorOp getWidestProcessor(mlir::ModuleOp module);

} // namespace amos

#endif // AMOS_TRANSFORMS_PROCESSOR_H

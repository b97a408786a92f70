//===- Interrupt.h - Ending early, with what there is -----------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_INTERRUPT_H
#define AMOS_DRIVER_INTERRUPT_H

namespace amos {

/// From now on SIGINT and SIGTERM end neither this process nor those it forks
/// off; they are only noted.
void catchInterrupts();
/// Whether this process, or one that it shares the note with, has had one.
bool wasInterrupted();

} // namespace amos

#endif // AMOS_DRIVER_INTERRUPT_H

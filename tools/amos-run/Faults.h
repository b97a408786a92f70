//===- Faults.h - When compiled code kills the process ----------*- C++ -*-===//
#ifndef AMOS_RUN_FAULTS_H
#define AMOS_RUN_FAULTS_H

#include <string>

namespace amos::run {

/// From here on a signal that says that code went wrong (a touch of a guard
/// page, an illegal instruction) ends the process with exit status 4 and a
/// message that names `function`.
void reportFaultsIn(const std::string &function);

} // namespace amos::run

#endif // AMOS_RUN_FAULTS_H

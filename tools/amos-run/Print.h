//===- Print.h - Outcomes for people and for programs -----------*- C++ -*-===//
#ifndef AMOS_RUN_PRINT_H
#define AMOS_RUN_PRINT_H

#include "Run.h"

namespace amos::run {

/// A few lines on the standard output.
void print(const Outcome &outcome);

/// Everything as one JSON document on the standard output.
void printJson(const std::vector<Outcome> &outcomes);

} // namespace amos::run

#endif // AMOS_RUN_PRINT_H

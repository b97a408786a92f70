//===- Variants.h - One object for several machines -------------*- C++ -*-===//
#ifndef AMOS_DRIVER_VARIANTS_H
#define AMOS_DRIVER_VARIANTS_H

#include "amos/Driver/Compile.h"

namespace amos {

/// One of several `--target`s.
struct Variant {
  std::string target;
  /// Its name in symbols and files: letters, digits and underscores.
  std::string label;
};

/// The variants a request asks for, in the order in which an object tries them;
/// nothing for a single machine. Prints what cannot be done for several: then
/// the exit code is set.
std::vector<Variant> readVariants(const CompileRequest &request,
                                  ExitCode &code);

/// `request` for one of its variants.
CompileRequest getPart(const CompileRequest &request, const Variant &variant);

/// Where `file`, which is written for each machine, goes for this one.
PlannedFile getPart(const PlannedFile &file, const Variant &variant);

} // namespace amos

#endif // AMOS_DRIVER_VARIANTS_H

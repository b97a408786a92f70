//===- Packed.h - Arguments that are packed beforehand ----------*- C++ -*-===//
#ifndef AMOS_RUN_PACKED_H
#define AMOS_RUN_PACKED_H

#include "Entry.h"
#include "Operands.h"

namespace amos::run {

/// The packed forms of the arguments of one call.
class Packed {
public:
  /// Packs what `function` takes packed of `operands`; what is wrong when that
  /// fails.
  std::optional<Failure> pack(const Function &function, const Library &library,
                              const Operands &operands, Placement placement);
  /// What a call takes: `operands`, packed where the function wants it.
  std::vector<void *> getPointers(const Function &function,
                                  const Operands &operands) const;
  /// The name of an argument whose packed form is no longer what was packed;
  /// empty if there is none.
  std::string findModified(const Function &function) const;

private:
  std::vector<Buffer> forms; ///< of each argument, empty if not packed
  std::vector<std::vector<char>> copies;
};

} // namespace amos::run

#endif // AMOS_RUN_PACKED_H

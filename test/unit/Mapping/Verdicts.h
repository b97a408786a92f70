//===- Verdicts.h - Judging mappings in tests -------------------*- C++ -*-===//
#ifndef AMOS_TEST_MAPPING_VERDICTS_H
#define AMOS_TEST_MAPPING_VERDICTS_H

#include "amos/Mapping/Certificate.h"
#include <set>

namespace amos::test {

/// The mapping as the default schedule lays it out.
MappedAccesses fuse(const Contraction &op, const Contraction &unit,
                    const Matching &matching);

/// "duty: witness", or "proved".
std::string print(const std::optional<Refutation> &refutation);

/// The duties the prover refutes. Each verdict is checked against enumeration.
std::set<Duty> getRefuted(const Contraction &op, const Contraction &unit,
                          const MappedAccesses &mapped);

} // namespace amos::test

#endif // AMOS_TEST_MAPPING_VERDICTS_H

//===- Points.h - Looking at every point of a mapping -----------*- C++ -*-===//
#ifndef AMOS_TEST_MAPPING_POINTS_H
#define AMOS_TEST_MAPPING_POINTS_H

#include "amos/Mapping/Certificate.h"

namespace amos::test {

using Point = std::vector<int64_t>;

int64_t evaluate(mlir::AffineExpr e, llvm::ArrayRef<int64_t> point);

/// Calls `visit` with every point of the box until it returns false; whether
/// it never did.
bool forAll(llvm::ArrayRef<int64_t> box,
            llvm::function_ref<bool(const Point &)> visit);

/// Extents of the outer loops followed by those of the intrinsic.
Point getHardwareBox(const Contraction &intrinsic,
                     const MappedAccesses &mapped);

/// Whether the duty holds, decided from its definition by enumeration.
bool holds(Duty duty, const Contraction &op, const Contraction &intrinsic,
           const MappedAccesses &mapped);

/// Runs operator and mapped program on the same pseudo-random integers, tile
/// by tile as generated code would, and compares all results.
bool computeTheSame(const Contraction &op, const Contraction &intrinsic,
                    const MappedAccesses &mapped);

} // namespace amos::test

#endif // AMOS_TEST_MAPPING_POINTS_H

//===- Manifest.h - What amos-run needs of a manifest -----------*- C++ -*-===//
#ifndef AMOS_RUN_MANIFEST_H
#define AMOS_RUN_MANIFEST_H

#include "Element.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace amos::run {

struct Argument {
  enum Role { In, Out, InOut };

  std::string name;
  const Element *element = nullptr;
  std::vector<int64_t> shape;
  /// Element (i, j, ..) lies at `offset + i * strides[0] + j * strides[1] +
  /// ..`, in elements.
  int64_t offset = 0;
  std::vector<int64_t> strides;
  /// Of these, what the caller tells the function, in order.
  std::vector<int64_t> numbers;
  /// How many of the numbers, the first ones, are extents.
  size_t numExtents = 0;
  Role role = In;
  /// Integers are at least 0 and below that, if it is not 0.
  int64_t below = 0;
  /// A number that the function takes by value.
  bool isScalar = false;
  /// The function that packs it before a call, and the bytes that takes; empty
  /// if it is passed as it is.
  std::string packer;
  size_t packedBytes = 0;

  size_t getNumElements() const;
  /// From the pointer to the last element; more than the elements where
  /// strides leave gaps.
  size_t getNumStored() const;
  bool isDense() const { return getNumStored() == getNumElements(); }
  /// Where the n-th element in row-major order lies.
  size_t getPosition(size_t n) const;
};

struct Function {
  std::string name;
  std::string symbol;
  std::string reference;
  std::vector<Argument> arguments;
  /// Nothing when it depends on extents.
  std::optional<int64_t> workspaceBytes;
  int64_t macs = 0;
  /// Its buffers and workspace are memory of a device of NVIDIA's.
  bool isOnDevice = false;
  /// Threads share its loops.
  bool hasThreads = false;
  int64_t reduction = 1;
  double accumulatorEpsilon = 0;
  std::map<std::string, double> outputEpsilons;

  /// The extents that the caller tells, in order.
  std::vector<int64_t> getExtents() const;
};

/// What dynamic extents are to be: some by their names in the header, the
/// others all the same.
struct Extents {
  std::map<std::string, int64_t> named;
  std::optional<int64_t> others;
};

struct Manifest {
  std::vector<Function> functions;
  /// Paths by the kind of the artifact, absolute or from here.
  std::map<std::string, std::string> artifacts;
};

/// Reads and checks a manifest. On failure `problem` names the file and the
/// field.
bool readManifest(const std::string &path, const Extents &extents,
                  Manifest &manifest, std::string &problem);

} // namespace amos::run

#endif // AMOS_RUN_MANIFEST_H

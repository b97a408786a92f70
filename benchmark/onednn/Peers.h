//===- Peers.h - An operator by oneDNN --------------------------*- C++ -*-===//
#ifndef AMOS_BENCHMARK_PEERS_H
#define AMOS_BENCHMARK_PEERS_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace amos::benchmark {

/// A product, or a convolution of one to three dimensions.
struct Problem {
  std::string dtype; ///< "i8" (unsigned by signed), "bf16" or "f32"
  bool isConvolution = false;
  bool isLast = false; ///< convolutions: channels last, weights R S C K

  int64_t m = 0, n = 0, k = 0;
  bool isTransposed = false; ///< the second source is N by K

  int64_t batch = 0, inputs = 0, outputs = 0, groups = 1, dilation = 1;
  std::vector<int64_t> size, kernel, out, stride, pad;
};

/// One way to let oneDNN compute it.
struct Peer {
  std::string name;
  std::string implementation; ///< as oneDNN calls it, or why there is none
  std::function<void()> run;  ///< what is timed; empty if there is none
  /// The results in the plain layout, after a run.
  std::function<const void *()> getResult;
};

/// `plain`: on the layouts a caller has. `packed`: on the layouts oneDNN likes
/// best, everything brought there beforehand. `packing`: the same with the
/// reorders of all three tensors in the time, which is what a function on plain
/// layouts has to do. The sources must outlive the peers.
std::vector<Peer> makePeers(const Problem &problem, const void *first,
                            const void *second);

/// "oneDNN 2.6.3".
std::string getPeerVersion();

} // namespace amos::benchmark

#endif // AMOS_BENCHMARK_PEERS_H

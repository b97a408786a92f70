//===- main.cpp - A compiled function beside oneDNN -----------------------===//
//
//   bench-onednn MANIFEST PROBLEM.json [CORE [LOOPS.so]]
//
// `loops` of LOOPS.so takes the function's arguments and a result. All work on
// the same inputs, in one process, on one core, in rounds of shuffled order;
// each sample lies between two bursts of the core's multiply-adds. What a
// function takes packed is packed before. Prints one JSON document.
//
//===----------------------------------------------------------------------===//

#include "Packed.h"
#include "Peers.h"
#include "Readings.h"
#include "Timing.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace amos::run;
using amos::benchmark::Peer;
using amos::benchmark::Problem;
using Json = nlohmann::ordered_json;

static constexpr int rounds = 15;
static constexpr double mostSeconds = 0.5; ///< of a call that is worth timing

namespace {
/// A function of ours, ready to be called.
struct Compiled {
  Manifest manifest;
  Library library;
  Entry entry;
  Packed packed;
  Buffer workspace;
  std::vector<void *> pointers;

  const Function &getFunction() const { return manifest.functions.front(); }
  bool load(const std::string &path, std::string &error);
  /// Packs and calls once; what is wrong.
  std::optional<Failure> start(const Operands &operands);
};

/// Who is timed, and what came of it.
struct Contestant {
  std::string name, implementation, problem;
  std::function<void()> run;
  int calls = 1;
  std::vector<Reading> readings;
};
} // namespace

bool Compiled::load(const std::string &path, std::string &error) {
  if (!readManifest(path, Extents(), manifest, error))
    return false;
  if (manifest.functions.empty()) {
    error = path + " has no function";
    return false;
  }
  return library.load(manifest.artifacts["library"], error) &&
         entry.load(library, getFunction().symbol, getFunction().getExtents(),
                    error);
}

std::optional<Failure> Compiled::start(const Operands &operands) {
  if (auto failure =
          packed.pack(getFunction(), library, operands, Placement::Staggered))
    return failure;
  workspace = entry.createWorkspace(Placement::Staggered);
  pointers = packed.getPointers(getFunction(), operands);
  return entry.call(pointers, workspace);
}

//===----------------------------------------------------------------------===//
// The problem
//===----------------------------------------------------------------------===//

static std::vector<int64_t> readList(const Json &json) {
  return json.get<std::vector<int64_t>>();
}

static Problem readProblem(const Json &json) {
  Problem problem;
  problem.dtype = json.value("dtype", "");
  problem.isLast = json.value("channels", "") == "last";
  if (json.contains("matmul")) {
    const Json &product = json["matmul"];
    problem.m = product.value("m", 0);
    problem.n = product.value("n", 0);
    problem.k = product.value("k", 0);
    problem.isTransposed = product.value("transposed", false);
  }
  problem.isConvolution = json.contains("conv");
  if (!problem.isConvolution)
    return problem;
  const Json &conv = json["conv"];
  problem.batch = conv.value("n", 0);
  problem.inputs = conv.value("c", 0);
  problem.outputs = conv.value("k", 0);
  problem.groups = conv.value("groups", 1);
  problem.dilation = conv.value("dilation", 1);
  problem.size = readList(conv["size"]);
  problem.kernel = readList(conv["kernel"]);
  problem.out = readList(conv["out"]);
  problem.stride = readList(conv["stride"]);
  problem.pad = readList(conv["pad"]);
  return problem;
}

//===----------------------------------------------------------------------===//
// Contestants
//===----------------------------------------------------------------------===//

/// Whether a peer found what we found: floats within what the order of sums of
/// that length can change.
static bool agrees(const std::string &dtype, size_t count, const void *ours,
                   const void *theirs) {
  if (dtype == "i8")
    return std::memcmp(ours, theirs, count * sizeof(int32_t)) == 0;
  const auto *a = static_cast<const float *>(ours);
  const auto *b = static_cast<const float *>(theirs);
  float scale = 1;
  for (size_t n = 0; n < count; ++n)
    scale = std::max(scale, std::fabs(b[n]));
  for (size_t n = 0; n < count; ++n)
    if (!(std::fabs(a[n] - b[n]) <= 1e-3f * scale))
      return false;
  return true;
}

/// `ours` are `count` results.
static Contestant enter(const std::string &dtype, const Peer &peer,
                        size_t count, const void *ours) {
  Contestant contestant;
  contestant.name = peer.name;
  contestant.implementation = peer.implementation;
  if (!peer.run) {
    contestant.problem = peer.implementation;
    return contestant;
  }
  double start = now();
  peer.run();
  double seconds = now() - start;
  if (!agrees(dtype, count, ours, peer.getResult()))
    contestant.problem = "results differ";
  else if (seconds > mostSeconds)
    contestant.problem = "takes " + std::to_string(seconds) + " s a call";
  else
    contestant.run = peer.run;
  return contestant;
}

static void race(std::vector<Contestant> &contestants,
                 const MultiplyAdds &unit) {
  Memory memory;
  Conditions conditions;
  std::mt19937_64 random(0);
  std::vector<Contestant *> order;
  for (Contestant &contestant : contestants)
    if (contestant.run) {
      contestant.calls = chooseCalls(contestant.run, conditions);
      order.push_back(&contestant);
    }
  for (int round = 0; round < rounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (Contestant *contestant : order)
      contestant->readings.push_back(readOnce(
          contestant->run, contestant->calls, conditions, unit, memory));
  }
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

static Json describe(const Contestant &contestant, double operations) {
  Json json = {{"name", contestant.name},
               {"implementation", contestant.implementation},
               {"problem", contestant.problem}};
  if (contestant.readings.empty())
    return json;
  std::vector<double> seconds, shares, ceilings;
  for (const Reading &reading : chooseUndisturbed(contestant.readings)) {
    seconds.push_back(reading.seconds);
    ceilings.push_back(reading.ceiling);
    shares.push_back(reading.ceiling > 0
                         ? operations / reading.seconds / reading.ceiling
                         : 0);
  }
  json["seconds"] = getQuantile(seconds, 0.5);
  json["quartiles"] = {getQuantile(seconds, 0.25), getQuantile(seconds, 0.75)};
  json["gops"] = operations / getQuantile(seconds, 0.5) * 1e-9;
  json["share"] = getQuantile(shares, 0.5);
  json["unit_gops"] = getQuantile(ceilings, 0.5) * 1e-9;
  json["samples"] = seconds.size();
  return json;
}

static int fail(const std::string &problem) {
  std::fprintf(stderr, "bench-onednn: error: %s\n", problem.c_str());
  return EnvironmentError;
}

static int print(const Function &function,
                 const std::vector<Contestant> &contestants,
                 const MultiplyAdds &unit, int core) {
  Json list = Json::array();
  double operations = 2.0 * static_cast<double>(function.macs);
  for (const Contestant &contestant : contestants)
    list.push_back(describe(contestant, operations));
  Json document = {{"peer", amos::benchmark::getPeerVersion()},
                   {"unit", unit.getName()},
                   {"core", core},
                   {"contestants", list}};
  std::printf("%s\n", document.dump(1).c_str());
  return Success;
}

namespace {
/// The loops that somebody wrote and a C compiler optimized.
struct Loops {
  Library library;
  Buffer result;
  void *function = nullptr;
};
} // namespace

/// Calls `function` with one pointer for each source and the result.
static void call(void *function, const std::vector<void *> &sources,
                 void *result) {
  using One = void (*)(void *, void *);
  using Two = void (*)(void *, void *, void *);
  if (sources.size() == 1)
    reinterpret_cast<One>(function)(sources[0], result);
  else
    reinterpret_cast<Two>(function)(sources[0], sources[1], result);
}

static std::optional<Peer> makePeer(Loops &loops, const std::string &path,
                                    const Function &function,
                                    const Operands &operands) {
  std::string problem;
  size_t sources = function.arguments.size() - 1;
  if (path.empty() || !loops.library.load(path, problem))
    return std::nullopt;
  loops.function = loops.library.find("loops", problem);
  loops.result = Buffer(operands[sources].size(), 64, Placement::Staggered);
  if (!loops.function || sources == 0 || sources > 2 || !loops.result.isValid())
    return std::nullopt;
  std::vector<void *> pointers;
  for (size_t n = 0; n < sources; ++n)
    pointers.push_back(operands[n].get());
  Peer peer;
  peer.name = "clang -O3";
  peer.run = [&loops, pointers] {
    call(loops.function, pointers, loops.result.get());
  };
  peer.getResult = [&loops] { return loops.result.get(); };
  return peer;
}

static Contestant enter(const std::string &name, const Compiled &compiled) {
  Contestant contestant;
  contestant.name = name;
  contestant.run = [&] {
    compiled.entry.run(compiled.pointers, compiled.workspace);
  };
  return contestant;
}

/// The peers work on our results' inputs, so ours runs first.
static int compete(Compiled &ours, const Problem &problem, int core,
                   const std::string &loopsPath) {
  const Function &function = ours.getFunction();
  Operands operands = Operands::createRandom(function, 0, Placement::Staggered);
  if (auto failure = ours.start(operands))
    return fail(failure->problem);
  std::vector<Contestant> contestants{enter("amosc", ours)};
  size_t result = function.arguments.size() - 1;
  size_t count = function.arguments[result].getNumElements();
  std::vector<Peer> peers;
  if (problem.isConvolution || problem.m)
    peers = amos::benchmark::makePeers(problem, operands[0].get(),
                                       operands[1].get());
  Loops loops;
  if (std::optional<Peer> peer = makePeer(loops, loopsPath, function, operands))
    peers.push_back(*peer);
  for (const Peer &peer : peers)
    contestants.push_back(
        enter(problem.dtype, peer, count, operands[result].get()));
  MultiplyAdds unit(function.arguments.front().element->name);
  race(contestants, unit);
  return print(function, contestants, unit, core);
}

int main(int argc, char **argv) {
  if (argc < 3)
    return fail("usage: bench-onednn MANIFEST PROBLEM.json [CORE [LOOPS.so]]");
  std::string error;
  Compiled ours;
  std::ifstream file(argv[2]);
  Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    return fail(std::string(argv[2]) + ": is no JSON");
  if (!ours.load(argv[1], error))
    return fail(error);
  int core = pinToCore(argc > 3 ? std::atoi(argv[3]) : -1);
  return compete(ours, readProblem(json), core, argc > 4 ? argv[4] : "");
}

//===- main.cpp - A compiled function beside oneDNN -----------------------===//
//
//   bench-onednn MANIFEST PROBLEM.json [CORE]
//
// Both work on the same inputs, in one process, on one core, in rounds of
// shuffled order; each sample lies between two bursts of the core's
// multiply-adds. Prints one JSON document.
//
//===----------------------------------------------------------------------===//

#include "Entry.h"
#include "Operands.h"
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
/// Who is timed, and what came of it.
struct Contestant {
  std::string name, implementation, problem;
  std::function<void()> run;
  int calls = 1;
  std::vector<Reading> readings;
};
} // namespace

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
static bool agrees(const Problem &problem, const void *ours,
                   const void *theirs) {
  auto count = static_cast<size_t>(problem.countResults());
  if (problem.dtype == "i8")
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

static Contestant enter(const Problem &problem, const Peer &peer,
                        const void *ours) {
  Contestant contestant;
  contestant.name = "oneDNN " + peer.name;
  contestant.implementation = peer.implementation;
  if (!peer.run) {
    contestant.problem = peer.implementation;
    return contestant;
  }
  double start = now();
  peer.run();
  double seconds = now() - start;
  if (!agrees(problem, ours, peer.getResult()))
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

/// The peers work on our results' inputs, so ours runs first.
static int compete(const Function &function, const Entry &entry,
                   const Problem &problem, int core) {
  Operands operands = Operands::createRandom(function, 0, Placement::Staggered);
  Buffer workspace = entry.createWorkspace(Placement::Staggered);
  std::vector<void *> pointers = operands.getPointers(function);
  if (auto failure = entry.call(pointers, workspace))
    return fail(failure->problem);
  std::vector<Contestant> contestants(1);
  contestants[0].name = "amosc";
  contestants[0].run = [&] { entry.run(pointers, workspace); };
  size_t result = function.arguments.size() - 1;
  if (problem.isConvolution || problem.m)
    for (const Peer &peer : amos::benchmark::makePeers(
             problem, operands[0].get(), operands[1].get()))
      contestants.push_back(enter(problem, peer, operands[result].get()));
  MultiplyAdds unit(function.arguments.front().element->name);
  race(contestants, unit);
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

int main(int argc, char **argv) {
  if (argc < 3)
    return fail("usage: bench-onednn MANIFEST PROBLEM.json [CORE]");
  Manifest manifest;
  std::string error;
  std::ifstream file(argv[2]);
  Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    return fail(std::string(argv[2]) + ": is no JSON");
  if (!readManifest(argv[1], Extents(), manifest, error) ||
      manifest.functions.empty())
    return fail(error);
  Library library;
  Entry entry;
  const Function &function = manifest.functions.front();
  if (!library.load(manifest.artifacts["library"], error) ||
      !entry.load(library, function.symbol, function.getExtents(), error))
    return fail(error);
  int core = pinToCore(argc > 3 ? std::atoi(argv[3]) : -1);
  return compete(function, entry, readProblem(json), core);
}

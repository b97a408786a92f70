//===- Stopwatch.cpp - Cycles of generated code ---------------------------===//

#include "Stopwatch.h"
#include "TimingModule.h"
#include <chrono>
#include <sched.h>

using namespace amos;
using llvm::StringRef;

constexpr int runs = 25;
/// Of one run, in seconds: short enough to go undisturbed, long enough for the
/// clock of the system.
constexpr double leastTime = 200e-6;

Measured amos::summarize(std::vector<double> values) {
  if (values.empty())
    return {};
  llvm::sort(values);
  auto at = [&](double share) { return values[(values.size() - 1) * share]; };
  return {at(0.5), at(0.5) > 0 ? (at(0.75) - at(0.25)) / at(0.5) : 0};
}

static void pin() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (int cpu = ::sched_getcpu(); cpu >= 0) {
    CPU_SET(cpu, &set);
    // Without it the measurement is noisier, which its spread tells.
    (void)::sched_setaffinity(0, sizeof(set), &set);
  }
}

Stopwatch::Stopwatch(llvm::orc::LLJIT &jit, std::vector<void *> pointers)
    : jit(jit), pointers(std::move(pointers)), clock(find("clock")) {
  pin();
  if (clock)
    clockRounds = findRounds(clock, clockPointers);
}

Stopwatch::Function Stopwatch::find(StringRef name) {
  auto address = jit.lookup(name);
  if (address)
    return address->toPtr<Function>();
  llvm::consumeError(address.takeError());
  return nullptr;
}

double Stopwatch::time(Function function, std::vector<void *> &pointers,
                       int64_t rounds) {
  auto start = std::chrono::steady_clock::now();
  function(pointers.data(), rounds);
  std::chrono::duration<double> passed =
      std::chrono::steady_clock::now() - start;
  return passed.count();
}

/// So many that they take long enough; they warm up what they use.
int64_t Stopwatch::findRounds(Function function,
                              std::vector<void *> &pointers) {
  int64_t rounds = 1;
  while (time(function, pointers, rounds) < leastTime &&
         rounds < (int64_t(1) << 40))
    rounds *= 2;
  return rounds;
}

std::optional<Measured> Stopwatch::measure(StringRef name) {
  Function function = find(name);
  if (!function || !clock)
    return std::nullopt;
  int64_t rounds = findRounds(function, pointers);
  std::vector<double> cycles;
  for (int run = 0; run < runs; ++run) {
    double before = time(clock, clockPointers, clockRounds);
    double own = time(function, pointers, rounds);
    double after = time(clock, clockPointers, clockRounds);
    // What disturbs can only make the clock seem slow.
    double cycle =
        std::min(before, after) / double(clockRounds * clockAdditions);
    cycles.push_back(own / cycle / double(rounds));
    frequencies.push_back(1 / cycle);
  }
  return summarize(cycles);
}

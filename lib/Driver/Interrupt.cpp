//===- Interrupt.cpp - Ending early, with what there is -------------------===//

#include "Interrupt.h"
#include <atomic>
#include <csignal>
#include <new>
#include <sys/mman.h>

using namespace amos;

/// In memory that forked processes share: who sends a signal to one of them
/// means all.
static std::atomic<bool> *note = nullptr;

static void take(int) { note->store(true); }

void amos::catchInterrupts() {
  void *memory = ::mmap(nullptr, sizeof(*note), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) // then a signal ends us, as it would anyone
    return;
  note = new (memory) std::atomic<bool>(false);
  struct sigaction action = {};
  action.sa_handler = take;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool amos::wasInterrupted() { return note && note->load(); }

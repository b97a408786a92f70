#include "Price.h"
using namespace amos;
Priced amos::priceInLevels(const Arrangement &plan, const Schedule &schedule) {
  return priceInRegisters(plan, schedule);
}

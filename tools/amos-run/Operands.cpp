//===- Operands.cpp - The buffers of one call -----------------------------===//

#include "Operands.h"
#include <cstring>

namespace amos::run {

const Element *getReferenceElement(const Argument &argument) {
  bool isWidened = argument.element->isFloat() && argument.role != Argument::In;
  return isWidened ? findElement("f64") : argument.element;
}

/// In the bytes of results nobody wrote yet: not a number, or -1.
static constexpr int unwritten = 0xff;
/// In the bytes of gaps: a number near 1, which sums change, unlike one that is
/// large or none.
static constexpr int gap = 0x3f;

/// Room for the elements of `argument`, without their values.
static Buffer createBuffer(const Argument &argument, const Element &element,
                           Placement placement) {
  Buffer buffer(argument.getNumStored() * element.bytes, element.bytes,
                placement);
  if (buffer.isValid())
    std::memset(buffer.get(), argument.role == Argument::Out ? unwritten : gap,
                buffer.size());
  return buffer;
}

static void fillRandom(const Argument &argument, char *data, uint64_t seed) {
  std::mt19937_64 random(seed);
  size_t bytes = argument.element->bytes;
  for (size_t n = 0, e = argument.getNumElements(); n < e; ++n)
    if (char *at = data + argument.getPosition(n) * bytes; argument.below > 0)
      argument.element->storeBelow(at, argument.below, random);
    else
      argument.element->storeRandom(at, random);
}

Operands Operands::createRandom(const Function &function, uint64_t seed,
                                Placement placement) {
  Operands operands;
  for (const Argument &argument : function.arguments) {
    uint64_t place = operands.buffers.size();
    Buffer buffer = createBuffer(argument, *argument.element, placement);
    if (buffer.isValid() && argument.role != Argument::Out)
      fillRandom(argument, static_cast<char *>(buffer.get()),
                 seed * 1000003 + place);
    operands.buffers.push_back(std::move(buffer));
  }
  return operands;
}

static void widen(const Argument &argument, const Buffer &from,
                  const Buffer &to) {
  const auto *source = static_cast<const char *>(from.get());
  auto *target = static_cast<double *>(to.get());
  for (size_t n = 0, e = argument.getNumElements(); n < e; ++n) {
    size_t at = argument.getPosition(n);
    target[at] = argument.element->load(source + at * argument.element->bytes);
  }
}

Operands Operands::createWidened(const Function &function,
                                 const Operands &inputs) {
  Operands operands;
  for (const Argument &argument : function.arguments) {
    const Buffer &input = inputs[operands.buffers.size()];
    const Element *element = getReferenceElement(argument);
    Buffer buffer = createBuffer(argument, *element, Placement::Staggered);
    if (buffer.isValid() && element != argument.element)
      widen(argument, input, buffer);
    else if (buffer.isValid())
      std::memcpy(buffer.get(), input.get(), input.size());
    operands.buffers.push_back(std::move(buffer));
  }
  return operands;
}

bool Operands::isValid() const {
  for (const Buffer &buffer : buffers)
    if (!buffer.isValid())
      return false;
  return true;
}

void Operands::makeAbsolute(const Function &function) {
  for (size_t place = 0; place < buffers.size(); ++place) {
    const Argument &argument = function.arguments[place];
    const Element *element = getReferenceElement(argument);
    auto *data = static_cast<char *>(buffers[place].get());
    for (size_t n = 0, e = argument.getNumElements(); n < e; ++n)
      element->makeAbsolute(data + argument.getPosition(n) * element->bytes);
  }
}

void Operands::shift(const Function &function, uint64_t seed) {
  std::mt19937_64 random(seed);
  for (size_t place = 0; place < buffers.size(); ++place) {
    const Argument &argument = function.arguments[place];
    if (argument.role == Argument::Out || !argument.element->isFloat())
      continue;
    const Element *element = getReferenceElement(argument);
    double unit = argument.element->getEpsilon();
    auto *data = static_cast<char *>(buffers[place].get());
    for (size_t n = 0, e = argument.getNumElements(); n < e; ++n) {
      char *at = data + argument.getPosition(n) * element->bytes;
      element->store(at,
                     element->load(at) * (random() & 1 ? 1 + unit : 1 - unit));
    }
  }
}

std::vector<void *> Operands::getPointers(const Function &function,
                                          const Sample *sample) const {
  std::vector<void *> pointers;
  auto add = [&](const int64_t &number) {
    pointers.push_back(const_cast<int64_t *>(&number)); // it is only read
  };
  auto addSample = [&] {
    if (sample) {
      add(sample->first);
      add(sample->step);
    }
    sample = nullptr;
  };
  for (size_t place = 0; place < buffers.size(); ++place) {
    const Argument &argument = function.arguments[place];
    if (argument.role == Argument::Out)
      addSample();
    pointers.push_back(buffers[place].get());
    for (const int64_t &number : argument.numbers)
      add(number);
  }
  addSample();
  return pointers;
}

} // namespace amos::run

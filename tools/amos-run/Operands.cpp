//===- Operands.cpp - The buffers of one call -----------------------------===//

#include "Operands.h"
#include <cstring>

namespace amos::run {

const Element *getReferenceElement(const Argument &argument) {
  bool isWidened = argument.element->isFloat() && argument.role != Argument::In;
  return isWidened ? findElement("f64") : argument.element;
}

static void fillRandom(const Argument &argument, char *data, uint64_t seed) {
  std::mt19937_64 random(seed);
  size_t bytes = argument.element->bytes;
  for (size_t n = 0, e = argument.getNumElements(); n < e; ++n)
    argument.element->storeRandom(data + n * bytes, random);
}

Operands Operands::createRandom(const Function &function, uint64_t seed,
                                Placement placement) {
  Operands operands;
  for (const Argument &argument : function.arguments) {
    uint64_t place = operands.buffers.size();
    Buffer buffer(argument.getNumBytes(), argument.element->bytes, placement);
    if (buffer.isValid() && argument.role == Argument::Out)
      std::memset(buffer.get(), 0xff, buffer.size());
    else if (buffer.isValid())
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
  for (size_t n = 0, e = argument.getNumElements(); n < e; ++n)
    target[n] = argument.element->load(source + n * argument.element->bytes);
}

Operands Operands::createWidened(const Function &function,
                                 const Operands &inputs) {
  Operands operands;
  for (const Argument &argument : function.arguments) {
    const Buffer &input = inputs[operands.buffers.size()];
    const Element *element = getReferenceElement(argument);
    Buffer buffer(argument.getNumElements() * element->bytes, element->bytes,
                  Placement::Staggered);
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
      element->makeAbsolute(data + n * element->bytes);
  }
}

std::vector<void *> Operands::getPointers() const {
  std::vector<void *> pointers;
  for (const Buffer &buffer : buffers)
    pointers.push_back(buffer.get());
  return pointers;
}

std::vector<void *> Operands::getPointers(const Function &function,
                                          Sample &sample) const {
  std::vector<void *> pointers = getPointers();
  size_t place = 0;
  while (place < pointers.size() &&
         function.arguments[place].role != Argument::Out)
    ++place;
  pointers.insert(pointers.begin() + static_cast<std::ptrdiff_t>(place),
                  {&sample.first, &sample.step});
  return pointers;
}

} // namespace amos::run

//===- Lock.cpp - Choices as text that people review ----------------------===//

#include "amos/Tuning/Lock.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace amos;
using llvm::StringRef;

static constexpr StringRef title = "amosc lock 1";

namespace {
/// A line of a block.
struct Field {
  StringRef name;
  std::string LockedChoice::*value;
  /// Of the operation, rather than of the choice for it.
  bool isIdentity;
};
} // namespace

static constexpr Field fields[] = {
    {"operation", &LockedChoice::name, true},
    {"types", &LockedChoice::types, true},
    {"operator", &LockedChoice::op, true},
    {"machine", &LockedChoice::machine, true},
    {"mapping", &LockedChoice::mapping, false},
    {"schedule", &LockedChoice::schedule, false},
    {"predicted", &LockedChoice::predicted, false},
    {"measured", &LockedChoice::measured, false},
};

const LockedChoice *Lock::find(StringRef key) const {
  for (const LockedChoice &choice : choices)
    if (choice.getKey() == key)
      return &choice;
  return nullptr;
}

void amos::printLock(const Lock &lock, llvm::raw_ostream &stream) {
  stream << title << ", by " << lock.tools << '\n';
  for (const LockedChoice &choice : lock.choices) {
    stream << '\n' << choice.getKey() << '\n';
    for (const Field &field : fields)
      stream << llvm::formatv("  {0,-10} {1}\n", field.name,
                              choice.*field.value);
  }
}

namespace {
class Parser {
public:
  explicit Parser(StringRef text) : rest(text) {}
  llvm::Expected<Lock> parse();

private:
  llvm::Error parseLine(StringRef line);
  llvm::Error fail(const llvm::Twine &problem) const {
    return llvm::createStringError("line " + llvm::Twine(number) + ": " +
                                   problem);
  }

  StringRef rest;
  unsigned number = 0;
  Lock lock;
};
} // namespace

llvm::Error Parser::parseLine(StringRef line) {
  if (line.trim().empty() || line.starts_with("#"))
    return llvm::Error::success();
  if (line.starts_with("@")) {
    auto [place, machines] = line.split(" for ");
    if (machines.empty())
      return fail("expected '@function#number for machines'");
    if (lock.find(line))
      return fail("'" + line + "' is there twice");
    lock.choices.emplace_back();
    lock.choices.back().place = place.str();
    lock.choices.back().machines = machines.str();
    return llvm::Error::success();
  }
  StringRef name = line.trim().split(' ').first;
  const auto *field =
      llvm::find_if(fields, [&](const Field &one) { return one.name == name; });
  if (field == std::end(fields) || lock.choices.empty())
    return fail("'" + name + "' is not expected here");
  lock.choices.back().*field->value =
      line.trim().drop_front(name.size()).trim().str();
  return llvm::Error::success();
}

llvm::Expected<Lock> Parser::parse() {
  while (!rest.empty()) {
    StringRef line;
    std::tie(line, rest) = rest.split('\n');
    ++number;
    if (number == 1) {
      if (!line.consume_front(title) || !line.consume_front(", by "))
        return fail("this is no lock, expected '" + title + ", by ..'");
      lock.tools = line.str();
    } else if (llvm::Error error = parseLine(line.rtrim())) {
      return std::move(error);
    }
  }
  if (number == 0)
    return fail("this is no lock, it is empty");
  return std::move(lock);
}

llvm::Expected<Lock> amos::parseLock(StringRef text) {
  return Parser(text).parse();
}

std::string amos::findDifference(const LockedChoice &locked,
                                 const LockedChoice &now) {
  std::string text;
  for (const Field &field : fields)
    if (field.isIdentity && locked.*field.value != now.*field.value)
      text += llvm::formatv("- {0,-10} {1}\n+ {0,-10} {2}\n", field.name,
                            locked.*field.value, now.*field.value);
  return text;
}

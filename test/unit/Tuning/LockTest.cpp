//===- LockTest.cpp - Choices as text -------------------------------------===//

#include "amos/Tuning/Lock.h"
#include <catch2/catch.hpp>

using namespace amos;

static LockedChoice makeChoice(std::string place) {
  LockedChoice choice;
  choice.place = std::move(place);
  choice.machines = "a+b";
  choice.name = "linalg.matmul";
  choice.types = "tensor<4x4xf32>";
  choice.op = "0123";
  choice.machine = "a 4567";
  choice.mapping = "#amos.mapping<@a::@b, [[0], [1]]>";
  choice.schedule = "#amos.schedule<..>";
  choice.predicted = "12 cycles";
  choice.measured = "no";
  return choice;
}

static std::string print(const Lock &lock) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  printLock(lock, stream);
  return text;
}

static std::string getProblem(llvm::StringRef text) {
  auto lock = parseLock(text);
  return lock ? "" : llvm::toString(lock.takeError());
}

TEST_CASE("a lock is read as it was written") {
  Lock lock{"amosc 0.1.0, LLVM 22", {makeChoice("@f#0"), makeChoice("@f#1")}};
  std::string text = print(lock);
  auto back = parseLock(text);
  REQUIRE(bool(back));
  CHECK(print(*back) == text);
  CHECK(back->tools == lock.tools);
  REQUIRE(back->find("@f#1 for a+b"));
  CHECK(back->find("@f#1 for a+b")->mapping == lock.choices[1].mapping);
  CHECK(!back->find("@f#1 for a"));
}

TEST_CASE("every cut of a lock is read or refused") {
  std::string text = print({"tools", {makeChoice("@f#0")}});
  for (size_t length = 0; length <= text.size(); ++length)
    if (auto lock = parseLock(llvm::StringRef(text).take_front(length)); !lock)
      llvm::consumeError(lock.takeError());
}

TEST_CASE("comments and empty lines say nothing") {
  std::string text = print({"tools", {makeChoice("@f#0")}});
  auto lock = parseLock(text + "\n# reviewed\n\n");
  REQUIRE(bool(lock));
  CHECK(print(*lock) == text);
}

TEST_CASE("what is no lock is refused at its line") {
  CHECK(getProblem("") == "line 0: this is no lock, it is empty");
  CHECK(getProblem("amosc lock 1, by x\n  mapping none\n") ==
        "line 2: 'mapping' is not expected here");
  CHECK(getProblem("amosc lock 1, by x\n@f#0\n") ==
        "line 2: expected '@function#number for machines'");
  CHECK(getProblem("amosc lock 1, by x\n@f#0 for a\n@f#0 for a\n") ==
        "line 3: '@f#0 for a' is there twice");
}

TEST_CASE("differences are those of the operation, not of the choice") {
  LockedChoice locked = makeChoice("@f#0"), now = locked;
  now.mapping = "none";
  now.predicted = "";
  CHECK(findDifference(locked, now).empty());
  now.op = "abcd";
  CHECK(findDifference(locked, now) ==
        "- operator   0123\n+ operator   abcd\n");
}

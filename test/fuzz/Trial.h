//===- Trial.h - One damaged input and what amosc says to it ----*- C++ -*-===//
#ifndef AMOS_TEST_FUZZ_TRIAL_H
#define AMOS_TEST_FUZZ_TRIAL_H

#include "Mutator.h"
#include "amos/Driver/Compile.h"

namespace amos::fuzz {

/// A file of the corpus, or a part of one.
struct Seed {
  Tokens tokens;
  bool isMachine = false;
};

/// The inputs that trials start from.
struct Corpus {
  std::vector<Seed> seeds;
  /// Those that are wrong as they are.
  std::vector<Seed> wrong;
  /// Small programs that machines are tried with, and machines for programs;
  /// files.
  std::vector<std::string> programs, machines;
};

struct Trial {
  CompileRequest request;
  /// "compile", "explain", "target check" or "target show".
  std::string verb;
  /// What the damaged file holds and where it goes.
  std::string text, path;

  /// The command that repeats the trial.
  std::string getCommand() const;
};

/// Trial number `index` of `seed`, in `folder`; depends on nothing else.
Trial makeTrial(const Corpus &corpus, const Mutator &mutator, uint64_t seed,
                uint64_t index, const std::string &folder);

/// Runs amosc on it as the command line would. Nothing, or what is wrong with
/// the answer: an undocumented exit status, no message, a file left behind, no
/// answer. `code` is the exit status.
std::string judge(const Trial &trial, int &code);

/// The first of `functions` that the stack of a crash, told in `problem`, has;
/// or nothing. One of several words is a message.
llvm::StringRef findFunction(llvm::StringRef problem,
                             const std::vector<std::string> &functions);

} // namespace amos::fuzz

#endif // AMOS_TEST_FUZZ_TRIAL_H

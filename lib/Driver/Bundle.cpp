//===- Bundle.cpp - Candidates in folders of limited size -----------------===//

#include "amos/Driver/Bundle.h"
#include "amos/Driver/Compile.h"
#include "amos/Driver/Output.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace amos;
using llvm::StringRef;

static constexpr llvm::StringLiteral description = "bundle.json";
static constexpr llvm::StringLiteral reference = "reference.so";
static constexpr llvm::StringLiteral shardPrefix = "shard-";

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

namespace {
/// One folder that can be measured on its own.
struct Shard {
  std::vector<BundleFile> files;

  uint64_t getSize() const {
    uint64_t size = 0;
    for (const BundleFile &file : files)
      size += file.bytes.size();
    return size;
  }
};

/// Deals compiled candidates to shards.
class Layout {
public:
  Layout(llvm::ArrayRef<CompiledCandidate> candidates, std::string reference,
         BundleOptions options)
      : candidates(candidates), library(std::move(reference)),
        options(std::move(options)) {}

  std::vector<Shard> deal(unsigned count) const;

private:
  Shard makeShard(unsigned number, unsigned count) const;

  llvm::ArrayRef<CompiledCandidate> candidates;
  std::string library;
  BundleOptions options;
};
} // namespace

/// Every `count`-th candidate, so that each shard has some of every kind. What
/// was skipped is listed in the first one.
Shard Layout::makeShard(unsigned number, unsigned count) const {
  Shard shard;
  std::vector<BundleEntry> entries;
  unsigned place = 0;
  for (const CompiledCandidate &candidate : candidates) {
    bool isSkipped = candidate.entry.file.empty();
    if (isSkipped ? number != 0 : place++ % count != number)
      continue;
    entries.push_back(candidate.entry);
    if (!isSkipped)
      shard.files.push_back({candidate.entry.file, candidate.library});
  }
  BundleOptions own = options;
  own.shard = number;
  own.shards = count;
  own.reference = reference.str();
  std::string text;
  llvm::raw_string_ostream stream(text);
  emitBundle(entries, own, stream);
  shard.files.push_back({reference.str(), library});
  shard.files.push_back({description.str(), text});
  return shard;
}

std::vector<Shard> Layout::deal(unsigned count) const {
  std::vector<Shard> shards;
  for (unsigned number = 0; number < count; ++number)
    shards.push_back(makeShard(number, count));
  return shards;
}

static bool fits(llvm::ArrayRef<Shard> shards, uint64_t limit) {
  return limit == 0 || llvm::all_of(shards, [&](const Shard &shard) {
           return shard.getSize() <= limit;
         });
}

/// As few shards as are asked for and as the limit allows; none when one
/// candidate alone does not fit.
static std::vector<Shard> dealWithinLimit(const Layout &layout,
                                          const BundleRequest &request,
                                          unsigned candidates) {
  unsigned most = std::max(request.shards, candidates);
  for (unsigned count = request.shards; count <= most; ++count) {
    std::vector<Shard> shards = layout.deal(count);
    if (fits(shards, request.limit))
      return shards;
  }
  reportError("one candidate with its reference does not fit into " +
              llvm::Twine(request.limit) + " bytes, the limit of a bundle");
  return {};
}

static std::vector<BundleFile> flatten(std::vector<Shard> shards) {
  std::vector<BundleFile> files;
  auto width = std::to_string(shards.size() - 1).size();
  for (auto [number, shard] : llvm::enumerate(shards)) {
    std::string digits = std::to_string(number);
    std::string folder = shards.size() == 1
                             ? std::string()
                             : shardPrefix.str() +
                                   std::string(width - digits.size(), '0') +
                                   digits + "/";
    for (BundleFile &file : shard.files)
      files.push_back({folder + file.path, std::move(file.bytes)});
  }
  return files;
}

//===----------------------------------------------------------------------===//
// Contents
//===----------------------------------------------------------------------===//

static std::string spell(Sampling sampling) {
  switch (sampling) {
  case Sampling::Best:
    return "best";
  case Sampling::Random:
    return "random";
  case Sampling::Mixed:
    return "mixed";
  }
  llvm_unreachable("covered switch");
}

unsigned amos::countUsable(llvm::ArrayRef<CompiledCandidate> candidates) {
  unsigned usable = 0;
  StringRef problem;
  for (const CompiledCandidate &candidate : candidates) {
    usable += candidate.entry.problem.empty();
    if (problem.empty())
      problem = candidate.entry.problem;
  }
  if (candidates.empty())
    reportError("the program has no operation with a mapping to measure");
  else if (usable == 0)
    reportError("no candidate can be compiled; the first one: " + problem);
  else if (usable < candidates.size())
    reportWarning(llvm::Twine(candidates.size() - usable) + " of " +
                  llvm::Twine(candidates.size()) +
                  " candidates cannot be compiled, 'skipped' in '" +
                  description + "' says why");
  return usable;
}

ExitCode amos::makeReference(Compiler &compiler, std::string &library) {
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  ExitCode code = getInfo(Output::Reference).write(compiler, {}, stream);
  library = bytes.str().str();
  return code;
}

ExitCode amos::layOutBundle(Compiler &compiler,
                            llvm::ArrayRef<CompiledCandidate> compiled,
                            const std::string &reference,
                            const BundleRequest &request, StringRef sampling,
                            std::vector<BundleFile> &files) {
  BundleOptions options;
  options.producer = "amosc " AMOS_VERSION;
  options.tools = describeTools(isDevice(compiler.getModule()));
  options.targets = compiler.getMachines();
  options.sampling = sampling.str();
  options.seed = compiler.getOptions().pipeline.seed;
  auto usable = llvm::count_if(compiled, [](const CompiledCandidate &one) {
    return one.entry.problem.empty();
  });
  Layout layout(compiled, reference, options);
  std::vector<Shard> shards =
      dealWithinLimit(layout, request, static_cast<unsigned>(usable));
  if (shards.empty())
    return ExitCode::Usage;
  files = flatten(std::move(shards));
  return ExitCode::Success;
}

/// Draws the candidates of every operation.
static mlir::LogicalResult draw(Compiler &compiler,
                                const BundleRequest &request,
                                std::vector<ChosenCandidate> &chosen) {
  uint64_t seed = compiler.getOptions().pipeline.seed;
  for (const Subject &subject : findSubjects(compiler.getModule())) {
    auto drawn = drawCandidates(subject.op, request.sampling,
                                request.candidates, seed++);
    if (failed(drawn))
      return mlir::failure();
    for (const DrawnCandidate &one : *drawn)
      chosen.push_back({subject, one});
  }
  return mlir::success();
}

ExitCode amos::makeBundle(Compiler &compiler, const BundleRequest &request,
                          std::vector<BundleFile> &files) {
  if (ExitCode code = compiler.runThrough(Stage::SelectMapping);
      code != ExitCode::Success)
    return code;
  std::string library;
  if (ExitCode code = makeReference(compiler, library);
      code != ExitCode::Success)
    return code;
  std::vector<ChosenCandidate> chosen;
  if (failed(draw(compiler, request, chosen)))
    return ExitCode::Input;
  std::vector<CompiledCandidate> compiled;
  if (ExitCode code =
          compileCandidates(compiler, chosen, request.jobs, compiled);
      code != ExitCode::Success)
    return code;
  if (countUsable(compiled) == 0)
    return ExitCode::Input;
  return layOutBundle(compiler, compiled, library, request,
                      ::spell(request.sampling), files);
}

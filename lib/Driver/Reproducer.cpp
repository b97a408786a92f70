//===- Reproducer.cpp - What a crash leaves behind ------------------------===//

#include "amos/Driver/Reproducer.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/Compile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/TargetParser/Host.h"

using namespace amos;
using llvm::StringRef;

/// The words of the command line.
static std::vector<std::string> &getWords() {
  static std::vector<std::string> words;
  return words;
}

void amos::rememberInvocation(int argc, char **argv) {
  getWords().assign(argv, argv + argc);
}

std::vector<std::string> amos::getInvocation() {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char *> words;
  for (const std::string &word : getWords())
    words.push_back(word.c_str());
  llvm::cl::ExpandResponseFiles(saver, llvm::cl::TokenizeGNUCommandLine, words);
  return {words.begin(), words.end()};
}

std::vector<std::string> amos::readCommand(StringRef folder) {
  auto buffer = llvm::MemoryBuffer::getFile(folder + "/command");
  if (!buffer)
    return {};
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char *> words;
  llvm::cl::TokenizeGNUCommandLine((*buffer)->getBuffer(), saver, words);
  return {words.begin(), words.end()};
}

std::string amos::findOwnProgram(StringRef name) {
  static int anchor;
  std::string self = llvm::sys::fs::getMainExecutable(
      getInvocation().front().c_str(), &anchor);
  llvm::SmallString<128> beside(llvm::sys::path::parent_path(self));
  llvm::sys::path::append(beside, name);
  if (llvm::sys::fs::can_execute(beside))
    return beside.str().str();
  auto found = llvm::sys::findProgramByName(name);
  return found ? *found : std::string();
}

namespace {
/// The files of one reproducer.
class Reproducer {
public:
  Reproducer(const CompilerOptions &options, StringRef folder)
      : options(options), folder(folder) {}
  void add(StringRef name, StringRef text) {
    files.push_back({(folder + "/" + name).str(), text});
  }
  void addInput();
  void addCommand();
  llvm::Error write() { return writeArtifacts(files); }

private:
  std::string copyMachines(StringRef target);

  const CompilerOptions &options;
  StringRef folder;
  std::vector<Artifact> files;
  unsigned machines = 0;
};
} // namespace

void Reproducer::addInput() {
  if (options.input == "-")
    return add("input.mlir", options.standardInput);
  if (auto buffer = llvm::MemoryBuffer::getFile(options.input))
    add("input.mlir", (*buffer)->getBuffer());
}

/// `target` with its files replaced by copies beside the input.
std::string Reproducer::copyMachines(StringRef target) {
  llvm::SmallVector<std::string> parts;
  for (StringRef part : llvm::split(target, '+')) {
    auto buffer = llvm::MemoryBuffer::getFile(part);
    bool isFile = part.ends_with(".mlir") && buffer;
    parts.push_back(isFile ? "machine" + std::to_string(++machines) + ".mlir"
                           : part.str());
    if (isFile)
      add(parts.back(), (*buffer)->getBuffer());
  }
  return llvm::join(parts, "+");
}

void Reproducer::addCommand() {
  std::string text = "amosc";
  llvm::raw_string_ostream stream(text);
  std::vector<std::string> words = getInvocation();
  for (size_t at = 1; at < words.size(); ++at) {
    StringRef word = words[at];
    bool isTarget = words[at - 1] == "--target";
    std::string copied = word.str();
    if (word.consume_front("--target="))
      copied = "--target=" + copyMachines(word);
    else if (isTarget)
      copied = copyMachines(word);
    else if (word == options.input)
      copied = "input.mlir";
    llvm::sys::printArg(stream << ' ', copied, /*Quote=*/false);
  }
  stream << '\n';
  add("command", text);
}

/// The folder, or nothing if it cannot be written.
static std::string writeReproducer(const CompilerOptions &options,
                                   const llvm::Twine &failure) {
  llvm::SmallString<128> folder;
  if (llvm::sys::fs::createUniqueDirectory("amosc-crash", folder))
    return {};
  Reproducer reproducer(options, folder);
  reproducer.addInput();
  reproducer.addCommand();
  reproducer.add("about",
                 ("amosc " AMOS_VERSION ", LLVM " LLVM_VERSION_STRING ", " +
                  llvm::sys::getDefaultTargetTriple() + " " +
                  llvm::sys::getHostCPUName() + "\n" + failure + "\n")
                     .str());
  llvm::consumeError(reproducer.write());
  return folder.str().str();
}

ExitCode amos::runReproducibly(const CompilerOptions &options,
                               llvm::function_ref<ExitCode(Progress &)> work) {
  return runInChild(work, [&](const Progress &progress, StringRef death) {
    std::string failure =
        ("amosc failed in stage '" + StringRef(progress.stage) + "': " + death)
            .str();
    reportError(failure);
    std::string folder = writeReproducer(options, failure);
    if (folder.empty())
      return;
    reportNote("please report this with the input and the command in '" +
               folder + "'");
    reportNote("'amosc reduce " + folder + "' makes the input smaller");
  });
}

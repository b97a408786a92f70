//===- CompileCandidates.cpp - One object for each candidate --------------===//
//
// Each candidate is compiled in a child of its own: what it does to the program
// ends with the child, and so does whatever goes wrong.
//
//===----------------------------------------------------------------------===//

#include "amos/Driver/Artifact.h"
#include "amos/Driver/Bundle.h"
#include "amos/Driver/Output.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace amos;
using llvm::StringRef;
using mlir::linalg::LinalgOp;

namespace {
/// The files through which a child hands back what it made.
struct Exchange {
  std::string library, manifest, log;
};

/// One candidate to compile.
struct Task {
  Subject subject;
  CandidateAttr candidate;
  Exchange exchange;
};
} // namespace

//===----------------------------------------------------------------------===//
// In the child
//===----------------------------------------------------------------------===//

/// Leaves the candidate's function alone in the program.
static void isolate(mlir::ModuleOp module, mlir::func::FuncOp function) {
  for (auto other :
       llvm::make_early_inc_range(module.getOps<mlir::func::FuncOp>()))
    if (other != function &&
        mlir::SymbolTable::symbolKnownUseEmpty(other.getSymNameAttr(), module))
      other.erase();
}

/// Selecting again proves the mapping with the candidate's schedule.
static ExitCode choose(Compiler &compiler, Subject subject,
                       CandidateAttr candidate) {
  subject.op->setAttr("amos.mapping", candidate.getMapping());
  subject.op->setAttr("amos.schedule", candidate.getSchedule());
  isolate(compiler.getModule(), subject.function);
  mlir::PassManager passes(compiler.getContext());
  getInfo(Stage::SelectMapping).build(passes, compiler.getOptions().pipeline);
  return succeeded(passes.run(compiler.getModule())) ? ExitCode::Success
                                                     : ExitCode::Input;
}

static ExitCode write(Compiler &compiler, Output output, StringRef path) {
  Artifact artifact{path.str(), {}};
  llvm::raw_svector_ostream stream(artifact.bytes);
  ExitCode code = getInfo(output).write(compiler, {}, stream);
  if (code != ExitCode::Success)
    return code;
  if (llvm::Error error = writeArtifacts(artifact)) {
    reportError(llvm::toString(std::move(error)));
    return ExitCode::Environment;
  }
  return ExitCode::Success;
}

static ExitCode compileHere(Compiler &compiler, Subject subject,
                            CandidateAttr candidate, const Exchange &exchange) {
  redirectErrors(exchange.log);
  compiler.stopDumping();
  ExitCode code = choose(compiler, subject, candidate);
  if (code == ExitCode::Success)
    code = compiler.runThrough(Stage::Emit);
  if (code == ExitCode::Success)
    code = write(compiler, Output::SharedObject, exchange.library);
  if (code == ExitCode::Success)
    code = write(compiler, Output::Manifest, exchange.manifest);
  return code;
}

//===----------------------------------------------------------------------===//
// In the parent
//===----------------------------------------------------------------------===//

static std::string read(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

/// What became of a task; the files it left are read and removed.
static void take(Task &task, ExitCode code, StringRef death,
                 CompiledCandidate &compiled) {
  BundleEntry &entry = compiled.entry;
  const Exchange &exchange = task.exchange;
  entry.function = task.subject.function.getSymName().str();
  entry.operation = task.subject.number;
  entry.mapping = task.candidate.getMapping().getId();
  llvm::raw_string_ostream(entry.schedule) << task.candidate.getSchedule();
  if (code == ExitCode::Success) {
    entry.file = entry.name + ".so";
    entry.manifest = read(exchange.manifest);
    compiled.library = read(exchange.library);
  } else {
    entry.problem = death.empty() ? findFirstError(read(exchange.log))
                                  : ("the compiler failed: " + death).str();
  }
  for (StringRef path : {exchange.library, exchange.manifest, exchange.log})
    llvm::sys::fs::remove(path);
}

/// Nothing where the function does more, as its time is not the operator's.
static std::optional<BundleSubject> describe(const Subject &subject,
                                             MappingAttr mapping) {
  if (!isAlone(subject.op))
    return std::nullopt;
  IntrinsicOp intrinsic = findIntrinsic(subject.op, mapping);
  BundleSubject described;
  described.fingerprint = subject.described.fingerprint;
  described.name = subject.described.name;
  described.text = subject.described.text;
  described.machine = getFingerprint(describeMachine(intrinsic));
  described.machineName =
      intrinsic->getParentOfType<AcceleratorOp>().getSymName().str();
  llvm::raw_string_ostream(described.mapping) << mapping;
  return described;
}

static std::string spellIntrinsic(CandidateAttr candidate) {
  std::string text = "the intrinsic ";
  llvm::raw_string_ostream(text) << candidate.getMapping().getIntrinsic();
  return text;
}

std::vector<Subject> amos::findSubjects(mlir::ModuleOp module) {
  std::vector<Subject> subjects;
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    int64_t number = 0;
    if (function.isPublic())
      function.walk([&](LinalgOp op) {
        if (mlir::isa<mlir::linalg::FillOp>(op) || op.getDpsInits().empty())
          return;
        if (op->hasAttr("amos.mapping"))
          subjects.push_back({op, function, number, describeOperator(op)});
        ++number;
      });
  }
  return subjects;
}

static std::string spell(Origin origin) {
  switch (origin) {
  case Origin::Model:
    return "model";
  case Origin::Random:
    return "random";
  case Origin::Search:
    return "search";
  }
  llvm_unreachable("covered switch");
}

/// Lists what is to be compiled, and names it in `compiled`.
static std::vector<Task> planTasks(llvm::ArrayRef<ChosenCandidate> chosen,
                                   StringRef folder,
                                   std::vector<CompiledCandidate> &compiled) {
  std::vector<Task> tasks;
  for (const auto &[subject, drawn] : chosen) {
    std::string name = llvm::formatv("c{0,0+4}", compiled.size());
    std::string path = (folder + "/" + name).str();
    tasks.push_back({subject,
                     drawn.candidate,
                     {path + ".so", path + ".json", path + ".log"}});
    compiled.emplace_back();
    BundleEntry &entry = compiled.back().entry;
    entry.name = name;
    entry.origin = spell(drawn.origin);
    entry.subject = describe(subject, drawn.candidate.getMapping());
  }
  return tasks;
}

ExitCode amos::compileCandidates(Compiler &compiler,
                                 llvm::ArrayRef<ChosenCandidate> chosen,
                                 unsigned jobs,
                                 std::vector<CompiledCandidate> &compiled) {
  llvm::SmallString<128> folder;
  if (std::error_code code =
          llvm::sys::fs::createUniqueDirectory("amosc-candidates", folder)) {
    reportError("cannot create a temporary folder: " + code.message());
    return ExitCode::Environment;
  }
  std::vector<Task> tasks = planTasks(chosen, folder, compiled);
  // A forked child has none of its parent's threads, but would wait for them.
  compiler.getContext()->disableMultithreading();
  runInChildren(
      tasks.size(), jobs,
      [&](size_t n, Progress &progress) {
        const Task &task = tasks[n];
        setText(progress.blame, spellIntrinsic(task.candidate));
        return compileHere(compiler, task.subject, task.candidate,
                           task.exchange);
      },
      [&](size_t n, ExitCode code, StringRef death) {
        take(tasks[n], code, death, compiled[n]);
      });
  llvm::sys::fs::remove_directories(folder);
  return ExitCode::Success;
}

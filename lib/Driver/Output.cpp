//===- Output.cpp - What a compilation can write --------------------------===//

#include "amos/Driver/Output.h"
#include "amos/Driver/CheckCode.h"
#include "amos/Driver/Kernels.h"
#include "amos/Driver/Link.h"
#include "amos/Report/Entry.h"
#include "amos/Report/Explanation.h"
#include "amos/Report/Header.h"
#include "amos/Report/Manifest.h"
#include "amos/Target/LLVM/Emit.h"
#include "amos/Target/LLVM/ReferencePipeline.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace amos;

static ExitCode printModule(Compiler &compiler, llvm::ArrayRef<PlannedFile>,
                            llvm::raw_pwrite_stream &stream) {
  compiler.getModule().print(stream);
  return ExitCode::Success;
}

static ExitCode printExplanation(Compiler &compiler,
                                 llvm::ArrayRef<PlannedFile>,
                                 llvm::raw_pwrite_stream &stream) {
  Explanation::get(compiler.getModule(), &compiler.getSources())
      .printJson(stream);
  return ExitCode::Success;
}

template <EmitKind kind>
static ExitCode emit(Compiler &compiler, llvm::ArrayRef<PlannedFile>,
                     llvm::raw_pwrite_stream &stream) {
  if (ExitCode code = embedKernels(compiler); code != ExitCode::Success)
    return code;
  return emitNative(compiler, kind, /*hasLocations=*/false, stream);
}

static ExitCode writeShared(Compiler &compiler,
                            llvm::ArrayRef<PlannedFile> files,
                            llvm::raw_pwrite_stream &stream) {
  llvm::SmallString<0> object;
  llvm::raw_svector_ostream objectStream(object);
  if (ExitCode code = emit<EmitKind::Object>(compiler, files, objectStream);
      code != ExitCode::Success)
    return code;
  return linkShared(object, usesThreads(compiler.getModule()), stream);
}

/// What results are compared with is made from the input, not from what the
/// compiler made of it.
static ExitCode writeReference(Compiler &compiler, llvm::ArrayRef<PlannedFile>,
                               llvm::raw_pwrite_stream &stream) {
  if (!compiler.getInput()) {
    reportError("a dump of a later stage does not hold the program that the "
                "reference is made from; compile from the source");
    return ExitCode::Usage;
  }
  mlir::OwningOpRef<mlir::ModuleOp> reference = compiler.getInput().clone();
  for (auto machine :
       llvm::make_early_inc_range(reference->getOps<AcceleratorOp>()))
    machine.erase();
  mlir::PassManager passes(compiler.getContext());
  buildReferencePipeline(passes);
  if (failed(passes.run(*reference)))
    return ExitCode::Input;
  llvm::SmallString<0> object;
  llvm::raw_svector_ostream objectStream(object);
  if (llvm::Error error = emitModule(*reference, EmitKind::Object, CpuOptions(),
                                     objectStream)) {
    reportError(llvm::toString(std::move(error)));
    return ExitCode::Input;
  }
  return linkShared(object, usesThreads(*reference), stream);
}

static ExitCode writeHeader(Compiler &compiler, llvm::ArrayRef<PlannedFile>,
                            llvm::raw_pwrite_stream &stream) {
  return succeeded(emitHeader(compiler.getModule(),
                              compiler.getOptions().pipeline.prefix, stream))
             ? ExitCode::Success
             : ExitCode::Input;
}

/// What the manifest calls the files it lists; empty for those it does not.
static llvm::StringRef getManifestKind(Output output) {
  switch (output) {
  case Output::Object:
    return "object";
  case Output::SharedObject:
    return "library";
  case Output::Reference:
    return "reference";
  case Output::Header:
    return "header";
  case Output::Assembly:
    return "assembly";
  case Output::Llvm:
    return "ir";
  case Output::Ptx:
    return "ptx";
  case Output::Cubin:
    return "cubin";
  case Output::Fatbin:
    return "fatbin";
  default:
    return {};
  }
}

/// `path` as it is written in a manifest that lies in `folder`.
static std::string getRelative(llvm::StringRef path, llvm::StringRef folder) {
  if (llvm::sys::path::parent_path(path) == folder)
    return llvm::sys::path::filename(path).str();
  llvm::SmallString<128> absolute(path);
  if (llvm::sys::fs::make_absolute(absolute))
    return path.str();
  return absolute.str().str();
}

static void listFiles(llvm::ArrayRef<PlannedFile> files,
                      ManifestOptions &options) {
  llvm::StringRef folder;
  for (const PlannedFile &file : files)
    if (file.output == Output::Manifest)
      folder = llvm::sys::path::parent_path(file.path);
  for (const PlannedFile &file : files)
    if (llvm::StringRef kind = getManifestKind(file.output); !kind.empty())
      options.artifacts.push_back({kind.str(), getRelative(file.path, folder)});
}

static ExitCode writeManifest(Compiler &compiler,
                              llvm::ArrayRef<PlannedFile> files,
                              llvm::raw_pwrite_stream &stream) {
  if (ExitCode code = readCode(compiler); code != ExitCode::Success)
    return code;
  if (ExitCode code = compiler.assembleKernels(); code != ExitCode::Success)
    return code;
  ManifestOptions options;
  options.producer = "amosc " AMOS_VERSION;
  options.prefix = compiler.getOptions().pipeline.prefix;
  for (const std::string &machine : compiler.getMachines())
    options.targets.push_back(machine);
  listFiles(files, options);
  return succeeded(emitManifest(compiler.getModule(), options, stream))
             ? ExitCode::Success
             : ExitCode::Input;
}

static const OutputInfo outputs[] = {
    {Output::Candidates, "candidates", ".bundle", Stage::SelectMapping,
     "a folder of candidates to measure elsewhere", nullptr},
    {Output::Explain, "explain", ".explain.json", Stage::SelectMapping,
     "the explanation of every choice, as JSON", printExplanation},
    {Output::Mapped, "mapped", ".mapped.mlir", Stage::ApplyMapping,
     "the mapped program: loops over tiles", printModule},
    {Output::Mlir, "mlir", ".lowered.mlir", Stage::Lower,
     "the program in the LLVM dialect", printModule},
    {Output::Ptx, "ptx", ".ptx", Stage::Lower, "the kernels as PTX", writePtx},
    {Output::Cubin, "cubin", ".cubin", Stage::Lower,
     "the kernels as machine code", writeCubin},
    {Output::Fatbin, "fatbin", ".fatbin", Stage::Lower,
     "the kernels as machine code and PTX", writeFatbin},
    {Output::Sass, "sass", ".sass", Stage::Lower,
     "the kernels' machine code, disassembled", writeSass},
    {Output::Llvm, "llvm", ".ll", Stage::Emit, "LLVM IR", emit<EmitKind::LLVM>},
    {Output::Assembly, "asm", ".s", Stage::Emit, "assembly",
     emit<EmitKind::Assembly>},
    {Output::Object, "obj", ".o", Stage::Emit,
     "an object that needs libc and libm, and with --threads an OpenMP runtime",
     emit<EmitKind::Object>},
    {Output::SharedObject, "so", ".so", Stage::Emit, "a shared object",
     writeShared},
    {Output::Reference, "reference", ".reference.so", Stage::Emit,
     "a shared object of plain loops to compare results with", writeReference},
    {Output::Header, "header", ".h", Stage::Emit, "the C header", writeHeader},
    {Output::Manifest, "manifest", ".json", Stage::Emit,
     "what was compiled and how to call it, as JSON", writeManifest},
};

llvm::ArrayRef<OutputInfo> amos::getOutputs() { return outputs; }

const OutputInfo &amos::getInfo(Output output) {
  return *llvm::find_if(
      outputs, [&](const OutputInfo &info) { return info.output == output; });
}

std::optional<Output> amos::findOutput(llvm::StringRef name) {
  for (const OutputInfo &info : outputs)
    if (info.name == name)
      return info.output;
  return std::nullopt;
}

llvm::SmallVector<Output> amos::getOutputsFor(llvm::StringRef path) {
  llvm::StringRef extension = llvm::sys::path::extension(path);
  if (extension == ".mlir")
    return {Output::Mapped};
  if (extension == ".o")
    return {Output::Object, Output::Header};
  for (const OutputInfo &info : outputs)
    if (info.suffix == extension)
      return {info.output};
  return {};
}

//===- EntryBuilder.h - The C functions of one kernel -----------*- C++ -*-===//
#ifndef AMOS_LIB_TARGET_LLVM_ENTRYBUILDER_H
#define AMOS_LIB_TARGET_LLVM_ENTRYBUILDER_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace amos {

struct Parameter;
struct Signature;

/// The statuses of the C interface.
enum Status : int32_t {
  Ok = 0,
  BadArgument = 1,
  BadWorkspace = 2,
  MissingFeature = 3,
  MissingDriver = 4,
  MissingCode = 5,
  FirstDriverError = 1000,
};

/// The internal `const char *(int32_t status)` behind every `NAME_error`.
static constexpr llvm::StringLiteral errorName = "amos.error";

/// In front of the names of what the C functions call.
static constexpr llvm::StringLiteral kernelPrefix = "amos.kernel.";

/// A parameter of the C entry and of the kernel behind it.
struct EntryParameter {
  mlir::Type type; ///< in the entry: pointer or integer, or a float as C has it
  mlir::Type kernelType; ///< in the kernel
  int64_t bytes; ///< the natural alignment of the elements behind a pointer
  std::optional<int64_t> least = {}; ///< of an extent, an offset, a stride
  bool isExtent = false;
  bool isPointer() const {
    return mlir::isa<mlir::LLVM::LLVMPointerType>(type);
  }
};

/// Adds the C functions of one function of the source. Its kernels are the code
/// for each machine: the first one runs whose machine is there.
class EntryBuilder {
public:
  EntryBuilder(mlir::ModuleOp module,
               llvm::ArrayRef<mlir::LLVM::LLVMFuncOp> kernels,
               llvm::StringRef name, llvm::StringRef prefix)
      : module(module), kernels(kernels), kernel(kernels.front()),
        prefix(prefix), name((prefix + name).str()),
        b(mlir::ImplicitLocOpBuilder::atBlockEnd(kernel.getLoc(),
                                                 module.getBody())) {}
  mlir::LogicalResult build();

private:
  mlir::LogicalResult readKernels();
  mlir::LogicalResult readParameters();
  mlir::FailureOr<EntryParameter> readParameter(const Parameter &parameter,
                                                mlir::Type kernelType);
  mlir::LogicalResult readVariant(mlir::LLVM::LLVMFuncOp variant);
  void hideKernels();
  mlir::LogicalResult addEntry();
  /// Lets `call` add what runs, and returns, for the first variant whose
  /// machine is there.
  mlir::LogicalResult
  addAttempts(llvm::function_ref<void(mlir::LLVM::LLVMFuncOp)> call);
  mlir::FailureOr<mlir::Value> isPresent(mlir::LLVM::LLVMFuncOp variant);
  mlir::Value isDevicePresent(mlir::LLVM::LLVMFuncOp variant);
  /// Tells the launcher of a call for `stream`.
  void beginRun(mlir::Value stream);
  mlir::Value endRun();
  /// What is returned where no machine is there.
  void returnAbsence();
  /// Calls one variant and returns its status.
  void callKernel(mlir::LLVM::LLVMFuncOp variant,
                  llvm::SmallVector<mlir::Value> arguments);
  void addUniformEntry();
  mlir::LogicalResult addPacker(const Signature &signature, unsigned n);
  mlir::FailureOr<mlir::LLVM::LLVMFuncOp>
  findPacker(mlir::LLVM::LLVMFuncOp variant, unsigned n, int64_t &bytes);
  mlir::LogicalResult addPackers();
  void addWorkspaceSize();
  void addError();

  mlir::LLVM::LLVMFuncOp addFunction(const llvm::Twine &suffix,
                                     mlir::Type result,
                                     llvm::ArrayRef<mlir::Type> parameters);
  mlir::Value constant(mlir::Type type, int64_t value);
  mlir::Value isNull(mlir::Value pointer);
  mlir::Value isMisaligned(mlir::Value pointer, int64_t bytes);
  mlir::Value isBadWorkspace(mlir::Value workspace);
  /// The bytes of workspace that extents need.
  mlir::Value getWorkspaceSize(mlir::ValueRange extents);
  /// Those of `values`, one for each parameter, that are dynamic extents.
  llvm::SmallVector<mlir::Value> getExtents(mlir::ValueRange values) const;
  void checkExtents(mlir::ValueRange extents);
  void checkWorkspace(mlir::Value workspace, mlir::ValueRange extents);
  void checkParameter(mlir::Value value, const EntryParameter &parameter);
  mlir::Value loadParameter(mlir::Value buffers, unsigned n);
  mlir::Value castToKernel(mlir::Value value, const EntryParameter &parameter);
  mlir::Block *branchIf(mlir::Value condition);
  void returnIf(mlir::Value condition, Status status);
  void returnStatus(mlir::Value status) {
    mlir::LLVM::ReturnOp::create(b, status);
  }

  mlir::ModuleOp module;
  llvm::ArrayRef<mlir::LLVM::LLVMFuncOp> kernels;
  mlir::LLVM::LLVMFuncOp kernel; ///< the first, which all agree with
  llvm::StringRef prefix;
  std::string name;
  mlir::ImplicitLocOpBuilder b;
  llvm::SmallVector<EntryParameter> parameters;
  unsigned numDynamicExtents = 0;
  int64_t workspaceBytes = 0;
  bool takesWorkspace = false;
  bool isOnDevice = false; ///< launches kernels: takes a stream and a run
  mlir::LLVM::LLVMFuncOp entry;
  mlir::Value run; ///< in the entry, what the launcher keeps of this call
  /// Per kernel, what tells whether its machine is there.
  llvm::DenseMap<mlir::Operation *, mlir::LLVM::LLVMFuncOp> checks;
};

} // namespace amos

#endif // AMOS_LIB_TARGET_LLVM_ENTRYBUILDER_H

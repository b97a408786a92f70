//===- Verify.h - What the verifiers of the parts share ---------*- C++ -*-===//
//
// Private to the dialect.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_VERIFY_H
#define AMOS_VERIFY_H

#include "Amos/AmosDialect.h"
#include "Amos/Families.h"
#include "mlir/IR/DialectInterface.h"
#include "llvm/ADT/DenseSet.h"
#include <mutex>
#include <string>

namespace amos {

/// More places than this are not checked one by one.
constexpr int64_t mostPlaces = int64_t(1) << 20;

/// What one argument or result of a region has to be.
struct Expected {
  enum Kind { Anything, Integer, Address, Exactly };
  Kind kind;
  std::string meaning;
  mlir::Type type = {};

  bool accepts(mlir::Type actual) const;
  /// The kind in words.
  std::string describe() const;
};

/// Checks arguments and yielded values of a region that is present.
mlir::LogicalResult verifyRegion(mlir::Operation *op, mlir::Region &region,
                                 llvm::StringRef name,
                                 llvm::ArrayRef<Expected> arguments,
                                 llvm::ArrayRef<Expected> results);

/// Reports a name that is missing or of another kind, and the nearest name.
mlir::LogicalResult reportNoPart(mlir::Operation *op,
                                 mlir::FlatSymbolRefAttr ref,
                                 llvm::StringRef kind, mlir::Operation *found);

/// The part a description refers to.
template <typename Part>
mlir::FailureOr<Part> findPart(mlir::Operation *op, mlir::FlatSymbolRefAttr ref,
                               mlir::SymbolTableCollection &symbols) {
  mlir::Operation *found =
      symbols.lookupSymbolIn(op->getParentOp(), ref.getAttr());
  if (Part part = llvm::dyn_cast_or_null<Part>(found))
    return part;
  return reportNoPart(op, ref, Part::getOperationName(), found);
}

/// `value`, when it is given, is positive.
mlir::LogicalResult verifyPositive(mlir::Operation *op, llvm::StringRef name,
                                   std::optional<int64_t> value);
mlir::LogicalResult verifyPositive(mlir::Operation *op, llvm::StringRef name,
                                   const std::optional<llvm::APFloat> &value);
/// `value`, when it is given, is a power of two.
mlir::LogicalResult verifyPowerOfTwo(mlir::Operation *op, llvm::StringRef name,
                                     std::optional<int64_t> value);
/// Both attributes are there or none is.
mlir::LogicalResult verifyTogether(mlir::Operation *op, mlir::Attribute first,
                                   llvm::StringRef firstName,
                                   mlir::Attribute second,
                                   llvm::StringRef secondName);
/// Ascending numbers in [0, end).
mlir::LogicalResult
verifyDimensions(mlir::Operation *op, llvm::StringRef name,
                 std::optional<llvm::ArrayRef<int64_t>> dimensions,
                 int64_t end);

/// `unit`, which may be null, is `issue` or made of it.
mlir::LogicalResult verifyUnit(mlir::Operation *op, ScopeOp issue,
                               mlir::FlatSymbolRefAttr unit,
                               mlir::SymbolTableCollection &symbols);

/// One operand of a copy or intrinsic as its lowering meets it.
struct PlacedOperand {
  std::string name;              ///< as diagnostics call it
  mlir::Attribute placement;     ///< where it is
  llvm::ArrayRef<int64_t> shape; ///< extents of the tile
  int64_t elementBytes;
  mlir::Type elementType; ///< null where only the size is known
  ScopeOp issue;
  bool canBeWider = false; ///< registers may hold larger floats
};

/// Checks a placement on its own and appends what a lowering receives for it to
/// `arguments`. `received` are the types of the lowering's arguments, empty
/// when there is none. Strides are left out when a state takes them; how many
/// there are is added to `strides`.
mlir::LogicalResult
verifyPlacement(mlir::Operation *op, const PlacedOperand &operand,
                mlir::SymbolTableCollection &symbols,
                llvm::ArrayRef<mlir::Type> received, bool stridesInState,
                llvm::SmallVectorImpl<Expected> &arguments, int64_t &strides);

/// A value in registers against a fragment: numbers of scalars, their type, and
/// the map onto the tile.
mlir::LogicalResult verifyFragment(mlir::Operation *op,
                                   const PlacedOperand &operand,
                                   mlir::Type held);

/// The arguments a change gives: `name(value)`, `name[numbers]` or `name`,
/// separated by commas.
mlir::ParseResult parseValues(mlir::OpAsmParser &parser,
                              mlir::DictionaryAttr &values);
void printValues(mlir::OpAsmPrinter &printer, ChangeOp op,
                 mlir::DictionaryAttr values);

/// The lists of a family: what stands in and the members, words, types and
/// attributes in parentheses where they are several.
mlir::ParseResult parseMembers(mlir::OpAsmParser &parser,
                               mlir::IntegerAttr &standIn,
                               mlir::DenseI64ArrayAttr &sizes,
                               mlir::NamedAttrList &attributes);
void printMembers(mlir::OpAsmPrinter &printer, FamilyOp op,
                  mlir::IntegerAttr standIn, mlir::DenseI64ArrayAttr sizes,
                  mlir::DictionaryAttr attributes);

/// Remembers what holds of attributes and takes long to evaluate, since
/// descriptions are verified after every pass.
class KnownFacts : public mlir::DialectInterface::Base<KnownFacts> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(KnownFacts)
  explicit KnownFacts(mlir::Dialect *dialect) : Base(dialect) {}

  /// Whether `check` succeeds, which is asked once for each `key` that it
  /// succeeds for.
  static bool holds(mlir::Attribute key, llvm::function_ref<bool()> check);

private:
  mutable std::mutex mutex;
  mutable llvm::DenseSet<mlir::Attribute> known;
};

} // namespace amos

#endif // AMOS_VERIFY_H

//===- MachineChange.cpp - "l2.capacity=2MiB" -----------------------------===//

#include "amos/Driver/MachineChange.h"
#include "Amos/AmosDialect.h"
#include "amos/Driver/ChangePart.h"
#include "amos/Driver/Suggest.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"
#include <cmath>

using namespace amos;
using llvm::StringRef;
using mlir::Attribute;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

namespace {
enum class Quantity { Number, Ratio, Bytes, Frequency, Rate };

struct Unit {
  StringRef name;
  double factor;
  Quantity quantity;
};

struct Value {
  double number;
  Unit unit;
};
} // namespace

static constexpr Unit units[] = {
    {"", 1, Quantity::Number},
    {"x", 1, Quantity::Ratio},
    {"B", 1, Quantity::Bytes},
    {"KB", 1e3, Quantity::Bytes},
    {"MB", 1e6, Quantity::Bytes},
    {"GB", 1e9, Quantity::Bytes},
    {"KiB", 1024, Quantity::Bytes},
    {"MiB", 1048576, Quantity::Bytes},
    {"GiB", 1073741824, Quantity::Bytes},
    {"Hz", 1, Quantity::Frequency},
    {"MHz", 1e6, Quantity::Frequency},
    {"GHz", 1e9, Quantity::Frequency},
    {"MB/s", 1e6, Quantity::Rate},
    {"GB/s", 1e9, Quantity::Rate},
    {"TB/s", 1e12, Quantity::Rate},
};

/// The unit an argument may be given in, besides its own and as a ratio.
static Quantity getQuantity(StringRef field) {
  if (field == "clock")
    return Quantity::Frequency;
  if (field == "bandwidth")
    return Quantity::Rate;
  bool isBytes = llvm::is_contained(
      {"capacity", "pool", "granule", "base", "access"}, field);
  return isBytes ? Quantity::Bytes : Quantity::Number;
}

static mlir::FailureOr<Value> readValue(mlir::Location location,
                                        StringRef field, StringRef text) {
  size_t end = text.find_first_not_of("0123456789.+-");
  if (end != StringRef::npos && (text[end] == 'e' || text[end] == 'E') &&
      end + 1 < text.size() && text[end + 1] != 'B')
    end = text.find_first_not_of("0123456789.+-", end + 1);
  Value value;
  if (text.take_front(end).getAsDouble(value.number) ||
      !std::isfinite(value.number))
    return mlir::emitError(location)
           << "expects '" << field
           << "' to be a number, such as 64, 0.5 or 2x, got '" << text << "'";
  StringRef name = end == StringRef::npos ? "" : text.substr(end);
  const auto *unit = llvm::find_if(
      units, [&](const Unit &known) { return known.name == name; });
  if (unit == std::end(units))
    return mlir::emitError(location)
           << "'" << name << "' is no unit; there are x, KiB, MiB, GiB, KB, "
           << "MB, GB, MHz, GHz, MB/s, GB/s and TB/s";
  value.unit = *unit;
  if (unit->quantity > Quantity::Ratio && unit->quantity != getQuantity(field))
    return mlir::emitError(location)
           << "'" << field << "' is not measured in '" << name << "'";
  return value;
}

static std::optional<double> getNumber(Attribute attribute) {
  if (auto integer = mlir::dyn_cast_or_null<mlir::IntegerAttr>(attribute))
    return integer.getValue().roundToDouble(/*isSigned=*/true);
  if (auto real = mlir::dyn_cast_or_null<mlir::FloatAttr>(attribute))
    return real.getValueAsDouble();
  return std::nullopt;
}

/// The new value of an argument that is `present` now; a whole number where it
/// is one, since both kinds of argument take those.
static mlir::FailureOr<Attribute> makeValue(mlir::Location location,
                                            AcceleratorOp machine,
                                            Attribute present,
                                            const Value &value) {
  double number = value.number * value.unit.factor;
  mlir::Builder builder(location.getContext());
  if (value.unit.quantity == Quantity::Ratio) {
    auto old = getNumber(present);
    if (!old)
      return mlir::emitError(location)
             << "there is no number to take a multiple of";
    number *= *old;
    if (mlir::isa<mlir::IntegerAttr>(present))
      number = std::round(number);
  }
  if (value.unit.quantity == Quantity::Rate) {
    if (!machine.getClock())
      return mlir::emitError(location)
             << "the machine has no clock that makes '" << value.unit.name
             << "' bytes a cycle";
    number /= machine.getClock()->convertToDouble();
  }
  if (number == std::floor(number) && std::abs(number) < 9e15)
    return Attribute(builder.getI64IntegerAttr(static_cast<int64_t>(number)));
  return Attribute(builder.getF64FloatAttr(number));
}

//===----------------------------------------------------------------------===//
// Changes
//===----------------------------------------------------------------------===//

/// Gives the argument `field` of `op`, a machine or a part of one, the value
/// that `text` says.
static mlir::LogicalResult changeField(mlir::Location location,
                                       AcceleratorOp machine,
                                       mlir::Operation *op, StringRef field,
                                       StringRef text) {
  mlir::Builder builder(location.getContext());
  if (!llvm::is_contained(getFields(op), field)) // which this reports
    return changePart(op, field, builder.getUnitAttr(), location);
  auto value = readValue(location, field, text);
  if (failed(value))
    return mlir::failure();
  auto attribute = makeValue(location, machine, op->getAttr(field), *value);
  if (failed(attribute))
    return mlir::failure();
  return changePart(op, field, *attribute, location);
}

static mlir::LogicalResult reportNoPart(mlir::Location location,
                                        mlir::ModuleOp module, StringRef part) {
  std::vector<std::string> names;
  for (auto machine : module.getOps<AcceleratorOp>())
    for (auto op : machine.getOps<mlir::SymbolOpInterface>())
      names.push_back(op.getName().str());
  return mlir::emitError(location)
         << "the machine has no part '" << part << "'" << suggest(part, names);
}

static mlir::LogicalResult changeParts(mlir::Location location,
                                       mlir::ModuleOp module, StringRef part,
                                       StringRef field, StringRef text) {
  bool isFound = false;
  for (auto machine : module.getOps<AcceleratorOp>())
    for (mlir::Operation *op : findParts(machine, part)) {
      isFound = true;
      if (failed(changeField(location, machine, op, field, text)))
        return mlir::failure();
    }
  if (!isFound)
    return reportNoPart(location, module, part);
  return mlir::verify(module);
}

mlir::LogicalResult amos::changeMachine(mlir::ModuleOp module,
                                        StringRef change) {
  mlir::Location location = mlir::UnknownLoc::get(module.getContext());
  auto [place, text] = change.split('=');
  auto [part, field] = place.rsplit('.');
  bool isOfMachine = place == "clock";
  if (text.empty() || (!isOfMachine && (part.empty() || field.empty())))
    return mlir::emitError(location)
           << "'" << change << "' is no change; expected part.argument=value, "
           << "such as l2.capacity=2MiB, or clock=value";
  if (!isOfMachine)
    return changeParts(location, module, part, field, text);
  for (auto machine : module.getOps<AcceleratorOp>())
    if (failed(changeField(location, machine, machine, "clock", text)))
      return mlir::failure();
  return mlir::success();
}

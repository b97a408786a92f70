//===- Manifest.cpp - What was compiled, as JSON --------------------------===//

#include "amos/Report/Manifest.h"
#include "Amos/AmosDialect.h"
#include "DescribeDevice.h"
#include "amos/Report/Assembly.h"
#include "amos/Report/Entry.h"
#include "amos/Report/Operations.h"
#include <cmath>
#include <nlohmann/json.hpp>

using namespace mlir;
using Json = nlohmann::ordered_json;

namespace amos {

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

static std::string print(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream(text) << attribute;
  return text;
}

static std::string getText(DictionaryAttr fields, StringRef name) {
  auto text = fields.getAs<StringAttr>(name);
  return text ? text.str() : "";
}

static int64_t getInteger(DictionaryAttr fields, StringRef name) {
  auto integer = fields.getAs<IntegerAttr>(name);
  return integer ? integer.getInt() : 0;
}

/// A number as JSON has it: one that callers pass is null.
static Json spellNumber(int64_t number) {
  return ShapedType::isDynamic(number) ? Json() : Json(number);
}

static Json listNumbers(ArrayRef<int64_t> numbers) {
  Json list = Json::array();
  for (int64_t number : numbers)
    list.push_back(spellNumber(number));
  return list;
}

static Json describeMapping(MappingAttr mapping) {
  Json matching = Json::array();
  for (DenseI64ArrayAttr group : mapping.getMatching())
    matching.push_back(listNumbers(group.asArrayRef()));
  return {{"id", mapping.getId()},
          {"intrinsic", print(mapping.getIntrinsic())},
          {"matching", matching},
          {"family", stringifyFamily(mapping.getFamily()).str()},
          {"text", print(mapping)}};
}

static Json describeCost(CostAttr cost) {
  return {{"cycles", cost.getCycles()},
          {"lower_bound", cost.getLowerBound()},
          {"bound", cost.getBound().str()},
          {"useful", cost.getUseful()},
          {"bytes", cost.getBytes()}};
}

//===----------------------------------------------------------------------===//
// Parts of a function
//===----------------------------------------------------------------------===//

static Json listStrings(ArrayAttr list) {
  Json strings = Json::array();
  if (list)
    for (auto string : list.getAsRange<StringAttr>())
      strings.push_back(string.str());
  return strings;
}

static Json describeOperation(DictionaryAttr fields) {
  auto extents = fields.getAs<DenseI64ArrayAttr>("extents");
  auto mapping = fields.getAs<MappingAttr>("mapping");
  auto schedule = fields.get("schedule");
  auto cost = fields.getAs<CostAttr>("cost");
  return {{"operation", getText(fields, "operation")},
          {"location", getText(fields, "location")},
          {"extents", extents ? listNumbers(extents.asArrayRef()) : Json()},
          {"reduction", getInteger(fields, "reduction")},
          {"macs", getInteger(fields, "macs")},
          {"epilogue", listStrings(fields.getAs<ArrayAttr>("epilogue"))},
          {"mapping", mapping ? describeMapping(mapping) : Json()},
          {"schedule", schedule ? Json(print(schedule)) : Json()},
          {"cost", cost ? describeCost(cost) : Json()}};
}

static StringRef getLayoutName(const Parameter &parameter) {
  if (parameter.packing)
    return "packed";
  if (parameter.isScalar)
    return "scalar";
  return parameter.layout ? "strided" : "row-major";
}

static Json describeParameter(const Entry &entry, const Parameter &parameter) {
  Json fields = {{"name", parameter.name},
                 {"dtype", parameter.type->name.str()},
                 {"shape", listNumbers(parameter.shape)},
                 {"layout", getLayoutName(parameter).str()},
                 {"role", spell(parameter.role).str()}};
  if (parameter.below)
    fields["below"] = *parameter.below;
  if (const std::optional<StridedLayout> &layout = parameter.layout) {
    fields["offset"] = spellNumber(layout->offset);
    fields["strides"] = listNumbers(layout->strides);
  }
  if (const std::optional<Packing> &packing = parameter.packing) {
    fields["packer"] = entry.getPacker(parameter);
    fields["packed_bytes"] = packing->bytes;
  }
  return fields;
}

/// The distance from 1 to the next number of the type; 0 for integers.
static double getEpsilon(StringRef dtype) {
  static constexpr std::pair<StringLiteral, int> fractionBits[] = {
      {"f64", 52}, {"f32", 23},     {"tf32", 10}, {"f16", 10},
      {"bf16", 7}, {"f8E4M3FN", 3}, {"f8E5M2", 2}};
  for (auto [name, bits] : fractionBits)
    if (name == dtype)
      return std::ldexp(1.0, -bits);
  return 0;
}

/// What a term of the sum may be off by. An operation that rounds two factors
/// of each product adds twice their distance, one whose sums pass through a
/// unit of fewer bits adds one distance for the sum and one for the terms of
/// each issue: both spread over 4 K terms.
static double getSumEpsilon(DictionaryAttr operation) {
  double terms = 4.0 * std::max<int64_t>(getInteger(operation, "reduction"), 1);
  double rounded = 2 * getEpsilon(getText(operation, "rounding"));
  if (int64_t bits = getInteger(operation, "sum_bits"))
    rounded += 2.0 * double(getInteger(operation, "issues")) *
               std::ldexp(1.0, int(1 - std::min<int64_t>(bits, 64)));
  return getEpsilon(getText(operation, "accumulator")) + rounded / terms;
}

static SmallVector<DictionaryAttr> getOperations(Operation *function) {
  SmallVector<DictionaryAttr> operations;
  if (auto list = function->getAttrOfType<ArrayAttr>(operationsAttributeName))
    for (Attribute attribute : list)
      if (auto fields = dyn_cast<DictionaryAttr>(attribute))
        operations.push_back(fields);
  return operations;
}

/// The rule for a chain of operators is that of one which sums as many terms as
/// they do together and rounds as coarsely as the coarsest of them, for
/// whichever of the machines.
static Json describeTolerance(const Entry &entry) {
  int64_t reduction = 0;
  double accumulator = 0;
  for (DictionaryAttr operation : getOperations(entry.function))
    reduction += getInteger(operation, "reduction");
  for (Operation *variant : entry.variants)
    for (DictionaryAttr operation : getOperations(variant))
      accumulator = std::max(accumulator, getSumEpsilon(operation));
  Json outputs = Json::object();
  for (const Parameter &parameter : entry.signature.parameters)
    if (parameter.role != Role::In)
      outputs[parameter.name] = getEpsilon(parameter.type->name);
  return {{"reduction", std::max<int64_t>(reduction, 1)},
          {"accumulator_eps", accumulator},
          {"output_eps", outputs}};
}

static Json listStrings(Operation *function, StringRef attribute) {
  return listStrings(function->getAttrOfType<ArrayAttr>(attribute));
}

/// What was counted in the code that was written; null when nobody counted.
static Json describeAssembly(Operation *function) {
  auto counts = function->getAttrOfType<DictionaryAttr>("amos.assembly");
  if (!counts)
    return nullptr;
  Json assembly = Json::object();
  for (NamedAttribute count : counts)
    if (auto number = dyn_cast<IntegerAttr>(count.getValue()))
      assembly[count.getName().str()] = number.getInt();
  return assembly;
}

/// What the lowering of each intrinsic became; null when nobody looked.
static Json describeIntrinsics(Operation *function) {
  auto counts = function->getAttrOfType<DictionaryAttr>(intrinsicCountsName);
  if (!counts)
    return nullptr;
  Json intrinsics = Json::object();
  for (NamedAttribute intrinsic : counts)
    for (NamedAttribute count : cast<DictionaryAttr>(intrinsic.getValue()))
      intrinsics[intrinsic.getName().str()][count.getName().str()] =
          cast<IntegerAttr>(count.getValue()).getInt();
  return intrinsics;
}

static Json listOperations(Operation *function) {
  Json list = Json::array();
  for (DictionaryAttr operation : getOperations(function))
    list.push_back(describeOperation(operation));
  return list;
}

/// The code for one of several machines.
static Json describeVariant(Operation *function) {
  return {{"targets", listStrings(function, machinesAttributeName)},
          {"features", listStrings(function, "amos.features")},
          {"assembly", describeAssembly(function)},
          {"device", describeDevice(function)},
          {"intrinsics", describeIntrinsics(function)},
          {"operations", listOperations(function)}};
}

/// What is enough for every machine; null when it depends on extents.
static Json describeWorkspace(const Entry &entry) {
  int64_t bytes = 0;
  for (Operation *function : entry.variants) {
    if (function->hasAttr("amos.workspace_size"))
      return nullptr;
    if (auto own = function->getAttrOfType<IntegerAttr>("amos.workspace"))
      bytes = std::max(bytes, own.getInt());
  }
  return bytes;
}

/// How many threads share the loops; null where the runtime says.
static Json describeThreads(Operation *function) {
  auto threads = function->getAttrOfType<IntegerAttr>(threadsAttributeName);
  if (!threads)
    return 1;
  uint64_t count = threads.getValue().getLimitedValue();
  return count == 0 ? Json(nullptr) : Json(count);
}

static Json describeEntry(const Entry &entry) {
  SmallVector<DictionaryAttr> operations = getOperations(entry.function);
  Json arguments = Json::array();
  int64_t macs = 0;
  for (const Parameter &parameter : entry.signature.parameters)
    arguments.push_back(describeParameter(entry, parameter));
  for (DictionaryAttr operation : operations)
    macs += getInteger(operation, "macs");
  Json fields = {{"name", entry.name},
                 {"symbol", entry.symbol},
                 {"reference", entry.name + "_reference"},
                 {"arguments", arguments},
                 {"workspace_bytes", describeWorkspace(entry)},
                 {"features", listStrings(entry.function, "amos.features")},
                 {"threads", describeThreads(entry.function)},
                 {"macs", macs},
                 {"tolerance", describeTolerance(entry)},
                 {"assembly", describeAssembly(entry.function)},
                 {"device", describeDevice(entry.function)},
                 {"intrinsics", describeIntrinsics(entry.function)},
                 {"operations", listOperations(entry.function)}};
  if (entry.variants.size() > 1)
    for (Operation *variant : entry.variants)
      fields["variants"].push_back(describeVariant(variant));
  return fields;
}

LogicalResult emitManifest(ModuleOp module, const ManifestOptions &options,
                           raw_ostream &out) {
  FailureOr<SmallVector<Entry>> entries = readEntries(module, options.prefix);
  if (failed(entries))
    return failure();
  Json targets = Json::array(), artifacts = Json::array();
  Json functions = Json::array();
  for (const std::string &target : options.targets)
    targets.push_back(target);
  for (const ManifestFile &artifact : options.artifacts)
    artifacts.push_back({{"kind", artifact.kind}, {"file", artifact.file}});
  for (const Entry &entry : *entries)
    functions.push_back(describeEntry(entry));
  Json manifest = {{"amos_manifest", manifestVersion},
                   {"producer", options.producer},
                   {"targets", targets},
                   {"artifacts", artifacts},
                   {"functions", functions}};
  constexpr auto lossy = Json::error_handler_t::replace;
  out << manifest.dump(2, ' ', false, lossy) << "\n";
  return success();
}

} // namespace amos

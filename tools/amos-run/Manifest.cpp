//===- Manifest.cpp - What amos-run needs of a manifest -------------------===//

#include "Files.h"
#include "Reader.h"
#include <algorithm>

namespace amos::run {

static constexpr int64_t version = 1;
static constexpr size_t largestBuffer = size_t(1) << 40;

size_t Argument::getNumElements() const {
  size_t elements = 1;
  for (int64_t extent : shape)
    elements *= static_cast<size_t>(extent);
  return elements;
}

size_t Argument::getNumStored() const {
  if (getNumElements() == 0)
    return 0;
  int64_t last = offset;
  for (size_t d = 0; d < shape.size(); ++d)
    last += (shape[d] - 1) * strides[d];
  return static_cast<size_t>(last) + 1;
}

size_t Argument::getPosition(size_t n) const {
  auto rest = static_cast<int64_t>(n);
  int64_t position = offset;
  for (size_t d = shape.size(); d-- > 0; rest /= shape[d])
    position += rest % shape[d] * strides[d];
  return static_cast<size_t>(position);
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

/// The offset where the caller may choose one.
static constexpr int64_t chosenOffset = 7;
/// Elements between rows where the caller chooses the stride.
static constexpr int64_t chosenGap = 3;

/// The place behind the last element that lies along dimensions of positive
/// stride; false when that is beyond any buffer.
static bool getSpan(const Argument &argument, int64_t &span) {
  span = 1;
  for (size_t d = 0; d < argument.shape.size(); ++d) {
    int64_t length;
    int64_t steps = std::max<int64_t>(argument.shape[d] - 1, 0);
    if (__builtin_mul_overflow(steps, argument.strides[d], &length) ||
        __builtin_add_overflow(span, length, &span))
      return false;
  }
  return static_cast<size_t>(span) <= largestBuffer;
}

/// Dense and row-major.
static void setRowMajor(Argument &argument) {
  argument.strides.assign(argument.shape.size(), 1);
  for (size_t d = argument.shape.size(); d-- > 1;)
    argument.strides[d - 1] = argument.strides[d] * argument.shape[d];
}

/// Chooses the strides that are 0, the last one first, so that rows do not
/// touch; false when there is no room for them.
static bool chooseStrides(Argument &argument) {
  std::vector<int64_t> given = argument.strides;
  int64_t span;
  for (size_t d = given.size(); d-- > 0;)
    if (given[d] == 0) {
      if (!getSpan(argument, span))
        return false;
      argument.strides[d] = span + chosenGap;
    }
  for (size_t d = 0; d < given.size(); ++d)
    if (given[d] == 0)
      argument.numbers.push_back(argument.strides[d]);
  return getSpan(argument, span);
}

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

static std::string join(const std::string &where, const std::string &name) {
  return where.empty() ? name : where + "." + name;
}

const Json *Reader::find(const Json &object, const char *name,
                         const std::string &where) {
  auto found = object.is_object() ? object.find(name) : object.end();
  if (!object.is_object() || found == object.end()) {
    fail(join(where, name), "expected this field");
    return nullptr;
  }
  return &*found;
}

const Json *Reader::findArray(const Json &object, const char *name,
                              const std::string &where) {
  const Json *found = find(object, name, where);
  if (found && !found->is_array()) {
    fail(join(where, name), "expected an array");
    return nullptr;
  }
  return found;
}

bool Reader::read(const Json &object, const char *name,
                  const std::string &where, std::string &value) {
  const Json *found = find(object, name, where);
  if (!found)
    return false;
  if (!found->is_string())
    return fail(join(where, name), "expected a string");
  value = found->get<std::string>();
  return true;
}

bool Reader::read(const Json &object, const char *name,
                  const std::string &where, int64_t &value) {
  const Json *found = find(object, name, where);
  if (!found)
    return false;
  if (!found->is_number_integer() || found->get<int64_t>() < 0)
    return fail(join(where, name), "expected an integer, at least 0");
  value = found->get<int64_t>();
  return true;
}

bool Reader::read(const Json &object, const char *name,
                  const std::string &where, double &value) {
  const Json *found = find(object, name, where);
  if (!found)
    return false;
  if (!found->is_number())
    return fail(join(where, name), "expected a number");
  value = found->get<double>();
  return true;
}

//===----------------------------------------------------------------------===//
// Structures
//===----------------------------------------------------------------------===//

/// The next extent of `argument`; null: what the user says.
bool Reader::readExtent(const Json &json, const std::string &where,
                        Argument &argument) {
  if (!json.is_null()) {
    if (!json.is_number_integer() || json.get<int64_t>() < 0)
      return fail(join(where, "shape"), "expected extents, at least 0");
    argument.shape.push_back(json.get<int64_t>());
    return true;
  }
  std::string name =
      argument.name + "_extent" + std::to_string(argument.shape.size());
  auto named = extents.named.find(name);
  if (named == extents.named.end() && !extents.others)
    return fail(where, "the extent '" + name +
                           "' is dynamic; say what it is with --extent=" +
                           name + "=N, or all with --extent=N");
  argument.shape.push_back(named == extents.named.end() ? *extents.others
                                                        : named->second);
  argument.numbers.push_back(argument.shape.back());
  ++argument.numExtents;
  return true;
}

bool Reader::readShape(const Json &json, const std::string &where,
                       Argument &argument) {
  const Json *shape = findArray(json, "shape", where);
  if (!shape)
    return false;
  size_t bytes = argument.element->bytes;
  for (const Json &extent : *shape) {
    if (!readExtent(extent, where, argument))
      return false;
    if (__builtin_mul_overflow(bytes, argument.shape.back(), &bytes) ||
        bytes > largestBuffer)
      return fail(join(where, "shape"), "more than 1 TiB");
  }
  return true;
}

bool Reader::readOffset(const Json &json, const std::string &where,
                        Argument &argument) {
  const Json *offset = find(json, "offset", where);
  if (!offset)
    return false;
  if (!offset->is_null())
    return read(json, "offset", where, argument.offset);
  argument.offset = chosenOffset;
  argument.numbers.push_back(argument.offset);
  return true;
}

bool Reader::readPacking(const Json &json, const std::string &where,
                         Argument &argument) {
  int64_t bytes = 0;
  if (!read(json, "packer", where, argument.packer) ||
      !read(json, "packed_bytes", where, bytes))
    return false;
  argument.packedBytes = static_cast<size_t>(bytes);
  return argument.packedBytes <= largestBuffer ||
         fail(join(where, "packed_bytes"), "more than 1 TiB");
}

bool Reader::readLayout(const Json &json, const std::string &where,
                        Argument &argument) {
  std::string layout;
  if (!read(json, "layout", where, layout))
    return false;
  setRowMajor(argument);
  argument.isScalar = layout == "scalar";
  if (layout == "packed")
    return readPacking(json, where, argument);
  if (layout != "strided")
    return true;
  const Json *strides = findArray(json, "strides", where);
  if (!strides || !readOffset(json, where, argument))
    return false;
  if (strides->size() != argument.shape.size())
    return fail(join(where, "strides"), "expected one for each extent");
  for (size_t d = 0; d < strides->size(); ++d) {
    const Json &stride = (*strides)[d];
    if (!stride.is_null() &&
        (!stride.is_number_integer() || stride.get<int64_t>() < 1))
      return fail(join(where, "strides"), "expected strides, at least 1");
    argument.strides[d] = stride.is_null() ? 0 : stride.get<int64_t>();
  }
  return chooseStrides(argument) ||
         fail(join(where, "strides"), "more than 1 TiB");
}

bool Reader::read(const Json &json, const std::string &where,
                  Argument &argument) {
  std::string dtype, role;
  if (!read(json, "name", where, argument.name) ||
      !read(json, "dtype", where, dtype) || !read(json, "role", where, role))
    return false;
  argument.element = findElement(dtype);
  if (!argument.element)
    return fail(join(where, "dtype"), "unknown element type '" + dtype + "'");
  if (role != "in" && role != "out" && role != "inout")
    return fail(join(where, "role"), "expected 'in', 'out' or 'inout'");
  argument.role = role == "in"    ? Argument::In
                  : role == "out" ? Argument::Out
                                  : Argument::InOut;
  if (json.contains("below") &&
      (!read(json, "below", where, argument.below) || argument.below < 1))
    return fail(join(where, "below"), "expected a number, at least 1");
  return readShape(json, where, argument) && readLayout(json, where, argument);
}

bool Reader::readTolerance(const Json &json, const std::string &where,
                           Function &function) {
  const Json *tolerance = find(json, "tolerance", where);
  std::string inside = join(where, "tolerance");
  if (!tolerance ||
      !read(*tolerance, "reduction", inside, function.reduction) ||
      !read(*tolerance, "accumulator_eps", inside, function.accumulatorEpsilon))
    return false;
  const Json *outputs = find(*tolerance, "output_eps", inside);
  if (!outputs)
    return false;
  for (const Argument &argument : function.arguments)
    if (argument.role != Argument::In &&
        !read(*outputs, argument.name.c_str(), join(inside, "output_eps"),
              function.outputEpsilons[argument.name]))
      return false;
  return true;
}

bool Reader::readWorkspace(const Json &json, const std::string &where,
                           Function &function) {
  const Json *bytes = find(json, "workspace_bytes", where);
  if (!bytes || bytes->is_null())
    return bytes;
  function.workspaceBytes = 0;
  return read(json, "workspace_bytes", where, *function.workspaceBytes);
}

/// Manifests of before there were devices say nothing.
bool Reader::readDevice(const Json &json, const std::string &where,
                        Function &function) {
  auto device = json.find("device");
  function.isOnDevice = device != json.end() && !device->is_null();
  std::string kind;
  if (!function.isOnDevice)
    return true;
  return read(*device, "kind", join(where, "device"), kind) &&
         (kind == "cuda" ||
          fail(join(where, "device"), "unknown kind '" + kind + "'"));
}

bool Reader::read(const Json &json, const std::string &where,
                  Function &function) {
  const Json *arguments = findArray(json, "arguments", where);
  if (!arguments || !read(json, "name", where, function.name) ||
      !read(json, "symbol", where, function.symbol) ||
      !read(json, "reference", where, function.reference) ||
      !readWorkspace(json, where, function) ||
      !read(json, "macs", where, function.macs) ||
      !readDevice(json, where, function))
    return false;
  function.hasThreads = json.value("threads", Json(1)) != 1;
  for (const Json &argument : *arguments) {
    size_t n = function.arguments.size();
    function.arguments.emplace_back();
    if (!read(argument, where + ".arguments[" + std::to_string(n) + "]",
              function.arguments.back()))
      return false;
  }
  return readTolerance(json, where, function);
}

bool Reader::readArtifacts(const Json &json, Manifest &manifest) {
  const Json *artifacts = findArray(json, "artifacts", "");
  if (!artifacts)
    return false;
  for (const Json &artifact : *artifacts) {
    std::string kind, file;
    if (!read(artifact, "kind", "artifacts", kind) ||
        !read(artifact, "file", "artifacts", file))
      return false;
    manifest.artifacts[kind] = file;
  }
  return true;
}

bool Reader::read(const Json &json, Manifest &manifest) {
  int64_t found = 0;
  if (!read(json, "amos_manifest", "", found))
    return false;
  if (found != version)
    return fail("amos_manifest", "version " + std::to_string(found) +
                                     " is not known, only " +
                                     std::to_string(version));
  const Json *functions = findArray(json, "functions", "");
  if (!functions || !readArtifacts(json, manifest))
    return false;
  for (const Json &function : *functions) {
    size_t n = manifest.functions.size();
    manifest.functions.emplace_back();
    if (!read(function, "functions[" + std::to_string(n) + "]",
              manifest.functions.back()))
      return false;
  }
  return true;
}

Json parseFile(const std::string &path, std::string &problem) {
  std::string text;
  Json json(Json::value_t::discarded);
  if (!readFile(path, text)) {
    problem = path + ": cannot be read";
    return json;
  }
  json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    problem = path + ": is no JSON";
  return json;
}

std::vector<int64_t> Function::getExtents() const {
  std::vector<int64_t> extents;
  for (const Argument &argument : arguments)
    extents.insert(extents.end(), argument.numbers.begin(),
                   argument.numbers.begin() +
                       static_cast<std::ptrdiff_t>(argument.numExtents));
  return extents;
}

bool readManifest(const std::string &path, const Extents &extents,
                  Manifest &manifest, std::string &problem) {
  Json json = parseFile(path, problem);
  if (json.is_discarded())
    return false;
  if (!Reader(problem, extents).read(json, manifest)) {
    problem = path + ": " + problem;
    return false;
  }
  size_t slash = path.rfind('/');
  std::string folder = slash == path.npos ? "./" : path.substr(0, slash + 1);
  for (auto &[kind, file] : manifest.artifacts)
    if (file.empty() || file[0] != '/')
      file.insert(0, folder);
  return true;
}

} // namespace amos::run

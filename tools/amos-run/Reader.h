//===- Reader.h - Fields of JSON, and what is wrong with them ---*- C++ -*-===//
#ifndef AMOS_RUN_READER_H
#define AMOS_RUN_READER_H

#include "Manifest.h"
#include <nlohmann/json.hpp>

namespace amos::run {

using Json = nlohmann::json;

/// Reads fields, remembers the first that is not as it should be.
class Reader {
public:
  explicit Reader(std::string &problem, Extents extents = {})
      : problem(problem), extents(std::move(extents)) {}

  bool read(const Json &json, Manifest &manifest);
  /// A function, in a manifest or elsewhere; `where` is its path for messages.
  bool read(const Json &json, const std::string &where, Function &function);

  const Json *find(const Json &object, const char *name,
                   const std::string &where);
  const Json *findArray(const Json &object, const char *name,
                        const std::string &where);
  bool read(const Json &object, const char *name, const std::string &where,
            std::string &value);
  bool read(const Json &object, const char *name, const std::string &where,
            int64_t &value);
  bool read(const Json &object, const char *name, const std::string &where,
            double &value);
  bool fail(const std::string &where, const std::string &what) {
    problem = (where.empty() ? "" : where + ": ") + what;
    return false;
  }

private:
  bool read(const Json &json, const std::string &where, Argument &argument);
  bool readShape(const Json &json, const std::string &where,
                 Argument &argument);
  bool readLayout(const Json &json, const std::string &where,
                  Argument &argument);
  bool readPacking(const Json &json, const std::string &where,
                   Argument &argument);
  bool readOffset(const Json &json, const std::string &where,
                  Argument &argument);
  bool readDevice(const Json &json, const std::string &where,
                  Function &function);
  bool readTolerance(const Json &json, const std::string &where,
                     Function &function);
  bool readArtifacts(const Json &json, Manifest &manifest);

  bool readExtent(const Json &json, const std::string &where,
                  Argument &argument);
  bool readWorkspace(const Json &json, const std::string &where,
                     Function &function);

  std::string &problem;
  Extents extents;
};

/// The JSON in a file; discarded, with `problem` set, when there is none.
Json parseFile(const std::string &path, std::string &problem);

} // namespace amos::run

#endif // AMOS_RUN_READER_H

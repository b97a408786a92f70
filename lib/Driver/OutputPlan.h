//===- OutputPlan.h - What is written, and where ----------------*- C++ -*-===//
#ifndef AMOS_LIB_DRIVER_OUTPUTPLAN_H
#define AMOS_LIB_DRIVER_OUTPUTPLAN_H

#include "amos/Driver/Compile.h"

namespace amos {

/// The outputs of one compilation and where each goes.
class OutputPlan {
public:
  explicit OutputPlan(const CompileRequest &request);

  std::vector<PlannedFile> getFiles() const;
  /// Whether the outputs can go where the request says; prints why not.
  bool isValid() const;

private:
  void addTemporaries();
  std::string getPath(const OutputInfo &info) const;

  const CompileRequest &request;
  std::vector<Output> outputs, temporaries;
  /// The output that goes to `request.output` itself.
  std::optional<Output> named;
};

} // namespace amos

#endif // AMOS_LIB_DRIVER_OUTPUTPLAN_H

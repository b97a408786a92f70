//===- Files.h - Files as a whole -------------------------------*- C++ -*-===//
#ifndef AMOS_RUN_FILES_H
#define AMOS_RUN_FILES_H

#include <string>

namespace amos::run {

/// Replaces `bytes` by what is in the file; false when it cannot be read.
bool readFile(const std::string &path, std::string &bytes);

/// Written beside and renamed: whoever reads it finds all of it or the old one.
bool writeFile(const std::string &path, const std::string &text);

} // namespace amos::run

#endif // AMOS_RUN_FILES_H

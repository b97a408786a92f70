//===- Files.cpp - Files as a whole ---------------------------------------===//

#include "Files.h"
#include <cstdio>

namespace amos::run {

bool readFile(const std::string &path, std::string &bytes) {
  FILE *file = std::fopen(path.c_str(), "rb");
  if (!file)
    return false;
  bytes.clear();
  char part[65536];
  while (size_t count = std::fread(part, 1, sizeof part, file))
    bytes.append(part, count);
  bool isRead = std::ferror(file) == 0; // a folder can be opened
  std::fclose(file);
  return isRead;
}

bool writeFile(const std::string &path, const std::string &text) {
  std::string fresh = path + ".tmp";
  FILE *file = std::fopen(fresh.c_str(), "w");
  if (!file)
    return false;
  bool isWritten =
      std::fwrite(text.data(), 1, text.size(), file) == text.size();
  isWritten &= std::fclose(file) == 0;
  isWritten = isWritten && std::rename(fresh.c_str(), path.c_str()) == 0;
  if (!isWritten)
    std::remove(fresh.c_str());
  return isWritten;
}

} // namespace amos::run

#pragma once

#include <string>
#include <string_view>

namespace forebay::test {

/// A fresh folder below TMPDIR (or /tmp), removed with everything in it at the end.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  /// "<path>/<name>"
  [[nodiscard]] std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
  /// Writes a whole file and returns its path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::string path_;
};

/// Content of a whole file; empty when it cannot be read.
std::string read_text(const std::string& path);

}  // namespace forebay::test

#pragma once

#include <map>

#include "base/file_watcher.h"

namespace forebay {

/// FileWatcher on inotify and statx. Without inotify (none left, or none in this kernel) watch() says so and the caller
/// polls.
class InotifyFileWatcher : public FileWatcher {
 public:
  InotifyFileWatcher();
  ~InotifyFileWatcher() override;
  InotifyFileWatcher(const InotifyFileWatcher&) = delete;
  InotifyFileWatcher& operator=(const InotifyFileWatcher&) = delete;

  Result<std::unique_ptr<FollowedHandle>> open(const std::string& path) override;
  Result<std::optional<FileFacts>> facts(const std::string& path) override;
  Result<std::vector<DirectoryEntry>> list(const std::string& folder) override;
  std::optional<std::string> resolve(const std::string& path) override;
  Result<void> watch(const std::string& folder) override;
  void unwatch(const std::string& folder) override;
  [[nodiscard]] int descriptor() const override { return fd_; }
  std::vector<FileEvent> take_events() override;

 private:
  void translate(int watch, std::uint32_t mask, std::string_view name, std::vector<FileEvent>& out);

  int fd_;
  std::map<int, std::string> folders_;
  std::map<std::string, int> watches_;
};

}  // namespace forebay

#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace forebay::gateway::firehose {

/// The delivery streams whose document a call is changing: it is read, changed and written whole, so two calls at a
/// time would undo each other. Threads  any.
class DocumentEdits {
 public:
  /// One change under way; over when it is destroyed.
  class Edit {
   public:
    Edit(DocumentEdits& edits, std::string key) : edits_(edits), key_(std::move(key)), begun_(edits_.begin(key_)) {}
    ~Edit() {
      if (begun_) edits_.end(key_);
    }
    Edit(const Edit&) = delete;
    Edit& operator=(const Edit&) = delete;
    /// False: another call is at it.
    [[nodiscard]] bool begun() const { return begun_; }

   private:
    DocumentEdits& edits_;
    std::string key_;
    bool begun_;
  };

 private:
  bool begin(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return keys_.insert(key).second;
  }
  void end(const std::string& key) {
    const std::lock_guard lock(mutex_);
    keys_.erase(key);
  }

  std::mutex mutex_;
  std::set<std::string> keys_;
};

}  // namespace forebay::gateway::firehose

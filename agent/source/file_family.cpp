#include "agent/source/file_family.h"

#include <algorithm>
#include <cstdio>

namespace forebay::agent {

bool FollowContext::ensure_open(const std::string& folder, FollowedFile& file) {
  file.used = ++uses;
  if (file.handle) return true;
  auto opened = files.open(folder + "/" + file.name);
  if (!opened.ok()) {
    file.last_error = opened.error().context;
    return false;
  }
  const auto facts = (*opened)->facts();
  if (!facts.ok() || identity_of(*facts) != file.identity()) return false;  // renamed since: the next scan finds it
  if (open.size() >= options.handles_max) {
    const auto key = [](const FollowedFile* f) { return std::pair(f->unread() > 0, f->used); };
    close(**std::min_element(open.begin(), open.end(), [&](auto* a, auto* b) { return key(a) < key(b); }));
  }
  file.handle = std::move(opened).value();
  file.facts = *facts;
  file.last_error.clear();
  open.push_back(&file);
  return true;
}

void FollowContext::close(FollowedFile& file) {
  if (!file.handle) return;
  file.handle.reset();
  open.erase(std::remove(open.begin(), open.end(), &file), open.end());
}

void FollowContext::put_position(const FollowedFile& file) {
  FollowerOutput out{spool::RecordChunk(options.stream), {}};
  out.chunk.position = {file.source_name, file.position.encode()};
  outputs.push_back(std::move(out));
}

void FollowContext::put_forget(const FollowedFile& file) {
  outputs.push_back({spool::RecordChunk(), file.source_name});
}

std::string FollowContext::source_name(const FileIdentity& identity) const {
  char numbers[80];
  std::snprintf(numbers, sizeof numbers, "%llx-%llx-%llx", static_cast<unsigned long long>(identity.device),
                static_cast<unsigned long long>(identity.inode), static_cast<unsigned long long>(identity.birth_ns));
  return "file/" + options.stream + "/" + numbers;
}

}  // namespace forebay::agent

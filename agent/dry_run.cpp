#include "agent/dry_run.h"

#include <algorithm>

namespace forebay::agent {
namespace {

std::string printable(ByteView data) {
  std::string text;
  for (const std::uint8_t byte : data.first(std::min(data.size(), DryRunIntake::kShownCharsMax)))
    text += byte >= ' ' ? static_cast<char>(byte) : '.';
  if (data.size() > DryRunIntake::kShownCharsMax) text += "...";
  return text;
}

}  // namespace

bool DryRunIntake::try_submit(spool::RecordChunk& chunk, std::function<void()>) {
  const std::lock_guard lock(mutex_);
  Stream& stream = streams_[chunk.stream()];
  if (chunk.count() == 0) return true;
  spool::RecordChunkReader reader(chunk.bytes());
  for (std::uint64_t i = stream.records; i < kShownMax; ++i) {
    const auto record = reader.next();
    if (!record) break;
    stream.shown += "  " + std::string(record->partition_key) + "  " + printable(record->data) + "\n";
  }
  stream.records += chunk.count();
  return true;
}

Result<void> DryRunIntake::submit_and_wait(spool::RecordChunk& chunk, Milliseconds) {
  (void)try_submit(chunk, {});
  // Nobody may be told that a record is safe: it is not kept.
  return Error{Errc::cancelled, "nothing is kept in a dry run"};
}

std::string DryRunIntake::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [name, stream] : streams_)
    text += "stream " + name + ": " + std::to_string(stream.records) + " records; key and data of the first:\n" +
            stream.shown;
  return text.empty() ? "no records\n" : text;
}

}  // namespace forebay::agent

#include <array>

#include "base/byte_writer.h"
#include "base/lineage.h"
#include "gateway/log/failpoint.h"
#include "gateway/log/sequencer.h"

/// The sequencer's changes of streams, lanes and timeline: each is one journal entry in a commit of its own, applied
/// only after it is durable.
namespace forebay::gateway::log {
namespace {
/// Empty when nothing changes.
Buffer encoded_attributes(const AttributesChange& change) {
  Buffer content;
  if (!change.changes.empty()) encode(change, content);
  return content;
}
}  // namespace

Result<void> Sequencer::commit_change(EntryType type, ByteView content) {
  return commit_changes(type, content, type, {});
}

Result<void> Sequencer::commit_changes(EntryType first_type, ByteView first, EntryType second_type, ByteView second) {
  std::array<spool::JournalEntry, 2> entries;
  std::size_t count = 0;
  if (!first.empty()) entries[count++] = {static_cast<std::uint16_t>(first_type), std::span<const ByteView>(&first, 1)};
  if (!second.empty())
    entries[count++] = {static_cast<std::uint16_t>(second_type), std::span<const ByteView>(&second, 1)};
  auto at = journal_->commit(std::span<const spool::JournalEntry>(entries.data(), count));
  if (!at) {
    if (at.error().code != Errc::no_space && at.error().code != Errc::too_large) failed(at.error());
    return std::move(at).error();
  }
  failpoint(Failpoint::change_committed);
  commits_->add();
  return {};
}

void Sequencer::publish_directory(const std::function<void(Directory&)>& edit) {
  auto next = std::make_shared<Directory>(*context_.directory->get());
  edit(*next);
  const std::shared_ptr<const Directory> published = next;
  context_.directory->set(published);
  context_.progress->advance(journal_->end(), 0);
  if (context_.directory_changed) context_.directory_changed(published);
}

void Sequencer::adopt(const std::shared_ptr<const StreamLog>& log) {
  StreamState& state = streams_[log->definition.id];
  std::vector<ShardState> shards;
  for (const auto& view : log->views) {
    ShardState shard;
    shard.view = view;
    shard.end = view->end();
    shard.last_arrival = view->last_arrival();
    shards.push_back(std::move(shard));
  }
  state.shards = std::move(shards);
  state.log = log;
  names_[{log->definition.account, log->definition.name}] = log->definition.id;
}

Result<void> Sequencer::change(CreateStreamWork& work) {
  StreamDefinition& definition = work.definition;
  if (names_.contains({definition.account, definition.name}))
    return Error{Errc::already_exists, "stream " + definition.name + " exists already"};
  const WallTime now = arrival_.now();
  definition.id = context_.directory->get()->next_stream;
  definition.created = now;
  auto log = std::make_shared<StreamLog>();
  for (ShardDefinition& shard : definition.shards) {
    shard.created = now;
    log->views.push_back(std::make_shared<ShardView>(ShardId{definition.id, shard.number}, now, context_.budget));
  }
  apply_changes(work.attributes, log->attributes);
  FB_CHECK(check_bounds(log->attributes));
  Buffer content;
  encode(definition, content);
  const Buffer attributes = encoded_attributes({definition.id, {}, work.attributes});
  FB_CHECK(commit_changes(EntryType::stream, content, EntryType::attributes, attributes));
  log->definition = definition;
  adopt(log);
  publish_directory([&](Directory& directory) {
    directory.streams[definition.id] = log;
    directory.next_stream = StreamId(definition.id.value() + 1);
  });
  return {};
}

Result<void> Sequencer::change(const RemoveStreamWork& work) {
  const auto found = streams_.find(work.stream);
  if (found == streams_.end()) return Error{Errc::not_found, "the stream does not exist any more"};
  Buffer content;
  ByteWriter(content).u64_le(work.stream.value());
  FB_CHECK(commit_change(EntryType::stream_removed, content));
  const StreamDefinition& definition = found->second.log->definition;
  names_.erase({definition.account, definition.name});
  std::vector<std::shared_ptr<ShardView>> views = found->second.log->views;
  streams_.erase(found);
  lanes_.erase_stream(work.stream);
  publish_directory([&](Directory& directory) { directory.streams.erase(work.stream); });
  for (const auto& view : views) {
    view->set_removed();
    view->wake_all();
  }
  return {};
}

Result<void> Sequencer::change(const ChangeStreamWork& work) {
  const auto found = streams_.find(work.stream);
  if (found == streams_.end()) return Error{Errc::not_found, "the stream does not exist any more"};
  const StreamLog& before = *found->second.log;
  if (work.settings_version && *work.settings_version != before.settings_version)
    return Error{Errc::conflict, "stream " + before.definition.name + " was changed meanwhile"};
  auto log = std::make_shared<StreamLog>(before);
  StreamDefinition& definition = log->definition;
  definition.retention_hours = work.retention_hours.value_or(definition.retention_hours);
  definition.retention_bytes = work.retention_bytes.value_or(definition.retention_bytes);
  definition.mode = work.mode.value_or(definition.mode);
  definition.record_bytes_max = work.record_bytes_max.value_or(definition.record_bytes_max);
  apply_changes(work.attributes, log->attributes);
  FB_CHECK(check_bounds(log->attributes));
  Buffer content;
  if (definition != before.definition) encode(definition, content);
  const Buffer attributes = encoded_attributes({work.stream, {}, work.attributes});
  if (content.empty() && attributes.empty()) return {};
  FB_CHECK(commit_changes(EntryType::stream, content, EntryType::attributes, attributes));
  ++log->settings_version;
  found->second.log = log;
  publish_directory([&](Directory& directory) { directory.streams[work.stream] = log; });
  return {};
}

Result<void> Sequencer::change(const ChangeAccountWork& work) {
  if (work.attributes.empty()) return {};
  const auto directory = context_.directory->get();
  const auto known = directory->accounts.find(work.account);
  auto attributes = std::make_shared<Attributes>();
  if (known != directory->accounts.end()) *attributes = *known->second;
  apply_changes(work.attributes, *attributes);
  FB_CHECK(check_bounds(*attributes));
  const Buffer content = encoded_attributes({StreamId(0), work.account, work.attributes});
  FB_CHECK(commit_change(EntryType::attributes, content));
  publish_directory([&](Directory& next) { next.accounts[work.account] = attributes; });
  return {};
}

Result<void> Sequencer::change(const ForgetLanesWork& work) {
  Buffer content;
  ByteWriter writer(content);
  writer.bytes(work.root);
  writer.u64_le(work.through);
  FB_CHECK(commit_change(EntryType::lanes_forgotten, content));
  lanes_.forget(work.root, work.through);
  context_.progress->advance(journal_->end(), 0);
  return {};
}

Result<void> Sequencer::change(const RaiseLanesWork& work) {
  if (!streams_.contains(work.stream)) return Error{Errc::not_found, "the stream does not exist any more"};
  if (work.lanes.empty()) return {};
  Buffer content;
  ByteWriter writer(content);
  writer.u64_le(work.stream.value());
  writer.u32_le(static_cast<std::uint32_t>(work.lanes.size()));
  for (const auto& [lineage, last] : work.lanes) {
    write_lineage(writer, lineage);
    writer.u64_le(last);
  }
  FB_CHECK(commit_change(EntryType::lanes_raised, content));
  for (const auto& [lineage, last] : work.lanes) lanes_.raise({lineage, work.stream}, last);
  context_.progress->advance(journal_->end(), 0);
  return {};
}

Result<void> Sequencer::change(const RaiseTimelineWork& work) {
  const std::uint64_t timeline = context_.directory->get()->timeline;
  if (work.timeline <= timeline)
    return Error{Errc::invalid_argument, "the timeline is " + std::to_string(timeline) + " and only rises"};
  Buffer content;
  ByteWriter(content).u64_le(work.timeline);
  FB_CHECK(commit_change(EntryType::timeline, content));
  publish_directory([&](Directory& directory) { directory.timeline = work.timeline; });
  return {};
}

Result<void> Sequencer::change(LaneStatesWork& work) {
  for (const LaneKey& key : work.keys) {
    LaneStatesWork::State state;
    state.stale = lanes_.is_stale(key.lineage);
    if (state.stale) {
      state.last = lanes_.forgotten_through(key.lineage.root);
    } else if (const auto lane = lanes_.find(key)) {
      state.known = true;
      state.last = lane->last;
    }
    work.states.push_back(state);
  }
  return {};
}

}  // namespace forebay::gateway::log

#include "gateway/kinesis/pending_consumers.h"

namespace forebay::gateway::kinesis {

std::variant<PendingConsumers::Place, PendingConsumers::Refusal> PendingConsumers::begin(
    const stream::StreamService& streams, stream::StreamPtr stream, RegisteredConsumer& consumer) {
  const std::scoped_lock lock(mutex_);
  if (auto newest = streams.find(stream->account, stream->name); newest && newest->id == stream->id)
    stream = std::move(newest);
  const auto pending = streams_.find(stream->id);
  const bool is_pending = pending != streams_.end() && pending->second.contains(consumer.name);
  if (is_pending || find_consumer(*stream, consumer.name)) return Refusal::exists;
  const std::size_t others = pending == streams_.end() ? 0 : pending->second.size();
  if (consumers_of(*stream).size() + others >= kConsumersMax) return Refusal::too_many;
  std::size_t& creating = accounts_[stream->account];
  if (creating >= kConsumersCreatingMax) return Refusal::too_many_creating;
  ++creating;
  consumer.created = free_second(stream->id, consumer);
  streams_[stream->id].emplace(consumer.name, consumer.created);
  return Place(*this, stream->account, stream->id, consumer.name);
}

WallTime PendingConsumers::free_second(stream::StreamId stream, const RegisteredConsumer& consumer) {
  // Earlier seconds do not come again.
  std::erase_if(registered_, [&](const auto& one) { return one.second < consumer.created; });
  const auto [last, first] = registered_.try_emplace({stream, consumer.name}, consumer.created);
  if (!first) last->second += std::chrono::seconds(1);
  return last->second;
}

std::vector<RegisteredConsumer> PendingConsumers::of(stream::StreamId stream) const {
  const std::scoped_lock lock(mutex_);
  std::vector<RegisteredConsumer> found;
  if (const auto pending = streams_.find(stream); pending != streams_.end())
    for (const auto& [name, created] : pending->second) found.push_back({name, created, true});
  return found;
}

void PendingConsumers::end(const std::string& account, stream::StreamId stream, const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto pending = streams_.find(stream);
  pending->second.erase(name);
  if (pending->second.empty()) streams_.erase(pending);
  if (--accounts_[account] == 0) accounts_.erase(account);
}

}  // namespace forebay::gateway::kinesis

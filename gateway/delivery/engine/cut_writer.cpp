#include "gateway/delivery/engine/cut_writer.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/hex.h"

namespace forebay::gateway::delivery {
namespace {

constexpr Milliseconds kLook{1000};  // the bell rings before

ManifestEntry::Object describe(const FinishedObject& object) {
  ManifestEntry::Object out;
  out.key = object.key;
  out.size = object.body.size();
  out.sha256 = to_hex(object.sha256);
  out.records = object.records;
  out.partition = object.partition;
  out.error_type = object.error_type;
  return out;
}

Error other_object(const std::string& key) {
  return {Errc::conflict, "object " + key +
                              " is there with other content than these records make now; nothing was overwritten. "
                              "Compare both, move the other object away, then resume the delivery stream"};
}

Error other_entry(const std::string& key) {
  return {Errc::conflict, "manifest entry " + key +
                              " was written by another gateway: this one stops delivering the shard. See that only "
                              "one gateway delivers this stream, then resume the delivery stream"};
}

}  // namespace

/// Counts an object as under way for as long as its coroutine lives, also when that ends by an exception.
class CutWriter::UnderWay {
 public:
  UnderWay(CutWriter& writer, Held& held) : writer_(writer), held_(&held) {}
  ~UnderWay() {
    --writer_.under_way_;
    if (held_ != nullptr) held_->under_way = false;
  }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  /// The store has it, and it is held no more.
  void settled() { held_ = nullptr; }

 private:
  CutWriter& writer_;
  Held* held_;
};

CutWriter::CutWriter(std::shared_ptr<ObjectStore> store, CutContent content)
    : store_(std::move(store)), content_(std::move(content)) {
  entry_.cut = content_.cut;
  entry_.previous = content_.previous;
  entry_.begins = content_.begins;
  for (const auto& [lineage, last] : content_.marks) entry_.lanes.push_back({lineage, last});
  if (content_.builder) content_.builder->seal(content_.cut);
}

Task<CutWriter::Step> CutWriter::run(std::shared_ptr<CutWriter> writer, Means means) {
  writer->step_ = Step::done;
  if (writer->entry_text_.empty()) co_await put_objects(writer, means);
  if (writer->step_ == Step::done) co_await put_entry(writer, means);
  co_return writer->step_;
}

std::vector<std::string> CutWriter::keys() const {
  std::vector<std::string> keys;
  for (const ManifestEntry::Object& object : entry_.objects) keys.push_back(object.key);
  return keys;
}

/// After the first trouble nothing new is begun; what is under way is waited for.
Task<void> CutWriter::put_objects(std::shared_ptr<CutWriter> writer, Means means) {
  CutWriter& self = *writer;
  const auto executor = co_await boost::asio::this_coro::executor;
  while (self.step_ == Step::done) {
    if (self.under_way_ >= means.objects_at_once) {
      co_await self.bell_.sleep(kLook);
      continue;
    }
    Place next = self.next_held();
    if (next == self.held_.end() && self.all_made_) break;
    if (means.must_leave()) {
      self.note(Step::left, {Errc::cancelled, "not all objects of the cut were put"});
      break;
    }
    if (next == self.held_.end()) {
      co_await make_object(writer, means);
      continue;
    }
    next->second.under_way = true;
    ++self.under_way_;
    boost::asio::co_spawn(executor, put_object(writer, means, next), boost::asio::detached);
  }
  while (self.under_way_ > 0) co_await self.bell_.sleep(kLook);
  // One whose coroutine ended by an exception was not settled.
  if (self.step_ == Step::done && !self.held_.empty())
    self.note(Step::again, {Errc::unavailable, "an object was not put: out of memory"});
}

CutWriter::Place CutWriter::next_held() {
  return std::find_if(held_.begin(), held_.end(), [](const auto& held) { return !held.second.under_way; });
}

Task<void> CutWriter::make_object(std::shared_ptr<CutWriter> writer, Means means) {
  Result<std::optional<FinishedObject>> made = std::optional<FinishedObject>();
  auto make = [&] { made = writer->next_object(); };
  co_await means.workers.run(make);
  if (!made) {
    writer->note(Step::failed, made.error());
  } else if (!*made) {
    writer->all_made_ = true;
  } else {
    writer->entry_.objects.push_back(describe(**made));
    writer->held_[writer->entry_.objects.size()].object = **std::move(made);
  }
}

Result<std::optional<FinishedObject>> CutWriter::next_object() {
  if (content_.declaration) return std::exchange(content_.declaration, std::nullopt);
  if (content_.builder) return content_.builder->next();
  return std::optional<FinishedObject>();
}

Task<void> CutWriter::put_object(std::shared_ptr<CutWriter> writer, Means means, Place place) {
  UnderWay under_way(*writer, place->second);
  Result<PutOutcome> outcome = PutOutcome::different;
  auto put = [&] { outcome = writer->put(place->second.object); };
  co_await means.senders.run(means.share, put);
  if (outcome && *outcome != PutOutcome::different) under_way.settled();
  writer->settle(place, outcome);
  writer->bell_.wake_all();
}

Result<PutOutcome> CutWriter::put(const FinishedObject& object) {
  ObjectToPut put;
  put.key = object.key;
  put.body = object.body;
  put.content_type = object.content_type;
  put.content_encoding = object.content_encoding;
  put.sha256 = object.sha256;
  return store_->put(put);
}

void CutWriter::settle(Place place, const Result<PutOutcome>& outcome) {
  const FinishedObject& object = place->second.object;
  if (!outcome) return note(Step::again, outcome.error());
  if (*outcome == PutOutcome::different) return note(Step::conflict, other_object(object.key));
  payload_bytes_ += object.bytes_before;
  held_.erase(place);
}

void CutWriter::note(Step step, Error error) {
  if (step <= step_) return;
  step_ = step;
  error_ = std::move(error);
}

Task<void> CutWriter::put_entry(std::shared_ptr<CutWriter> writer, Means means) {
  CutWriter& self = *writer;
  if (self.entry_text_.empty()) {
    self.entry_text_ = encode(self.entry_);
    self.entry_hash_ = to_hex(sha256(as_bytes(self.entry_text_)));
  }
  ObjectToPut put;
  put.key = manifest_key(self.content_.cut);
  put.body = as_bytes(self.entry_text_);
  put.content_type = "application/json";
  self.told_ = true;
  Result<PutOutcome> outcome = PutOutcome::different;
  auto call = [&] { outcome = self.store_->put(put); };
  co_await means.senders.run(means.share, call);
  if (!outcome)
    self.note(Step::again, outcome.error());
  else if (*outcome == PutOutcome::different)
    self.note(Step::conflict, other_entry(put.key));
  else
    self.done_ = true;
}

}  // namespace forebay::gateway::delivery

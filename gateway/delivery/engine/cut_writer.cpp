#include "gateway/delivery/engine/cut_writer.h"

namespace forebay::gateway::delivery {
namespace {

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

}  // namespace

CutWriter::CutWriter(std::shared_ptr<ObjectStore> store, CutContent content)
    : store_(std::move(store)), content_(std::move(content)) {
  entry_.cut = content_.cut;
  entry_.previous = content_.previous;
  for (const auto& [lineage, last] : content_.marks) entry_.lanes.push_back({lineage, last});
  if (content_.builder) content_.builder->seal(content_.cut);
}

CutWriter::Step CutWriter::run() {
  while (entry_text_.empty()) {
    if (!object_) {
      auto more = next_object();
      if (!more) {
        error_ = std::move(more).error();
        return Step::failed;
      }
      if (!*more) break;
    }
    if (const Step step = put_object(); step != Step::done) return step;
  }
  return put_entry();
}

std::vector<std::string> CutWriter::keys() const {
  std::vector<std::string> keys;
  for (const ManifestEntry::Object& object : entry_.objects) keys.push_back(object.key);
  if (object_) keys.push_back(object_->key);
  return keys;
}

Result<bool> CutWriter::next_object() {
  if (content_.declaration) {
    object_ = std::move(content_.declaration);
    content_.declaration.reset();
  } else if (content_.builder) {
    FB_TRY(object_, content_.builder->next());
  }
  return object_.has_value();
}

CutWriter::Step CutWriter::put_object() {
  ObjectToPut put;
  put.key = object_->key;
  put.body = object_->body;
  put.content_type = object_->content_type;
  put.content_encoding = object_->content_encoding;
  put.sha256 = object_->sha256;
  const auto outcome = store_->put(put);
  if (!outcome) {
    error_ = outcome.error();
    return Step::again;
  }
  if (*outcome == PutOutcome::different) {
    error_ = {Errc::conflict, "object " + object_->key +
                                  " is there with other content than these records make now; nothing was overwritten. "
                                  "Compare both, move the other object away, then resume the delivery stream"};
    return Step::conflict;
  }
  entry_.objects.push_back(describe(*object_));
  payload_bytes_ += object_->bytes_before;
  object_.reset();
  return Step::done;
}

CutWriter::Step CutWriter::put_entry() {
  if (entry_text_.empty()) {
    entry_text_ = encode(entry_);
    entry_hash_ = to_hex(sha256(as_bytes(entry_text_)));
  }
  ObjectToPut put;
  put.key = manifest_key(content_.cut);
  put.body = as_bytes(entry_text_);
  put.content_type = "application/json";
  told_ = true;
  const auto outcome = store_->put(put);
  if (!outcome) {
    error_ = outcome.error();
    return Step::again;
  }
  if (*outcome == PutOutcome::different) {
    error_ = {Errc::conflict, "manifest entry " + put.key +
                                  " was written by another gateway: this one stops delivering the shard. See that only "
                                  "one gateway delivers this stream, then resume the delivery stream"};
    return Step::conflict;
  }
  done_ = true;
  return Step::done;
}

}  // namespace forebay::gateway::delivery

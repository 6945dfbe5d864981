#include "gateway/delivery/engine/object_lane.h"

#include <algorithm>
#include <utility>

/// The way of a lane from cut to cut; how a buffer fills stands in object_lane_fill.cpp.
namespace forebay::gateway::delivery {

Task<LaneEnd> ObjectLane::run(std::shared_ptr<Lane> lane) {
  ObjectLane self(std::move(lane));
  const LaneEnd end = co_await self.work();
  co_return end;
}

Task<LaneEnd> ObjectLane::work() {
  if (lane_->cut) {
    const std::optional<LaneEnd> end = co_await settle_old_cut();
    if (end) co_return *end;
  }
  const std::optional<LaneEnd> closed = co_await open_track();
  if (closed) co_return *closed;
  for (;;) {
    const Filled filled = co_await fill();
    if (filled == Filled::left) co_return LaneEnd::left;
    if (filled == Filled::gone) co_return LaneEnd::gone;
    if (filled == Filled::failed) co_return LaneEnd::failed;
    if (filled == Filled::finished) {
      const LaneEnd end = co_await finish();
      co_return end;
    }
    const std::optional<LaneEnd> end = co_await begin_cut();
    if (end) co_return *end;
  }
}

/// Brings the lane to the present definition, and behind what the bucket lists already.
Task<std::optional<LaneEnd>> ObjectLane::open_track() {
  if (lane_->must_leave()) co_return LaneEnd::left;
  const std::optional<ObjectPlan> plan = object_plan(lane_->compiled->definition, lane_->row.key.track);
  if (!plan) co_return LaneEnd::left;
  if (auto used = use(*plan); !used) co_return stand_still(used.error(), false);
  const std::optional<LaneEnd> left = co_await enter();
  if (left) co_return left;
  const std::uint64_t timeline = lane_->source.timeline;
  if (lane_->log_end || lane_->row.timeline != timeline) {
    // First the manifest of the timeline before: it may list more, and tells whether there must be another timeline.
    const std::optional<LaneEnd> end = co_await adopt();
    if (end) co_return end;
  }
  if (lane_->must_leave()) co_return LaneEnd::left;
  if (lane_->row.timeline != timeline) {  // cuts never span timelines, and each has a manifest of its own
    lane_->row.timeline = timeline;
    lane_->row.next_index = 0;
    lane_->row.previous.clear();
    auto save = [this] { return lane_->services.store->checkpoint(lane_->row); };
    const bool durable = co_await retry_.make_durable(save);
    if (!durable) co_return LaneEnd::left;
  }
  const std::optional<LaneEnd> end = co_await adopt();
  co_return end;
}

/// A cut that an earlier run logged: delivered to its end, unless the manifest has it. Only one of an older definition,
/// of which nothing counts yet, is given up: the next cut has another version and so other names, and what becomes an
/// orphan here is never an object that a later entry lists.
Task<std::optional<LaneEnd>> ObjectLane::settle_old_cut() {
  const CutRow row = lane_->cut->row;
  const bool outdated = row.version != lane_->compiled->version;
  if (!(outdated && lane_->cut->untold)) {
    const auto plan = plan_of(row);
    if (!plan) co_return stand_still(plan.error(), false);
    if (auto used = use(*plan); !used) co_return stand_still(used.error(), false);
    const std::optional<LaneEnd> left = co_await enter();
    if (left) co_return left;
    lane_->row.timeline = row.timeline;
    const std::optional<LaneEnd> end = co_await adopt();
    if (end) co_return end;
    if (!lane_->cut) co_return std::nullopt;
    if (!(outdated && lane_->cut->untold)) {
      const std::optional<LaneEnd> delivered = co_await deliver_cut();
      co_return delivered;
    }
  }
  // No reader has heard of this cut (D6), and its records are in the log: they are cut anew, as the definition is now.
  const CutUnderWay given_up = *std::exchange(lane_->cut, std::nullopt);
  const WallTime now = lane_->services.clock().wall_now();
  auto forget = [this, given_up, now] {
    return lane_->services.store->give_up_cut(lane_->row, given_up.bucket, given_up.keys, now);
  };
  const bool durable = co_await retry_.make_durable(forget);
  if (!durable) co_return LaneEnd::left;
  co_return std::nullopt;
}

Task<std::optional<LaneEnd>> ObjectLane::enter() {
  if (lane_->row.bucket == plan_.objects.bucket) co_return std::nullopt;
  const BucketStay stay = enter_bucket(lane_->row, lane_->log_end, plan_.objects.bucket, lane_->shard->end_offset());
  auto save = [this, stay] { return lane_->services.store->enter_bucket(stay.lane, stay.log_end); };
  const bool durable = co_await retry_.make_durable(save);
  if (!durable) co_return LaneEnd::left;
  lane_->row = stay.lane;
  lane_->log_end = stay.log_end;
  co_return std::nullopt;
}

Task<std::optional<LaneEnd>> ObjectLane::adopt() {
  for (;;) {
    std::optional<Result<Adoption>> adopted;
    auto call = [&] { adopted.emplace(adopt_manifest(*store_, lane_->source, lane_->row, lane_->log_end)); };
    co_await lane_->services.senders.run(lane_->delivery->senders(), call);
    if (adopted->ok()) {
      Adoption found = **std::move(adopted);
      const std::optional<LaneEnd> end = co_await take_over(std::move(found));
      co_return end;
    }
    const Error error = adopted->error();
    if (error.code == Errc::corrupt) co_return stand_still(error, true);
    if (error.code == Errc::not_found && lane_->cut && lane_->cut->row.version != lane_->compiled->version) {
      lane_->cut->untold = true;  // where there is no bucket there is no manifest
      co_return std::nullopt;
    }
    co_await retry_.pause(error);
    if (lane_->must_leave()) co_return LaneEnd::left;
  }
}

Task<std::optional<LaneEnd>> ObjectLane::take_over(Adoption found) {
  const bool restored = found.timeline != 0;
  const bool advanced = found.lane.next_index != lane_->row.next_index;
  if (!restored && !advanced && !lane_->log_end) co_return std::nullopt;
  // Before the lane is behind anything: it must not go on under offsets that the manifest knows for other records.
  std::vector<AdoptedLane> rows(1);
  rows[0].lane = found.lane;
  rows[0].delivered = found.delivered;
  rows[0].drops_cut = advanced || restored;
  auto save = [this, &found, &rows, restored]() -> Result<void> {
    if (restored) FB_CHECK(lane_->continue_history(found.timeline));
    return lane_->services.store->adopt(rows);
  };
  const bool durable = co_await retry_.make_durable(save);
  if (!durable) co_return LaneEnd::left;
  // A cut under way has the index of the first entry that was found: it is either listed or overtaken.
  if (advanced || restored) lane_->cut.reset();
  lane_->adopted(found);
  co_return std::nullopt;
}

CutRow ObjectLane::next_cut() const {
  CutRow row;
  row.key = lane_->row.key;
  row.index = lane_->row.next_index;
  row.timeline = lane_->row.timeline;
  row.version = lane_->compiled->version;
  row.document = lane_->compiled->document;
  if (lost_) {
    row.first = lost_->from;
    row.last = stream::Offset(lost_->to.value() - 1);
    row.oldest = lane_->services.clock().wall_now();
    row.gap = lost_->reason;
  } else {
    row.first = first_;
    row.last = stream::Offset(position_.value() - 1);
    row.oldest = oldest_;
  }
  return row;
}

/// D1: the cut is durable before anything of it leaves.
Task<std::optional<LaneEnd>> ObjectLane::begin_cut() {
  const CutRow row = next_cut();
  auto log = [this, row] { return lane_->services.store->log_cut(row); };
  const bool durable = co_await retry_.make_durable(log);
  if (!durable) co_return LaneEnd::left;
  lane_->cut = CutUnderWay{row, true, plan_.objects.bucket, {}};
  const std::optional<LaneEnd> end = co_await deliver_cut();
  co_return end;
}

/// D2, D3: until the manifest lists the cut under way, however long the store takes.
Task<std::optional<LaneEnd>> ObjectLane::deliver_cut() {
  std::shared_ptr<CutWriter> writer;
  for (;;) {
    if (!writer) {
      if (!builder_ && lane_->cut->row.gap.empty()) {
        const std::optional<LaneEnd> end = co_await rebuild();
        if (end) co_return end;
      }
      auto made = make_writer();
      if (!made) co_return stand_still(made.error(), false);
      writer = *std::move(made);
      lane_->services.budget.is_leaving(this);
    }
    const std::optional<LaneEnd> end = co_await put(writer);
    if (end) co_return end;
    if (writer && writer->is_done()) break;
  }
  const std::optional<LaneEnd> end = co_await settle_cut(*writer);
  co_return end;
}

/// One attempt. Takes the writer away when its memory is needed elsewhere while the store does not answer.
Task<std::optional<LaneEnd>> ObjectLane::put(std::shared_ptr<CutWriter>& writer) {
  const CutWriter::Means means = means_of_put();
  const CutWriter::Step step = co_await CutWriter::run(writer, means);
  lane_->cut->untold = lane_->cut->untold && !writer->has_told();
  if (step == CutWriter::Step::done) {
    retry_.succeeded();
    co_return std::nullopt;
  }
  lane_->cut->keys = writer->keys();
  if (step == CutWriter::Step::left) co_return LaneEnd::left;
  const Error error = writer->error();
  if (step != CutWriter::Step::again) co_return stand_still(error, step == CutWriter::Step::conflict);
  if (lane_->services.budget.is_spent()) {
    writer.reset();
    drop_buffer();
  }
  co_await retry_.pause(error);
  if (lane_->must_leave()) co_return LaneEnd::left;
  co_return std::nullopt;
}

CutWriter::Means ObjectLane::means_of_put() const {
  const auto must_leave = [lane = lane_] { return lane->must_leave(); };
  return {lane_->services.pool, lane_->services.senders, lane_->delivery->senders(),
          lane_->services.options.objects_at_once, must_leave};
}

Task<std::optional<LaneEnd>> ObjectLane::settle_cut(const CutWriter& writer) {
  LaneRow next = lane_->row;
  next.next = lane_->cut->row.last + 1;
  next.next_index = lane_->cut->row.index + 1;
  next.previous = writer.entry_hash();
  auto save = [this, next] { return lane_->services.store->checkpoint(next); };
  const bool durable = co_await retry_.make_durable(save);
  if (!durable) co_return LaneEnd::left;
  lane_->row = next;
  lane_->publish_progress();
  count(writer);
  lane_->cut.reset();
  drop_buffer();
  co_return std::nullopt;
}

/// Reads the records of the cut under way again.
Task<std::optional<LaneEnd>> ObjectLane::rebuild() {
  auto made = lane_->services.dependencies.make_builder(plan_.processing, plan_.objects);
  if (!made) co_return stand_still(made.error(), false);
  begin_buffer();
  builder_ = *std::move(made);
  position_ = lane_->cut->row.first;
  while (position_ <= lane_->cut->row.last && lane_->cut->row.gap.empty()) {
    const std::optional<LaneEnd> end = co_await rebuild_page();
    if (end) co_return end;
  }
  if (!lane_->cut->row.gap.empty()) drop_buffer();
  co_return std::nullopt;
}

Task<std::optional<LaneEnd>> ObjectLane::rebuild_page() {
  if (!lane_->refresh()) co_return LaneEnd::gone;
  LaneRead read = co_await read_lane(lane_, position_);
  if (read.gone) co_return LaneEnd::gone;
  if (read.error) {
    co_await retry_.pause(*read.error);
    if (lane_->must_leave()) co_return LaneEnd::left;
    co_return std::nullopt;
  }
  if (read.lost) {
    // The manifest does not list them and the log has them no more: this cut declares them lost instead.
    CutRow row = lane_->cut->row;
    if (position_ > row.first) {  // what could be read before them is delivered; the next cut declares them
      row.last = stream::Offset(position_.value() - 1);
    } else {
      row.last = std::min(row.last, stream::Offset(read.lost->to.value() - 1));
      row.gap = read.lost->reason;
    }
    // Its objects get other names: what was put under the old ones counts no more.
    const CutUnderWay& old = *lane_->cut;
    const WallTime now = lane_->services.clock().wall_now();
    auto log = [this, row, &old, now] { return lane_->services.store->change_cut(row, old.bucket, old.keys, now); };
    const bool durable = co_await retry_.make_durable(log);
    if (!durable) co_return LaneEnd::left;
    lane_->cut->row = row;
    lane_->cut->keys.clear();
    co_return std::nullopt;
  }
  Added added;
  auto call = [&] { added = add(*read.page, position_, lane_->cut->row.last + 1, true); };
  co_await lane_->services.pool.run(call);
  if (added.error) co_return stand_still(*added.error, false);
  take(added);
  co_return std::nullopt;
}

Task<LaneEnd> ObjectLane::finish() {
  LaneRow next = lane_->row;
  next.next = std::max(next.next, position_);
  next.finished = true;
  auto save = [this, next] { return lane_->services.store->checkpoint(next); };
  const bool durable = co_await retry_.make_durable(save);
  if (!durable) co_return LaneEnd::left;
  lane_->row = next;
  lane_->publish_progress();
  co_return LaneEnd::finished;
}

Result<void> ObjectLane::use(const ObjectPlan& plan) {
  FB_TRY(store_, lane_->services.dependencies.sinks->object_store(plan.objects.bucket));
  plan_ = plan;
  return {};
}

Result<ObjectPlan> ObjectLane::plan_of(const CutRow& row) {
  CompiledPtr compiled = lane_->compiled;
  if (row.version != compiled->version) {
    DeliveryInfo info = lane_->delivery->info();
    info.document = row.document;
    info.version = row.version;
    auto old = lane_->services.dependencies.compile(info);
    if (!old) return std::move(old).error().with_context("definition of version " + std::to_string(row.version));
    compiled = std::make_shared<const CompiledDelivery>(CompiledDelivery{*std::move(old), row.version, row.document});
  }
  auto plan = object_plan(compiled->definition, row.key.track);
  if (!plan) return Error{Errc::corrupt, "a cut was logged under a definition that makes no objects"};
  return *std::move(plan);
}

Cut ObjectLane::cut_of(const CutRow& row) const {
  Cut cut;
  cut.source = lane_->source;
  cut.source.timeline = row.timeline;
  cut.index = row.index;
  cut.version = row.version;
  cut.first = row.first;
  cut.last = row.last;
  cut.oldest = row.oldest;
  cut.replay = row.key.track;
  return cut;
}

Result<std::shared_ptr<CutWriter>> ObjectLane::make_writer() {
  CutContent content;
  content.cut = cut_of(lane_->cut->row);
  content.previous = lane_->row.previous;
  content.begins = lane_->cut->row.index > 0 && lane_->cut->row.first == lane_->row.bucket_first;
  if (lane_->cut->row.gap.empty()) {
    content.builder = std::move(builder_);
    content.marks = std::move(marks_);
  } else {
    FB_TRY(content.declaration, loss_declaration(plan_.objects, content.cut, lane_->cut->row.gap));
  }
  return std::make_shared<CutWriter>(store_, std::move(content));
}

LaneEnd ObjectLane::stand_still(const Error& error, bool conflict) {
  if (conflict) lane_->services.metrics.conflicts.add();
  lane_->stand_still(error);
  return LaneEnd::failed;
}

void ObjectLane::count(const CutWriter& writer) {
  DeliveryMetrics& metrics = lane_->services.metrics;
  const ManifestEntry& entry = writer.entry();
  const auto records = static_cast<std::uint64_t>(entry.cut.last.value() - entry.cut.first.value() + 1);
  const bool is_loss = !lane_->cut->row.gap.empty();
  if (is_loss)
    lane_->report_loss(entry.cut, lane_->cut->row.gap);
  else
    metrics.records.add(records);
  metrics.bytes.add(writer.payload_bytes());
  metrics.cuts.add();
  metrics.objects.add(entry.objects.size());
  for (const ManifestEntry::Object& object : entry.objects) metrics.object_bytes.add(object.size);
  lane_->delivery->delivered(is_loss ? 0 : records, writer.payload_bytes(),
                             entry.objects.empty() ? std::string() : entry.objects.back().key,
                             lane_->services.clock().wall_now());
}

}  // namespace forebay::gateway::delivery

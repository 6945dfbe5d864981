#pragma once

#include <cstddef>
#include <cstdint>

#include "base/backoff.h"
#include "base/units.h"

namespace forebay::gateway::delivery {

/// What happens to records that expire before they are delivered.
enum class WhenBehind : std::uint8_t {
  wait,  ///< they do not expire: retention waits, and a full disk refuses puts
  drop,  ///< they expire, and a record of the loss is delivered in their place
};

struct EngineOptions {
  std::size_t workers = 2;                   ///< threads that read records, make objects and keep the database
  std::size_t senders = 128;                 ///< threads that wait for stores and sinks, at most
  std::size_t senders_per_delivery = 16;     ///< of which one delivery stream has at most so many at once
  std::size_t objects_at_once = 8;           ///< of one cut that are made and on their way to the store
  std::uint64_t buffer_bytes_max = 256_MiB;  ///< of open objects together; beyond it the largest is cut
  WhenBehind when_behind = WhenBehind::wait;
  BackoffOptions store_backoff{Milliseconds(1000), Milliseconds(120'000)};  ///< of object stores; for ever
  Milliseconds sink_first_wait{1000};                                       ///< of record sinks: doubles, +-15 %
  Milliseconds sink_wait_max{120'000};
  Milliseconds watch_interval{1000};       ///< how soon a new shard, a pause or a resume is noticed
  Milliseconds manifest_patience{10'000};  ///< of a start, for manifests of buckets that do not answer
  Milliseconds stop_timeout{10'000};       ///< for what is being put when the gateway stops
  Milliseconds clean_interval{3'600'000};  ///< between looks for leftovers in buckets
  std::uint32_t direct_put_shards = 1;
  std::int32_t direct_put_retention_hours = 24;
  std::size_t deliveries_max = 5000;          ///< of one account
  std::size_t read_bytes = 1_MiB;             ///< of one read of a shard
  std::size_t dead_letters_waiting_max = 64;  ///< batches of one delivery stream kept for a store that is down
};

}  // namespace forebay::gateway::delivery

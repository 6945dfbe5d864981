#include "agent/agent.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "agent/agent_metrics.h"
#include "agent/host_name.h"
#include "agent/source/source_table.h"
#include "agent/uploader/key_file.h"
#include "spool/spool_limit.h"
#include "sys/curl_http_client.h"
#include "sys/sqlite_database.h"

namespace forebay::agent {
namespace {

/// Memory between sources and spool: one commit under way and the next one gathering.
constexpr std::size_t kIntakeBytesMax = 2u << 20;
constexpr std::size_t kGroupBytesMax = 1u << 20;
/// Sensor sources that may wait for their turn to read.
constexpr std::size_t kBlockingQueueMax = 256;
constexpr Milliseconds kCollectMin{10};
constexpr Milliseconds kCollectMax{100};

}  // namespace

Agent::Agent(const AgentOptions& options, const AgentRun& run, LogOutput& log, Failpoints& failpoints)
    : options_(options), run_(run), failpoints_(failpoints), logger_(log, "agent", options.log_level) {}

Agent::~Agent() {
  // Also after a failed start: threads end before what they use.
  for (auto& source : sources_) source->stop();
  if (scrubber_) scrubber_->stop();
  if (intake_) intake_->stop();
  if (spooler_) {
    spooler_->give_up();
    spooler_->join();
  }
  if (uploader_) uploader_->stop();
}

ExitCode Agent::run() {
  if (auto started = start(); !started) {
    logger_.error("cannot start", {{"reason", started.error().context}});
    return exit_code_of(started.error());
  }
  loop_.run();
  return finish();
}

Result<void> Agent::start() {
  started_ = clock_.steady_now();
  wait_for_signals();
  FB_CHECK(files_.create_directories(parent_path(options_.spool_path)));
  FB_CHECK(open_state_cache());
  FB_CHECK(open_identity());
  FB_CHECK(make_sources());
  spool::SpoolOptions spool = options_.spool;
  spool.device = device_;
  FB_TRY(spool.ordinal_min, recall("ordinal_min"));
  auto opened = spool::Spool::open(files_, clock_, entropy_, logger_.child("spool"), options_.spool_path, spool);
  if (!opened) return std::move(opened).error().with_context("spool " + options_.spool_path);
  spool_ = *std::move(opened);
  // Before any other thread: it narrows the process's umask for a moment.
  const std::string socket = status_socket_path(options_.spool_path);
  auto listening = StatusSocket::open(loop_, socket, [this] { return to_json(status()); });
  if (listening)
    status_socket_ = *std::move(listening);
  else
    logger_.warning("status is not served", {{"reason", listening.error().context}});
  FB_CHECK(start_upload());
  start_spooler();
  FB_CHECK(start_sources());
  start_housekeeping();
  logger_.info("collecting", {{"device", device_}, {"gateway", options_.gateway.url}, {"spool", options_.spool_path}});
  notify_.ready(status_line(status()));
  return {};
}

Result<void> Agent::open_state_cache() {
  const std::string path = options_.spool_path + ".state.db";
  auto database = open_database(files_, path);
  if (!database && database.error().code == Errc::corrupt) {
    logger_.warning("the state cache is damaged and made anew", {{"reason", database.error().context}});
    FB_CHECK(files_.rename(path, path + ".damaged"));
    if (auto wal = files_.stat(path + "-wal"); wal && *wal) FB_CHECK(files_.remove(path + "-wal"));
    database = open_database(files_, path);
  }
  if (!database && database.error().code == Errc::conflict)
    return Error{Errc::conflict, "another forebay-agent uses spool " + options_.spool_path};
  if (!database) return std::move(database).error().with_context("state cache " + path);
  FB_TRY(cache_, StateCache::open(*std::move(database)));
  return {};
}

Result<void> Agent::open_identity() {
  FB_TRY(timeline_, recall("timeline"));
  device_ = options_.device;
  if (!device_.empty()) return {};
  // The host name of the first start stays this device's name: keys must not change when the host is renamed.
  FB_TRY(const auto known, cache_->get("device"));
  if (known) {
    device_ = *known;
    return {};
  }
  FB_TRY(device_, host_name());
  return cache_->set("device", device_);
}

Result<void> Agent::make_sources() {
  const SourceContext context{.loop = loop_,
                              .clock = clock_,
                              .entropy = entropy_,
                              .log = logger_,
                              .device = device_,
                              .make_watcher = [] { return std::make_unique<InotifyFileWatcher>(); },
                              .blocking = [this]() -> BlockingPool& { return blocking(); },
                              .record_bytes_max = spool::spool_sizes(options_.spool).record_bytes_max};
  for (const ConfigTable* table : options_.sources) {
    FB_TRY(auto source, make_source(*table, sources_.size() + 1, context));
    sources_.push_back(std::move(source));
  }
  if (sources_.empty()) logger_.warning("no [[source]] is configured: nothing is collected");
  return {};
}

BlockingPool& Agent::blocking() {
  if (!blocking_) blocking_ = std::make_unique<BlockingPool>(1, kBlockingQueueMax);
  return *blocking_;
}

Result<void> Agent::start_upload() {
  CurlHttpClientOptions http;
  http.ca_file = options_.gateway.ca_file;
  http.user_agent = std::string("forebay-agent/") + FOREBAY_VERSION;
  http_ = std::make_unique<CurlHttpClient>(std::move(http));
  HttpUploadClient::Options client;
  client.url = options_.gateway.url;
  client.region = options_.gateway.region;
  const std::string key_file = options_.gateway.key_file;
  const auto load = [key_file]() -> Result<wire::aws::Credentials> {
    if (key_file.empty()) return wire::aws::Credentials{};
    return read_key_file(key_file);
  };
  client_ = std::make_unique<HttpUploadClient>(*http_, clock_, logger_, client, load);
  parked_ = std::make_unique<ParkedBatches>(files_, options_.spool_path + ".parked");
  FB_TRY(const std::vector<Lineage> closed, closed_lineages());
  UploadSession::Parts parts{*spool_,
                             *client_,
                             *parked_,
                             clock_,
                             entropy_,
                             logger_,
                             metrics_,
                             failpoints_,
                             device_,
                             FOREBAY_VERSION,
                             [this](std::uint64_t timeline) { remember("timeline", timeline); },
                             [this](std::uint64_t ordinal) { return remember_closed(ordinal); },
                             closed,
                             [this] {
                               if (spooler_) spooler_->space_freed();  // not while records are moved at the start
                             }};
  session_ = std::make_unique<UploadSession>(std::move(parts), options_.upload, timeline_);
  Uploader::Events events;
  events.failed = [this](const Error& error) { boost::asio::post(loop_, [this, error] { fail(error); }); };
  events.drained = [this] { boost::asio::post(loop_, [this] { drained(); }); };
  uploader_ = std::make_unique<Uploader>(*session_, *client_, clock_, std::move(events));
  // Before sources give what comes behind the records that it moves.
  return session_->start();
}

void Agent::start_spooler() {
  const auto later = [this](std::function<void()> callback) { boost::asio::post(loop_, std::move(callback)); };
  intake_ = std::make_unique<IntakeQueue>(kIntakeBytesMax, later, failpoints_);
  Spooler::Options options;
  options.group_bytes_max = std::min<std::size_t>(kGroupBytesMax, options_.spool.max_bytes / 64);
  options.collect = std::clamp(options_.upload.batch_age / 2, kCollectMin, kCollectMax);
  Spooler::Events events;
  events.appended = [this](std::span<const spool::RecordChunk> chunks) {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    for (const spool::RecordChunk& chunk : chunks) {
      records += chunk.count();
      bytes += chunk.size_bytes();
    }
    metrics_.counter(metrics::kAppendedRecords).add(records);
    metrics_.counter(metrics::kAppendedBytes).add(bytes);
    uploader_->spool_grew(chunks);
  };
  events.ended = [this] { boost::asio::post(loop_, [this] { uploader_->drain(); }); };
  events.failed = [this](const Error& error) { boost::asio::post(loop_, [this, error] { fail(error); }); };
  spooler_ = std::make_unique<Spooler>(*intake_, *spool_, clock_, logger_, failpoints_, options, std::move(events));
  spooler_->start();
  uploader_->start();
  if (run_.once) return;
  Scrubber::Options scrub;
  scrub.interval = options_.scrub_interval;
  scrubber_ = std::make_unique<Scrubber>(*spool_, logger_, scrub);
  scrubber_->start();
}

Result<void> Agent::start_sources() {
  const auto positions = spool_->source_positions();
  sources_running_ = sources_.size();
  for (auto& source : sources_) FB_CHECK(source->start(*intake_, positions, run_.once, [this] { source_ended(); }));
  if (run_.once && sources_.empty()) boost::asio::post(loop_, [this] { sources_done(); });
  return {};
}

}  // namespace forebay::agent

#include "agent/source/mqtt_source.h"

namespace forebay::agent {

namespace {
constexpr Milliseconds kStuckAfter{60'000};
}  // namespace

MqttSource::MqttSource(Load load, const Clock& clock, Entropy& entropy, Logger log, MqttSourceOptions options)
    : load_(std::move(load)),
      clock_(clock),
      entropy_(entropy),
      log_(log),
      options_(std::move(options)),
      backoff_(options_.backoff) {}

MqttSource::~MqttSource() { stop(); }

Result<void> MqttSource::start(Intake& intake, const std::map<std::string, Buffer>&, bool once, std::function<void()>) {
  if (once)
    return Error{Errc::invalid_argument,
                 options_.name + ": a subscription has no end; --once works with files, sensors and standard input"};
  FB_TRY(library_, load_());
  intake_ = &intake;
  thread_ = std::thread([this] { run(); });
  return {};
}

void MqttSource::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void MqttSource::run() {
  while (true) {
    const bool worked = attempt();
    {
      std::lock_guard lock(mutex_);
      connected_ = false;
      if (stopping_) return;
    }
    if (worked) backoff_.reset();
    pause(backoff_.next(entropy_.next_u64()));
  }
}

// One client object from connect to loss. True: it was connected.
bool MqttSource::attempt() {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return false;
    lost_ = false;
  }
  MqttConnectOptions connect = options_.connect;
  // Subscribing again makes the broker repeat its retained messages: only once per run, or when it lost the session.
  connect.subscribe = !subscribed_;
  auto connection = library_->connect(connect, *this);
  if (!connection.ok()) {
    set_error(connection.error().context);
    const std::string where = connect.host + ":" + std::to_string(connect.port);
    if (connection.error().code == Errc::permission)
      log_.error("the MQTT broker refuses this client", {{"broker", where}, {"error", connection.error().context}});
    else
      log_.warning("no MQTT connection; it is tried again", {{"broker", where}, {"error", connection.error().context}});
    return false;
  }
  subscribed_ = true;
  log_.info("MQTT connected", {{"broker", connect.host}, {"client_id", connect.client_id}});
  wait_until_lost();
  return true;
}

void MqttSource::wait_until_lost() {
  std::unique_lock lock(mutex_);
  connected_ = !lost_;
  if (connected_) last_error_.clear();
  changed_.wait(lock, [this] { return lost_ || stopping_; });
}

void MqttSource::pause(Milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return stopping_; });
}

void MqttSource::connection_lost(std::string_view reason) {
  set_error(reason.empty() ? "the connection was lost" : reason);
  {
    std::lock_guard lock(mutex_);
    lost_ = true;
  }
  changed_.notify_all();
}

void MqttSource::set_error(std::string_view what) {
  std::lock_guard lock(mutex_);
  last_error_ = what;
}

bool MqttSource::message_arrived(const MqttMessage& message) {
  if (message.repeated) ++repeated_;
  if (message.payload.size() > options_.payload_bytes_max) {
    ++left_out_;
    log_.error("an MQTT message over the limit is left out",
               {{"topic", message.topic}, {"bytes", message.payload.size()}});
    return true;
  }
  options_.key.expand({options_.device, {}, message.topic, message.payload}, key_);
  missing_fields_ = options_.key.missing_count();
  spool::RecordChunk chunk(options_.stream);
  chunk.add(key_, clock_.wall_now(), message.payload);
  if (!hand_over(chunk, message.qos)) return false;
  ++messages_;
  bytes_ += message.payload.size();
  return true;
}

// At QoS 0 nobody waits for an answer: many messages share a commit.
bool MqttSource::hand_over(spool::RecordChunk& chunk, int qos) {
  if (qos == 0 && intake_->try_submit(chunk, {})) return true;
  waiting_since_ns_ = clock_.steady_now().time_since_epoch().count();
  const auto durable = intake_->submit_and_wait(chunk, options_.commit_timeout);
  waiting_since_ns_ = 0;
  if (durable.ok()) return true;
  auto failed = durable;
  set_error("a message was not durable in time: " + failed.error().context);
  log_.warning("an MQTT message was not durable in time; the connection is cut and the broker will send it again",
               {{"error", failed.error().context}});
  return false;
}

SourceStatus MqttSource::status() const {
  std::lock_guard lock(mutex_);
  SourceStatus status{options_.name, "mqtt", options_.stream, {}, false};
  for (const std::string& topic : options_.connect.topics)
    status.items.push_back({topic, messages_, 0, messages_, connected_ ? "" : last_error_});
  status.counts.records = messages_;
  status.counts.bytes = bytes_;
  status.counts.missing_key_fields = missing_fields_;
  status.counts.left_out = left_out_;
  status.counts.repeated = repeated_;
  const std::int64_t waiting = waiting_since_ns_;
  const std::int64_t now = clock_.steady_now().time_since_epoch().count();
  status.stuck = waiting != 0 && now - waiting > Nanoseconds(kStuckAfter).count();
  return status;
}

}  // namespace forebay::agent

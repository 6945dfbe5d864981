// The module forebay-kafka.so: the only file that knows librdkafka (2.0.2).
//
// An idempotent producer with the gapless guarantee stops with a fatal error where it would otherwise go on behind a
// lost message. That, and the fatal errors of this version after "possibly persisted", mean: make another producer, go
// on.
#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

#include "gateway/delivery/sinks/kafka_producer.h"

namespace forebay::gateway::delivery {
namespace {

constexpr int kPollMs = 50;

struct DestroyProducer {
  void operator()(rd_kafka_t* producer) const {
    rd_kafka_purge(producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_destroy_flags(producer, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }
};
struct DestroyTopic {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
struct DestroyConf {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};

using ConfPtr = std::unique_ptr<rd_kafka_conf_t, DestroyConf>;

Result<ConfPtr> make_conf(const KafkaProducerOptions& options) {
  ConfPtr conf(rd_kafka_conf_new());
  std::array<char, 512> text{};
  for (const auto& [name, value] : options.settings)
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), text.data(), text.size()) != RD_KAFKA_CONF_OK)
      return Error{Errc::invalid_argument, "Kafka setting " + name + " cannot have this value"};
  return conf;
}

bool is_of_message(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP: return true;
    default: return false;
  }
}

KafkaReport report_of(rd_kafka_resp_err_t code) {
  using Kind = KafkaReport::Kind;
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {Kind::stored, {}, {}};
  return {is_of_message(code) ? Kind::refused : Kind::failed, rd_kafka_err2name(code), rd_kafka_err2str(code)};
}

class RdkafkaProducer final : public KafkaProducer {
 public:
  explicit RdkafkaProducer(KafkaProducerOptions options) : options_(std::move(options)) {}

  Result<void> open() {
    FB_TRY(ConfPtr conf, make_conf(options_));
    std::array<char, 512> text{};
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_dr_msg_cb(conf.get(), &RdkafkaProducer::on_report);
    rd_kafka_conf_set_connect_cb(conf.get(), &RdkafkaProducer::on_connect);
    rd_kafka_conf_set_error_cb(conf.get(), &RdkafkaProducer::on_error);
    rd_kafka_conf_set_log_cb(conf.get(), nullptr);
    producer_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), text.data(), text.size()));
    if (producer_ == nullptr) return Error{Errc::invalid_argument, std::string("Kafka settings: ") + text.data()};
    conf.release();  // the producer's now
    topic_.reset(rd_kafka_topic_new(producer_.get(), options_.topic.c_str(), nullptr));
    if (topic_ == nullptr)
      return Error{Errc::invalid_argument, "topic " + options_.topic + ": " + rd_kafka_err2str(rd_kafka_last_error())};
    return {};
  }

  std::vector<KafkaReport> send(std::span<const KafkaMessage> messages, const std::atomic<bool>& cancelled) override {
    reports_.assign(messages.size(), report_of(RD_KAFKA_RESP_ERR__FAIL));  // until the library says otherwise
    waiting_ = 0;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const rd_kafka_resp_err_t code = cancelled ? RD_KAFKA_RESP_ERR__PURGE_QUEUE : produce(messages[i], i, cancelled);
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        ++waiting_;
      else
        reports_[i] = report_of(code);
      // Nothing may be stored behind a message of the same key that was not.
      if (code != RD_KAFKA_RESP_ERR_NO_ERROR && !is_of_message(code)) {
        std::fill(reports_.begin() + static_cast<std::ptrdiff_t>(i), reports_.end(), report_of(code));
        break;
      }
    }
    bool purged = false;
    while (waiting_ > 0) {
      rd_kafka_poll(producer_.get(), kPollMs);
      // After a fatal error the rest would wait until it is too old.
      if (purged || (!cancelled && usable())) continue;
      rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
      purged = true;
    }
    add_reason();
    return std::move(reports_);
  }

  [[nodiscard]] bool usable() const override {
    return rd_kafka_fatal_error(producer_.get(), nullptr, 0) == RD_KAFKA_RESP_ERR_NO_ERROR;
  }

 private:
  rd_kafka_resp_err_t produce(const KafkaMessage& message, std::size_t index, const std::atomic<bool>& cancelled) {
    for (;;) {
      const rd_kafka_resp_err_t code =
          rd_kafka_producev(producer_.get(), RD_KAFKA_V_RKT(topic_.get()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                            RD_KAFKA_V_KEY(message.key.data(), message.key.size()),
                            RD_KAFKA_V_VALUE(const_cast<std::uint8_t*>(message.value.data()), message.value.size()),
                            RD_KAFKA_V_TIMESTAMP(to_millis(message.time)),
                            RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(index)), RD_KAFKA_V_END);
      if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL || cancelled) return code;
      rd_kafka_poll(producer_.get(), kPollMs);
    }
  }

  static void on_report(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    auto& self = *static_cast<RdkafkaProducer*>(opaque);
    const auto index = reinterpret_cast<std::size_t>(message->_private);
    if (self.waiting_ == 0 || index >= self.reports_.size()) return;  // purged by the destructor
    self.reports_[index] = report_of(message->err);
    --self.waiting_;
  }

  /// "Local: message timed out" hides why: the last error of a connection says it.
  void add_reason() {
    if (last_error_.empty()) return;
    for (KafkaReport& report : reports_)
      if (report.kind == KafkaReport::Kind::failed) report.message.append(" (").append(last_error_).append(")");
    last_error_.clear();
  }

  static void on_error(rd_kafka_t* producer, int code, const char* reason, void* opaque) {
    auto& self = *static_cast<RdkafkaProducer*>(opaque);
    std::array<char, 512> text{};
    if (code == RD_KAFKA_RESP_ERR__FATAL) rd_kafka_fatal_error(producer, text.data(), text.size());
    self.last_error_ = text[0] != '\0' ? text.data() : reason;
  }

  static int on_connect(int fd, const sockaddr* address, int size, const char*, void* opaque) {
    const auto& allowed = static_cast<RdkafkaProducer*>(opaque)->options_.address_allowed;
    if (allowed && !allowed(bytes_of(address))) return EACCES;
    if (::connect(fd, address, static_cast<socklen_t>(size)) == 0 || errno == EINPROGRESS) return 0;
    return errno;
  }

  static std::span<const std::uint8_t> bytes_of(const sockaddr* address) {
    if (address->sa_family == AF_INET6) {
      const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
      return {reinterpret_cast<const std::uint8_t*>(&v6->sin6_addr), 16};
    }
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    return {reinterpret_cast<const std::uint8_t*>(&v4->sin_addr), 4};
  }

  const KafkaProducerOptions options_;
  std::vector<KafkaReport> reports_;
  std::size_t waiting_ = 0;
  std::string last_error_;
  std::unique_ptr<rd_kafka_t, DestroyProducer> producer_;
  std::unique_ptr<rd_kafka_topic_t, DestroyTopic> topic_;
};

class RdkafkaLibrary final : public KafkaLibrary {
 public:
  Result<void> check(const KafkaProducerOptions& options) override {
    FB_CHECK(make_conf(options));
    return {};
  }

  Result<std::unique_ptr<KafkaProducer>> make_producer(const KafkaProducerOptions& options) override {
    auto producer = std::make_unique<RdkafkaProducer>(options);
    FB_CHECK(producer->open());
    return std::unique_ptr<KafkaProducer>(std::move(producer));
  }
};

}  // namespace
}  // namespace forebay::gateway::delivery

extern "C" __attribute__((visibility("default"))) void* forebay_kafka_library(unsigned version) {
  static forebay::gateway::delivery::RdkafkaLibrary library;
  forebay::gateway::delivery::KafkaLibrary* interface = &library;
  return version == forebay::gateway::delivery::kKafkaModule.version ? interface : nullptr;
}

// tip_latency: how long after the answer to a put its event is at a SubscribeToShard consumer, one record at a time.
//
//   tip_latency measure --port N --access-key ID --secret-key KEY --stream NAME --consumer-arn ARN [--puts 2000]
//   tip_latency serve PORT
//
// `measure` subscribes to shard 0 and puts single records; it prints one JSON line with percentiles in microseconds.
// `serve` is the yardstick: a server that stores nothing, answers each put at once and then pushes an event to whoever
// subscribed. HTTP/1.1 in cleartext, both.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "base/http_client.h"
#include "sys/system_clock.h"
#include "wire/aws/sigv4.h"
#include "wire/kinesis/event_stream.h"

namespace {

using namespace forebay;
using Steady = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& text) {
  std::fprintf(stderr, "tip_latency: %s\n", text.c_str());
  std::exit(1);
}

/// A TCP connection and what came over it.
struct Connection {
  int socket = -1;
  std::string in;

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) fail("the connection broke");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Takes in what is there; false when the other side has closed.
  bool receive() {
    char bytes[65536];
    const ssize_t count = ::recv(socket, bytes, sizeof bytes, 0);
    if (count > 0) in.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }
  void wait() {
    if (!receive()) fail("the server closed: " + in);
  }
};

void set_no_delay(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

Connection connect_to(int port) {
  Connection connection{::socket(AF_INET, SOCK_STREAM, 0), {}};
  const sockaddr_in address = loopback(port);
  if (connect(connection.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail("nothing listens on port " + std::to_string(port));
  set_no_delay(connection.socket);
  return connection;
}

/// Takes a whole message with Content-Length, or the head of a streamed one, off the front.
bool take_message(std::string& in) {
  const std::size_t end = in.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  std::string head = in.substr(0, end);
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t length = head.find("content-length: ");
  const std::size_t body = length == std::string::npos ? 0 : std::strtoul(head.c_str() + length + 16, nullptr, 10);
  if (in.size() < end + 4 + body) return false;
  in.erase(0, end + 4 + body);
  return true;
}

/// Takes a whole chunk off the front and says what is in it.
bool take_chunk(std::string& in, std::string& content) {
  const std::size_t line = in.find("\r\n");
  if (line == std::string::npos) return false;
  const std::size_t size = std::strtoul(in.c_str(), nullptr, 16);
  if (in.size() < line + 2 + size + 2) return false;
  content = in.substr(line + 2, size);
  in.erase(0, line + 2 + size + 2);
  return true;
}

std::string chunk(const std::string& content) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", content.size());
  return size + content + "\r\n";
}

// --- the yardstick -----------------------------------------------------------------------------------------------

constexpr const char* kNumber = "49590338271490256608559692538361571095921575989136588898";

std::string canned_event(bool with_record) {
  std::string frame;
  wire::kinesis::EventFrame event = wire::kinesis::begin_event(frame, "SubscribeToShardEvent");
  frame += "{\"Records\":[";
  if (with_record)
    frame += std::string("{\"SequenceNumber\":\"") + kNumber +
             "\",\"ApproximateArrivalTimestamp\":1767322800.000,\"Data\":\"" + std::string(136, 'A') +
             "\",\"PartitionKey\":\"p\"}";
  frame += std::string("],\"ContinuationSequenceNumber\":\"") + kNumber + "\",\"MillisBehindLatest\":0}";
  event.finish();
  return frame;
}

void serve(int port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener, 16) != 0)
    fail("port " + std::to_string(port) + " cannot be listened on");
  const std::string body = std::string("{\"SequenceNumber\":\"") + kNumber + "\",\"ShardId\":\"shardId-000000000000\"}";
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  const std::string pushed = chunk(canned_event(true));
  std::map<int, Connection> connections;
  int subscriber = -1;
  for (;;) {
    std::vector<pollfd> waits{{listener, POLLIN, 0}};
    for (const auto& [socket, connection] : connections) waits.push_back({socket, POLLIN, 0});
    if (poll(waits.data(), waits.size(), -1) < 0) return;
    if (waits.front().revents != 0) {
      const int fresh = accept(listener, nullptr, nullptr);
      set_no_delay(fresh);
      connections[fresh] = Connection{fresh, {}};
    }
    for (std::size_t i = 1; i < waits.size(); ++i) {
      if (waits[i].revents == 0) continue;
      Connection& connection = connections[waits[i].fd];
      const bool open = connection.receive();
      const bool subscribes = connection.in.find("SubscribeToShard") != std::string::npos;
      while (take_message(connection.in)) {
        if (subscribes) {
          subscriber = connection.socket;
          connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(canned_event(false)));
          continue;
        }
        connection.send(answer);
        if (subscriber >= 0) connections[subscriber].send(pushed);
      }
      if (open) continue;
      if (subscriber == waits[i].fd) subscriber = -1;
      close(waits[i].fd);
      connections.erase(waits[i].fd);
    }
  }
}

// --- measuring ---------------------------------------------------------------------------------------------------

struct Options {
  int port = 0;
  wire::aws::Credentials credentials;
  std::string stream = "bench";
  std::string consumer_arn;
  int puts = 2000;
};

std::string request(const Options& options, const std::string& operation, const std::string& body) {
  HttpRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(options.port) + "/";
  request.headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", "Kinesis_20131202." + operation}};
  request.body = as_bytes(body);
  wire::aws::sign(request, options.credentials, "us-east-1", "kinesis", SystemClock().wall_now());
  std::string bytes = "POST / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port) + "\r\n";
  for (const auto& [name, value] : request.headers)
    if (name != "Host" && name != "host") bytes += name + ": " + value + "\r\n";
  return bytes + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

double percentile(std::vector<double>& values, double part) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

void subscribe(const Options& options, Connection& events) {
  events.send(request(options, "SubscribeToShard",
                      "{\"ConsumerARN\":\"" + options.consumer_arn +
                          "\",\"ShardId\":\"shardId-000000000000\",\"StartingPosition\":{\"Type\":\"LATEST\"}}"));
  while (events.in.find("\r\n\r\n") == std::string::npos) events.wait();
  if (!events.in.starts_with("HTTP/1.1 200")) fail("SubscribeToShard was refused: " + events.in);
  take_message(events.in);
  for (std::string frame; frame.find("SubscribeToShardEvent") == std::string::npos;)
    while (!take_chunk(events.in, frame)) events.wait();
}

void measure(const Options& options) {
  Connection events = connect_to(options.port);
  Connection puts = connect_to(options.port);
  subscribe(options, events);
  std::vector<double> answered, after_answer, after_send;
  const std::string body = "{\"StreamName\":\"" + options.stream +
                           "\",\"PartitionKey\":\"p\",\"ExplicitHashKey\":\"0\",\"Data\":\"" + std::string(136, 'A') +
                           "\"}";
  for (int i = 0; i < options.puts; ++i) {
    const std::string put = request(options, "PutRecord", body);
    const Steady::time_point begin = Steady::now();
    puts.send(put);
    Steady::time_point answer{}, event{};
    while (answer == Steady::time_point() || event == Steady::time_point()) {
      pollfd waits[2] = {{puts.socket, POLLIN, 0}, {events.socket, POLLIN, 0}};
      poll(waits, 2, -1);
      const Steady::time_point now = Steady::now();
      if (waits[0].revents != 0) {
        puts.wait();
        if (!puts.in.starts_with("HTTP/1.1 200")) fail("PutRecord was refused: " + puts.in);
        if (take_message(puts.in)) answer = now;
      }
      if (waits[1].revents != 0) {
        events.wait();
        for (std::string frame; take_chunk(events.in, frame);)
          if (frame.find("\"Records\":[{") != std::string::npos) event = now;
      }
    }
    const auto micros = [](Steady::duration time) { return std::chrono::duration<double, std::micro>(time).count(); };
    answered.push_back(micros(answer - begin));
    after_answer.push_back(std::max(0.0, micros(event - answer)));
    after_send.push_back(micros(event - begin));
  }
  std::printf("{\"puts\": %d, \"put_p50_us\": %.0f, \"after_answer_p50_us\": %.0f, \"after_answer_p99_us\": %.0f, "
              "\"after_send_p50_us\": %.0f, \"after_send_p99_us\": %.0f}\n",
              options.puts, percentile(answered, 0.5), percentile(after_answer, 0.5), percentile(after_answer, 0.99),
              percentile(after_send, 0.5), percentile(after_send, 0.99));
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.size() == 2 && words[0] == "serve") {
    serve(std::atoi(words[1].c_str()));
    return 0;
  }
  Options options;
  options.credentials.access_key_id = "none";
  options.credentials.secret_access_key = "none";
  for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
    if (words[i] == "--port") options.port = std::atoi(words[i + 1].c_str());
    if (words[i] == "--access-key") options.credentials.access_key_id = words[i + 1];
    if (words[i] == "--secret-key") options.credentials.secret_access_key = words[i + 1];
    if (words[i] == "--stream") options.stream = words[i + 1];
    if (words[i] == "--consumer-arn") options.consumer_arn = words[i + 1];
    if (words[i] == "--puts") options.puts = std::atoi(words[i + 1].c_str());
  }
  if (words.empty() || words[0] != "measure" || options.port == 0 || options.puts < 1)
    fail("usage: tip_latency measure --port N --access-key ID --secret-key KEY --stream NAME --consumer-arn ARN "
         "[--puts N] | tip_latency serve PORT");
  measure(options);
  return 0;
}

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connection.h"
#include "meters.h"
#include "options.h"
#include "signer.h"

namespace kload {

/// Sequences [begin, end) of one producer.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct PutStats {
  Histogram latency;
  std::uint64_t requests = 0;
  std::uint64_t acked = 0;
  std::uint64_t failed = 0;
  std::uint64_t http_errors = 0;
  std::uint64_t broken = 0;
  std::string first_error;

  void merge(const PutStats& other);
};

/// What one connection writes, and which of it was acknowledged.
class Producer {
 public:
  Producer(const Options& options, std::uint32_t run, unsigned id) : options_(&options), run_(run), id_(id) {}

  /// Builds its next request.
  void build(Signer& signer, std::string& out);
  /// Takes the answer to it.
  void account(const Response& response, PutStats& stats);
  /// The answer never came.
  void lost(PutStats& stats) const;

  [[nodiscard]] unsigned id() const { return id_; }
  [[nodiscard]] const std::vector<Range>& acked() const { return acked_; }

  std::uint64_t due_ns = 0;      ///< of the next request, when a rate is kept
  std::uint64_t started_ns = 0;  ///< of the request in flight

 private:
  void append_record(std::string& body);
  void ack(std::uint64_t begin, std::uint64_t end);
  void account_each(const Response& response, PutStats& stats);

  const Options* options_;
  std::uint32_t run_;
  unsigned id_;
  std::uint64_t next_ = 0;
  std::uint64_t in_flight_from_ = 0;
  std::vector<Range> acked_;
  std::string body_;
  std::string record_;
};

}  // namespace kload

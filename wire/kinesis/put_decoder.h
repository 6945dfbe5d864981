#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash_key.h"
#include "wire/kinesis/error_type.h"

namespace forebay::wire::kinesis {

/// A decoded and validated PutRecord (one entry) or PutRecords request. Views live until the decoder's next call.
struct PutView {
  struct Entry {
    std::string_view partition_key;  ///< 1..256 characters
    ByteView data;                   ///< decoded
    std::optional<HashKey> explicit_hash_key;
  };
  std::optional<std::string_view> stream_name;
  std::optional<std::string_view> stream_arn;
  std::optional<std::string_view> sequence_number_for_ordering;  ///< PutRecord only
  bool dry_run = false;
  std::vector<Entry> entries;
};

/// Decoder of the two calls that carry data, and the only place that knows simdjson. It reads the usual form of a
/// request straight into views and one arena of decoded data; whatever is unusual (escapes, wrong types, rule
/// violations) goes through json_decode.h and validate.h, so that the outcome and every error text are the same.
/// Reusable: memory grows to the largest request seen, and is given back above a bound by trim().
/// Threads  one.
class PutDecoder {
 public:
  PutDecoder();
  ~PutDecoder();
  PutDecoder(const PutDecoder&) = delete;
  PutDecoder& operator=(const PutDecoder&) = delete;

  /// Shape    `readable_after`: bytes behind the body that may be read (their content does not matter). With less than
  ///          kPadding the body is copied first.
  /// Success  empty; view() is filled. Otherwise SerializationException, ValidationException, or
  /// InvalidArgumentException
  ///          for an ExplicitHashKey over 2^128-1.
  std::optional<Fault> decode_put_record(std::string_view body, std::size_t readable_after = 0);
  std::optional<Fault> decode_put_records(std::string_view body, std::size_t readable_after = 0);
  [[nodiscard]] const PutView& view() const { return view_; }
  /// Gives back memory kept above `bytes_max`; view() is empty afterwards.
  void trim(std::size_t bytes_max);

  static constexpr std::size_t kPadding = 64;

 private:
  struct Scratch;
  PutView view_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace forebay::wire::kinesis

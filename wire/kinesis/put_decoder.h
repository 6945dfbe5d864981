#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "wire/kinesis/error_type.h"
#include "wire/kinesis/put_view.h"

namespace forebay::wire::kinesis {

/// Decoder of the two calls that carry data, and the only place that knows simdjson. It reads the usual form of a
/// request straight into views and one arena of decoded data; whatever is unusual (escapes, wrong types, rule
/// violations) goes through json_decode.h and validate.h, so that the outcome and every error text are the same.
/// The view's texts and data live until the decoder's next call.
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

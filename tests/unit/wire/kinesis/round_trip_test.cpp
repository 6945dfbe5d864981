// Every described message, with all its members filled and with none, survives both body formats.
#include <gtest/gtest.h>

#include "tests/unit/wire/kinesis/described_calls.h"
#include "wire/kinesis/cbor_decode.h"
#include "wire/kinesis/cbor_encode.h"
#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/json_encode.h"

namespace forebay::wire::kinesis {
namespace {

/// Gives every member a value of its own.
class Filler {
 public:
  void fill(std::string& out) { out = "text-é-" + std::to_string(++count_); }
  void fill(std::int32_t& out) { out = ++count_; }
  void fill(std::int64_t& out) { out = 10'000'000'000 + ++count_; }
  void fill(bool& out) { out = true; }
  void fill(WallTime& out) { out = from_millis(1'767'322'845'000 + ++count_); }
  void fill(Buffer& out) { out = Buffer(static_cast<std::size_t>(++count_ * 20), 0xff); }
  void fill(StringMap& out) { out = {{"a", ""}, {"b\"", "c" + std::to_string(++count_)}}; }
  template <class T>
  void fill(std::optional<T>& out) {
    fill(out.emplace());
  }
  template <class T>
  requires detail::is_list<std::vector<T>>
  void fill(std::vector<T>& out) {
    for (int i = 0; i < 3; ++i) fill(out.emplace_back());
  }
  template <class Message>
  requires detail::is_message<Message>
  void fill(Message& out) {
    Message::describe(out, [&](const Rule&, auto& member) { fill(member); });
  }

 private:
  std::int32_t count_ = 0;
};

template <class Message>
void expect_round_trip(const Message& message) {
  Message from_json;
  Message from_cbor;
  const auto json_fault = decode_json(to_json(message), from_json);
  const auto cbor_fault = decode_cbor(as_bytes(to_cbor(message)), from_cbor);
  EXPECT_FALSE(json_fault) << json_fault->message;
  EXPECT_FALSE(cbor_fault) << cbor_fault->message;
  EXPECT_EQ(from_json, message);
  EXPECT_EQ(from_cbor, message);
}

template <class Message>
void expect_round_trips() {
  SCOPED_TRACE(std::string(Message::kShape));
  Message message;
  expect_round_trip(message);
  Filler().fill(message);
  expect_round_trip(message);
}

TEST(RoundTrip, EveryDescribedMessageInJsonAndCbor) {
  test::for_each_described_call([](auto call) {
    using Call = decltype(call);
    expect_round_trips<typename Call::Request>();
    if constexpr (Call::kHasResponse) expect_round_trips<typename Call::Response>();
  });
}

}  // namespace
}  // namespace forebay::wire::kinesis

#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "tests/fuzz/targets.h"
#include "tests/unit/wire/kinesis/described_calls.h"
#include "wire/kinesis/cbor_decode.h"
#include "wire/kinesis/cbor_encode.h"
#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/json_encode.h"
#include "wire/kinesis/put_view_fill.h"

/// What the targets of both body formats share.
namespace forebay::fuzz {

/// In JSON a number over 1e11 is taken as milliseconds, not seconds: later times do not survive it.
template <class T>
void bring_near(T& value) {
  using namespace wire::kinesis::detail;
  if constexpr (std::is_same_v<T, WallTime>) {
    constexpr std::int64_t kFarthestMs = 100'000'000'000'000;
    value = from_millis(std::clamp(to_millis(value), -kFarthestMs, kFarthestMs));
  } else if constexpr (is_optional<T>) {
    if (value) bring_near(*value);
  } else if constexpr (is_list<T>) {
    if constexpr (is_message<typename T::value_type>)
      for (auto& element : value) bring_near(element);
  } else if constexpr (is_message<T>) {
    T::describe(value, [](const auto&, auto& member) { bring_near(member); });
  }
}

/// A message that was read is written in both formats, and both read as the same message.
template <class Message>
void check_round_trips(Message message) {
  bring_near(message);
  Message again;
  require(!wire::kinesis::decode_json(wire::kinesis::to_json(message), again), "a written JSON body is read");
  require(again == message, "a message survives JSON");
  require(!wire::kinesis::decode_cbor(as_bytes(wire::kinesis::to_cbor(message)), again), "a written CBOR body is read");
  require(again == message, "a message survives CBOR");
}

/// A view or a fault in words, so that outcomes of different decoders can be compared.
inline std::string words_of(const wire::kinesis::PutView& view, const std::optional<wire::kinesis::Fault>& fault) {
  if (fault) return std::string(wire::kinesis::row_of(fault->type).name) + " " + fault->message;
  std::string out;
  for (const auto& text : {view.stream_name, view.stream_arn, view.sequence_number_for_ordering})
    out.append(text ? std::string(*text) : "-").append(" ");
  out += view.dry_run ? "dry" : "wet";
  for (const auto& entry : view.entries) {
    out.append("\n").append(entry.partition_key).append("|").append(as_text(entry.data)).append("|");
    out += entry.explicit_hash_key ? to_decimal(*entry.explicit_hash_key) : "-";
  }
  return out;
}

/// The same by the general decoder's result.
template <class Request>
std::string words_of(const std::variant<Request, wire::kinesis::Fault>& result) {
  wire::kinesis::PutView view;
  if (const auto* fault = std::get_if<wire::kinesis::Fault>(&result)) return words_of(view, *fault);
  const auto fault = wire::kinesis::fill_view(std::get<Request>(result), view);
  return words_of(view, fault);
}

}  // namespace forebay::fuzz

// The fast decoder and the general one give the same outcome for every body, well-formed or not.
#include "wire/kinesis/put_decoder.h"

#include <gtest/gtest.h>

#include <random>

#include "base/base64.h"
#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/put_fast_path.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {
namespace {

struct Outcome {
  std::optional<Fault> fault;
  std::optional<std::string> stream_name, stream_arn, ordering;
  bool dry_run = false;
  struct Entry {
    std::string key, data;
    std::optional<HashKey> hash_key;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::vector<Entry> entries;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& o) {
  if (o.fault) return out << "fault " << row_of(o.fault->type).name << " " << o.fault->message;
  return out << o.stream_name.value_or("(none)") << " " << o.entries.size() << " entries";
}

Outcome outcome_of(const PutDecoder& decoder, std::optional<Fault> fault) {
  if (fault) return {std::move(fault), {}, {}, {}, false, {}};
  const PutView& view = decoder.view();
  Outcome out{{}, {}, {}, {}, view.dry_run, {}};
  if (view.stream_name) out.stream_name = *view.stream_name;
  if (view.stream_arn) out.stream_arn = *view.stream_arn;
  if (view.sequence_number_for_ordering) out.ordering = *view.sequence_number_for_ordering;
  for (const PutView::Entry& e : view.entries)
    out.entries.push_back({std::string(e.partition_key), std::string(as_text(e.data)), e.explicit_hash_key});
  return out;
}

/// The general decoder's outcome, from its own functions.
template <class Request, class Entries>
Outcome general(std::string_view body, Entries entries) {
  auto result = decode_request<Request>(body);
  if (auto* fault = std::get_if<Fault>(&result)) return {*fault, {}, {}, {}, false, {}};
  const Request& request = std::get<Request>(result);
  Outcome out{{}, request.stream_name, request.stream_arn, {}, request.dry_run.value_or(false), {}};
  for (const auto& record : entries(request)) {
    std::optional<HashKey> hash_key;
    if (record.explicit_hash_key) hash_key = hash_key_from_decimal(*record.explicit_hash_key);
    if (record.explicit_hash_key && !hash_key)
      return {Fault{ErrorType::invalid_argument,
                    "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, "
                    "2^128-1]. Specified value was " +
                        *record.explicit_hash_key},
              {},
              {},
              {},
              false,
              {}};
    out.entries.push_back({*record.partition_key, std::string(as_text(*record.data)), hash_key});
  }
  return out;
}

Outcome general_records(std::string_view body) {
  return general<PutRecordsRequest>(body, [](const PutRecordsRequest& r) { return *r.records; });
}
Outcome general_record(std::string_view body) {
  auto out = general<PutRecordRequest>(body, [](const PutRecordRequest& r) { return std::vector{r}; });
  auto request = decode_request<PutRecordRequest>(body);
  if (!out.fault) out.ordering = std::get<PutRecordRequest>(request).sequence_number_for_ordering;
  return out;
}

std::string padded(std::string_view body) { return std::string(body) + std::string(PutDecoder::kPadding, '}'); }

TEST(PutDecoder, ReadsTheUsualForms) {
  PutDecoder decoder;
  const std::string body =
      R"({"StreamName":"s1","Records":[{"Data":"aGk=","PartitionKey":"p"},{"PartitionKey":"é","Data":"",)"
      R"("ExplicitHashKey":"5"}]})";
  const Outcome expected{{}, "s1", {}, {}, false, {{"p", "hi", {}}, {"é", "", HashKey{0, 5}}}};
  EXPECT_EQ(outcome_of(decoder, decoder.decode_put_records(body)), expected);
  const std::string with_padding = padded(body);
  EXPECT_EQ(outcome_of(decoder, decoder.decode_put_records(std::string_view(with_padding).substr(0, body.size()),
                                                           PutDecoder::kPadding)),
            expected);
  EXPECT_EQ(outcome_of(decoder, decoder.decode_put_record(
                                    R"({"StreamARN":"arn:aws:kinesis:r:000000000000:stream/s","PartitionKey":"p",)"
                                    R"("Data":"aGk=","SequenceNumberForOrdering":"7"})")),
            (Outcome{{}, {}, "arn:aws:kinesis:r:000000000000:stream/s", "7", false, {{"p", "hi", {}}}}));
}

// Without this the other tests would also pass with a fast path that never succeeds.
TEST(PutFastPath, TakesTheUsualFormsAndLeavesTheRest) {
  PutFastPath fast;
  auto reads = [&](std::string_view body, bool single) {
    PutView view;
    Buffer arena;
    arena.reserve(body.size());
    const std::string text = padded(body);
    const std::string_view view_of_body = std::string_view(text).substr(0, body.size());
    return single ? fast.read_put_record(view_of_body, view, arena) : fast.read_put_records(view_of_body, view, arena);
  };
  const char* record = R"({"StreamName":"s","PartitionKey":"p\n","Data":"aGk=","ExplicitHashKey":"1"})";
  const char* records =
      R"({"Records":[{"Data":"aGk=","PartitionKey":"p"},{"Data":"","PartitionKey":"q"}],"StreamName":"s"})";
  EXPECT_EQ(reads(record, true), PutFastPath::available());
  EXPECT_EQ(reads(records, false), PutFastPath::available());
  EXPECT_FALSE(reads(R"({"StreamName":"s","PartitionKey":"p","Data":"aGk=","DryRun":true})", true));
  EXPECT_FALSE(reads(R"({"StreamName":"s","Records":[]})", false));
}

TEST(PutDecoder, UnusualFormsMeanTheSame) {
  PutDecoder decoder;
  for (const char* body :
       {R"({"StreamName":"s1","Records":[{"Data":"aGk=","PartitionKey":"a\u00e9\n"}]})",
        R"({"StreamName":"s1","StreamId":"x","DryRun":true,"Records":[{"Data":"aGk=","PartitionKey":"p",)"
        R"("Other":[{}]}]})",
        R"({"StreamName":"s1","Records":[{"Data":"aGk=","PartitionKey":"p"}],"StreamName":"s2"})",
        R"({"StreamName":"s1","Records":[{"Data":"aGk=","Data":"","PartitionKey":"p"}]})",
        R"({"StreamName":null,"Records":[{"Data":"aGk=","PartitionKey":"p","ExplicitHashKey":null}]})",
        R"({"Records":[{"Data":"aGk=","PartitionKey":"\ud800"}]})",
        R"({"Records":[{"Data":"\u0061Gk=","PartitionKey":"p"}]})",
        R"( {"Records" : [ { "Data" : "aGk=" , "PartitionKey" : "p" } ] } )",
        R"({"Rec\u006frds":[{"Data":"aGk=","PartitionKey":"p"}]})"}) {
    const Outcome expected = general_records(body);
    EXPECT_FALSE(expected.fault) << body;
    EXPECT_EQ(outcome_of(decoder, decoder.decode_put_records(body)), expected) << body;
  }
}

TEST(PutDecoder, FaultsAreThoseOfTheGeneralDecoder) {
  PutDecoder decoder;
  for (const char* body :
       {"",
        "{}",
        "[]",
        "{",
        R"({"Records":[]})",
        R"({"Records":{}})",
        R"({"Records":[5]})",
        R"({"Records":[{}]})",
        R"({"Records":[{"Data":"abc","PartitionKey":"p"}]})",
        R"({"Records":[{"Data":"YR==","PartitionKey":"p"}]})",
        R"({"Records":[{"Data":"","PartitionKey":""}]})",
        R"({"Records":[{"Data":"","PartitionKey":5}]})",
        R"({"StreamName":"","Records":[{"Data":"","PartitionKey":"p"}]})",
        R"({"Records":[{"Data":"","PartitionKey":"p","ExplicitHashKey":"340282366920938463463374607431768211456"}]})",
        R"({"Records":[{"Data":"","PartitionKey":"p"}]} x)",
        R"({"Records":[{"Data":"","PartitionKey":"p"}]}})",
        R"({"Records":[{"Data":"","PartitionKey":"p"},]})",
        R"({"Records":[{"Data":"","PartitionKey":"p"}],})",
        R"({"Records":[{"Data":"","PartitionKey":"p"}])",
        "{\"Records\":[{\"Data\":\"\",\"PartitionKey\":\"\xff\"}]}"}) {
    const Outcome expected = general_records(body);
    EXPECT_TRUE(expected.fault) << body;
    EXPECT_EQ(outcome_of(decoder, decoder.decode_put_records(body)), expected) << body;
  }
}

TEST(PutDecoder, LimitsAreExact) {
  PutDecoder decoder;
  auto records = [](int count) {
    std::string body = R"({"StreamName":"s","Records":[)";
    for (int i = 0; i < count; ++i) body += std::string(i == 0 ? "" : ",") + R"({"Data":"QQ==","PartitionKey":"p"})";
    return body + "]}";
  };
  EXPECT_FALSE(decoder.decode_put_records(records(500)));
  EXPECT_EQ(decoder.view().entries.size(), 500u);
  EXPECT_EQ(decoder.decode_put_records(records(501))->type, ErrorType::validation);
  std::string key;
  for (int i = 0; i < 256; ++i) key += "é";
  EXPECT_FALSE(decoder.decode_put_record("{\"Data\":\"\",\"PartitionKey\":\"" + key + "\"}"));
  EXPECT_TRUE(decoder.decode_put_record("{\"Data\":\"\",\"PartitionKey\":\"" + key + "x\"}"));
  const std::string most = to_base64(Buffer(10'485'760, 'x'));
  EXPECT_FALSE(decoder.decode_put_record("{\"Data\":\"" + most + "\",\"PartitionKey\":\"p\"}"));
  EXPECT_EQ(decoder.view().entries[0].data.size(), 10'485'760u);
  const std::string more = to_base64(Buffer(10'485'761, 'x'));
  EXPECT_EQ(decoder.decode_put_record("{\"Data\":\"" + more + "\",\"PartitionKey\":\"p\"}")->type,
            ErrorType::validation);
  decoder.trim(1 << 20);
  EXPECT_TRUE(decoder.view().entries.empty());
  EXPECT_FALSE(decoder.decode_put_records(records(2)));
}

TEST(PutDecoder, ViewsOfALargeRequestStayWhole) {
  PutDecoder decoder;
  std::string body = R"({"StreamName":"s","Records":[)";
  for (int i = 0; i < 500; ++i)
    body += std::string(i == 0 ? "" : ",") + "{\"Data\":\"" +
            to_base64(Buffer(static_cast<std::size_t>(i * 7), static_cast<std::uint8_t>(i))) +
            "\",\"PartitionKey\":\"key-" + std::to_string(i) + "\"}";
  body += "]}";
  ASSERT_FALSE(decoder.decode_put_records(body));
  for (std::size_t i = 0; i < 500; ++i) {
    const PutView::Entry& entry = decoder.view().entries[i];
    ASSERT_EQ(entry.partition_key, "key-" + std::to_string(i));
    ASSERT_EQ(to_buffer(entry.data), Buffer(i * 7, static_cast<std::uint8_t>(i)));
  }
}

TEST(PutDecoder, DamagedBodiesMeanTheSameToBothDecoders) {
  constexpr unsigned kSeed = 77;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  const std::string records =
      R"({"StreamName":"s1","Records":[{"Data":"aGk=","PartitionKey":"p"},{"Data":"eA==","PartitionKey":"q",)"
      R"("ExplicitHashKey":"5"}]})";
  const std::string record =
      R"({"StreamName":"s1","Data":"aGk=","PartitionKey":"p","ExplicitHashKey":"12","SequenceNumberForOrdering":"7"})";
  const std::string characters = "{}[]\",:\\ un0t5aA=\n\xc3\xa9";
  PutDecoder decoder;
  int accepted = 0;
  for (int round = 0; round < 60'000; ++round) {
    const bool single = round % 2 == 0;
    std::string bad = single ? record : records;
    for (std::uint64_t i = random() % 3; i < 3; ++i) {
      const std::size_t at = random() % bad.size();
      const char c = characters[random() % characters.size()];
      if (random() % 3 == 0)
        bad.erase(at, 1);
      else if (random() % 2 == 0)
        bad.insert(at, 1, c);
      else
        bad[at] = c;
    }
    const Outcome expected = single ? general_record(bad) : general_records(bad);
    auto fault = single ? decoder.decode_put_record(bad) : decoder.decode_put_records(bad);
    ASSERT_EQ(outcome_of(decoder, std::move(fault)), expected) << bad;
    if (!expected.fault) ++accepted;
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace forebay::wire::kinesis

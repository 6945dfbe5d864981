// The decoder without copies and the general one give the same outcome for every CBOR body, well-formed or not.
#include "wire/kinesis/cbor_put_decoder.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/wire/kinesis/cbor_bytes.h"
#include "wire/kinesis/cbor_decode.h"
#include "wire/kinesis/cbor_put_fast_path.h"
#include "wire/kinesis/put_decoder.h"
#include "wire/kinesis/put_view_fill.h"

namespace forebay::wire::kinesis {
namespace {

using Json = nlohmann::json;
using test::blob;
using test::cbor_of;
using test::from_hex;

/// A view or a fault in words, so that outcomes of different decoders can be compared.
std::string text_of(const PutView& view, const std::optional<Fault>& fault) {
  if (fault) return std::string(row_of(fault->type).name) + " " + fault->message;
  std::string out;
  for (const auto& text : {view.stream_name, view.stream_arn, view.sequence_number_for_ordering})
    out.append(text ? std::string(*text) : "-").append(" ");
  out += view.dry_run ? "dry" : "wet";
  for (const PutView::Entry& e : view.entries)
    out.append("\n")
        .append(e.partition_key)
        .append("|")
        .append(as_text(e.data))
        .append("|")
        .append(e.explicit_hash_key ? to_decimal(*e.explicit_hash_key) : "-");
  return out;
}

template <class Request>
std::string general(ByteView body) {
  auto result = decode_cbor_request<Request>(body);
  PutView view;
  if (auto* fault = std::get_if<Fault>(&result)) return text_of(view, *fault);
  const auto fault = fill_view(std::get<Request>(result), view);
  return text_of(view, fault);
}

std::string records_outcome(CborPutDecoder& decoder, ByteView body) {
  const auto fault = decoder.decode_put_records(body);
  return text_of(decoder.view(), fault);
}
std::string record_outcome(CborPutDecoder& decoder, ByteView body) {
  const auto fault = decoder.decode_put_record(body);
  return text_of(decoder.view(), fault);
}

Buffer record_body() {
  return Json::to_cbor({{"StreamName", "s1"},
                        {"Data", blob("hi")},
                        {"PartitionKey", "p"},
                        {"ExplicitHashKey", "12"},
                        {"SequenceNumberForOrdering", "7"}});
}
Buffer records_body() {
  return Json::to_cbor({{"StreamName", "s1"},
                        {"Records",
                         {{{"Data", blob("hi")}, {"PartitionKey", "é"}},
                          {{"Data", blob("")}, {"PartitionKey", "q"}, {"ExplicitHashKey", "5"}}}}});
}

TEST(CborPutDecoder, ReadsTheUsualFormsWithoutACopy) {
  CborPutDecoder decoder;
  EXPECT_EQ(record_outcome(decoder, record_body()), "s1 - 7 wet\np|hi|12");
  const Buffer body = records_body();
  EXPECT_EQ(records_outcome(decoder, body), "s1 - - wet\né|hi|-\nq||5");
  const std::uint8_t* data = decoder.view().entries[0].data.data();
  EXPECT_TRUE(data > body.data() && data < body.data() + body.size());
  PutView view;
  EXPECT_TRUE(read_cbor_put_records(body, view));
  view.clear();
  EXPECT_TRUE(read_cbor_put_record(record_body(), view));
}

// As the Java SDKs write it: maps and lists of indefinite length.
TEST(CborPutDecoder, ReadsIndefiniteLengths) {
  Buffer body = from_hex("bf 6a");
  append(body, as_bytes("StreamName"));
  append(body, from_hex("61 73 67"));
  append(body, as_bytes("Records"));
  append(body, from_hex("9f bf 64"));
  append(body, as_bytes("Data"));
  append(body, from_hex("42 68 69 6c"));
  append(body, as_bytes("PartitionKey"));
  append(body, from_hex("61 70 ff ff ff"));
  PutView view;
  EXPECT_TRUE(read_cbor_put_records(body, view));
  EXPECT_EQ(text_of(view, {}), "s - - wet\np|hi|-");
}

TEST(CborPutDecoder, UnusualFormsMeanTheSame) {
  CborPutDecoder decoder;
  const Json record = {{"Data", blob("hi")}, {"PartitionKey", "p"}};
  Json other = record;
  other["Other"] = {1, {{"a", nullptr}}};
  std::vector<Buffer> bodies = {
      Json::to_cbor({{"StreamName", nullptr}, {"DryRun", true}, {"Records", {record}}}),
      Json::to_cbor({{"StreamId", 5}, {"Records", {other}}}),
      Json::to_cbor({{"Records", {{{"Data", blob("x")}, {"PartitionKey", "p"}, {"ExplicitHashKey", nullptr}}}}})};
  Buffer chunked = from_hex("a1 67");
  append(chunked, as_bytes("Records"));
  append(chunked, from_hex("81 a2 64"));
  append(chunked, as_bytes("Data"));
  append(chunked, from_hex("5f 41 68 41 69 ff 6c"));
  append(chunked, as_bytes("PartitionKey"));
  append(chunked, from_hex("7f 61 70 60 ff"));
  bodies.push_back(chunked);
  for (const Buffer& body : bodies) {
    PutView view;
    EXPECT_FALSE(read_cbor_put_records(body, view));
    const std::string expected = general<PutRecordsRequest>(body);
    EXPECT_EQ(expected.substr(0, 5), "- - -") << expected;
    EXPECT_EQ(records_outcome(decoder, body), expected);
  }
}

TEST(CborPutDecoder, FaultsAreThoseOfJson) {
  CborPutDecoder decoder;
  PutDecoder json_decoder;
  for (const char* body :
       {"{}", "[]", R"({"Records":[]})", R"({"Records":{}})", R"({"Records":[5]})", R"({"Records":[{}]})",
        R"({"Records":[{"PartitionKey":""}]})", R"({"Records":[{"PartitionKey":5}]})",
        R"({"StreamName":"","Records":[{"PartitionKey":"p"}]})", R"({"StreamARN":"x"})"}) {
    const auto expected = json_decoder.decode_put_records(body);
    ASSERT_TRUE(expected) << body;
    EXPECT_EQ(decoder.decode_put_records(cbor_of(body)), expected) << body;
  }
  const Json too_far = {
      {"Records",
       {{{"Data", blob("")}, {"PartitionKey", "p"}, {"ExplicitHashKey", "340282366920938463463374607431768211456"}}}}};
  EXPECT_EQ(decoder.decode_put_records(Json::to_cbor(too_far)),
            json_decoder.decode_put_records(R"({"Records":[{"Data":"","PartitionKey":"p",)"
                                            R"("ExplicitHashKey":"340282366920938463463374607431768211456"}]})"));
}

TEST(CborPutDecoder, LimitsAreExact) {
  CborPutDecoder decoder;
  auto records = [](std::size_t count) {
    return Json::to_cbor({{"Records", std::vector<Json>(count, {{"Data", blob("A")}, {"PartitionKey", "p"}})}});
  };
  EXPECT_FALSE(decoder.decode_put_records(records(500)));
  EXPECT_EQ(decoder.view().entries.size(), 500u);
  EXPECT_EQ(decoder.decode_put_records(records(501))->type, ErrorType::validation);
  auto record = [](const std::string& key, std::size_t size) {
    return Json::to_cbor({{"Data", blob(std::string(size, 'x'))}, {"PartitionKey", key}});
  };
  std::string key;
  for (int i = 0; i < 256; ++i) key += "é";
  const Buffer longest = record(key, 1);
  EXPECT_FALSE(decoder.decode_put_record(longest));
  EXPECT_EQ(decoder.decode_put_record(record(key + "x", 1))->type, ErrorType::validation);
  const Buffer largest = record("p", 10'485'760);
  EXPECT_FALSE(decoder.decode_put_record(largest));
  EXPECT_EQ(decoder.view().entries[0].data.size(), 10'485'760u);
  EXPECT_EQ(decoder.decode_put_record(record("p", 10'485'761))->type, ErrorType::validation);
  decoder.trim();
  EXPECT_TRUE(decoder.view().entries.empty());
  EXPECT_FALSE(decoder.decode_put_records(records(2)));
}

TEST(CborPutDecoder, DamagedBodiesMeanTheSameToBothDecoders) {
  constexpr unsigned kSeed = 78;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  const Buffer record = record_body();
  const Buffer records = records_body();
  CborPutDecoder decoder;
  int accepted = 0;
  for (int round = 0; round < 60'000; ++round) {
    const bool single = round % 2 == 0;
    Buffer bad = single ? record : records;
    for (std::uint64_t i = random() % 3; i < 2; ++i) {
      const auto at = static_cast<std::ptrdiff_t>(random() % bad.size());
      const auto byte = static_cast<std::uint8_t>(random());
      if (random() % 3 == 0)
        bad.erase(bad.begin() + at);
      else if (random() % 2 == 0)
        bad.insert(bad.begin() + at, byte);
      else
        bad[static_cast<std::size_t>(at)] = byte;
    }
    bad.shrink_to_fit();
    const std::string expected = single ? general<PutRecordRequest>(bad) : general<PutRecordsRequest>(bad);
    ASSERT_EQ(single ? record_outcome(decoder, bad) : records_outcome(decoder, bad), expected)
        << Json::binary(bad).dump();
    if (expected.find(" wet") != std::string::npos) ++accepted;
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace forebay::wire::kinesis

// Aggregated records: the golden bytes of the reference (kinesis, section 10), and data that only looks like one.
#include "wire/kinesis/aggregated_record.h"

#include <gtest/gtest.h>

#include <random>

#include "base/digest.h"
#include "base/hex.h"
#include "tests/unit/wire/kinesis/cbor_bytes.h"

namespace forebay::wire::kinesis {
namespace {

using test::from_hex;

constexpr const char* kGolden =
    "f3899ac20a01610a01621201301a0b080010001a0568656c6c6f1a0908011a05776f726c6411082a01a04e8db1e24bec2c64b61acd";

UserRecord record_of(std::string_view key, std::string_view data, std::optional<std::string_view> hash_key = {}) {
  return {key, hash_key, as_bytes(data)};
}

/// Data with the given message and its right checksum.
Buffer aggregate_of(const Buffer& message) {
  Buffer out = from_hex("f3899ac2");
  append(out, message);
  append(out, md5(message));
  return out;
}
Buffer aggregate_of(std::string_view message_hex) { return aggregate_of(from_hex(message_hex)); }

std::string text_of(const std::optional<std::vector<UserRecord>>& records) {
  if (!records) return "plain";
  std::string out;
  for (const UserRecord& r : *records)
    out.append(r.partition_key)
        .append("|")
        .append(r.explicit_hash_key.value_or("-"))
        .append("|")
        .append(as_text(r.data))
        .append(";");
  return out;
}

TEST(AggregatedRecord, PacksTheGoldenBytes) {
  AggregatedRecordPacker packer;
  const UserRecord first = record_of("a", "hello", "0");
  const UserRecord second = record_of("b", "world");
  const std::size_t one = packer.size_with(first);
  packer.add(first);
  EXPECT_EQ(packer.size(), one);
  EXPECT_EQ(packer.size_with(second), 53u);
  packer.add(second);
  EXPECT_EQ(packer.count(), 2u);
  EXPECT_EQ(packer.size(), 53u);
  EXPECT_EQ(to_hex(packer.finish()), kGolden);
  EXPECT_EQ(packer.count(), 0u);
  EXPECT_EQ(packer.size_with(first), one) << "nothing is left of the records before";
}

TEST(AggregatedRecord, UnpacksTheGoldenBytes) {
  const Buffer data = from_hex(kGolden);
  const auto records = unpack_aggregated(data);
  EXPECT_EQ(text_of(records), "a|0|hello;b|-|world;");
  EXPECT_EQ(hash_key_of(records->at(0)), (HashKey{0, 0}));
  EXPECT_EQ(hash_key_of(records->at(1)), forebay::hash_key_of("b"));
}

TEST(AggregatedRecord, ExplicitHashKeysMayBeNoNumbers) {
  EXPECT_EQ(hash_key_of(record_of("a", "", "340282366920938463463374607431768211455")), HashKey::max());
  EXPECT_EQ(hash_key_of(record_of("a", "", "340282366920938463463374607431768211456")), std::nullopt);
  EXPECT_EQ(hash_key_of(record_of("a", "", "x")), std::nullopt);
}

TEST(AggregatedRecord, WhatIsPackedIsUnpackedAndSizesAreExact) {
  constexpr unsigned kSeed = 21;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  std::vector<std::string> texts;
  for (int i = 0; i < 400; ++i) texts.emplace_back(random() % 300, static_cast<char>('a' + i % 26));
  AggregatedRecordPacker packer;
  std::string expected;
  for (int i = 0; i < 2'000; ++i) {
    UserRecord record = record_of(texts[random() % 400], texts[random() % 400]);
    if (random() % 2 == 0) record.explicit_hash_key = texts[random() % 400];
    const std::size_t size = packer.size_with(record);
    packer.add(record);
    ASSERT_EQ(packer.size(), size);
    expected += text_of(std::vector{record});
  }
  const std::size_t size = packer.size();
  const Buffer data = packer.finish();
  EXPECT_EQ(data.size(), size);
  EXPECT_EQ(text_of(unpack_aggregated(data)), expected);
}

TEST(AggregatedRecord, DataThatIsNoAggregateIsPlain) {
  const Buffer golden = from_hex(kGolden);
  EXPECT_EQ(text_of(unpack_aggregated({})), "plain");
  for (std::size_t size = 0; size < golden.size(); ++size)
    EXPECT_EQ(text_of(unpack_aggregated(ByteView(golden).first(size))), "plain") << size;
  for (std::size_t at = 0; at < golden.size(); ++at) {
    Buffer bad = golden;
    bad[at] ^= 0x20;
    EXPECT_EQ(text_of(unpack_aggregated(bad)), "plain") << at;
  }
  EXPECT_EQ(text_of(unpack_aggregated(aggregate_of(""))), "plain") << "not longer than magic and checksum";
}

TEST(AggregatedRecord, MessagesThatDoNotParseArePlain) {
  for (const char* message : {
           "1a 04 0800 1a00",               // a partition key outside the table
           "0a0161 1a 04 0801 1a00",        //
           "0a0161 1a 06 0800 1000 1a00",   // an explicit hash key outside the table
           "0a0161 1a 02 1a00",             // no partition key
           "0a0161 1a 02 0800",             // no data
           "0a0161 1a 05 0800 1a00",        // a record longer than the message
           "0a0161 1a 04 0800 1a01",        // data longer than the record
           "0a0161 18 00",                  // a record that is a number
           "0801",                          // a key that is a number
           "0a0161 1a 03 0800 1b",          // a group
           "0a0161 1a 06 0800 1a00 2501",   // fixed32 cut off
           "0a0161 00",                     // field number 0
           "0a ffffffffffffffffff01",       // a length over everything
           "0a0161 ffffffffffffffffffff01"  // a number of too many bytes
       }) {
    SCOPED_TRACE(message);
    EXPECT_EQ(text_of(unpack_aggregated(aggregate_of(message))), "plain");
  }
}

TEST(AggregatedRecord, FieldsInAnyOrderAndUnknownOnesAreTolerated) {
  // Record first, its table behind; tags (4); unknown fields of every type; the last of equal fields counts.
  EXPECT_EQ(text_of(unpack_aggregated(aggregate_of(
                "1a 10 1a0178 0801 0800 2205 0a016b1200 1a0179 5801 2a00 49 0102030405060708 55 01020304 0a0161"))),
            "plain")
      << "the record's length is one short";
  EXPECT_EQ(text_of(unpack_aggregated(aggregate_of(
                "1a 13 1a0178 0801 0800 2205 0a016b1200 1a0179 5801 2a00 49 0102030405060708 55 01020304 0a0161"))),
            "a|-|y;");
  EXPECT_EQ(text_of(unpack_aggregated(aggregate_of("0a0161"))), "") << "an aggregate of nothing";
}

TEST(AggregatedRecord, TooManyUserRecordsStayTogether) {
  Buffer message = from_hex("0a0161");
  for (std::size_t i = 0; i < kUserRecordsMax; ++i) append(message, from_hex("1a0408001a00"));
  EXPECT_EQ(unpack_aggregated(aggregate_of(message))->size(), kUserRecordsMax);
  append(message, from_hex("1a0408001a00"));
  EXPECT_FALSE(unpack_aggregated(aggregate_of(message)));
  Buffer tables;
  for (std::size_t i = 0; i <= 3 * kUserRecordsMax; ++i) append(tables, from_hex("0a00"));
  EXPECT_FALSE(unpack_aggregated(aggregate_of(tables)));
}

// Damage behind a right checksum: reading ends without reading outside (run under ASan).
TEST(AggregatedRecord, DamagedMessagesAreSurvived) {
  constexpr unsigned kSeed = 9;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  const Buffer golden = from_hex(kGolden);
  int taken_apart = 0;
  for (int round = 0; round < 20'000; ++round) {
    Buffer message(golden.begin() + 4, golden.end() - 16);
    for (int i = 0; i < 2; ++i) message[random() % message.size()] = static_cast<std::uint8_t>(random() % 40);
    if (unpack_aggregated(aggregate_of(message))) ++taken_apart;
  }
  EXPECT_GT(taken_apart, 1000);
}

}  // namespace
}  // namespace forebay::wire::kinesis

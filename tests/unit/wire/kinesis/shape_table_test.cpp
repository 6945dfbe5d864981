// docs/formats/kinesis-calls.md is what the descriptions print. After a change of a description:
//   FOREBAY_WRITE_DOCS=1 build/release/tests/test_wire --gtest_filter='ShapeTable.*'
#include "wire/kinesis/shape_table.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "wire/kinesis/shapes/create_stream.h"
#include "wire/kinesis/shapes/decrease_stream_retention_period.h"
#include "wire/kinesis/shapes/delete_stream.h"
#include "wire/kinesis/shapes/describe_limits.h"
#include "wire/kinesis/shapes/describe_stream.h"
#include "wire/kinesis/shapes/describe_stream_summary.h"
#include "wire/kinesis/shapes/get_records.h"
#include "wire/kinesis/shapes/get_shard_iterator.h"
#include "wire/kinesis/shapes/increase_stream_retention_period.h"
#include "wire/kinesis/shapes/list_shards.h"
#include "wire/kinesis/shapes/list_streams.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {
namespace {

template <class... Messages>
void append_section(std::string& out, const char* title) {
  out.append("## ").append(title).append("\n\n");
  (append_table<Messages>(out), ...);
}

std::string document() {
  std::string out =
      "# Kinesis calls: members and their rules\n\n"
      "Printed from the descriptions in `wire/kinesis/shapes/` (`tests/unit/wire/kinesis/shape_table_test.cpp`).\n"
      "Requests are `POST /` with `X-Amz-Target: Kinesis_20131202.<Call>` and a body of `application/x-amz-json-1.1`.\n"
      "Members not listed are ignored. A missing or unfit member gives `ValidationException`, a value of the wrong "
      "JSON\n"
      "type `SerializationException`. A blob is base64, a timestamp is seconds since 1970 with decimals.\n\n";
  append_section<CreateStreamRequest>(out, "CreateStream");
  append_section<DeleteStreamRequest>(out, "DeleteStream");
  append_section<DescribeStreamRequest, DescribeStreamResponse>(out, "DescribeStream");
  append_section<DescribeStreamSummaryRequest, DescribeStreamSummaryResponse>(out, "DescribeStreamSummary");
  append_section<ListStreamsRequest, ListStreamsResponse>(out, "ListStreams");
  append_section<ListShardsRequest, ListShardsResponse>(out, "ListShards");
  append_section<PutRecordRequest, PutRecordResponse>(out, "PutRecord");
  append_section<PutRecordsRequest, PutRecordsRequestEntry, PutRecordsResponse, PutRecordsResultEntry>(out,
                                                                                                       "PutRecords");
  append_section<GetShardIteratorRequest, GetShardIteratorResponse>(out, "GetShardIterator");
  append_section<GetRecordsRequest, GetRecordsResponse, Record>(out, "GetRecords");
  append_section<DescribeLimitsRequest, DescribeLimitsResponse>(out, "DescribeLimits");
  append_section<IncreaseStreamRetentionPeriodRequest>(out, "IncreaseStreamRetentionPeriod");
  append_section<DecreaseStreamRetentionPeriodRequest>(out, "DecreaseStreamRetentionPeriod");
  append_section<StreamModeDetails, StreamDescription, StreamDescriptionSummary, StreamSummary, EnhancedMetrics,
                 WarmThroughput, Shard, ChildShard, HashKeyRangeShape, SequenceNumberRange, ShardFilter>(out,
                                                                                                         "Structures");
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

TEST(ShapeTable, DocumentMatchesTheDescriptions) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../../../docs/formats/kinesis-calls.md";
  const std::string printed = document();
  if (std::getenv("FOREBAY_WRITE_DOCS") != nullptr) std::ofstream(path, std::ios::binary) << printed;
  std::ifstream in(path, std::ios::binary);
  EXPECT_EQ(std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>()), printed)
      << "write it anew as the first lines of this test say";
}

}  // namespace
}  // namespace forebay::wire::kinesis

// Delivery streams of the configuration file: what they mean, what is refused, and how they are brought to a service.
#include "gateway/firehose/config_delivery.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>

#include "base/config_file.h"
#include "gateway/firehose/apply_config.h"
#include "gateway/firehose/compile.h"
#include "tests/unit/firehose/memory_deliveries.h"
#include "tests/unit/gateway_front/gateway_rig.h"

namespace forebay::gateway::test {
namespace {
using delivery::ObjectDestination;
using delivery::RecordDestination;
using firehose::ConfiguredDelivery;

constexpr std::string_view kAccount = "000000000000";

class ConfigDelivery : public ::testing::Test {
 protected:
  Result<std::vector<ConfiguredDelivery>> read(const std::string& toml) {
    std::ofstream(folder_.path() + "/gateway.toml") << toml;
    schema_ = ConfigSchema{.tables = {firehose::delivery_stream_table(), firehose::delivery_schema_table()}};
    ConfigInput input;
    input.path = folder_.path() + "/gateway.toml";
    FB_TRY(const Config config, load_config(files_, schema_, input));
    FB_TRY(const firehose::DeclaredSchemas schemas, firehose::declared_schemas(config));
    return firehose::configured_deliveries(config, schemas, kAccount, "us-east-1");
  }
  delivery::DeliveryDefinition one(const std::string& toml) {
    auto read_back = read(toml);
    EXPECT_TRUE(read_back.ok()) << read_back.error().context;
    if (!read_back || read_back->empty()) return {};
    delivery::DeliveryInfo info;
    info.name = read_back->front().name;
    info.document = read_back->front().document;
    // What is stored means the same as what was read.
    const auto again = firehose::compile_document(info);
    EXPECT_TRUE(again.ok());
    return again ? *again : delivery::DeliveryDefinition();
  }
  std::string refusal(const std::string& toml) {
    const auto made = read(toml);
    return made.ok() ? "" : made.error().context;
  }

  forebay::test::TempDirectory folder_;
  PosixFileSystem files_;
  ConfigSchema schema_;
};

TEST_F(ConfigDelivery, ObjectsWithEveryOption) {
  const auto definition = one(R"([[delivery_stream]]
name = "lake"
stream = "web"
from_start = true
bucket = "lake"
prefix = "c=!{partitionKeyFromQuery:c}/!{timestamp:yyyy}/"
error_prefix = "errors/!{firehose:error-output-type}/"
buffer_size = "64 MiB"
buffer_interval = "90 s"
compression = "zstd"
delimiter = "\n"
file_extension = ".jsonl"
time_zone = "Europe/Berlin"
decompress = true
log_messages = true
sub_records = "delimited"
sub_record_delimiter = ";"
partition_query = "{c: .customer}"
partitions_max = 7
backup_bucket = "raw"
backup_prefix = "raw/"
)");
  EXPECT_FALSE(definition.direct_put);
  EXPECT_TRUE(definition.from_start);
  EXPECT_EQ(definition.source_stream, "web");
  const auto& objects = std::get<ObjectDestination>(definition.destination);
  EXPECT_EQ(objects.bucket, "lake");
  EXPECT_EQ(objects.compression, delivery::Compression::zstd);
  EXPECT_EQ(objects.buffering.size_mib, 64u);
  EXPECT_EQ(objects.buffering.interval_seconds, 90u);
  EXPECT_EQ(objects.file_extension, ".jsonl");
  EXPECT_EQ(objects.time_zone, "Europe/Berlin");
  EXPECT_TRUE(objects.dynamic_partitioning);
  EXPECT_EQ(objects.partitions_max, 7u);
  EXPECT_EQ(definition.processing.delimiter, "\n");
  EXPECT_TRUE(definition.processing.decompress);
  EXPECT_TRUE(definition.processing.extract_log_messages);
  EXPECT_EQ(definition.processing.sub_record_delimiter, to_buffer(as_bytes(";")));
  EXPECT_EQ(definition.processing.partition_query, "{c: .customer}");
  ASSERT_TRUE(definition.backup);
  EXPECT_EQ(definition.backup->objects.bucket, "raw");
  EXPECT_EQ(definition.backup->objects.prefix, "raw/");
}

TEST_F(ConfigDelivery, DirectPutHasTheDefaultsOfTheService) {
  const auto definition = one("[[delivery_stream]]\nname = \"d\"\nbucket = \"b\"\n");
  EXPECT_TRUE(definition.direct_put);
  EXPECT_EQ(definition.source_stream, "delivery/d");
  const auto& objects = std::get<ObjectDestination>(definition.destination);
  EXPECT_EQ(objects.buffering.size_mib, 5u);
  EXPECT_EQ(objects.buffering.interval_seconds, 300u);
  EXPECT_EQ(objects.time_zone, "UTC");
  EXPECT_FALSE(definition.backup);
}

TEST_F(ConfigDelivery, ParquetTakesTheDeclaredColumns) {
  const auto definition = one(R"([[delivery_schema]]
name = "readings"
columns = ["device string", "sums array<decimal(10, 2)>"]
[[delivery_stream]]
name = "d"
bucket = "b"
schema = "readings"
parquet_compression = "zstd"
)");
  const auto& objects = std::get<ObjectDestination>(definition.destination);
  ASSERT_TRUE(objects.parquet);
  EXPECT_EQ(objects.parquet->compression, "ZSTD");
  ASSERT_EQ(objects.parquet->columns.size(), 2u);
  EXPECT_EQ(objects.parquet->columns[1].name, "sums");
  EXPECT_EQ(objects.parquet->columns[1].type, "array<decimal(10, 2)>");
  EXPECT_EQ(objects.buffering.size_mib, 128u);
}

TEST_F(ConfigDelivery, SinksByUrlWithDeadLetters) {
  const auto definition = one(R"([[delivery_stream]]
name = "d"
stream = "s"
url = "https://in.example/v1"
access_key = "secret"
attributes = ["plant=4", "line=a=b"]
gzip_requests = true
retry = "10 s"
backup_all = true
bucket = "dead"
error_prefix = "why/"
)");
  const auto& records = std::get<RecordDestination>(definition.destination);
  const auto& http = std::get<delivery::HttpDestination>(records.sink);
  EXPECT_EQ(http.access_key, "secret");
  EXPECT_TRUE(http.gzip);
  ASSERT_EQ(http.common_attributes.size(), 2u);
  EXPECT_EQ(http.common_attributes[1].second, "a=b");
  EXPECT_EQ(records.retry_seconds, 10u);
  EXPECT_EQ(records.buffering.interval_seconds, 300u);
  EXPECT_EQ(records.dead_letters.objects.bucket, "dead");
  EXPECT_EQ(records.dead_letters.objects.error_prefix, "why/");
  EXPECT_TRUE(records.dead_letters.all_data);

  const auto queue = one("[[delivery_stream]]\nname = \"k\"\nbucket = \"b\"\nurl = \"kafka://k.example/topic\"\n");
  const auto& kafka = std::get<RecordDestination>(queue.destination);
  EXPECT_TRUE(std::holds_alternative<delivery::KafkaDestination>(kafka.sink));
  EXPECT_EQ(kafka.buffering.interval_seconds, 0u);
}

TEST_F(ConfigDelivery, FunctionsWaitAndRetryAsTheirUrlSays) {
  const auto records = [&](const std::string& query, const std::string& more) {
    return std::get<RecordDestination>(one("[[delivery_stream]]\nname = \"f\"\nbucket = \"b\"\nurl = "
                                           "\"function+https://f.example/" +
                                           query + "\"\n" + more)
                                           .destination);
  };
  EXPECT_EQ(records("?window=7", "").buffering.interval_seconds, 7u);
  EXPECT_EQ(records("", "").buffering.interval_seconds, 0u);
  EXPECT_EQ(records("", "").retry_seconds, 300u);
  EXPECT_EQ(records("?max_age=86400", "").retry_seconds, 86'400u) << "until its records are too old";
  EXPECT_EQ(records("?max_age=60", "retry = \"2 min\"\n").retry_seconds, 120u);
}

TEST_F(ConfigDelivery, WhatCannotBeIsNamed) {
  const auto with = [](const std::string& line) {
    return "[[delivery_stream]]\nname = \"d\"\nbucket = \"b\"\n" + line + "\n";
  };
  EXPECT_NE(refusal(with("name2 = 1")), "");
  EXPECT_NE(refusal("[[delivery_stream]]\nname = \"a b\"\nbucket = \"b\"\n").find("letters, digits"),
            std::string::npos);
  EXPECT_NE(refusal(with("buffer_size = \"1500 KiB\"")).find("whole MiB"), std::string::npos);
  EXPECT_NE(refusal(with("buffer_interval = \"1500 ms\"")).find("whole seconds"), std::string::npos);
  EXPECT_NE(refusal(with("prefix = \"!{timestamp:yyyy}/\"")).find("ErrorOutputPrefix"), std::string::npos);
  EXPECT_NE(refusal(with("schema = \"none\"")).find("[[delivery_schema]]"), std::string::npos);
  EXPECT_NE(refusal(with("sub_records = \"delimited\"")).find("sub_record_delimiter"), std::string::npos);
  EXPECT_NE(refusal(with("url = \"ftp://x/\"")).find("scheme"), std::string::npos);
  EXPECT_NE(refusal(with("attributes = [\"x\"]\nurl = \"https://x/\"")).find("NAME=VALUE"), std::string::npos);
  for (const char* processor : {"decompress = true", "sub_records = \"json\"", "delimiter = \"\\n\""})
    EXPECT_NE(refusal(with(std::string(processor) + "\nurl = \"https://x/\"")).find("for destinations in buckets"),
              std::string::npos)
        << processor;
  EXPECT_NE(refusal(with("") + with("")).find("two delivery streams"), std::string::npos);
  EXPECT_NE(refusal("[[delivery_schema]]\nname = \"s\"\ncolumns = [\"device\"]\n").find("a name, a blank"),
            std::string::npos);
}

/// Runs until nothing is left to do.
void apply(MemoryDeliveries& deliveries, std::vector<ConfiguredDelivery> wanted, const Logger& logger) {
  boost::asio::io_context context;
  boost::asio::co_spawn(context,
                        firehose::apply_deliveries(deliveries, std::string(kAccount), std::move(wanted), logger),
                        boost::asio::detached);
  context.run();
}

TEST_F(ConfigDelivery, AreMadeChangedAndRetired) {
  GatewayRig rig(GatewayRig::Options{});
  MemoryDeliveries deliveries(*rig.streams, rig.clock);
  const Logger logger(rig.log, "delivery");
  const std::string first = "[[delivery_stream]]\nname = \"a\"\nbucket = \"b\"\n";
  apply(deliveries, *read(first), logger);
  ASSERT_TRUE(deliveries.find(kAccount, "a"));
  EXPECT_TRUE(deliveries.find(kAccount, "a")->from_config);
  EXPECT_EQ(deliveries.find(kAccount, "a")->version, 1u);

  apply(deliveries, *read(first), logger);
  EXPECT_EQ(deliveries.find(kAccount, "a")->version, 1u) << "nothing changed";
  apply(deliveries, *read(first + "prefix = \"p/\"\n"), logger);
  EXPECT_EQ(deliveries.find(kAccount, "a")->version, 2u);
  EXPECT_EQ(std::get<ObjectDestination>(deliveries.definition("a").destination).prefix, "p/");

  apply(deliveries, {}, logger);
  EXPECT_TRUE(deliveries.find(kAccount, "a")->paused) << "no longer wanted";
  apply(deliveries, *read(first), logger);
  EXPECT_FALSE(deliveries.find(kAccount, "a")->paused) << "wanted again";
}

}  // namespace
}  // namespace forebay::gateway::test

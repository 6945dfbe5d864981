// docs/FIREHOSE_SUPPORT.md is made from the action table, the golden files and the client suites. After a change of
// these:
//   FOREBAY_WRITE_DOCS=1 build/release/tests/test_firehose --gtest_filter='FirehoseSupportPage.*'
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gateway/firehose/action_table.h"
#include "tests/unit/firehose/listed_errors.h"
#include "tests/unit/gateway_front/kinesis/client_suites.h"
#include "tests/unit/gateway_front/kinesis/coverage.h"

namespace forebay::gateway::test {
namespace {

std::string row_of(const firehose::Action& action, const std::vector<ClientSuite>& suites) {
  const std::string operation(action.name);
  const Coverage coverage = coverage_of(operation, kFirehoseCalls);
  std::vector<std::string> clients;
  for (const ClientSuite& suite : suites)
    if (suite.is_of_firehose() && suite.calls(operation)) clients.push_back(suite.name);
  return "| " + operation + " | " + std::to_string(coverage.cases) + " | " + joined(coverage.errors) + " | " +
         joined(clients) + " | " + std::string(action.difference) + " |\n";
}

constexpr const char* kDestinations =
    "## Destinations and sources\n\n"
    "| given | becomes |\n|---|---|\n"
    "| `ExtendedS3DestinationConfiguration`, `S3DestinationConfiguration` | objects in the bucket of that name, in the "
    "store "
    "that `[delivery]` of the configuration names |\n"
    "| `HttpEndpointDestinationConfiguration`, Url `https:` or `http:` | Firehose's HTTP endpoint protocol |\n"
    "| ... `jsonl+https:` | plain JSON lines |\n"
    "| ... `function+https:`, `exec:` | a function that takes Lambda's Kinesis event |\n"
    "| ... `mqtt:`, `mqtts:` | an MQTT broker |\n"
    "| ... `kinesis+https:` | another Kinesis stream |\n"
    "| ... `kafka:` | a Kafka topic |\n"
    "| Redshift, Elasticsearch, Amazonopensearchservice, AmazonOpenSearchServerless, Splunk, Snowflake, Iceberg | "
    "`InvalidArgumentException` |\n"
    "| DirectPut | an internal stream, as durable as any |\n"
    "| KinesisStreamAsSource | a stream of the caller's account, from the moment of creation on |\n"
    "| MSKAsSource, DatabaseAsSource | `InvalidArgumentException` |\n\n"
    "A Url that is no bucket's needs the permission `forebay:UseSinkUrl` on the delivery stream, and a source stream\n"
    "`kinesis:GetRecords` on that stream; a key without policy has both.\n\n"
    "## Members that differ\n\n"
    "- `RoleARN`, `CloudWatchLoggingOptions`: kept and shown, not looked at. Failures are logged by the gateway.\n"
    "- `EncryptionConfiguration`: `NoEncryptionConfig` only; `KMSEncryptionConfig` gives `InvalidArgumentException`.\n"
    "- `CompressionFormat`, `ParquetSerDe.Compression`: also `ZSTD`.\n"
    "- Processors: RecordDeAggregation, Decompression, CloudWatchLogProcessing, MetadataExtraction and\n"
    "  AppendDelimiterToRecord, whose parameter `Delimiter` is used (default a line feed), for destinations in\n"
    "  buckets. Lambda, and any processor of an HTTP endpoint, give `InvalidArgumentException`.\n"
    "- `SchemaConfiguration`: `TableName` names a `[[delivery_schema]]` of the configuration; the other members are "
    "kept and\n"
    "  shown. `OrcSerDe`, `HiveJsonSerDe.TimestampFormats`, `ColumnToJsonKeyMappings` and\n"
    "  `ConvertDotsInJsonKeysToUnderscores` give `InvalidArgumentException`. Block and page sizes are the writer's "
    "own.\n"
    "- `SecretsManagerConfiguration`: `Enabled` must be false.\n"
    "- `BufferingHints` of sinks that are no HTTP endpoint default to 1 MiB and 0 s.\n"
    "- Delivery streams of the configuration file answer UpdateDestination and changes of tags with\n"
    "  `ResourceInUseException`.\n\n";

std::string page() {
  std::string out =
      "# Amazon Data Firehose API: what is served\n\n"
      "Made from the action table, `tests/golden/firehose_calls/` and `tests/clients/` by\n"
      "`tests/unit/firehose/firehose_support_page_test.cpp`, which fails when this page is out of date.\n\n"
      "All twelve operations are served, JSON 1.1, on the port of the Kinesis API.\n\n"
      "- **cases**: calls of the golden file with a written answer. Besides these, every constraint of every member\n"
      "  (`ValidationException`), every wrong type and every body that is no object (`SerializationException`), and a "
      "key\n"
      "  without permission (`AccessDeniedException`) are tried on every operation.\n"
      "- **clients**: suites of `tests/clients/` that make the call with an unmodified client.\n\n"
      "| operation | cases | errors shown | clients | differs |\n|---|---|---|---|---|\n";
  const std::vector<ClientSuite> suites = client_suites();
  for (const firehose::Action& action : firehose::action_table()) out += row_of(action, suites);
  out.append("\n").append(kDestinations);
  out += "## Errors the service lists and this gateway never answers\n\n";
  for (const char* error : {"InvalidSourceException", "ServiceUnavailableException"})
    out.append("- every put, ").append(error).append(": ").append(never_of_firehose(error)).append(".\n");
  for (const firehose::Action& action : firehose::action_table())
    for (const std::string& never : coverage_of(std::string(action.name), kFirehoseCalls).never)
      out.append("- ").append(action.name).append(", ").append(never).append(".\n");
  return out;
}

TEST(FirehoseSupportPage, IsWhatTheTableAndTheTestsSay) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../../docs/FIREHOSE_SUPPORT.md";
  const std::string printed = page();
  if (std::getenv("FOREBAY_WRITE_DOCS") != nullptr) std::ofstream(path, std::ios::binary) << printed;
  std::ifstream in(path, std::ios::binary);
  EXPECT_EQ(std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>()), printed)
      << "write it anew as the first lines of this test say";
}

}  // namespace
}  // namespace forebay::gateway::test

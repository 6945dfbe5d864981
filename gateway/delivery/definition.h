#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/units.h"

/// What a delivery stream does, checked and with every default filled in. Fronts and the configuration file build it
/// from the text they keep (DeliveryInfo::document); nothing but that text is stored.
namespace forebay::gateway::delivery {

enum class Compression : std::uint8_t { none, gzip, zip, snappy, hadoop_snappy, zstd };

/// Whichever comes first cuts. Size counts payload bytes before compression; interval 0: as soon as something is there.
struct Buffering {
  std::uint32_t size_mib = 5;
  std::uint32_t interval_seconds = 300;
};

/// A column of a declared schema, in the words of Hive and Glue: string, int, bigint, double, boolean, timestamp, ...
struct Column {
  std::string name;
  std::string type;
};

struct ParquetConversion {
  std::vector<Column> columns;
  std::string compression = "SNAPPY";  ///< SNAPPY, GZIP, ZSTD or UNCOMPRESSED
  bool case_insensitive = true;        ///< of JSON keys
};

/// What happens to a record before it is written, in this order.
struct Processing {
  bool deaggregate = true;                ///< KPL aggregates are opened
  bool decompress = false;                ///< gzip records of CloudWatch Logs
  bool extract_log_messages = false;      ///< of those: only the message texts
  std::optional<Buffer> sub_record_delimiter;  ///< each record is several, so delimited
  bool sub_records_json = false;          ///< each record is several JSON values
  std::string partition_query;            ///< JQ object, e.g. {customer: .customer_id}; empty: none
  std::string delimiter;                  ///< written behind each record; empty: none
};

/// Objects in a bucket: S3 or a directory, see ObjectStore.
struct ObjectDestination {
  std::string bucket;
  std::string prefix;
  std::string error_prefix;
  std::string file_extension;      ///< empty: that of the compression
  std::string time_zone = "UTC";   ///< IANA name
  Buffering buffering;
  Compression compression = Compression::none;
  bool dynamic_partitioning = false;
  std::uint32_t partitions_max = 500;
  /// Buckets are folders: values that make no path of a file system go where failed records go.
  bool keys_are_paths = false;
  std::optional<ParquetConversion> parquet;
};

/// Firehose's HTTP endpoint protocol, or plain JSON lines.
struct HttpDestination {
  std::string url;
  std::string name;
  std::string access_key;
  bool json_lines = false;
  bool gzip = false;
  std::vector<std::pair<std::string, std::string>> common_attributes;
};

/// A function that takes Lambda's Kinesis event: POSTed to a URL, or given to a program on standard input.
struct FunctionDestination {
  std::string url;                          ///< http, https
  std::vector<std::string> command;         ///< program and arguments; one of both
  std::uint32_t batch_size = 100;
  std::uint32_t window_seconds = 0;
  bool bisect_on_error = false;
  bool report_item_failures = false;
  std::int64_t attempts_max = -1;           ///< of one batch after the first; -1: until the records expire
  std::int64_t record_age_max_seconds = -1;
  std::uint32_t parallel_per_shard = 1;     ///< order is kept per key
};

struct MqttDestination {
  std::string url;      ///< mqtt://HOST:PORT or mqtts://
  std::string topic;    ///< may hold {key} and {shard}
  int qos = 1;
  std::string user;
  std::string password_file;
  std::string ca_file;  ///< PEM; empty: the system's
};

/// Another Kinesis stream: of AWS, of another gateway.
struct KinesisDestination {
  std::string url;
  std::string region;
  std::string stream;
  bool order_per_key = true;  ///< false: records of one key share a request, where a refused one is overtaken by later ones
};

struct KafkaDestination {
  std::string brokers;  ///< HOST:PORT,...
  std::string topic;
  std::vector<std::pair<std::string, std::string>> settings;  ///< of librdkafka
};

/// Where records go that a record sink does not take, with the reason.
struct DeadLetters {
  ObjectDestination objects;
  bool all_data = false;  ///< everything is written there too (S3BackupMode AllData)
};

/// Destinations that take records rather than objects.
struct RecordDestination {
  std::variant<HttpDestination, FunctionDestination, MqttDestination, KinesisDestination, KafkaDestination> sink;
  Buffering buffering{1, 0};
  std::uint32_t retry_seconds = 300;  ///< of one batch, then its records are dead letters
  DeadLetters dead_letters;
};

/// A copy of the records as they came, beside processed objects (S3BackupMode Enabled).
struct Backup {
  ObjectDestination objects;
};

struct DeliveryDefinition {
  bool direct_put = false;    ///< fed by PutRecord calls, through the stream named by direct_put_stream()
  std::string source_stream;  ///< name; also set for direct put
  bool from_start = false;    ///< begins at the oldest record instead of at the moment of creation
  Processing processing;
  std::variant<ObjectDestination, RecordDestination> destination;
  std::optional<Backup> backup;
};

/// Name of the stream behind a direct-put delivery stream. No client can name it: '/' is no character of stream names.
inline std::string direct_put_stream(std::string_view delivery) { return "delivery/" + std::string(delivery); }

}  // namespace forebay::gateway::delivery

#include "gateway/firehose/config_delivery.h"

namespace forebay::gateway::firehose {
namespace {

constexpr Option kDeliveryStream[] = {
    {.name = "name",
     .text = "Name of the delivery stream: letters, digits, '_', '.' and '-'.",
     .min = 1,
     .max = 64,
     .required = true},
    {.name = "stream",
     .text = "Stream that is delivered. Without it records come by Firehose's PutRecord and PutRecordBatch.",
     .min = 1,
     .max = 128},
    {.name = "from_start",
     .type = OptionType::boolean,
     .default_value = "false",
     .text = "Begins with the oldest record of the stream; otherwise with the first one after the delivery stream was "
             "made."},
    {.name = "bucket",
     .text = "Bucket of the objects; with url, of the records that the sink does not take.",
     .min = 1,
     .max = 255,
     .required = true},
    {.name = "prefix", .text = "Begins every object's key; expressions as Firehose has them.", .max = 1024},
    {.name = "error_prefix",
     .text = "The same for objects of records that cannot be delivered; needed when prefix has expressions.",
     .max = 1024},
    {.name = "buffer_size",
     .type = OptionType::size,
     .text = "Payload after which an object is closed, in whole MiB; with url, after which a batch is sent. 5 MiB for "
             "objects, 64 MiB for partitions, 128 MiB for Parquet.",
     .min = 1 << 20,
     .max = 128 << 20},
    {.name = "buffer_interval",
     .type = OptionType::duration,
     .text = "Age of the first record after which an object is closed, in whole seconds; 0 s: as soon as there is one. "
             "300 s for objects and HTTP endpoints, 0 s for other sinks.",
     .min = 0,
     .max = 900'000},
    {.name = "compression",
     .type = OptionType::enumeration,
     .default_value = "none",
     .text = "Compression of whole objects.",
     .allowed = "none,gzip,zip,snappy,hadoop_snappy,zstd"},
    {.name = "delimiter", .text = "Written behind every record of an object: \"\\n\" for lines.", .max = 16},
    {.name = "file_extension", .text = "Ends every object's key in place of the compression's extension.", .max = 128},
    {.name = "time_zone", .default_value = "UTC", .text = "IANA name of the time zone of dates in keys.", .max = 50},
    {.name = "decompress",
     .type = OptionType::boolean,
     .default_value = "false",
     .text = "Opens records that are gzip files, as CloudWatch Logs sends them. This and what follows up to "
             "partition_query "
             "is for buckets: an url gets the records as they were put."},
    {.name = "log_messages",
     .type = OptionType::boolean,
     .default_value = "false",
     .text = "Of those: only the message texts."},
    {.name = "sub_records",
     .type = OptionType::enumeration,
     .default_value = "none",
     .text = "Each record holds several: JSON values, or parts between sub_record_delimiter.",
     .allowed = "none,json,delimited"},
    {.name = "sub_record_delimiter", .text = "Stands between the parts of a delimited record.", .max = 64},
    {.name = "partition_query",
     .text = "JQ object whose values !{partitionKeyFromQuery:...} of the prefix uses: {customer: .customer_id}. Each "
             "prefix it makes has objects of its own.",
     .max = 5120},
    {.name = "partitions_max",
     .type = OptionType::integer,
     .default_value = "500",
     .text = "Prefixes with open objects at a time; records of more go to the error prefix.",
     .min = 1,
     .max = 5000,
     .unit = "partitions"},
    {.name = "schema",
     .text = "Name of a [[delivery_schema]]: records are JSON and become rows of Parquet files.",
     .max = 1024},
    {.name = "parquet_compression",
     .type = OptionType::enumeration,
     .default_value = "snappy",
     .text = "Compression inside Parquet files.",
     .allowed = "none,gzip,snappy,zstd"},
    {.name = "backup_bucket", .text = "Bucket of a copy of the records as they came.", .max = 255},
    {.name = "backup_prefix", .text = "Begins the keys of these copies.", .max = 1024},
    {.name = "url",
     .text =
         "Sink in place of objects; its scheme tells the kind: https, jsonl+https, function+https, exec, mqtt, mqtts, "
         "kinesis+https, kafka (docs/SINKS.md).",
     .max = 1000},
    {.name = "access_key",
     .text = "Sent to an HTTP endpoint in X-Amz-Firehose-Access-Key; \"${file:/path}\" reads it from a file.",
     .max = 4096,
     .secret = true},
    {.name = "attributes",
     .type = OptionType::string_list,
     .text = "NAME=VALUE pairs sent to an HTTP endpoint with every request.",
     .max = 50},
    {.name = "gzip_requests",
     .type = OptionType::boolean,
     .default_value = "false",
     .text = "Compresses requests to an HTTP endpoint."},
    {.name = "retry",
     .type = OptionType::duration,
     .default_value = "300 s",
     .text = "How long a batch is tried before its records go to the bucket with the reason.",
     .min = 0,
     .max = 7'200'000},
    {.name = "backup_all",
     .type = OptionType::boolean,
     .default_value = "false",
     .text = "With url: the bucket takes every record, not only those the sink does not take."},
};

constexpr Option kSchema[] = {
    {.name = "name",
     .text = "What `schema` and SchemaConfiguration.TableName call it.",
     .min = 1,
     .max = 1024,
     .required = true},
    {.name = "columns",
     .type = OptionType::string_list,
     .text =
         "Columns in order, each \"NAME TYPE\" with a type of Hive: string, int, bigint, double, boolean, timestamp, "
         "date, decimal(10,2), binary. A string takes arrays and objects as their JSON.",
     .min = 1,
     .max = 10'000,
     .required = true},
};

}  // namespace

OptionTable delivery_stream_table() {
  return {.name = "delivery_stream",
          .common = kDeliveryStream,
          .text =
              "A delivery stream: a stream, or direct puts, into a bucket or another sink. Where buckets are, "
              "`[delivery]` says."};
}

OptionTable delivery_schema_table() {
  return {.name = "delivery_schema",
          .common = kSchema,
          .text = "Columns of Parquet files, by a name that delivery streams refer to."};
}

}  // namespace forebay::gateway::firehose

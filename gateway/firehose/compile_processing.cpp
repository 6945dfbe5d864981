#include "gateway/firehose/compile_processing.h"

#include <algorithm>

#include "base/base64.h"

namespace forebay::gateway::firehose {
using delivery::Processing;
using wire::firehose::Processor;

namespace {
struct Escape {
  char letter;
  char meaning;
};
constexpr Escape kEscapes[] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'\\', '\\'}};

Error wrong(const Processor& processor, std::string_view text) {
  return Error{Errc::invalid_argument, "Processor " + *processor.type + ": " + std::string(text)};
}

/// Empty: not given.
std::string parameter(const Processor& processor, std::string_view name) {
  if (!processor.parameters) return {};
  for (const auto& one : *processor.parameters)
    if (one.name == name) return one.value.value_or("");
  return {};
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      for (const Escape& escape : kEscapes)
        if (escape.letter == text[i + 1]) {
          c = escape.meaning;
          ++i;
          break;
        }
    }
    out += c;
  }
  return out;
}

Result<void> add_sub_records(const Processor& processor, Processing& out) {
  const std::string type = parameter(processor, "SubRecordType");
  if (type == "JSON") {
    out.sub_records_json = true;
    return {};
  }
  Buffer delimiter;
  if (type != "DELIMITED") return wrong(processor, "parameter SubRecordType must be JSON or DELIMITED.");
  if (!from_base64(parameter(processor, "Delimiter"), delimiter) || delimiter.empty())
    return wrong(processor, "parameter Delimiter must be the delimiter in base64.");
  out.sub_record_delimiter = std::move(delimiter);
  return {};
}

Result<void> add_extraction(const Processor& processor, Processing& out) {
  const std::string engine = parameter(processor, "JsonParsingEngine");
  if (engine != "JQ-1.6") return wrong(processor, "parameter JsonParsingEngine must be JQ-1.6.");
  out.partition_query = parameter(processor, "MetadataExtractionQuery");
  if (out.partition_query.empty()) return wrong(processor, "parameter MetadataExtractionQuery must be given.");
  return {};
}

Result<void> add_log_processing(const Processor& processor, Processing& out) {
  const std::string extraction = parameter(processor, "DataMessageExtraction");
  if (extraction != "true" && extraction != "false")
    return wrong(processor, "parameter DataMessageExtraction must be true or false.");
  out.extract_log_messages = extraction == "true";
  return {};
}

Result<void> add_decompression(const Processor& processor, Processing& out) {
  if (parameter(processor, "CompressionFormat") != "GZIP")
    return wrong(processor, "parameter CompressionFormat must be GZIP.");
  out.decompress = true;
  return {};
}

Result<void> add_processor(const Processor& processor, Processing& out) {
  const std::string& type = *processor.type;
  if (type == "RecordDeAggregation") return add_sub_records(processor, out);
  if (type == "MetadataExtraction") return add_extraction(processor, out);
  if (type == "CloudWatchLogProcessing") return add_log_processing(processor, out);
  if (type == "Decompression") return add_decompression(processor, out);
  if (type == "AppendDelimiterToRecord") {
    const std::string given = parameter(processor, "Delimiter");
    out.delimiter = given.empty() ? "\n" : unescaped(given);
    return {};
  }
  return wrong(processor,
               "records are not transformed by functions here; RecordDeAggregation, Decompression, "
               "CloudWatchLogProcessing, MetadataExtraction and AppendDelimiterToRecord are served.");
}
}  // namespace

Result<Processing> compile_processing(const std::optional<wire::firehose::ProcessingConfiguration>& configuration) {
  Processing out;
  if (!configuration || !configuration->enabled.value_or(false) || !configuration->processors) return out;
  for (const Processor& processor : *configuration->processors) {
    if (!processor.type) return Error{Errc::invalid_argument, "A processor has no Type."};
    FB_CHECK(add_processor(processor, out));
  }
  return out;
}

std::string escaped_delimiter(std::string_view delimiter) {
  std::string out;
  for (const char c : delimiter) {
    const auto* found = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                     [c](const Escape& escape) { return escape.meaning == c; });
    if (found == std::end(kEscapes))
      out += c;
    else
      out.append("\\").append(1, found->letter);
  }
  return out;
}

}  // namespace forebay::gateway::firehose

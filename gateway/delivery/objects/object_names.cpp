#include "gateway/delivery/objects/object_names.h"

#include <algorithm>

#include "gateway/delivery/objects/zone_database.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::string_view kDatePath = "yyyy/MM/dd/HH/";
constexpr std::string_view kNameTime = "yyyy-MM-dd-HH-mm-ss";
constexpr std::string_view kOwnFolder = "_forebay/";  // manifests; no record may write there
/// Of folders in place of buckets.
constexpr std::string_view kPartialFolder = ".forebay-partial";
constexpr std::size_t kPathPartBytesMax = 255;
/// Behind the prefix: name of the delivery stream, version, time, UUID, dashes; and what !{shard} becomes longer by.
constexpr std::size_t kNameBytesMax = 64 + 20 + 19 + 36 + 3 + 16;
constexpr std::string_view kLongestErrorType = "AmazonOpenSearchService-failed";
/// 2026-09-30, a Wednesday: the longest name of a weekday and of a month.
constexpr std::int64_t kSampleSeconds = 1'790'776'800;

Error refused(std::string_view field, const std::string& why) {
  return Error{Errc::invalid_argument, std::string(field) + ": " + why};
}

Result<std::string> extension_of(const ObjectDestination& objects, std::string_view usual) {
  const std::string& own = objects.file_extension;
  if (own.empty()) return std::string(usual);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("!-_.*'()").find(c) != std::string_view::npos;
  };
  if (own.size() > kFileExtensionBytesMax || own.size() < 2 || own[0] != '.' ||
      !std::all_of(own.begin(), own.end(), fits))
    return refused("FileExtension", "\"" + own +
                                        "\" is no dot with lower-case letters, digits or !-_.*'() behind it, at most " +
                                        std::to_string(kFileExtensionBytesMax) + " characters");
  return own;
}

/// Why a prefix leads where no object of a stream may be; empty when it does not.
std::string path_problem(std::string_view prefix) {
  if (prefix.starts_with(kOwnFolder)) return "objects of this program are kept under " + std::string(kOwnFolder);
  if (std::any_of(prefix.begin(), prefix.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return "the evaluated prefix holds a control character";
  for (std::size_t at = 0, slash; (slash = prefix.find('/', at)) != std::string_view::npos; at = slash + 1) {
    const std::string_view part = prefix.substr(at, slash - at);
    if (part == "." || part == "..") return "the evaluated prefix holds the path part \"" + std::string(part) + "\"";
  }
  return {};
}

/// The same for file systems. The part behind the last '/' goes on with the object's name.
std::string file_path_problem(std::string_view prefix, std::size_t extension_bytes) {
  for (std::size_t at = 0, slash; (slash = prefix.find('/', at)) != std::string_view::npos; at = slash + 1) {
    const std::string_view part = prefix.substr(at, slash - at);
    if (part.empty()) return "the evaluated prefix holds an empty path part, and buckets are folders here";
    if (part.size() > kPathPartBytesMax || part == kPartialFolder)
      return "the evaluated prefix holds a path part that no folder can have as its name";
  }
  const std::size_t last = prefix.size() - (prefix.rfind('/') + 1);
  if (last + kNameBytesMax + extension_bytes <= kPathPartBytesMax) return {};
  return "behind its last '/' the evaluated prefix is too long for the name of a file";
}

std::string too_long() {
  return "the evaluated prefix is longer than " + std::to_string(kEvaluatedPrefixBytesMax) + " bytes";
}

}  // namespace

Result<ObjectNames> ObjectNames::make(const ObjectDestination& objects, std::vector<std::string> ids,
                                      std::string_view extension, std::string_view making) {
  ObjectNames names;
  names.making_ = making;
  names.ids_ = ids.size();
  names.keys_are_paths_ = objects.keys_are_paths;
  FB_TRY(names.extension_, extension_of(objects, extension));
  FB_TRY(names.zone_, load_time_zone(objects.time_zone));
  FB_TRY(names.name_time_, TimePattern::parse(kNameTime));
  if (objects.prefix.size() > kPrefixBytesMax)
    return refused("Prefix", "longer than " + std::to_string(kPrefixBytesMax) + " bytes");
  auto prefix = KeyTemplate::parse(objects.prefix, ids);
  if (!prefix) return std::move(prefix).error().with_context("Prefix");
  names.prefix_ = *std::move(prefix);
  FB_CHECK(names.check_data_prefix(objects));
  FB_CHECK(names.make_error_prefix(objects, ids));
  if (!names.prefix_.has(KeyTemplate::Kind::timestamp)) {
    FB_TRY(auto path, TimePattern::parse(kDatePath));
    names.prefix_.add_timestamp(std::move(path));
  }
  FB_CHECK(names.check_sample("Prefix", names.prefix_));
  FB_CHECK(names.check_sample("ErrorOutputPrefix", names.error_prefix_));
  names.fixed_bytes_ = names.sample(names.prefix_, "").size();
  return names;
}

Result<void> ObjectNames::check_data_prefix(const ObjectDestination& objects) const {
  const bool keys = prefix_.has(KeyTemplate::Kind::partition_key);
  if (prefix_.has(KeyTemplate::Kind::error_type))
    return refused("Prefix", "firehose:error-output-type belongs into ErrorOutputPrefix only");
  if (keys && !objects.dynamic_partitioning)
    return refused("Prefix", "partitionKeyFromQuery needs dynamic partitioning; enable it");
  if (objects.dynamic_partitioning && !keys)
    return refused("Prefix", "dynamic partitioning needs !{partitionKeyFromQuery:ID} of a metadata extraction query");
  return {};
}

Result<void> ObjectNames::make_error_prefix(const ObjectDestination& objects, std::span<const std::string> ids) {
  constexpr const char* kField = "ErrorOutputPrefix";
  if (objects.error_prefix.size() > kPrefixBytesMax)
    return refused(kField, "longer than " + std::to_string(kPrefixBytesMax) + " bytes");
  if (objects.error_prefix.empty() && prefix_.has_expressions())
    return refused(kField, "must be given when Prefix has expressions");
  if (objects.error_prefix.empty() && objects.dynamic_partitioning)
    return refused(kField, "must be given with dynamic partitioning");
  auto parsed = KeyTemplate::parse(objects.error_prefix.empty() ? objects.prefix : objects.error_prefix, ids);
  if (!parsed) return std::move(parsed).error().with_context(kField);
  error_prefix_ = *std::move(parsed);
  if (error_prefix_.has(KeyTemplate::Kind::partition_key))
    return refused(kField, "partitionKeyFromQuery belongs into Prefix only");
  if (!error_prefix_.has_expressions()) {
    error_prefix_.add_error_type();
    error_prefix_.add_literal("/");
    FB_TRY(auto path, TimePattern::parse(kDatePath));
    error_prefix_.add_timestamp(std::move(path));
  }
  if (!error_prefix_.has(KeyTemplate::Kind::error_type))
    return refused(kField, "with expressions it must hold !{firehose:error-output-type}");
  return {};
}

std::string ObjectNames::sample(const KeyTemplate& prefix, std::string_view partition_value) const {
  const std::vector<std::string> keys(ids_, std::string(partition_value));
  const ObjectIdentity identity(Cut{}, "", "");
  const std::string shard = wire::kinesis::to_shard_id(0);
  return prefix.evaluate({kSampleSeconds, &identity, shard, kLongestErrorType, keys});
}

Result<void> ObjectNames::check_sample(const char* field, const KeyTemplate& prefix) const {
  const std::string evaluated = sample(prefix, "x");
  if (evaluated.size() > kEvaluatedPrefixBytesMax) return refused(field, too_long());
  const std::string problem = problem_of(evaluated);
  if (problem.empty()) return {};
  return refused(field, problem);
}

std::string ObjectNames::problem_of(std::string_view prefix) const {
  std::string problem = path_problem(prefix);
  return problem.empty() && keys_are_paths_ ? file_path_problem(prefix, extension_.size()) : problem;
}

std::optional<std::string> ObjectNames::partition_of(const std::vector<std::string>& values, std::string& why) const {
  std::size_t bytes = fixed_bytes_;
  why.clear();
  for (const std::string& value : values) {
    bytes += value.size();
    if (value.empty()) why = "a partition key is empty";
  }
  std::string partition = prefix_.partition_of(values);
  if (why.empty()) why = bytes > kEvaluatedPrefixBytesMax ? too_long() : problem_of(partition);
  if (!why.empty()) return std::nullopt;
  return partition;
}

ObjectNames::Name ObjectNames::data_name(const Cut& cut, WallTime oldest, std::string_view partition,
                                         const std::vector<std::string>& partition_keys) const {
  KeyTemplate::Values values;
  values.partition_keys = partition_keys;
  return name_of(prefix_, cut, values, "data:" + std::string(partition), oldest);
}

ObjectNames::Name ObjectNames::error_name(const Cut& cut, WallTime oldest, std::string_view error_type) const {
  KeyTemplate::Values values;
  values.error_type = error_type;
  return name_of(error_prefix_, cut, values, "error:" + std::string(error_type), oldest);
}

ObjectNames::Name ObjectNames::name_of(const KeyTemplate& prefix, const Cut& cut, KeyTemplate::Values values,
                                       std::string_view identity_text, WallTime oldest) const {
  const ObjectIdentity identity(cut, identity_text, making_);
  const std::string shard = wire::kinesis::to_shard_id(cut.source.shard.value());
  values.identity = &identity;
  values.shard = shard;
  values.local_seconds = zone_.local_seconds(oldest);
  Name name{prefix.evaluate(values), "", identity.uuid()};
  name.key = name.prefix + cut.source.delivery + "-" + std::to_string(cut.version) + "-" +
             name_time_.format(values.local_seconds) + "-" + name.uuid + extension_;
  return name;
}

}  // namespace forebay::gateway::delivery

#include "wire/kinesis/channel_rules.h"

#include <algorithm>

namespace forebay::wire::kinesis::patterns {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alphanumeric(char c) { return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z'); }

/// Every character is a letter, a digit or one of `others`, and there is at least one.
bool all_alphanumeric_or(std::string_view text, std::string_view others) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
  });
}

/// The parts of these patterns exclude the character that follows them, so each is as long as it can be.
class Matcher {
 public:
  explicit Matcher(std::string_view text) : rest_(text) {}

  Matcher& literal(std::string_view text) {
    if (rest_.starts_with(text))
      rest_.remove_prefix(text.size());
    else
      good_ = false;
    return *this;
  }
  /// Characters for which `is_part` holds, at least `min` and at most `max`.
  template <class IsPart>
  Matcher& run(IsPart is_part, std::size_t min, std::size_t max = std::string_view::npos) {
    std::size_t size = 0;
    while (size < rest_.size() && is_part(rest_[size])) ++size;
    if (size < min || size > max) good_ = false;
    rest_.remove_prefix(size);
    return *this;
  }
  Matcher& account() { return run(is_digit, 12, 12); }
  /// A partition or a region.
  Matcher& region(std::size_t min) { return run(is_lower_or<'-'>, min); }
  [[nodiscard]] bool at_end() const { return good_ && rest_.empty(); }

  template <char... kOthers>
  static bool is_lower_or(char c) {
    return is_lower(c) || is_digit(c) || ((c == kOthers) || ...);
  }
  template <char... kOthers>
  static bool is_alphanumeric_or(char c) {
    return is_alphanumeric(c) || ((c == kOthers) || ...);
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

bool matches_role_arn(std::string_view text) {
  Matcher in(text);
  in.literal("arn:aws").region(0).literal(":iam::").account().literal(":role/");
  return in.run(Matcher::is_alphanumeric_or<'_', '+', '=', ',', '.', '@', '-', '/'>, 1).at_end();
}

bool matches_schema_arn(std::string_view text) {
  const auto is_part = Matcher::is_alphanumeric_or<'-', '_', '$', '#', '.'>;
  Matcher in(text);
  in.literal("arn:aws").region(0).literal(":glue:").region(1).literal(":").account().literal(":schema/");
  return in.run(is_part, 1).literal("/").run(is_part, 1).at_end();
}

bool matches_bucket_arn(std::string_view text) {
  Matcher in(text);
  in.literal("arn:aws").region(0).literal(":s3:::");
  return in.run(Matcher::is_lower_or<'.', '_', '-'>, 3, 63).at_end();
}

bool matches_table_bucket_arn(std::string_view text) {
  Matcher in(text);
  in.literal("arn:aws").region(0).literal(":s3tables:").region(1).literal(":").account().literal(":bucket/");
  return in.run(Matcher::is_lower_or<'_', '-'>, 3, 63).at_end();
}

bool matches_account(std::string_view text) { return Matcher(text).account().at_end(); }
bool matches_error_prefix(std::string_view text) { return all_alphanumeric_or(text, "!-_'.*()/"); }
bool matches_key_template(std::string_view text) { return all_alphanumeric_or(text, "!-_'.*()/=:{}"); }
bool matches_table_name(std::string_view text) { return Matcher(text).run(Matcher::is_lower_or<'_'>, 1).at_end(); }
bool matches_source_name(std::string_view text) { return all_alphanumeric_or(text, "._"); }
bool matches_log_group_name(std::string_view text) { return all_alphanumeric_or(text, ".-_/#"); }
bool matches_log_stream_name(std::string_view text) { return text.find_first_of(":*") == std::string_view::npos; }

}  // namespace

const Pattern kRoleArn{R"(arn:aws[-a-z0-9]*:iam::\d{12}:role/[a-zA-Z_0-9+=,.@\-_/]+)", matches_role_arn};
const Pattern kSchemaArn{R"(arn:aws[-a-z0-9]*:glue:[-a-z0-9]+:\d{12}:schema/[-a-zA-Z0-9_$#.]+/[-a-zA-Z0-9_$#.]+)",
                         matches_schema_arn};
const Pattern kBucketArn{R"(arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63})", matches_bucket_arn};
const Pattern kTableBucketArn{R"(arn:aws[-a-z0-9]*:s3tables:[-a-z0-9]+:\d{12}:bucket/[a-z0-9_-]{3,63})",
                              matches_table_bucket_arn};
const Pattern kAccount{R"(\d{12})", matches_account};
const Pattern kErrorPrefix{R"([0-9A-Za-z!\-_'.*()\/]+)", matches_error_prefix};
const Pattern kKeyTemplate{R"([0-9A-Za-z!\-_'.*()\/=:{}]+)", matches_key_template};
const Pattern kTableName{"[0-9a-z_]+", matches_table_name};
const Pattern kSourceName{R"([a-zA-Z0-9\.\_]+)", matches_source_name};
const Pattern kLogGroupName{R"([\.\-_/#A-Za-z0-9]+)", matches_log_group_name};
const Pattern kLogStreamName{"[^:*]*", matches_log_stream_name};

}  // namespace forebay::wire::kinesis::patterns

#include "wire/firehose/rules.h"

#include <algorithm>

#include "wire/kinesis/tag_characters.h"

namespace forebay::wire::firehose::patterns {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// True when the text consists of letters, digits and `others` only.
bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    return is_letter(c) || is_digit(c) || others.find(c) != std::string_view::npos;
  });
}

bool matches_any(std::string_view text) { return text.find_first_of("\r\n") == std::string_view::npos; }
bool matches_not_blank(std::string_view text) { return !std::all_of(text.begin(), text.end(), is_blank); }
bool matches_no_blanks(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), is_blank);
}

/// Cuts the text at the first ':' and gives the part before it; nothing when there is none.
std::optional<std::string_view> take_part(std::string_view& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view part = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return part;
}

bool is_account(std::string_view text) { return text.size() == 12 && std::all_of(text.begin(), text.end(), is_digit); }

/// True when "arn:.*:SERVICE:" is followed by what `fits` takes. What stands before the service is arbitrary, so every
/// place where the service may begin is tried; there are few, for it must stand between colons.
template <class Fits>
bool matches_arn(std::string_view text, std::string_view service, Fits fits) {
  if (!text.starts_with("arn:")) return false;
  for (std::size_t at = text.find(service, 4); at != std::string_view::npos; at = text.find(service, at + 1))
    if (fits(text.substr(at + service.size()))) return true;
  return false;
}

/// REGION:ACCOUNT: in front; the rest goes to `fits`.
template <class Fits>
bool matches_regional(std::string_view text, Fits fits) {
  const auto region = take_part(text);
  const auto account = region ? take_part(text) : std::nullopt;
  return account && !region->empty() && consists_of(*region, "-") && is_account(*account) && fits(text);
}

/// `kind` and a name of at least one character behind it.
bool is_named(std::string_view text, std::string_view kind, std::string_view others) {
  return text.size() > kind.size() && text.starts_with(kind) && consists_of(text.substr(kind.size()), others);
}

constexpr std::string_view kIamCharacters = "+=,.@-_/";

bool matches_role_arn(std::string_view text) {
  return matches_arn(text, ":iam::", [](std::string_view rest) {
    const auto account = take_part(rest);
    return account && is_account(*account) && is_named(rest, "role/", kIamCharacters);
  });
}
bool matches_bucket_arn(std::string_view text) {
  return matches_arn(text, ":s3:::", [](std::string_view rest) {
    return !rest.empty() && rest.size() <= 255 && consists_of(rest, "_.-");
  });
}
bool matches_key_arn(std::string_view text) {
  return matches_arn(text, ":kms:", [](std::string_view rest) {
    return matches_regional(rest, [](std::string_view name) {
      return is_named(name, "key/", kIamCharacters) || is_named(name, "alias/", kIamCharacters);
    });
  });
}
bool matches_stream_arn(std::string_view text) {
  return matches_arn(text, ":kinesis:", [](std::string_view rest) {
    return matches_regional(rest, [](std::string_view name) { return is_named(name, "stream/", "_.-"); });
  });
}
bool matches_secret_arn(std::string_view text) {
  return matches_arn(text, ":secretsmanager:", [](std::string_view rest) {
    return matches_regional(rest, [](std::string_view name) { return is_named(name, "secret:", "-/_+=.@!"); });
  });
}

bool matches_log_group(std::string_view text) { return consists_of(text, ".-_/#"); }
bool matches_log_stream(std::string_view text) { return text.find_first_of(":*") == std::string_view::npos; }
bool matches_extension(std::string_view text) {
  if (text.empty()) return true;
  return text[0] == '.' && text.size() > 1 && std::all_of(text.begin() + 1, text.end(), [](char c) {
           return is_digit(c) || is_lower(c) || std::string_view("!-_.*'()").find(c) != std::string_view::npos;
         });
}
bool matches_time_zone(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || c == '/' || c == '_'; });
}
bool matches_version(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }
bool matches_destination(std::string_view text) { return !text.empty() && consists_of(text, "-"); }
bool matches_tag_key(std::string_view text) {
  return !text.starts_with("aws:") && kinesis::has_tag_characters_only(text);
}

}  // namespace

const Pattern kAny{".*", matches_any};
const Pattern kNotBlank{R"(^(?!\s*$).+)", matches_not_blank};
const Pattern kNoBlanks{R"(^\S+$)", matches_no_blanks};
const Pattern kRoleArn{R"(arn:.*:iam::\d{12}:role/[a-zA-Z_0-9+=,.@\-_/]+)", matches_role_arn};
const Pattern kBucketArn{R"(arn:.*:s3:::[\w\.\-]{1,255})", matches_bucket_arn};
const Pattern kKeyArn{R"(arn:.*:kms:[a-zA-Z0-9\-]+:\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\-_/]+)", matches_key_arn};
const Pattern kStreamArn{R"(arn:.*:kinesis:[a-zA-Z0-9\-]+:\d{12}:stream/[a-zA-Z0-9_.-]+)", matches_stream_arn};
const Pattern kSecretArn{R"(arn:.*:secretsmanager:[a-zA-Z0-9\-]+:\d{12}:secret:[a-zA-Z0-9\-/_+=.@!]+)",
                         matches_secret_arn};
const Pattern kLogGroupName{R"([\.\-_/#A-Za-z0-9]*)", matches_log_group};
const Pattern kLogStreamName{"[^:*]*", matches_log_stream};
const Pattern kFileExtension{R"(^$|\.[0-9a-z!\-_.*'()]+)", matches_extension};
const Pattern kTimeZone{"^$|[a-zA-Z/_]+", matches_time_zone};
const Pattern kVersionId{"[0-9]+", matches_version};
const Pattern kDestinationId{"[a-zA-Z0-9-]+", matches_destination};
const Pattern kTagKey{R"(^(?!aws:)[\p{L}\p{Z}\p{N}_.:\/=+\-@%]*$)", matches_tag_key};
const Pattern kTagValue{R"(^[\p{L}\p{Z}\p{N}_.:\/=+\-@%]*$)", kinesis::has_tag_characters_only};

}  // namespace forebay::wire::firehose::patterns

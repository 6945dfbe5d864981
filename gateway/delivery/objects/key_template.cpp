#include "gateway/delivery/objects/key_template.h"

#include <algorithm>

namespace forebay::gateway::delivery {
namespace {

constexpr std::string_view kTimestamp = "timestamp:";
constexpr std::string_view kQuery = "partitionKeyFromQuery:";
constexpr std::string_view kLambda = "partitionKeyFromLambda:";

Error refused(const std::string& why) { return Error{Errc::invalid_argument, why}; }

}  // namespace

Result<KeyTemplate> KeyTemplate::parse(std::string_view text, std::span<const std::string> ids) {
  KeyTemplate result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find("!{", at), text.size());
    result.add_literal(text.substr(at, begin - at));
    if (begin == text.size()) break;
    const std::string place = "expression at position " + std::to_string(begin + 1);
    const std::size_t end = text.find('}', begin);
    if (end == std::string_view::npos) return refused(place + " has no closing brace");
    auto piece = parse_expression(text.substr(begin + 2, end - begin - 2), ids);
    if (!piece) return std::move(piece).error().with_context(place);
    piece->text = text.substr(begin, end - begin + 1);
    result.pieces_.push_back(*std::move(piece));
    at = end + 1;
  }
  return result;
}

Result<KeyTemplate::Piece> KeyTemplate::parse_expression(std::string_view expression,
                                                         std::span<const std::string> ids) {
  Piece piece;
  if (expression.starts_with(kTimestamp)) {
    FB_TRY(piece.pattern, TimePattern::parse(expression.substr(kTimestamp.size())));
    piece.kind = Kind::timestamp;
    return piece;
  }
  if (expression.starts_with(kQuery)) return parse_partition_key(expression.substr(kQuery.size()), ids);
  if (expression.starts_with(kLambda))
    return refused("partitionKeyFromLambda needs a Lambda processor; use partitionKeyFromQuery");
  if (expression == "firehose:random-string") {
    piece.kind = Kind::random_string;
  } else if (expression == "firehose:error-output-type") {
    piece.kind = Kind::error_type;
  } else if (expression == "shard") {
    piece.kind = Kind::shard;
  } else {
    return refused("\"" + std::string(expression) +
                   "\" is none of timestamp:PATTERN, firehose:random-string, "
                   "firehose:error-output-type, partitionKeyFromQuery:ID, shard");
  }
  return piece;
}

Result<KeyTemplate::Piece> KeyTemplate::parse_partition_key(std::string_view id, std::span<const std::string> ids) {
  const auto found = std::find(ids.begin(), ids.end(), id);
  if (found == ids.end()) return refused("the partition query has no member \"" + std::string(id) + "\"");
  Piece piece;
  piece.kind = Kind::partition_key;
  piece.partition_key = static_cast<std::size_t>(found - ids.begin());
  return piece;
}

bool KeyTemplate::has(Kind kind) const {
  return std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& piece) { return piece.kind == kind; });
}

bool KeyTemplate::has_expressions() const {
  return std::any_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return piece.kind != Kind::literal; });
}

void KeyTemplate::add_literal(std::string_view text) {
  if (!text.empty()) pieces_.emplace_back().text = text;
}

void KeyTemplate::add_error_type() { pieces_.emplace_back().kind = Kind::error_type; }

void KeyTemplate::add_timestamp(TimePattern pattern) {
  Piece& piece = pieces_.emplace_back();
  piece.kind = Kind::timestamp;
  piece.pattern = std::move(pattern);
}

std::string KeyTemplate::evaluate(const Values& values) const {
  std::string out;
  std::size_t random_strings = 0;
  for (const Piece& piece : pieces_) {
    switch (piece.kind) {
      case Kind::literal: out += piece.text; break;
      case Kind::timestamp: piece.pattern.append(out, values.local_seconds); break;
      case Kind::random_string: out += values.identity->random_string(random_strings++); break;
      case Kind::error_type: out += values.error_type; break;
      case Kind::partition_key: out += values.partition_keys[piece.partition_key]; break;
      case Kind::shard: out += values.shard; break;
    }
  }
  return out;
}

std::string KeyTemplate::partition_of(std::span<const std::string> partition_keys) const {
  std::string out;
  for (const Piece& piece : pieces_)
    out += piece.kind == Kind::partition_key ? partition_keys[piece.partition_key] : piece.text;
  return out;
}

}  // namespace forebay::gateway::delivery

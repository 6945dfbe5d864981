#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "gateway/log/identifiers.h"

namespace forebay::gateway::log {

/// Small durable settings of a stream or an account by key; '/' divides name spaces ("tag/NAME", "policy", ...).
using Attributes = std::map<std::string, std::string, std::less<>>;

struct AttributeChange {
  std::string key;                    ///< 1..1024 bytes
  std::optional<std::string> value;   ///< at most 64 KiB; none removes the attribute
  friend bool operator==(const AttributeChange&, const AttributeChange&) = default;
};

/// Changes of one owner as the journal holds them. Made again in the same order they give the same attributes.
struct AttributesChange {
  StreamId stream;      ///< 0: an account's
  std::string account;  ///< empty: a stream's
  std::vector<AttributeChange> changes;
  friend bool operator==(const AttributesChange&, const AttributesChange&) = default;
};

void apply_changes(const std::vector<AttributeChange>& changes, Attributes& attributes);
/// Errors  invalid_argument: a key or value out of bounds, or more than 1 MiB for one owner.
Result<void> check_bounds(const Attributes& attributes);

void encode(const AttributesChange& change, Buffer& out);
/// Errors  corrupt: malformed; unsupported: a newer format.
Result<AttributesChange> decode_attributes_change(ByteView bytes);

}  // namespace forebay::gateway::log

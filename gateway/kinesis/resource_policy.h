#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/kinesis/error_type.h"

namespace forebay::gateway::kinesis {

/// Whether a text is a policy of a resource: a JSON object with one or more statements that have Effect, Principal,
/// Action and Resource, at most 20 KiB. Fault  InvalidArgumentException naming what is wrong.
std::optional<wire::kinesis::Fault> refuse_policy(std::string_view text);

/// What a resource's policy says about one call.
enum class Verdict : std::uint8_t { silent, allow, deny };

/// Who asks for what.
struct PolicyQuestion {
  std::string_view account;   ///< of the calling key
  std::string_view key_id;    ///< empty: authentication is off
  std::string_view action;    ///< "kinesis:GetRecords"
  std::string_view resource;  ///< ARN
  bool any_region = false;    ///< as in auth::Policy::allows()
};

/// A denial wins. Principals: "*", an account number, arn:aws:iam::ACCOUNT:root, arn:aws:iam::ACCOUNT:user/KEY_ID.
/// A statement with Condition, NotPrincipal, NotAction or NotResource never allows; when it denies, it denies all it
/// may mean: what it leaves open is closed.
Verdict evaluate_policy(std::string_view policy, const PolicyQuestion& question);

}  // namespace forebay::gateway::kinesis

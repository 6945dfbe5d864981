#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace forebay::gateway::auth {

/// What a key may do: the part of the IAM policy language this gateway knows (docs/ACCESS.md). Statements allow or
/// deny actions ("kinesis:Get*") on resources (stream ARNs with * and ?). A denial wins over every permission; what
/// nothing allows is denied. Immutable.
class Policy {
 public:
  /// Errors  invalid_argument naming the statement and member: not JSON, no statement, an element that is not
  /// supported (Condition, Principal, NotAction, NotResource) - never ignored, for it would widen or narrow access.
  static Result<Policy> parse(std::string_view json);

  /// Whether the action ("kinesis:PutRecord") may be done on the resource. Actions are compared without regard to case.
  /// `any_region`: the region of the resource is what the caller chose to sign for, so that of a statement says
  /// nothing.
  [[nodiscard]] bool allows(std::string_view action, std::string_view resource, bool any_region = false) const;
  /// Whether the action is allowed on any resource at all.
  [[nodiscard]] bool may_allow(std::string_view action) const;
  /// The document as it was given.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  struct Statement {
    bool allow = false;
    std::vector<std::string> actions;  ///< lower case
    std::vector<std::string> resources;
  };

  std::string text_;
  std::vector<Statement> statements_;
};

}  // namespace forebay::gateway::auth

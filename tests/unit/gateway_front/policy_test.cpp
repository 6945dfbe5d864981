// Access policies: what they allow, what they deny, what they refuse to be.
#include "gateway/auth/policy.h"

#include <gtest/gtest.h>

#include "gateway/auth/access_key.h"

namespace forebay::gateway::auth {
namespace {

Policy policy_of(std::string_view statements) {
  auto policy = Policy::parse("{\"Version\": \"2012-10-17\", \"Statement\": " + std::string(statements) + "}");
  EXPECT_TRUE(policy.ok()) << policy.error().context;
  return *std::move(policy);
}

constexpr std::string_view kWeb = "arn:aws:kinesis:us-east-1:000000000000:stream/web-1";
constexpr std::string_view kCore = "arn:aws:kinesis:us-east-1:000000000000:stream/core";

TEST(Policy, AllowsWhatAStatementNamesAndNothingElse) {
  const Policy policy = policy_of(
      R"([{"Sid": "r", "Effect": "Allow", "Action": ["kinesis:Get*", "kinesis:ListShards"],
           "Resource": "arn:aws:kinesis:*:*:stream/web-?"}])");
  EXPECT_TRUE(policy.allows("kinesis:GetRecords", kWeb));
  EXPECT_TRUE(policy.allows("kinesis:ListShards", kWeb));
  EXPECT_FALSE(policy.allows("kinesis:ListStreams", kWeb));
  EXPECT_FALSE(policy.allows("kinesis:GetRecords", kCore));
  EXPECT_FALSE(policy.allows("kinesis:GetRecords", "arn:aws:kinesis:us-east-1:000000000000:stream/web-10"));
  EXPECT_FALSE(policy.allows("kinesis:GetRecords", "*")) << "a call about no stream needs the resource *";
  EXPECT_TRUE(policy.may_allow("kinesis:GetShardIterator"));
  EXPECT_FALSE(policy.may_allow("kinesis:PutRecord"));
}

TEST(Policy, ActionsIgnoreCaseResourcesDoNot) {
  const Policy policy = policy_of(R"({"Effect": "Allow", "Action": "Kinesis:putrecord*",
      "Resource": "arn:aws:kinesis:us-east-1:000000000000:stream/core"})");
  EXPECT_TRUE(policy.allows("kinesis:PutRecords", kCore));
  EXPECT_FALSE(policy.allows("kinesis:PutRecords", "arn:aws:kinesis:us-east-1:000000000000:stream/Core"));
}

TEST(Policy, WhereTheRegionIsTheCallersChoiceItSaysNothing) {
  const Policy policy = policy_of(
      R"([{"Effect": "Allow", "Action": "*", "Resource": "*"},
          {"Effect": "Deny", "Action": "*", "Resource": ["arn:aws:kinesis:us-east-1:000000000000:stream/core",
                                                         "arn:aws:*:eu-west-1:*:stream/web-?"]}])");
  const std::string_view elsewhere = "arn:aws:kinesis:eu-west-3:000000000000:stream/core";
  EXPECT_TRUE(policy.allows("kinesis:PutRecord", elsewhere));
  EXPECT_FALSE(policy.allows("kinesis:PutRecord", elsewhere, true));
  EXPECT_FALSE(policy.allows("kinesis:PutRecord", kCore, true));
  EXPECT_TRUE(policy.allows("kinesis:PutRecord", "arn:aws:kinesis:eu-west-3:000000000000:stream/other", true));
  EXPECT_FALSE(policy.allows("kinesis:PutRecord", "arn:aws:kinesis:us-east-1:000000000000:stream/web-1", true));
  for (const char* denied : {"arn:*:eu-west-1:000000000000:stream/core", "arn:aws:kinesis:us-*:*", "arn:*west-?:*core",
                             "arn:aws:*:ap-*1:000000000000:stream/core"}) {
    const Policy other = policy_of(R"([{"Effect": "Allow", "Action": "*", "Resource": "*"},
                                       {"Effect": "Deny", "Action": "*", "Resource": ")" +
                                   std::string(denied) + "\"}]");
    EXPECT_FALSE(other.allows("kinesis:PutRecord", kCore, true)) << denied;
  }
}

TEST(Policy, DenyWinsInAnyOrder) {
  for (const std::string_view statements : {R"([{"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": "kinesis:Delete*", "Resource": "*"}])",
                                            R"([{"Effect": "Deny", "Action": "kinesis:Delete*", "Resource": "*"},
            {"Effect": "Allow", "Action": "*", "Resource": "*"}])"}) {
    const Policy policy = policy_of(statements);
    EXPECT_TRUE(policy.allows("kinesis:CreateStream", kCore));
    EXPECT_FALSE(policy.allows("kinesis:DeleteStream", kCore));
  }
}

TEST(Policy, UnsupportedElementsAreRefusedByName) {
  struct Row {
    const char* document;
    const char* named;
  };
  constexpr Row kRows[] = {
      {"no json", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"{}", "Statement is missing"},
      {R"({"Statement": []})", "Statement is empty"},
      {R"({"Version": "1", "Statement": []})", "Version"},
      {R"({"Rules": []})", "unknown member Rules"},
      {R"({"Statement": [1]})", "statement 1 is not an object"},
      {R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}})", "Condition"},
      {R"({"Statement": {"Effect": "Allow", "NotAction": "*", "Resource": "*"}})", "NotAction"},
      {R"({"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}})", "Effect must be"},
      {R"({"Statement": {"Action": "*", "Resource": "*"}})", "Effect is missing"},
      {R"({"Statement": {"Effect": "Allow", "Resource": "*"}})", "Action is missing"},
      {R"({"Statement": {"Effect": "Allow", "Action": "*"}})", "Resource is missing"},
      {R"({"Statement": {"Effect": "Allow", "Action": [], "Resource": "*"}})", "Action must be"},
      {R"({"Statement": {"Effect": "Allow", "Action": [1], "Resource": "*"}})", "strings only"},
      {R"({"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}})", "\"s3:get*\""},
      {R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "stream/web"}})", "\"stream/web\""},
  };
  for (const Row& row : kRows) {
    const auto policy = Policy::parse(row.document);
    ASSERT_FALSE(policy.ok()) << row.document;
    EXPECT_EQ(policy.error().code, Errc::invalid_argument);
    EXPECT_NE(policy.error().context.find(row.named), std::string::npos) << policy.error().context;
  }
}

TEST(AccessKey, RoleAndPolicyTogetherDecide) {
  const auto all = std::make_shared<const Policy>(policy_of(R"({"Effect": "Allow", "Action": "*", "Resource": "*"})"));
  const auto puts =
      std::make_shared<const Policy>(policy_of(R"({"Effect": "Allow", "Action": "kinesis:Put*", "Resource": "*"})"));
  AccessKey key;
  EXPECT_TRUE(key.allows("kinesis:DeleteStream", kCore)) << "an admin without policy may do everything";
  key.policy = puts;
  EXPECT_FALSE(key.allows("kinesis:DeleteStream", kCore)) << "a policy narrows an admin";
  EXPECT_TRUE(key.allows("kinesis:PutRecord", kCore));
  key.role = Role::device;
  key.policy = all;
  EXPECT_FALSE(key.allows("kinesis:PutRecord", kCore)) << "a device uploads, whatever its policy says";
  EXPECT_TRUE(key.allows(kUploadAction, kCore));
  key.policy = puts;
  EXPECT_FALSE(key.allows(kUploadAction, kCore)) << "a policy narrows the streams of a device";
  key.role = Role::user;
  key.policy = nullptr;
  EXPECT_FALSE(key.may_allow("kinesis:GetRecords")) << "a user has its policy only";
}

}  // namespace
}  // namespace forebay::gateway::auth

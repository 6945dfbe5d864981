// What a resource's policy says about one call, statement by statement.
#include "gateway/kinesis/resource_policy.h"

#include <gtest/gtest.h>

#include <string>

namespace forebay::gateway::kinesis {
namespace {

constexpr std::string_view kArn = "arn:aws:kinesis:eu-west-1:111111111111:stream/web";

Verdict verdict(const std::string& statements, std::string_view action = "kinesis:GetRecords",
                std::string_view key_id = "FBAKONE") {
  return evaluate_policy("{\"Version\":\"2012-10-17\",\"Statement\":" + statements + "}",
                         {"222222222222", key_id, action, kArn});
}

std::string statement(const std::string& effect, const std::string& principal, const std::string& more = "") {
  return R"({"Effect":")" + effect + R"(","Principal":)" + principal +
         R"(,"Action":["kinesis:Get*","kinesis:ListShards"],"Resource":"arn:aws:kinesis:*:111111111111:stream/w*")" +
         more + "}";
}

TEST(ResourcePolicy, PrincipalsOfEachFormAreMet) {
  for (const char* principal :
       {R"("*")", R"({"AWS":"*"})", R"({"AWS":"222222222222"})", R"({"AWS":["1","arn:aws:iam::222222222222:root"]})",
        R"({"AWS":"arn:aws:iam::222222222222:user/FBAKONE"})"})
    EXPECT_EQ(verdict(statement("Allow", principal)), Verdict::allow) << principal;
  for (const char* principal :
       {R"({"AWS":"111111111111"})", R"({"AWS":"arn:aws:iam::222222222222:user/FBAKTWO"})", R"({"Service":"*"})", "7"})
    EXPECT_EQ(verdict(statement("Allow", principal)), Verdict::silent) << principal;
}

TEST(ResourcePolicy, ActionAndResourceMustBothFit) {
  EXPECT_EQ(verdict(statement("Allow", R"("*")"), "kinesis:getshardITERATOR"), Verdict::allow);
  EXPECT_EQ(verdict(statement("Allow", R"("*")"), "kinesis:PutRecord"), Verdict::silent);
  EXPECT_EQ(evaluate_policy("{\"Statement\":[" + statement("Allow", R"("*")") + "]}",
                            {"222222222222", "", "kinesis:GetRecords", "arn:aws:kinesis:eu-west-1:1:stream/web"}),
            Verdict::silent);
}

TEST(ResourcePolicy, WhereTheRegionIsTheCallersChoiceItSaysNothing) {
  const std::string deny = R"({"Statement":[{"Effect":"Deny","Principal":"*","Action":"kinesis:*",)"
                           R"("Resource":"arn:aws:kinesis:us-east-1:1:stream/web"}]})";
  PolicyQuestion question{"2", "", "kinesis:GetRecords", "arn:aws:kinesis:eu-west-1:1:stream/web"};
  EXPECT_EQ(evaluate_policy(deny, question), Verdict::silent);
  question.any_region = true;
  EXPECT_EQ(evaluate_policy(deny, question), Verdict::deny);
}

TEST(ResourcePolicy, DenialWinsWhereverItStands) {
  const std::string allow = statement("Allow", R"("*")");
  const std::string deny = statement("Deny", R"({"AWS":"222222222222"})");
  EXPECT_EQ(verdict("[" + allow + "," + deny + "]"), Verdict::deny);
  EXPECT_EQ(verdict("[" + deny + "," + allow + "]"), Verdict::deny);
}

TEST(ResourcePolicy, WhatTheEvaluationCannotReadIsRefusedAndDenies) {
  for (const char* odd : {R"("\ud800")", "1e400"}) {
    const std::string policy = R"({"Statement":[{"Sid":)" + std::string(odd) +
                               R"(,"Effect":"Deny","Principal":"*","Action":"kinesis:*","Resource":"*"}]})";
    EXPECT_TRUE(refuse_policy(policy)) << policy;
    EXPECT_EQ(evaluate_policy(policy, PolicyQuestion{}), Verdict::deny) << policy;
  }
}

TEST(ResourcePolicy, WhatIsNotUnderstoodNeverAllowsAndStillDenies) {
  const std::string condition = R"(,"Condition":{"Bool":{"aws:SecureTransport":"false"}})";
  EXPECT_EQ(verdict(statement("Allow", R"("*")", condition)), Verdict::silent);
  EXPECT_EQ(verdict(statement("Deny", R"("*")", condition)), Verdict::deny);
  const std::string others = R"(,"NotPrincipal":{"AWS":"9"},"NotAction":"kinesis:Put*","Resource":"*"})";
  EXPECT_EQ(verdict(R"({"Effect":"Allow")" + others), Verdict::silent);
  EXPECT_EQ(verdict(R"({"Effect":"Deny")" + others), Verdict::deny);
  EXPECT_EQ(evaluate_policy("not JSON", {"1", "", "kinesis:GetRecords", kArn}), Verdict::deny);
}

}  // namespace
}  // namespace forebay::gateway::kinesis

// Every described message of Firehose against the service model (tests/golden/make_kinesis_model.py).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/unit/wire/firehose/described_calls.h"
#include "tests/unit/wire/golden_file.h"
#include "tests/unit/wire/kinesis/model_compare.h"
#include "wire/kinesis/error_type.h"

namespace forebay::wire::firehose {
namespace {

using kinesis::test::compare;
using kinesis::test::Direction;
using nlohmann::json;

TEST(FirehoseModel, DescriptionsMatchTheServiceModel) {
  const json model = json::parse(forebay::test::golden_text("firehose/model.json"));
  std::set<std::string> described;
  test::for_each_described_call([&](auto call) {
    using Call = decltype(call);
    SCOPED_TRACE(call.name);
    ASSERT_TRUE(model["calls"].contains(call.name)) << "not in the model";
    ASSERT_TRUE(described.emplace(call.name).second) << "listed twice";
    compare<typename Call::Request>(model["calls"][call.name]["input"], Direction::input);
    compare<typename Call::Response>(model["calls"][call.name]["output"], Direction::output);
  });
  for (const auto& [name, call] : model["calls"].items()) EXPECT_TRUE(described.contains(name)) << name;
}

TEST(FirehoseModel, EveryModelledErrorHasItsRow) {
  const json model = json::parse(forebay::test::golden_text("firehose/model.json"));
  std::set<std::string> names;
  for (const auto& [call, description] : model["calls"].items())
    for (const std::string error : description["errors"]) names.insert(error);
  EXPECT_EQ(names.size(), 8u);
  for (const std::string& name : names) {
    const auto type = kinesis::error_type_from_name(name);
    ASSERT_TRUE(type) << name;
    EXPECT_EQ(kinesis::row_of(*type).http_status, name == "ServiceUnavailableException" ? 503 : 400) << name;
  }
}

struct Sample {
  const kinesis::Pattern* pattern;
  const char* text;
  bool fits;
};

TEST(FirehoseModel, PatternsTakeWholeTextsOnly) {
  const Sample kSamples[] = {
      {&patterns::kRoleArn, "arn:aws:iam::123456789012:role/service-role/f", true},
      {&patterns::kRoleArn, "arn:aws:iam::123456789012:role/", false},
      {&patterns::kRoleArn, "arn:aws:iam::12345678901:role/r", false},
      {&patterns::kRoleArn, "arn:x:iam::1:iam::123456789012:role/r", true},
      {&patterns::kBucketArn, "arn:aws-cn:s3:::my_bucket.x-1", true},
      {&patterns::kBucketArn, "arn:aws:s3:::a/b", false},
      {&patterns::kKeyArn, "arn:aws:kms:eu-west-1:123456789012:alias/k", true},
      {&patterns::kKeyArn, "arn:aws:kms:eu-west-1:123456789012:grant/k", false},
      {&patterns::kStreamArn, "arn:aws:kinesis:eu-west-1:123456789012:stream/s", true},
      {&patterns::kStreamArn, "arn:aws:kinesis::123456789012:stream/s", false},
      {&patterns::kStreamArn, "arn:aws:kinesis:eu-west-1:123456789012:stream/s/consumer/c", false},
      {&patterns::kSecretArn, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/b-1", true},
      {&patterns::kFileExtension, "", true},
      {&patterns::kFileExtension, ".json.gz", true},
      {&patterns::kFileExtension, "json", false},
      {&patterns::kFileExtension, ".", false},
      {&patterns::kTimeZone, "America/New_York", true},
      {&patterns::kTimeZone, "UTC+1", false},
      {&patterns::kTagKey, "aws:created", false},
      {&patterns::kTagKey, "cost center", true},
      {&patterns::kAny, "a\nb", false},
      {&patterns::kNotBlank, " \t", false},
      {&patterns::kNoBlanks, "a b", false},
  };
  for (const Sample& sample : kSamples)
    EXPECT_EQ(sample.pattern->matches(sample.text), sample.fits) << sample.pattern->text << "  " << sample.text;
}

}  // namespace
}  // namespace forebay::wire::firehose

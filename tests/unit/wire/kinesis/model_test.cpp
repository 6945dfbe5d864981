// Every described message against the service model (tests/golden/make_kinesis_model.py): members, types and rules.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/unit/wire/golden_file.h"
#include "tests/unit/wire/kinesis/described_calls.h"
#include "tests/unit/wire/kinesis/model_compare.h"
#include "wire/kinesis/error_type.h"

namespace forebay::wire::kinesis {
namespace {

using Json = nlohmann::json;
using test::compare;
using test::Direction;

/// The structure that a call answers with; of an event stream, its event.
const Json& answer_of(const Json& call) {
  const Json& output = call["output"];
  if (output.empty() || !output["members"].contains("EventStream")) return output;
  return output["members"]["EventStream"]["members"]["SubscribeToShardEvent"];
}

TEST(KinesisModel, DescriptionsMatchTheServiceModel) {
  const Json model = Json::parse(forebay::test::golden_text("kinesis/model.json"));
  std::set<std::string> described;
  test::for_each_described_call([&](auto call) {
    using Call = decltype(call);
    SCOPED_TRACE(call.name);
    ASSERT_TRUE(model["calls"].contains(call.name)) << "not in the model";
    ASSERT_TRUE(described.emplace(call.name).second) << "listed twice";
    const Json& expected = model["calls"][call.name];
    compare<typename Call::Request>(expected["input"], Direction::input);
    EXPECT_EQ(answer_of(expected).empty(), !Call::kHasResponse);
    if constexpr (Call::kHasResponse) compare<typename Call::Response>(answer_of(expected), Direction::output);
  });
  for (const auto& [name, call] : model["calls"].items()) EXPECT_TRUE(described.contains(name)) << name;
}

TEST(KinesisModel, EveryModelledErrorHasItsRow) {
  const Json model = Json::parse(forebay::test::golden_text("kinesis/model.json"));
  std::set<std::string> names;
  for (const auto& [call, description] : model["calls"].items())
    for (const std::string error : description["errors"]) names.insert(error);
  EXPECT_GT(names.size(), 15u);
  for (const std::string& name : names) {
    // Answers carry the shorter name that the service has on the wire.
    const auto type = error_type_from_name(name == "InternalFailureException" ? "InternalFailure" : name);
    ASSERT_TRUE(type) << name;
    EXPECT_EQ(row_of(*type).http_status, name == "InternalFailureException" ? 500 : 400) << name;
  }
}

}  // namespace
}  // namespace forebay::wire::kinesis

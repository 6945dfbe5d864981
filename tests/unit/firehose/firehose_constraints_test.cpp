// What every call of Firehose refuses before it does anything, made from the service's model: each constraint of each
// member with the exact text, wrong types, bodies that are no object, keys without permission.
#include <gtest/gtest.h>

#include "tests/unit/firehose/firehose_rig.h"
#include "tests/unit/gateway_front/kinesis/request_maker.h"
#include "tests/unit/gateway_front/kinesis/service_model.h"

namespace forebay::gateway::test {
namespace {
using nlohmann::json;

const json& input_of(std::string_view operation) { return firehose_model()[std::string(operation)]["input"]; }

TEST(FirehoseConstraints, EachOfEveryCallGivesItsText) {
  FirehoseRig rig;
  std::size_t seen = 0;
  for (const firehose::Action& action : firehose::action_table()) {
    for (const BadRequest& bad : requests_that_break_rules(input_of(action.name))) {
      SCOPED_TRACE(std::string(action.name) + " " + bad.title);
      const CallAnswer answer = rig.send(action.name, bad.request.dump());
      EXPECT_EQ(answer.raw.status, 400);
      EXPECT_EQ(answer.type(), "ValidationException");
      EXPECT_TRUE(fits_text(answer.message(), bad.text)) << answer.message() << "\nwanted " << bad.text;
      ++seen;
    }
  }
  EXPECT_GT(seen, 200u);
}

TEST(FirehoseConstraints, WrongTypesOfEveryCallGiveTheirText) {
  FirehoseRig rig;
  for (const firehose::Action& action : firehose::action_table()) {
    for (const BadRequest& bad : requests_of_wrong_types(input_of(action.name))) {
      SCOPED_TRACE(std::string(action.name) + " " + bad.title);
      const CallAnswer answer = rig.send(action.name, bad.request.dump());
      EXPECT_EQ(answer.raw.status, 400);
      EXPECT_EQ(answer.type(), "SerializationException");
      EXPECT_EQ(answer.message(), bad.text);
    }
  }
}

TEST(FirehoseConstraints, BodiesThatAreNoObjectCarryNoText) {
  FirehoseRig rig;
  for (const firehose::Action& action : firehose::action_table())
    for (const char* body : {"[]", "1", "{", "{}{"})
      EXPECT_EQ(rig.send(action.name, body).raw.body, R"({"__type":"SerializationException"})") << action.name << body;
}

TEST(FirehoseConstraints, EveryCallAsksForPermission) {
  FirehoseRig rig(false);
  for (const firehose::Action& action : firehose::action_table()) {
    const std::string body = sample_of(input_of(action.name)).dump();
    EXPECT_EQ(rig.send_signed(action.name, body, "DEVICEKEY", "devicesecret").type(), "AccessDeniedException")
        << action.name;
  }
}

}  // namespace
}  // namespace forebay::gateway::test

// What every call refuses before it does anything, made from the service's model: each constraint of each member with
// the exact text, wrong types, bodies that are no object, keys without permission. Both encodings.
#include <gtest/gtest.h>

#include "gateway/kinesis/action_table.h"
#include "tests/unit/gateway_front/kinesis/call_rig.h"
#include "tests/unit/gateway_front/kinesis/request_maker.h"
#include "tests/unit/gateway_front/kinesis/service_model.h"

namespace forebay::gateway::test {
namespace {
using kinesis::Encoding;
using nlohmann::json;

constexpr Encoding kEncodings[] = {Encoding::json, Encoding::cbor};

const json& input_of(std::string_view operation) {
  static const json none = json::object();
  const auto found = service_model().find(std::string(operation));
  if (found == service_model().end() || !(*found)["input"].contains("members")) return none;
  return (*found)["input"];
}

TEST(Constraints, EachOfEveryCallGivesItsText) {
  CallRig rig;
  std::size_t seen = 0;
  for (const kinesis::Action& action : kinesis::action_table()) {
    for (const BadRequest& bad : requests_that_break_rules(input_of(action.name))) {
      for (const Encoding encoding : kEncodings) {
        if (action.json_only && encoding != Encoding::json) continue;
        SCOPED_TRACE(std::string(action.name) + " " + bad.title);
        const CallAnswer answer = rig.call(action.name, bad.request, encoding);
        EXPECT_EQ(answer.raw.status, 400);
        EXPECT_EQ(answer.type(), "ValidationException");
        EXPECT_TRUE(fits_text(answer.message(), bad.text)) << answer.message() << "\nwanted " << bad.text;
        ++seen;
      }
    }
  }
  EXPECT_GT(seen, 100u);
}

TEST(Constraints, WrongTypesOfEveryCallGiveTheirText) {
  CallRig rig;
  for (const kinesis::Action& action : kinesis::action_table()) {
    for (const BadRequest& bad : requests_of_wrong_types(input_of(action.name))) {
      for (const Encoding encoding : kEncodings) {
        if (action.json_only && encoding != Encoding::json) continue;
        SCOPED_TRACE(std::string(action.name) + " " + bad.title);
        const CallAnswer answer = rig.call(action.name, bad.request, encoding);
        EXPECT_EQ(answer.raw.status, 400);
        EXPECT_EQ(answer.type(), "SerializationException");
        EXPECT_EQ(answer.message(), bad.text);
      }
    }
  }
}

TEST(Constraints, BodiesThatAreNoObjectCarryNoText) {
  CallRig rig;
  for (const kinesis::Action& action : kinesis::action_table()) {
    SCOPED_TRACE(action.name);
    for (const char* body : {"[]", "1", "{", "{}{"}) {
      const CallAnswer answer = rig.send(action.name, body, Encoding::json);
      EXPECT_EQ(answer.raw.body, R"({"__type":"SerializationException"})") << body;
    }
    if (action.json_only) continue;
    for (const std::string_view body :
         {"\x80", "\x01", "\xbf", "\xa0\xa0", "\xff", "\x5b\xff\xff\xff\xff\xff\xff\xff\xff"}) {
      CallAnswer answer = rig.send(action.name, body, Encoding::cbor);
      EXPECT_EQ(answer.raw.status, 400);
      EXPECT_EQ(answer.raw.headers["content-type"], "application/x-amz-cbor-1.1");
      EXPECT_EQ(answer.body, json({{"__type", "SerializationException"}}));
    }
  }
}

TEST(Constraints, EveryCallAsksForPermission) {
  CallRig rig(false);
  const WallTime now = rig.clock.wall_now();
  for (const kinesis::Action& action : kinesis::action_table()) {
    for (const Encoding encoding : kEncodings) {
      SCOPED_TRACE(action.name);
      const std::string headers = "Content-Type: " + std::string(kinesis::content_type_of(encoding)) +
                                  "\r\nX-Amz-Target: Kinesis_20131202." + std::string(action.name) + "\r\n";
      const std::string body = encode_body(sample_of(input_of(action.name)), encoding);
      const RawResponse raw =
          rig.rig.client().exchange(signed_post("/", headers, body, "DEVICEKEY", "devicesecret", "kinesis", now));
      EXPECT_EQ(raw.status, 400);
      const json answer = decode_body(raw.body, encoding);
      EXPECT_EQ(answer.is_object() ? answer.value("__type", "") : "", "AccessDeniedException");
    }
  }
}

}  // namespace
}  // namespace forebay::gateway::test

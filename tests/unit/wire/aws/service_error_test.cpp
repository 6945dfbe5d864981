#include "wire/aws/service_error.h"

#include <gtest/gtest.h>

namespace forebay::wire::aws {
namespace {

TEST(ServiceError, ShortNameAndTextOfEveryForm) {
  const auto read = [](std::string_view body) {
    const ServiceError error = parse_service_error(as_bytes(body));
    return error.type + "|" + error.message;
  };
  EXPECT_EQ(read(R"({"__type":"ResourceNotFoundException","message":"Stream s"})"), "ResourceNotFoundException|Stream s");
  EXPECT_EQ(read(R"({"__type":"a.b#SerializationException:http://x#y","Message":"m"})"), "SerializationException|m");
  EXPECT_EQ(read(R"({"__type":"InternalFailure"})"), "InternalFailure|");
  for (const char* none : {"", "{", "[]", "\"x\"", R"({"__type":7,"message":null})", "<html>"}) EXPECT_EQ(read(none), "|") << none;
}

TEST(ServiceError, ClockRefusalsAreKnownByTheirTexts) {
  EXPECT_TRUE(is_clock_refusal("Signature expired: 20260102T030405Z is now earlier than 20260102T031000Z"));
  EXPECT_TRUE(is_clock_refusal("Signature not yet current: 20260102T030405Z is still later than 20260102T025900Z"));
  EXPECT_FALSE(is_clock_refusal("The security token included in the request is expired"));
}

}  // namespace
}  // namespace forebay::wire::aws

#include "agent/transform/key_template.h"

#include <gtest/gtest.h>

#include "agent/transform/json_field.h"

namespace forebay::agent {
namespace {

std::string expand(std::string_view text, std::string_view data = "", std::string_view topic = "a/b/c") {
  auto key = KeyTemplate::compile(text);
  EXPECT_TRUE(key.ok()) << text;
  std::string out;
  key->expand({"dev", "/var/log/app.log", topic, as_bytes(data)}, out);
  return out;
}

TEST(KeyTemplate, FillsEachField) {
  EXPECT_EQ(expand("{device}"), "dev");
  EXPECT_EQ(expand("{path}"), "/var/log/app.log");
  EXPECT_EQ(expand("{file}"), "app.log");
  EXPECT_EQ(expand("{topic}|{topic[0]}|{topic[2]}"), "a/b/c|a|c");
  EXPECT_EQ(expand("x-{device}-{{y}}"), "x-dev-{y}");
  EXPECT_EQ(expand("{json:a.b}", R"({"z":[1,{"b":2}],"a":{"q":null,"b":"v\u00e9\n"}})"), "v\u00e9\n");
}

TEST(KeyTemplate, ReplacesAMissingFieldByTheDeviceAndCountsIt) {
  auto key = KeyTemplate::compile("{json:id}/{topic[9]}");
  ASSERT_TRUE(key.ok());
  std::string out;
  key->expand({"dev", "", "a", as_bytes("not json")}, out);
  EXPECT_EQ(out, "dev/dev");
  EXPECT_EQ(key->missing_count(), 2u);
}

TEST(KeyTemplate, ErrorsNameTheColumn) {
  const auto column = [](std::string_view text) { return KeyTemplate::compile(text).error().context; };
  EXPECT_NE(column("").find("column 1:"), std::string::npos);
  EXPECT_NE(column("ab{devise}").find("column 4: unknown field \"{devise}\""), std::string::npos);
  EXPECT_NE(column("abc{device").find("column 4: '{' is not closed"), std::string::npos);
  EXPECT_NE(column("ab}").find("column 3:"), std::string::npos);
  EXPECT_NE(column("{topic[x]}").find("column 8:"), std::string::npos);
  EXPECT_NE(column("{json:a..b}").find("column 7:"), std::string::npos);
  EXPECT_NE(column("{topic[]}").find("a topic level"), std::string::npos);
}

TEST(KeyTemplate, KeepsKeysValidAndWithinTheLimit) {
  EXPECT_EQ(expand("{json:k}", "{\"k\":\"" + std::string(1000, 'x') + "\"}"), std::string(256, 'x'));
  std::string euros;
  for (int i = 0; i < 300; ++i) euros += "\xE2\x82\xAC";
  EXPECT_EQ(expand("{json:k}", "{\"k\":\"" + euros + "\"}"), euros.substr(0, 768));
  EXPECT_EQ(expand("{topic}", "", "a\xFF\xE2\x82z"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(expand("{json:k}", R"({"k":""})"), "dev");
}

bool field(std::string_view json, std::vector<std::string> names, std::string& out) {
  return find_json_field(as_bytes(json), names, out);
}

TEST(JsonField, FindsScalarsOnTheirWay) {
  std::string out;
  EXPECT_TRUE(field(R"( { "a" : {"b":[{"c":1}],"c":-1.5e3} , "d":true})", {"a", "c"}, out));
  EXPECT_EQ(out, "-1.5e3");
  EXPECT_TRUE(field(R"({"a":"{\"d\":1}","d":true})", {"d"}, out));
  EXPECT_EQ(out, "true");
  EXPECT_TRUE(field(R"({"\u0061":"\ud83d\ude00\\"})", {"a"}, out));
  EXPECT_EQ(out, "\xF0\x9F\x98\x80\\");
}

TEST(JsonField, RefusesWhatIsNoScalarOrNoJson) {
  std::string out;
  for (const char* json : {"", "{", "[]", "null", R"({"a")", R"({"a":)", R"({"a":null})", R"({"a":{}})", R"({"a":[1]})",
                           R"({"a":x})", R"({"b":1})", R"({"b":1 "a":2})", R"({"a":"\q"})", R"({"a":"\u12"})",
                           R"({"a":"open)", R"({"b":]]]],"a":1})", R"({"b":"\)"})
    EXPECT_FALSE(field(json, {"a"}, out)) << json;
  EXPECT_FALSE(field(R"({"b":)" + std::string(100'000, '[') + R"(,"a":1})", {"a"}, out));
}

}  // namespace
}  // namespace forebay::agent

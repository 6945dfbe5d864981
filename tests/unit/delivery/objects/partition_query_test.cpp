// The part of jq that names partitions: values as jq prints them, everything else refused by name.
#include "gateway/delivery/objects/partition_query.h"

#include <gtest/gtest.h>

namespace forebay::gateway::delivery {
namespace {

/// Values joined by commas, or the error.
std::string ask(std::string_view query, std::string_view record) {
  auto parsed = PartitionQuery::parse(query);
  if (!parsed) return parsed.error().to_string();
  std::vector<std::string> values;
  if (auto done = parsed->evaluate(record, values); !done) return done.error().to_string();
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ",") + value;
  return out;
}

constexpr std::string_view kRecord =
    R"({"customer_id":"A-7","device":{"type":"Lamp","tags":["x",{"y":[1,2]}],"my key":true},"n":12.50,"time":1565382027,
        "none":null})";

TEST(PartitionQuery, ReadsPaths) {
  EXPECT_EQ(ask("{customer_id:.customer_id, device:.device.type}", kRecord), "A-7,Lamp");
  EXPECT_EQ(ask("{customer_id}", kRecord), "A-7");
  EXPECT_EQ(ask(R"({ "a b" : .device["my key"] })", kRecord), "true");
  EXPECT_EQ(ask(R"({a:."customer_id",b:.["customer_id"],c:.device.tags[0],d:.device["tags"][1].y[1]})", kRecord),
            "A-7,A-7,x,2");
  EXPECT_EQ(ask("{a:.}", "\"whole\"\n"), "whole");
  EXPECT_EQ(ask("", kRecord), "");
}

TEST(PartitionQuery, AppliesFunctions) {
  EXPECT_EQ(ask("{a:.device.type|ascii_downcase,b:.device.type | ascii_upcase}", kRecord), "lamp,LAMP");
  EXPECT_EQ(ask(R"({year:.time|strftime("%Y"),t:.time|strftime("%Y-%m-%dT%H:%M:%SZ %j %%")})", kRecord),
            "2019,2019-08-09T20:20:27Z 221 %");
  EXPECT_EQ(ask("{a:.none|tostring,b:.n|tostring|ascii_upcase}", kRecord), "null,12.5");
}

TEST(PartitionQuery, PrintsNumbersAsJqDoes) {
  for (const auto& [json, text] : {std::pair{"1", "1"},
                                   {"-7", "-7"},
                                   {"12.50", "12.5"},
                                   {"1e3", "1000"},
                                   {"0.1", "0.1"},
                                   {"1.0", "1"},
                                   {"9007199254740993", "9007199254740993"}})
    EXPECT_EQ(ask("{a:.}", json), text);
}

TEST(PartitionQuery, LastOfRepeatedNamesCounts) { EXPECT_EQ(ask("{a:.x.y}", R"({"x":{"y":1},"x":{"y":2}})"), "2"); }

TEST(PartitionQuery, PathsShareTheirWay) {
  EXPECT_EQ(ask("{a:.x.y,b:.x.z[1],c:.x.z[0],d:.x.y,e:.x[\"y\"]}", R"({"x":{"z":["p","q"],"y":1}})"), "1,q,p,1,1");
  EXPECT_EQ(ask("{a:.x,b:.x.y}", R"({"x":{"y":1}})"), "invalid_argument: partition key a: it is an object or array");
  EXPECT_EQ(ask("{a:.x,b:.x.y}", R"({"x":1})"),
            "invalid_argument: partition key b: there is no object to look for \"y\" in");
  EXPECT_EQ(ask("{a:.x,b:.x.y|tostring}", R"({"x":"s","x":null,"x":"t"})").substr(0, 33),
            "invalid_argument: partition key b");
}

TEST(PartitionQuery, RecordsWithoutTheValueFail) {
  const auto fails = [](std::string_view query, std::string_view record, const char* why) {
    const std::string text = ask(query, record);
    EXPECT_NE(text.find(why), std::string::npos) << text;
    EXPECT_TRUE(text.starts_with("invalid_argument: partition key a: ")) << text;
  };
  fails("{a:.missing}", kRecord, "null or absent");
  fails("{a:.none.deeper}", kRecord, "null or absent");
  fails("{a:.device}", kRecord, "an object or array");
  fails("{a:.customer_id.x}", kRecord, "no object to look for \"x\"");
  fails("{a:.device.type[0]}", kRecord, "no array");
  fails("{a:.device.tags[9]}", kRecord, "null or absent");
  for (const char* record : {"{\"x\":1", "{\"x\":1}{\"x\":2}", "", "{\"x\":1,}"})
    EXPECT_EQ(ask("{a:.x}", record), "invalid_argument: the record is not one JSON value") << record;
  fails("{a:.customer_id|strftime(\"%Y\")}", kRecord, "strftime needs a number");
  fails("{a:.n|ascii_downcase}", kRecord, "need a string");
  fails("{a:.x|strftime(\"%Y\")}", "{\"x\":1e300}", "no time");
  fails("{a:.x|strftime(\"%Y\")}", "{\"x\":-62135596801}", "no time");
}

TEST(PartitionQuery, OtherJqIsRefusedByName) {
  const auto refused = [](std::string_view query, const char* why) {
    auto parsed = PartitionQuery::parse(query);
    ASSERT_FALSE(parsed) << query;
    EXPECT_EQ(parsed.error().code, Errc::invalid_argument);
    EXPECT_NE(parsed.error().context.find(why), std::string::npos) << parsed.error().context;
    EXPECT_TRUE(parsed.error().context.starts_with("MetadataExtractionQuery, position ")) << parsed.error().context;
  };
  refused(".a", "expected '{', found \".a\"");
  refused("{", "expected the name of a member");
  refused("{a:.b", "expected '}'");
  refused("{a:.b}|keys", "only one object");
  refused("{a:.b,a:.c}", "member a is there twice");
  refused("{a:1}", "a path that begins with a dot");
  refused("{a:.b|sub(\"x\";\"y\")}", "function \"sub\" is not supported");
  refused("{a:.b?}", "operator ? is not supported");
  refused("{a:..}", "expected a name behind the dot");
  refused("{a:.b[]}", "an index of 0 to");
  refused("{a:.b[-1]}", "an index of 0 to");
  refused("{a:.b[1:2]}", "expected ']'");
  refused("{a:.b+.c}", "expected '}', found \"+.c}\"");
  refused("{a:.b|strftime(\"%Q\")}", "not %Q");
  refused("{a:.b|strftime(\"%\")}", "not %%");
  refused("{a:.b|strftime}", "expected '('");
  refused("{a:.\"b}", "without its closing quote");
  refused("{a:.\"\\u0041\"}", "of escapes only");
  refused("{(.a):.b}", "expected the name of a member");
  refused("\xff", "no UTF-8");
  std::string many = "{m0:.a";
  for (int i = 1; i < 51; ++i) many += ",m" + std::to_string(i) + ":.a";
  refused(many + "}", "more than 50 members");
}

}  // namespace
}  // namespace forebay::gateway::delivery

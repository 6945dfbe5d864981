// Topics made of keys: no key reaches another level, a wildcard or another key's topic.
#include "gateway/delivery/sinks/topic_template.h"

#include <gtest/gtest.h>

#include <set>

#include "base/utf8.h"

namespace forebay::gateway::delivery {
namespace {

std::string expand(std::string_view text, std::string_view key) {
  const auto topic = TopicTemplate::compile(text);
  return topic.ok() ? topic->expand(key, "shardId-000000000001") : topic.error().context;
}

TEST(TopicTemplate, KeyAndShardAreFilledIn) {
  EXPECT_EQ(expand("plant/{key}/x", "press 1"), "plant/press 1/x");
  EXPECT_EQ(expand("{shard}/{key}-{key}", "a"), "shardId-000000000001/a-a");
  EXPECT_EQ(expand("fixed", "a"), "fixed");
}

TEST(TopicTemplate, BytesThatMeanSomethingAreEncoded) {
  EXPECT_EQ(expand("t/{key}", "a/b+c#d%e"), "t/a%2Fb%2Bc%23d%25e");
  EXPECT_EQ(expand("t/{key}", std::string_view("\0\n\x7f", 3)), "t/%00%0A%7F");
  EXPECT_EQ(expand("t/{key}", "K\xc3\xb6ln \xf0\x9f\x98\x80"), "t/K\xc3\xb6ln \xf0\x9f\x98\x80");
  EXPECT_EQ(expand("t/{key}", "\xff\xc3"), "t/%FF%C3");
  EXPECT_EQ(expand("t/{key}", "\xc2\x85\xef\xbf\xbe\xef\xb7\x90\xf0\x9f\xbf\xbf"),
            "t/%C2%85%EF%BF%BE%EF%B7%90%F0%9F%BF%BF");
  EXPECT_EQ(expand("{key}/x", "$SYS"), "%24SYS/x");
  EXPECT_EQ(expand("t/{key}", "$SYS"), "t/$SYS");
  EXPECT_EQ(expand("{key}", ""), "%") << "a topic is never empty";
  EXPECT_EQ(expand("{key}", "%"), "%25");
}

TEST(TopicTemplate, DifferentKeysHaveDifferentTopics) {
  std::set<std::string> topics;
  std::size_t keys = 0;
  for (int a = 0; a < 256; ++a)
    for (const int b : std::initializer_list<int>{0, '%', '2', 'F', '/', 0x80, 0xbe}) {
      const std::string key{static_cast<char>(a), static_cast<char>(b)};
      const std::string topic = expand("{key}", key);
      topics.insert(topic);
      ++keys;
      EXPECT_EQ(topic.find_first_of(std::string_view("/+#\0", 4)), std::string::npos);
      EXPECT_EQ(utf8_error_position(topic), std::string::npos);
    }
  EXPECT_EQ(topics.size(), keys);
}

TEST(TopicTemplate, TopicsThatCannotBeAreRefused) {
  for (const char* bad : {"", "a/+/b", "a/#", "{other}", "{key", "\xff"})
    EXPECT_FALSE(TopicTemplate::compile(bad).ok()) << bad;
  EXPECT_FALSE(TopicTemplate::compile(std::string(1025, 'x')).ok());
}

}  // namespace
}  // namespace forebay::gateway::delivery

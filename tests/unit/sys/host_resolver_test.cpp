// Names and literal addresses without asking a network.
#include "sys/host_resolver.h"

#include <gtest/gtest.h>

namespace forebay {
namespace {

TEST(HostResolver, LiteralsInEveryFormAreTheAddressTheyMean) {
  for (const char* text : {"127.0.0.1", "2130706433", "0x7f.1", "::ffff:127.0.0.1"}) {
    const auto found = resolve_host(text);
    ASSERT_TRUE(found.ok()) << text;
    EXPECT_EQ(found->at(0), *IpAddress::parse("127.0.0.1")) << text;
  }
  EXPECT_EQ(resolve_host("::1")->at(0), *IpAddress::parse("::1"));
}

TEST(HostResolver, LocalhostIsLoopback) {
  const auto found = resolve_host("localhost");
  ASSERT_TRUE(found.ok());
  for (const IpAddress& address : *found)
    EXPECT_TRUE(address == *IpAddress::parse("127.0.0.1") || address == *IpAddress::parse("::1"))
        << address.to_string();
}

TEST(HostResolver, NameThatCannotBeIsAnError) {
  EXPECT_FALSE(resolve_host("no host.invalid").ok());
  EXPECT_FALSE(resolve_host("").ok());
}

}  // namespace
}  // namespace forebay

// Texts of addresses and networks: what counts, and what only looks like one.
#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace forebay {
namespace {

TEST(IpAddress, ParsesTheUsualFormsAndPrintsThem) {
  const std::pair<const char*, const char*> rows[] = {
      {"1.2.3.4", "1.2.3.4"},
      {"0.0.0.0", "0.0.0.0"},
      {"::1", "0:0:0:0:0:0:0:1"},
      {"::", "0:0:0:0:0:0:0:0"},
      {"fd00:ec2::254", "fd00:ec2:0:0:0:0:0:254"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
      {"::ffff:127.0.0.1", "127.0.0.1"},
      {"::ffff:7f00:1", "127.0.0.1"},
      {"64:ff9b::1.2.3.4", "64:ff9b:0:0:0:0:102:304"},
      {"1::", "1:0:0:0:0:0:0:0"},
  };
  for (const auto& [text, printed] : rows) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), printed);
  }
}

TEST(IpAddress, RefusesEveryOtherForm) {
  for (const char* text :
       {"",         "1.2.3",   "1.2.3.4.5", "01.2.3.4", "0x7f.0.0.1", "256.1.1.1",     "2130706433",        "1.2.3.4 ",
        " 1.2.3.4", "1..2.3",  "-1.2.3.4",  ":",        ":::",        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:",
        ":1",       "1::2::3", "12345::",   "g::",      "[::1]",      "fe80::1%eth0",  "1:2:3:4:5:6:7:8::", "::1.2.3",
        "1.2.3.4::"})
    EXPECT_FALSE(IpAddress::parse(text)) << text;
}

TEST(IpNetwork, ContainsWhatBeginsWithItsBits) {
  const auto holds = [](const char* network, const char* address) {
    return IpNetwork::parse(network).value().contains(IpAddress::parse(address).value());
  };
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(holds("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(holds("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(holds("0.0.0.0/0", "9.9.9.9"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1"));
  EXPECT_TRUE(holds("fc00::/7", "fdff::1"));
  EXPECT_FALSE(holds("fc00::/7", "fe00::1"));
  EXPECT_TRUE(holds("127.0.0.1", "::ffff:127.0.0.1"));
  EXPECT_TRUE(IpNetwork::parse("127.0.0.1")->is_single());
  EXPECT_FALSE(IpNetwork::parse("127.0.0.0/31")->is_single());
  for (const char* bad : {"10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "x/8", "::/129", ""})
    EXPECT_FALSE(IpNetwork::parse(bad)) << bad;
}

}  // namespace
}  // namespace forebay

// Check 36: no form of an inner address passes, and only what was allowed by name opens a door.
#include "gateway/delivery/stores/address_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forebay::gateway::delivery {
namespace {

using ::testing::HasSubstr;

AddressGuard guard_with(const std::vector<std::string>& networks) {
  auto guard = AddressGuard::parse(networks);
  EXPECT_TRUE(guard.ok());
  return *std::move(guard);
}

bool allows(const AddressGuard& guard, const char* address) { return guard.allows(IpAddress::parse(address).value()); }

TEST(AddressGuard, PublicAddressesPassAndAllOthersDoNot) {
  const AddressGuard guard;
  for (const char* address : {"1.1.1.1", "8.8.8.8", "52.95.110.1", "172.32.0.1", "100.128.0.1", "198.20.0.1",
                              "223.255.255.255", "2606:4700::1111", "2a00::1", "64:ff9b::8.8.8.8"})
    EXPECT_TRUE(allows(guard, address)) << address;
  for (const char* address : {"0.0.0.0",
                              "0.1.2.3",
                              "10.0.0.1",
                              "100.64.0.1",
                              "100.100.100.200",
                              "127.0.0.1",
                              "127.255.255.254",
                              "169.254.0.1",
                              "169.254.169.254",
                              "169.254.170.2",
                              "168.63.129.16",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.1",
                              "192.0.2.1",
                              "192.168.0.1",
                              "198.18.0.1",
                              "198.19.255.255",
                              "198.51.100.7",
                              "203.0.113.7",
                              "224.0.0.1",
                              "239.1.1.1",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "::127.0.0.1",
                              "fe80::1",
                              "fec0::1",
                              "fc00::1",
                              "fd00:ec2::254",
                              "ff02::1",
                              "100::1",
                              "2001:db8::1",
                              "2001::1",
                              "2001:10::1",
                              "2002:7f00:1::1",
                              "64:ff9b::127.0.0.1",
                              "64:ff9b::a9fe:a9fe",
                              "64:ff9b:1::1",
                              "3fff::1",
                              "4000::1"})
    EXPECT_FALSE(allows(guard, address)) << address;
}

TEST(AddressGuard, AllowedNetworksOpenExactlyThemselves) {
  const AddressGuard guard = guard_with({"10.1.0.0/16", "::1", "fd00::/8"});
  EXPECT_TRUE(allows(guard, "10.1.2.3"));
  EXPECT_TRUE(allows(guard, "::ffff:10.1.2.3"));
  EXPECT_TRUE(allows(guard, "::1"));
  EXPECT_TRUE(allows(guard, "fd12::1"));
  EXPECT_FALSE(allows(guard, "10.2.0.1"));
  EXPECT_FALSE(allows(guard, "127.0.0.1"));
  EXPECT_FALSE(allows(guard, "fc00::1"));
}

TEST(AddressGuard, MetadataServicesNeedTheirOwnEntry) {
  const AddressGuard wide = guard_with({"169.254.0.0/16", "fd00::/8", "0.0.0.0/0"});
  EXPECT_TRUE(allows(wide, "169.254.1.1"));
  for (const char* address : {"169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200"})
    EXPECT_FALSE(allows(wide, address)) << address;
  EXPECT_TRUE(allows(guard_with({"169.254.169.254"}), "169.254.169.254"));
}

TEST(AddressGuard, HostsThatAreAddressesAreJudgedInEveryForm) {
  const AddressGuard guard;
  for (const char* host : {"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
                           "017700000001", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1%25eth0]", "::1",
                           "127.0.0.1.", "0xA9.0xFE.0xA9.0xFE", "2852039166", "10.1", "192.168.257"}) {
    const auto checked = guard.check_host(host);
    ASSERT_FALSE(checked.ok()) << host;
    EXPECT_EQ(checked.error().code, Errc::permission) << host;
    EXPECT_THAT(checked.error().context, HasSubstr(host));
  }
  // Names are judged by what they resolve to, when the connection is opened.
  for (const char* host : {"example.com", "8.8.8.8", "localhost", "127.0.0.1.example.com", "1e100.net", "0x.example"})
    EXPECT_TRUE(guard.check_host(host).ok()) << host;
  EXPECT_EQ(guard.check_host("").error().code, Errc::invalid_argument);
}

TEST(AddressGuard, UrlsAreCheckedWhole) {
  const AddressGuard guard;
  EXPECT_TRUE(guard.check_url("https://example.com:8443/path?q=1").ok());
  for (const char* url : {"ftp://example.com/", "file:///etc/passwd", "gopher://x", "example.com", "https://",
                          "http://u:p@example.com/", "http://example.com\\@127.0.0.1/", "http://exa mple.com",
                          "http://example.com/\r\nX: y", "http://127.0.0.1@example.com"})
    EXPECT_EQ(guard.check_url(url).error().code, Errc::invalid_argument) << url;
  for (const char* url : {"http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:80/",
                          "http://0x7f.1:80/", "https://2130706433", "http://[::ffff:a9fe:a9fe]/"})
    EXPECT_EQ(guard.check_url(url).error().code, Errc::permission) << url;
}

TEST(AddressGuard, NetworksThatAreNoneAreNamed) {
  for (const char* text : {"", "10.0.0.1/8", "10.0.0.0/33", "localhost", "10.0.0.0-10.0.0.9"}) {
    const auto guard = AddressGuard::parse({"10.0.0.0/8", text});
    ASSERT_FALSE(guard.ok()) << text;
    EXPECT_THAT(guard.error().context, HasSubstr("\"" + std::string(text) + "\""));
  }
}

}  // namespace
}  // namespace forebay::gateway::delivery

// What the kernel says of links, played by the test: the watcher's descriptor is replaced by one end of a socket pair.
#include "sys/link_watcher.h"

#include <gtest/gtest.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <vector>

namespace forebay {
namespace {

class LinkWatcherTest : public ::testing::Test {
 protected:
  LinkWatcherTest() {
    auto opened = LinkWatcher::open();
    EXPECT_TRUE(opened) << opened.error().context;
    watcher = *std::move(opened);
    int pair[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    EXPECT_EQ(::dup2(pair[0], watcher->fd()), watcher->fd());
    ::close(pair[0]);
    kernel = UniqueFd(pair[1]);
  }

  static void add(std::vector<char>& datagram, std::uint16_t type, unsigned flags = 0) {
    std::vector<char> message(NLMSG_SPACE(sizeof(ifinfomsg)));
    auto* head = reinterpret_cast<nlmsghdr*>(message.data());
    head->nlmsg_len = NLMSG_LENGTH(sizeof(ifinfomsg));
    head->nlmsg_type = type;
    static_cast<ifinfomsg*>(NLMSG_DATA(head))->ifi_flags = flags;
    datagram.insert(datagram.end(), message.begin(), message.end());
  }
  void say(const std::vector<char>& datagram) {
    ASSERT_EQ(::send(kernel.get(), datagram.data(), datagram.size(), 0), static_cast<ssize_t>(datagram.size()));
  }
  void say(std::uint16_t type, unsigned flags = 0) {
    std::vector<char> datagram;
    add(datagram, type, flags);
    say(datagram);
  }
  bool readable() {
    pollfd wait{watcher->fd(), POLLIN, 0};
    return ::poll(&wait, 1, 0) == 1;
  }

  std::unique_ptr<LinkWatcher> watcher;
  UniqueFd kernel;
};

TEST_F(LinkWatcherTest, NothingSaidIsNothingUp) {
  EXPECT_FALSE(readable());
  EXPECT_FALSE(watcher->read_events());
}

TEST_F(LinkWatcherTest, ALinkThatRunsAnAddressOrARouteMeansUp) {
  say(RTM_NEWLINK, IFF_UP | IFF_RUNNING);
  EXPECT_TRUE(readable());
  EXPECT_TRUE(watcher->read_events());
  EXPECT_FALSE(readable()) << "all of it was read";
  for (const int type : {RTM_NEWADDR, RTM_NEWROUTE}) {
    say(static_cast<std::uint16_t>(type));
    EXPECT_TRUE(watcher->read_events()) << type;
  }
}

TEST_F(LinkWatcherTest, WhatGoesDownMeansNothing) {
  say(RTM_NEWLINK, IFF_UP);  // no carrier
  say(RTM_DELLINK, IFF_RUNNING);
  say(RTM_DELADDR);
  say(RTM_DELROUTE);
  EXPECT_FALSE(watcher->read_events());
  EXPECT_FALSE(readable());
}

TEST_F(LinkWatcherTest, OneGoodWordAmongManyCounts) {
  std::vector<char> datagram;
  add(datagram, RTM_DELADDR);
  add(datagram, RTM_NEWLINK, IFF_UP | IFF_RUNNING);
  add(datagram, RTM_DELROUTE);
  say(datagram);
  say(RTM_NEWLINK, IFF_UP);
  EXPECT_TRUE(watcher->read_events());
  EXPECT_FALSE(watcher->read_events());
}

TEST_F(LinkWatcherTest, ACutMessageEndsItsDatagramOnly) {
  std::vector<char> cut;
  add(cut, RTM_NEWADDR);
  cut.resize(cut.size() / 2);
  say(cut);
  EXPECT_FALSE(watcher->read_events());
  say(RTM_NEWADDR);
  EXPECT_TRUE(watcher->read_events());
}

}  // namespace
}  // namespace forebay

#include "sys/link_watcher.h"

#include <array>
#include <cerrno>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

namespace forebay {
namespace {

bool means_up(const nlmsghdr* message) {
  switch (message->nlmsg_type) {
    case RTM_NEWADDR:
    case RTM_NEWROUTE:
      return true;
    case RTM_NEWLINK: {
      const auto* link = static_cast<const ifinfomsg*>(NLMSG_DATA(message));
      return (link->ifi_flags & IFF_RUNNING) != 0;
    }
    default:
      return false;
  }
}

}  // namespace

Result<std::unique_ptr<LinkWatcher>> LinkWatcher::open() {
  UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (socket.get() < 0) return errno_error(errno, "rtnetlink socket");
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (::bind(socket.get(), reinterpret_cast<const struct sockaddr*>(&address), sizeof address) != 0)
    return errno_error(errno, "rtnetlink bind");
  return std::unique_ptr<LinkWatcher>(new LinkWatcher(std::move(socket)));
}

bool LinkWatcher::read_events() {
  alignas(nlmsghdr) std::array<std::uint8_t, 8192> buffer;
  bool up = false;
  while (true) {
    const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    // An overrun lost messages: assume that something came up.
    if (size < 0) return up || errno == ENOBUFS;
    if (size == 0) return up;
    auto left = static_cast<std::size_t>(size);
    for (const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left))
      up = up || means_up(message);
  }
}

}  // namespace forebay

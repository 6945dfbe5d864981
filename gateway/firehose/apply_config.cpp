#include "gateway/firehose/apply_config.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "gateway/firehose/document.h"
#include "gateway/http/use_tuple.h"

namespace forebay::gateway::firehose {
using delivery::DeliveryInfo;

namespace {
constexpr std::chrono::seconds kRetryInterval{5};
constexpr std::size_t kPage = 1000;

/// Tags are set by calls and stay.
std::string with_tags_of(const DeliveryInfo& present, const std::string& document) {
  const auto before = read_document(present);
  DeliveryInfo next = present;
  next.document = document;
  auto after = read_document(next);
  if (!before || !after) return document;
  after->tags = before->tags;
  return document_text(*after);
}

bool is_retired(const DeliveryInfo& info) {
  const auto document = read_document(info);
  return document && document->retired.value_or(false);
}

std::string retired_text(const DeliveryInfo& info) {
  auto document = read_document(info);
  if (!document) return info.document;
  document->retired = true;
  return document_text(*document);
}

Task<Result<void>> apply_one(delivery::DeliveryService& deliveries, std::string account, ConfiguredDelivery wanted) {
  const auto present = deliveries.find(account, wanted.name);
  if (!present) {
    DeliveryInfo info;
    info.account = account;
    info.name = wanted.name;
    info.document = wanted.document;
    info.from_config = true;
    auto created = co_await deliveries.create(std::move(info), std::move(wanted.definition));
    if (!created) co_return std::move(created).error();
    co_return Result<void>();
  }
  if (!present->from_config)
    co_return Error{Errc::already_exists,
                    "a delivery stream of that name was made by a call; delete it, or give the one "
                    "of the configuration another name"};
  if (is_retired(*present)) {
    auto resumed = co_await deliveries.set_paused(account, wanted.name, false);
    if (!resumed) co_return std::move(resumed).error();
  }
  std::string document = with_tags_of(*present, wanted.document);
  if (document == present->document) co_return Result<void>();
  const std::uint64_t version = present->version;
  auto updated =
      co_await deliveries.update(account, wanted.name, version, std::move(document), std::move(wanted.definition));
  if (!updated) co_return std::move(updated).error();
  co_return Result<void>();
}

std::vector<DeliveryInfo> left_over(const delivery::DeliveryService& deliveries, const std::string& account,
                                    const std::vector<ConfiguredDelivery>& wanted) {
  std::vector<DeliveryInfo> found;
  std::string after;
  for (bool more = true; more;) {
    const auto page = deliveries.list(account, after, kPage);
    for (const DeliveryInfo& info : page) {
      const bool known =
          std::any_of(wanted.begin(), wanted.end(), [&info](const auto& one) { return one.name == info.name; });
      if (info.from_config && !known && !is_retired(info)) found.push_back(info);
    }
    more = page.size() == kPage;
    if (more) after = page.back().name;
  }
  return found;
}

Task<void> retire(delivery::DeliveryService& deliveries, DeliveryInfo info, Logger logger) {
  auto paused = co_await deliveries.set_paused(info.account, info.name, true);
  std::string text = retired_text(info);
  auto noted = co_await deliveries.annotate(info.account, info.name, std::move(text));
  logger.warning("a delivery stream is no longer in the configuration; it is paused until it is deleted",
                 {{"delivery", info.name}, {"paused", paused.ok() && noted.ok()}});
}

void report(const Logger& logger, const std::string& name, const Error& error, bool later) {
  logger.warning(later ? "a delivery stream of the configuration waits" : "a delivery stream cannot be made",
                 {{"delivery", name}, {"error", error.context}});
}
}  // namespace

Task<void> apply_deliveries(delivery::DeliveryService& deliveries, std::string account,
                            std::vector<ConfiguredDelivery> wanted, Logger logger) {
  const std::vector<DeliveryInfo> unwanted = left_over(deliveries, account, wanted);
  for (const DeliveryInfo& info : unwanted) co_await retire(deliveries, info, logger);
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (bool first = true; !wanted.empty(); first = false) {
    std::vector<ConfiguredDelivery> waiting;
    for (ConfiguredDelivery& one : wanted) {
      ConfiguredDelivery copy = one;
      const auto done = co_await apply_one(deliveries, account, std::move(copy));
      if (done) continue;
      const bool later = done.error().code == Errc::not_found || done.error().code == Errc::unavailable;
      if (first || !later) report(logger, one.name, done.error(), later);
      if (later) waiting.push_back(std::move(one));
    }
    wanted = std::move(waiting);
    if (wanted.empty()) co_return;
    timer.expires_after(kRetryInterval);
    const auto [error] = co_await timer.async_wait(http::kUseTuple);
    if (error) co_return;
  }
}

}  // namespace forebay::gateway::firehose

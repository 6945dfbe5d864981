#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/kinesis/consumer.h"

namespace forebay::gateway::kinesis {

/// Registrations between the call and the journal: the consumers that are CREATING. Keeps two registrations of one name
/// apart, which the journal would let overwrite each other.
/// Threads  any.
class PendingConsumers {
 public:
  enum class Refusal : std::uint8_t { exists, too_many_creating, too_many };

  /// One registration on its way; ends with the object.
  class Place {
   public:
    Place(PendingConsumers& owner, std::string account, stream::StreamId stream, std::string name)
        : owner_(&owner), account_(std::move(account)), stream_(stream), name_(std::move(name)) {}
    Place(Place&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)),
          account_(std::move(other.account_)),
          stream_(other.stream_),
          name_(std::move(other.name_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (owner_ != nullptr) owner_->end(account_, stream_, name_);
    }

   private:
    PendingConsumers* owner_;
    std::string account_;
    stream::StreamId stream_;
    std::string name_;
  };

  /// Takes a place for a new consumer of the stream, unless that would break a limit or the name is taken. Looks the
  /// stream up again, so that a registration that has just ended counts. Moves its second of registration behind that
  /// of the consumer which had the name last: name and second tell the two apart.
  std::variant<Place, Refusal> begin(const stream::StreamService& streams, stream::StreamPtr stream,
                                     RegisteredConsumer& consumer);
  /// Consumers of the stream that are being registered, by name.
  [[nodiscard]] std::vector<RegisteredConsumer> of(stream::StreamId stream) const;

 private:
  using Names = std::map<std::string, WallTime, std::less<>>;
  WallTime free_second(stream::StreamId stream, const RegisteredConsumer& consumer);
  void end(const std::string& account, stream::StreamId stream, const std::string& name);

  mutable std::mutex mutex_;
  std::map<stream::StreamId, Names> streams_;
  std::map<std::string, std::size_t> accounts_;  ///< registrations under way of each
  /// Seconds of registration that are not past, of consumers that are deregistered too.
  std::map<std::pair<stream::StreamId, std::string>, WallTime> registered_;
};

}  // namespace forebay::gateway::kinesis

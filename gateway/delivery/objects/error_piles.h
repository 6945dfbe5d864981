#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/delivery/object_builder.h"
#include "gateway/delivery/objects/error_line.h"
#include "gateway/delivery/objects/object_names.h"
#include "gateway/delivery/objects/pile.h"

namespace forebay::gateway::delivery {

/// Records that go to the error prefix, one object for each error type.
/// Usage    add()..., then next_object(cut) until it is empty; then it may be filled again.
/// Threads  one.
class ErrorPiles {
 public:
  ErrorPiles(ObjectNames names, Compression compression) : names_(std::move(names)), compression_(compression) {}

  void add(std::string_view error_type, const ErrorLine& line);
  [[nodiscard]] bool empty() const { return piles_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return held_; }
  [[nodiscard]] std::uint64_t largest_bytes() const { return largest_; }
  /// The object of the first type, in the order of their names, and forgets it; empty when there is none.
  std::optional<FinishedObject> next_object(const Cut& cut);

 private:
  ObjectNames names_;
  Compression compression_;
  std::map<std::string, Pile, std::less<>> piles_;
  std::size_t held_ = 0;
  std::uint64_t largest_ = 0;
};

/// Compresses, digests and names a pile's content.
FinishedObject finish_object(const ObjectNames::Name& name, Buffer content, std::uint64_t bytes_before,
                             std::uint64_t records, Compression compression);

}  // namespace forebay::gateway::delivery

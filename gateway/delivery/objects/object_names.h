#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gateway/delivery/definition.h"
#include "gateway/delivery/objects/key_template.h"
#include "gateway/delivery/objects/time_zone.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

inline constexpr std::size_t kPrefixBytesMax = 1024;  ///< as configured
inline constexpr std::size_t kEvaluatedPrefixBytesMax = 512;
inline constexpr std::size_t kFileExtensionBytesMax = 128;

/// Names of the objects of one delivery stream, by the rules of Firehose: prefix, error prefix, what is appended to
/// them and which combinations are refused. Threads  one.
class ObjectNames {
 public:
  /// `ids`: of the partition query; `extension`: unless the destination names one; `making`: see ObjectIdentity.
  /// Errors  invalid_argument: names the field and the place; unsupported: no tz database.
  static Result<ObjectNames> make(const ObjectDestination& objects, std::vector<std::string> ids,
                                  std::string_view extension, std::string_view making = "");

  struct Name {
    std::string prefix;  ///< evaluated
    std::string key;
    std::string uuid;
  };
  /// The name of the object of a partition (or of a destination without any). `partition` is what partition_of() gave.
  [[nodiscard]] Name data_name(const Cut& cut, WallTime oldest, std::string_view partition,
                               const std::vector<std::string>& partition_keys) const;
  [[nodiscard]] Name error_name(const Cut& cut, WallTime oldest, std::string_view error_type) const;

  /// The partition of a record; empty when its values make no usable prefix, `why` says it then.
  [[nodiscard]] std::optional<std::string> partition_of(const std::vector<std::string>& values, std::string& why) const;

 private:
  ObjectNames() = default;
  [[nodiscard]] Name name_of(const KeyTemplate& prefix, const Cut& cut, KeyTemplate::Values values,
                             std::string_view identity, WallTime oldest) const;
  [[nodiscard]] std::string sample(const KeyTemplate& prefix, std::string_view partition_value) const;
  Result<void> check_data_prefix(const ObjectDestination& objects) const;
  Result<void> make_error_prefix(const ObjectDestination& objects, std::span<const std::string> ids);
  /// Why no object may have this prefix; empty: it may.
  [[nodiscard]] std::string problem_of(std::string_view prefix) const;
  Result<void> check_sample(const char* field, const KeyTemplate& prefix) const;

  KeyTemplate prefix_;
  KeyTemplate error_prefix_;
  TimePattern name_time_;
  TimeZone zone_;
  std::string extension_;
  std::string making_;
  std::size_t ids_ = 0;
  bool keys_are_paths_ = false;
  std::size_t fixed_bytes_ = 0;  ///< of an evaluated prefix without partition keys, at most
};

}  // namespace forebay::gateway::delivery

#pragma once

#include "wire/firehose/rules.h"

namespace forebay::wire::firehose {

/// A structure that this service knows by name only, to say clearly that it does not serve it: destinations of other
/// products, sources other than streams. Its members are passed over.
struct Unserved {
  static constexpr std::string_view kShape = "Unserved";

  template <class Self, class Visitor>
  static void describe(Self&, Visitor&&) {}
  friend bool operator==(const Unserved&, const Unserved&) = default;
};

/// The destinations that are refused; the names begin as those of the members do.
struct UnservedDestinations {
  static constexpr std::array<std::string_view, 7> kKinds = {
      "Redshift",  "Elasticsearch", "Amazonopensearchservice", "AmazonOpenSearchServerless", "Splunk",
      "Snowflake", "Iceberg"};
  std::array<std::optional<Unserved>, 7> given;

  /// Name of the first that is given; empty: none.
  [[nodiscard]] std::string_view first() const {
    for (std::size_t i = 0; i < kKinds.size(); ++i)
      if (given[i]) return kKinds[i];
    return {};
  }
  [[nodiscard]] std::size_t count() const {
    std::size_t count = 0;
    for (const auto& one : given) count += one ? 1 : 0;
    return count;
  }

  static constexpr std::array<std::string_view, 7> kConfigurations = {
      "RedshiftDestinationConfiguration",
      "ElasticsearchDestinationConfiguration",
      "AmazonopensearchserviceDestinationConfiguration",
      "AmazonOpenSearchServerlessDestinationConfiguration",
      "SplunkDestinationConfiguration",
      "SnowflakeDestinationConfiguration",
      "IcebergDestinationConfiguration"};
  static constexpr std::array<std::string_view, 7> kUpdates = {"RedshiftDestinationUpdate",
                                                               "ElasticsearchDestinationUpdate",
                                                               "AmazonopensearchserviceDestinationUpdate",
                                                               "AmazonOpenSearchServerlessDestinationUpdate",
                                                               "SplunkDestinationUpdate",
                                                               "SnowflakeDestinationUpdate",
                                                               "IcebergDestinationUpdate"};

  template <Form form, class Self, class Visitor>
  static void describe_members(Self& self, Visitor&& visit) {
    const auto& names = form == Form::update ? kUpdates : kConfigurations;
    for (std::size_t i = 0; i < names.size(); ++i) visit(Rule{.name = names[i]}, self.given[i]);
  }
  friend bool operator==(const UnservedDestinations&, const UnservedDestinations&) = default;
};

}  // namespace forebay::wire::firehose

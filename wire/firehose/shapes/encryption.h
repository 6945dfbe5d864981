#pragma once

#include "wire/firehose/rules.h"

/// Encryption of what direct puts leave in the service.
namespace forebay::wire::firehose {

struct DeliveryStreamEncryptionConfigurationInput {
  static constexpr std::string_view kShape = "DeliveryStreamEncryptionConfigurationInput";
  std::optional<std::string> key_arn;
  std::optional<std::string> key_type;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kKeyArn, self.key_arn);
    visit(Rule{.name = "KeyType", .required = true, .values = values::kKeyType}, self.key_type);
  }
  friend bool operator==(const DeliveryStreamEncryptionConfigurationInput&,
                         const DeliveryStreamEncryptionConfigurationInput&) = default;
};

struct DeliveryStreamEncryptionConfiguration {
  static constexpr std::string_view kShape = "DeliveryStreamEncryptionConfiguration";
  std::optional<std::string> key_arn;
  std::optional<std::string> key_type;
  std::optional<std::string> status;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kKeyArn, self.key_arn);
    visit(Rule{.name = "KeyType"}, self.key_type);
    visit(Rule{.name = "Status"}, self.status);
  }
  friend bool operator==(const DeliveryStreamEncryptionConfiguration&,
                         const DeliveryStreamEncryptionConfiguration&) = default;
};

struct StartDeliveryStreamEncryptionRequest {
  static constexpr std::string_view kShape = "StartDeliveryStreamEncryptionInput";
  std::optional<std::string> name;
  std::optional<DeliveryStreamEncryptionConfigurationInput> configuration;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(Rule{.name = "DeliveryStreamEncryptionConfigurationInput"}, self.configuration);
  }
  friend bool operator==(const StartDeliveryStreamEncryptionRequest&,
                         const StartDeliveryStreamEncryptionRequest&) = default;
};

struct StopDeliveryStreamEncryptionRequest {
  static constexpr std::string_view kShape = "StopDeliveryStreamEncryptionInput";
  std::optional<std::string> name;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
  }
  friend bool operator==(const StopDeliveryStreamEncryptionRequest&,
                         const StopDeliveryStreamEncryptionRequest&) = default;
};

}  // namespace forebay::wire::firehose

#pragma once

#include "wire/firehose/shapes/extended_s3_destination.h"

namespace forebay::wire::firehose {

/// The service takes https:// only; here the scheme of the address says what kind of sink it is.
template <Form form>
struct HttpEndpoint {
  static constexpr std::string_view kShape =
      form_name(form, "HttpEndpointConfiguration", "HttpEndpointConfiguration", "HttpEndpointDescription");
  std::optional<std::string> url;
  std::optional<std::string> name;
  std::optional<std::string> access_key;  ///< never shown

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Url", .required = form != Form::description, .min = 1, .max = 1000}, self.url);
    visit(Rule{.name = "Name", .min = 1, .max = 256, .pattern = &patterns::kNotBlank}, self.name);
    if constexpr (form != Form::description)
      visit(Rule{.name = "AccessKey", .min = 0, .max = 4096, .pattern = &patterns::kAny}, self.access_key);
  }
  friend bool operator==(const HttpEndpoint&, const HttpEndpoint&) = default;
};

struct HttpEndpointBufferingHints {
  static constexpr std::string_view kShape = "HttpEndpointBufferingHints";
  std::optional<std::int32_t> size_in_mbs;
  std::optional<std::int32_t> interval_in_seconds;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "SizeInMBs", .min = 1, .max = 64}, self.size_in_mbs);
    visit(Rule{.name = "IntervalInSeconds", .min = 0, .max = 900}, self.interval_in_seconds);
  }
  friend bool operator==(const HttpEndpointBufferingHints&, const HttpEndpointBufferingHints&) = default;
};

struct HttpEndpointCommonAttribute {
  static constexpr std::string_view kShape = "HttpEndpointCommonAttribute";
  static constexpr std::string_view kPackage = kJavaPackage;
  std::optional<std::string> name;
  std::optional<std::string> value;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "AttributeName", .required = true, .min = 1, .max = 256, .pattern = &patterns::kNotBlank},
          self.name);
    visit(Rule{.name = "AttributeValue", .required = true, .min = 0, .max = 1024, .pattern = &patterns::kAny},
          self.value);
  }
  friend bool operator==(const HttpEndpointCommonAttribute&, const HttpEndpointCommonAttribute&) = default;
};

struct HttpEndpointRequestConfiguration {
  static constexpr std::string_view kShape = "HttpEndpointRequestConfiguration";
  std::optional<std::string> content_encoding;
  std::optional<std::vector<HttpEndpointCommonAttribute>> common_attributes;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ContentEncoding", .values = values::kContentEncoding}, self.content_encoding);
    visit(Rule{.name = "CommonAttributes", .min = 0, .max = 50}, self.common_attributes);
  }
  friend bool operator==(const HttpEndpointRequestConfiguration&, const HttpEndpointRequestConfiguration&) = default;
};

struct SecretsManagerConfiguration {
  static constexpr std::string_view kShape = "SecretsManagerConfiguration";
  std::optional<std::string> secret_arn;
  std::optional<std::string> role_arn;
  std::optional<bool> enabled;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "SecretARN", .min = 1, .max = 2048, .pattern = &patterns::kSecretArn}, self.secret_arn);
    visit(rules::kRoleArn, self.role_arn);
    visit(Rule{.name = "Enabled", .required = true}, self.enabled);
  }
  friend bool operator==(const SecretsManagerConfiguration&, const SecretsManagerConfiguration&) = default;
};

template <Form form>
struct HttpEndpointDestination {
  static constexpr std::string_view kShape =
      form_name(form, "HttpEndpointDestinationConfiguration", "HttpEndpointDestinationUpdate",
                "HttpEndpointDestinationDescription");
  std::optional<HttpEndpoint<form>> endpoint_configuration;
  std::optional<HttpEndpointBufferingHints> buffering_hints;
  std::optional<CloudWatchLoggingOptions> cloud_watch_logging_options;
  std::optional<HttpEndpointRequestConfiguration> request_configuration;
  std::optional<ProcessingConfiguration> processing_configuration;
  std::optional<std::string> role_arn;
  std::optional<RetryOptions> retry_options;
  std::optional<std::string> s3_backup_mode;
  std::optional<S3Destination<form>> s3;
  std::optional<SecretsManagerConfiguration> secrets_manager_configuration;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    constexpr bool kGiven = form == Form::configuration;
    visit(Rule{.name = "EndpointConfiguration", .required = kGiven}, self.endpoint_configuration);
    visit(Rule{.name = "BufferingHints"}, self.buffering_hints);
    visit(Rule{.name = "CloudWatchLoggingOptions"}, self.cloud_watch_logging_options);
    visit(Rule{.name = "RequestConfiguration"}, self.request_configuration);
    visit(Rule{.name = "ProcessingConfiguration"}, self.processing_configuration);
    visit(rules::kRoleArn, self.role_arn);
    visit(Rule{.name = "RetryOptions"}, self.retry_options);
    visit(Rule{.name = "S3BackupMode", .values = values::kHttpBackupMode}, self.s3_backup_mode);
    visit(Rule{.name = form_name(form, "S3Configuration", "S3Update", "S3DestinationDescription"), .required = kGiven},
          self.s3);
    visit(Rule{.name = "SecretsManagerConfiguration"}, self.secrets_manager_configuration);
  }
  friend bool operator==(const HttpEndpointDestination&, const HttpEndpointDestination&) = default;
};

}  // namespace forebay::wire::firehose

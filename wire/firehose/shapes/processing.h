#pragma once

#include "wire/firehose/rules.h"

/// What happens to records before they are written.
namespace forebay::wire::firehose {

struct ProcessorParameter {
  static constexpr std::string_view kShape = "ProcessorParameter";
  static constexpr std::string_view kPackage = kJavaPackage;
  std::optional<std::string> name;
  std::optional<std::string> value;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ParameterName", .required = true, .values = values::kProcessorParameter}, self.name);
    visit(Rule{.name = "ParameterValue", .required = true, .min = 1, .max = 5120, .pattern = &patterns::kNotBlank},
          self.value);
  }
  friend bool operator==(const ProcessorParameter&, const ProcessorParameter&) = default;
};

struct Processor {
  static constexpr std::string_view kShape = "Processor";
  static constexpr std::string_view kPackage = kJavaPackage;
  std::optional<std::string> type;
  std::optional<std::vector<ProcessorParameter>> parameters;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Type", .required = true, .values = values::kProcessorType}, self.type);
    visit(Rule{.name = "Parameters"}, self.parameters);
  }
  friend bool operator==(const Processor&, const Processor&) = default;
};

struct ProcessingConfiguration {
  static constexpr std::string_view kShape = "ProcessingConfiguration";
  std::optional<bool> enabled;
  std::optional<std::vector<Processor>> processors;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Enabled"}, self.enabled);
    visit(Rule{.name = "Processors"}, self.processors);
  }
  friend bool operator==(const ProcessingConfiguration&, const ProcessingConfiguration&) = default;
};

}  // namespace forebay::wire::firehose

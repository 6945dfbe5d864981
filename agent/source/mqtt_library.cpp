#include "agent/source/mqtt_library.h"

namespace forebay::agent {

Result<MqttLibrary*> load_mqtt_library(const std::vector<std::string>& folders) {
  auto module = load_module(kMqttModule, folders, "../agent");
  if (!module) return std::move(module).error().with_context("MQTT");
  return static_cast<MqttLibrary*>(*module);
}

}  // namespace forebay::agent

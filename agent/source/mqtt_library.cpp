#include "agent/source/mqtt_library.h"

#include <dlfcn.h>
#include <unistd.h>

#include <array>

namespace forebay::agent {

namespace {

constexpr const char* kModuleFile = "forebay-mqtt.so";

std::vector<std::string> usual_folders() {
  std::array<char, 4096> link{};
  const ssize_t size = ::readlink("/proc/self/exe", link.data(), link.size());
  const std::string program(link.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string folder = program.substr(0, program.rfind('/'));
  return {folder, folder + "/../agent", folder + "/../lib/forebay", "/usr/lib/forebay"};
}

}  // namespace

Result<MqttLibrary*> load_mqtt_library(const std::vector<std::string>& folders) {
  std::string reason = "no such file";
  for (const std::string& folder : folders.empty() ? usual_folders() : folders) {
    const std::string path = folder + "/" + kModuleFile;
    if (::access(path.c_str(), R_OK) != 0) continue;
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
      const char* error = ::dlerror();
      reason = error != nullptr ? error : "unknown";
      continue;
    }
    const auto entry = reinterpret_cast<MqttModuleEntry>(::dlsym(module, kMqttModuleEntry));
    MqttLibrary* library = entry != nullptr ? entry(kMqttModuleVersion) : nullptr;
    if (library != nullptr) return library;
    return Error{Errc::unsupported,
                 path + " belongs to another version of this program; install the same version of both"};
  }
  return Error{Errc::unavailable,
               std::string("MQTT needs the module ") + kModuleFile + " and the package libpaho-mqttpp3-1: " + reason};
}

}  // namespace forebay::agent

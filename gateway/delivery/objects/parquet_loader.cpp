#include "gateway/delivery/objects/parquet_loader.h"

#include <dlfcn.h>
#include <unistd.h>

#include <array>

namespace forebay::gateway::delivery {
namespace {

constexpr const char* kModuleFile = "forebay-parquet.so";

std::vector<std::string> usual_folders() {
  std::array<char, 4096> link{};
  const ssize_t size = ::readlink("/proc/self/exe", link.data(), link.size());
  const std::string program(link.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string folder = program.substr(0, program.rfind('/'));
  return {folder, folder + "/../gateway/delivery/parquet", folder + "/delivery/parquet", folder + "/../lib/forebay",
          "/usr/lib/forebay"};
}

}  // namespace

Result<const forebay_parquet_api*> load_parquet_module(const std::vector<std::string>& folders) {
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
    const auto entry = reinterpret_cast<forebay_parquet_entry>(::dlsym(module, FOREBAY_PARQUET_ENTRY));
    const forebay_parquet_api* api = entry != nullptr ? entry() : nullptr;
    if (api != nullptr && api->version == FOREBAY_PARQUET_VERSION) return api;
    return Error{Errc::unsupported, path +
                                        " belongs to another version of this program; install forebay-parquet and "
                                        "forebay-gateway of the same version"};
  }
  return Error{Errc::unsupported, std::string("conversion to Parquet needs the package forebay-parquet (") +
                                      kModuleFile + ": " + reason + "); install it"};
}

}  // namespace forebay::gateway::delivery

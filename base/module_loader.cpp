#include "base/module_loader.h"

#include <dlfcn.h>
#include <unistd.h>

#include <array>

namespace forebay {
namespace {

std::vector<std::string> usual_folders(const std::string& build_folder) {
  std::array<char, 4096> link{};
  const ssize_t size = ::readlink("/proc/self/exe", link.data(), link.size());
  const std::string program(link.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string folder = program.substr(0, program.rfind('/'));
  return {folder, folder + "/" + build_folder, folder + "/../lib/forebay", "/usr/lib/forebay"};
}

}  // namespace

Result<void*> load_module(const ModuleName& name, const std::vector<std::string>& folders,
                          const std::string& build_folder) {
  std::string reason = "no such file";
  for (const std::string& folder : folders.empty() ? usual_folders(build_folder) : folders) {
    const std::string path = folder + "/" + name.file;
    if (::access(path.c_str(), R_OK) != 0) continue;
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
      const char* error = ::dlerror();
      reason = error != nullptr ? error : "unknown";
      continue;
    }
    const auto entry = reinterpret_cast<ModuleEntry>(::dlsym(module, name.entry.c_str()));
    void* found = entry != nullptr ? entry(name.version) : nullptr;
    if (found != nullptr) return found;
    return Error{Errc::unsupported,
                 path + " belongs to another version of this program; install the same version of both"};
  }
  return Error{Errc::unsupported,
               "the module " + name.file + " cannot be loaded (" + reason + "); install the package " + name.package};
}

}  // namespace forebay

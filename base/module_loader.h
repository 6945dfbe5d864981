#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace forebay {

/// A part of a program in a file of its own, so that only those who use it load the libraries behind it.
struct ModuleName {
  std::string file;      ///< forebay-x.so
  std::string entry;     ///< of type ModuleEntry, with C linkage
  std::string package;   ///< to install when the module or its library is missing
  unsigned version = 1;  ///< of the interface
};
/// Gives the module's interface, or null for a version it does not have.
using ModuleEntry = void* (*)(unsigned version);

/// Loads the module from the first of the folders that has it, or from beside the program and its lib folder when none
/// is given; `build_folder` is where a build puts it, seen from the program. It stays loaded until the process ends:
/// its threads may. Errors   unsupported, with what was tried and which package to install.
Result<void*> load_module(const ModuleName& name, const std::vector<std::string>& folders = {},
                          const std::string& build_folder = ".");

}  // namespace forebay

#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "wire/aws/credentials.h"

/// Value of a line `name = "value"` of a key file; ends the program when there is none.
inline std::string key_value(const std::string& path, const std::string& name) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);)
    if (line.rfind(name, 0) == 0)
      if (const auto a = line.find('"'), b = line.rfind('"'); b > a) return line.substr(a + 1, b - a - 1);
  std::fprintf(stderr, "%s: no line %s = \"...\"\n", path.c_str(), name.c_str());
  std::exit(2);
}

/// The access key in DATA/admin.key of a gateway.
inline forebay::wire::aws::Credentials keys_of(const std::string& path) {
  return {key_value(path, "access_key_id"), key_value(path, "secret_access_key"), ""};
}

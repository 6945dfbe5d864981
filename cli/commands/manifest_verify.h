#pragma once

#include <string>

#include "cli/manifest_scan.h"
#include "cli/session.h"

namespace forebay::cli {

struct ManifestVerifyFlags {
  ManifestFilter filter;
  std::string prefix;  ///< of keys that are searched for orphans
  bool quick = false;  ///< sizes instead of bytes
};

/// Checks chains and objects, and finds objects of deliveries that no entry lists.
/// Success  0: all is as listed; 65: something is not, printed.
Result<int> verify_manifest(Session& session, Bucket& bucket, const ManifestVerifyFlags& flags);

}  // namespace forebay::cli

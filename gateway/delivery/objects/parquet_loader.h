#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "gateway/delivery/parquet/parquet_module.h"

namespace forebay::gateway::delivery {

/// Loads forebay-parquet.so from one of the folders, or from beside the program and its lib folder when none is given.
/// It stays loaded until the process ends. Errors  unsupported, with what was tried and the package to install.
Result<const forebay_parquet_api*> load_parquet_module(const std::vector<std::string>& folders = {});

}  // namespace forebay::gateway::delivery

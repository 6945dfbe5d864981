#include "gateway/delivery/objects/parquet_loader.h"

#include "base/module_loader.h"

namespace forebay::gateway::delivery {

Result<const forebay_parquet_api*> load_parquet_module(const std::vector<std::string>& folders) {
  const ModuleName name{"forebay-parquet.so", FOREBAY_PARQUET_ENTRY, "forebay-parquet", FOREBAY_PARQUET_VERSION};
  auto module = load_module(name, folders, "../gateway");
  if (!module) return std::move(module).error().with_context("conversion to Parquet");
  return static_cast<const forebay_parquet_api*>(*module);
}

}  // namespace forebay::gateway::delivery

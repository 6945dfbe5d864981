#pragma once

#include <string_view>

namespace forebay::wire::manifest {

/// True when a key is named like the objects of a delivery stream (docs/formats/manifest.md): its last part holds
/// DELIVERY-VERSION-yyyy-MM-dd-HH-mm-ss-UUID. `delivery` empty: of any; else the last part begins with it.
bool is_delivered_name(std::string_view key, std::string_view delivery);
/// The same where a prefix that does not end with a slash may stand before the delivery stream's name.
bool may_be_delivered_name(std::string_view key, std::string_view delivery);

}  // namespace forebay::wire::manifest

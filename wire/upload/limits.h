#pragma once

#include <cstddef>

/// Limits of the upload protocol, format 1; the reasons are in docs/formats/upload.md. A gateway may state smaller ones
/// in its OPEN reply (request_bytes_max, record_bytes_max).
namespace forebay::wire::upload {

inline constexpr std::size_t kRequestBytesMax = 16u << 20;
inline constexpr std::size_t kLineagesMax = 4096;             ///< per OPEN
inline constexpr std::size_t kLanesMax = 4096;                ///< per OPEN
inline constexpr std::size_t kBatchesMax = 256;               ///< per request
inline constexpr std::size_t kPartsMax = 1u << 16;            ///< per batch: one per shard
inline constexpr std::size_t kPartsPerRequestMax = 1u << 18;  ///< more than whole parts fit into a request
inline constexpr std::size_t kNameBytesMax = 128;             ///< device, stream, agent version
inline constexpr std::size_t kMessageBytesMax = 1024;         ///< text for people in a reply
inline constexpr std::size_t kMapsMax = kLanesMax;            ///< per reply
inline constexpr std::size_t kShardsPerMapMax = 1u << 16;

}  // namespace forebay::wire::upload

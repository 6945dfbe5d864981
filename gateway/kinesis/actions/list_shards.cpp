// ListShards: all six filters, pages of up to 1000 by NextToken (300 s).
#include "wire/kinesis/shapes/list_shards.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/page_token.h"
#include "gateway/kinesis/shard_filter.h"
#include "gateway/kinesis/stream_lookup.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::ListShardsRequest;
using wire::kinesis::ListShardsResponse;

namespace {
constexpr std::size_t kPageMax = 1000;

/// Where a listing stands: what its next token carries.
struct Listing {
  stream::StreamPtr stream;
  ShardSelection selection;
};

std::string token_of(const Call& call, const Listing& listing) {
  Buffer content;
  ByteWriter writer(content);
  writer.u64_be(listing.stream->id.value());
  writer.u8(static_cast<std::uint8_t>(listing.selection.rule));
  writer.i64_be(to_millis(listing.selection.time));
  writer.i64_be(listing.selection.after);
  writer.text(token_name(call, *listing.stream));
  return seal_page(call, TokenSealer::Kind::shards_page, content);
}

std::variant<Listing, Fault> next_page(Call& call, std::string_view token) {
  auto opened = open_page(call, TokenSealer::Kind::shards_page, token);
  if (auto* fault = std::get_if<Fault>(&opened)) return std::move(*fault);
  ByteReader reader(std::get<Buffer>(opened));
  const stream::StreamId id(reader.u64_be());
  Listing listing;
  listing.selection.rule = static_cast<ShardSelection::Rule>(reader.u8());
  listing.selection.time = from_millis(reader.i64_be());
  listing.selection.after = reader.i64_be();
  const std::string name(as_text(reader.rest()));
  auto found = find_stream_of_token(call, name);
  if (auto* fault = std::get_if<Fault>(&found)) return std::move(*fault);
  listing.stream = std::get<stream::StreamPtr>(std::move(found));
  if (listing.stream->id != id) return no_such_stream(call, listing.stream->name);
  return listing;
}

std::variant<Listing, Fault> first_page(Call& call, const ListShardsRequest& request) {
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) return std::move(*fault);
  Listing listing;
  listing.stream = std::get<stream::StreamPtr>(found);
  if (request.stream_creation_timestamp &&
      to_millis(*request.stream_creation_timestamp) / 1000 != to_millis(listing.stream->created) / 1000)
    return no_such_stream(call, listing.stream->name);
  auto selection = select_shards(request);
  if (auto* fault = std::get_if<Fault>(&selection)) return std::move(*fault);
  listing.selection = std::get<ShardSelection>(selection);
  return listing;
}

std::variant<Listing, Fault> listing_of(Call& call, const ListShardsRequest& request) {
  const bool stream_given = request.stream_name || request.stream_arn;
  if (!request.next_token && !stream_given)
    return Fault{ErrorType::invalid_argument, "Either NextToken or StreamName should be provided."};
  if (!request.next_token) return first_page(call, request);
  if (stream_given) return Fault{ErrorType::invalid_argument, "NextToken and StreamName cannot be provided together."};
  if (request.stream_creation_timestamp)
    return Fault{ErrorType::invalid_argument, "NextToken and StreamCreationTimestamp cannot be provided together."};
  if (request.exclusive_start_shard_id)
    return Fault{ErrorType::invalid_argument, "NextToken and ExclusiveStartShardId cannot be provided together."};
  return next_page(call, *request.next_token);
}
}  // namespace

Task<Reply> list_shards(Call& call) {
  auto decoded = decode_call<ListShardsRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<ListShardsRequest>(decoded);
  auto opened = listing_of(call, request);
  if (auto* fault = std::get_if<Fault>(&opened)) co_return std::move(*fault);
  Listing listing = std::get<Listing>(std::move(opened));

  const std::size_t limit =
      std::min<std::size_t>(kPageMax, static_cast<std::size_t>(request.max_results.value_or(kPageMax)));
  const auto selected = selected_shards(*listing.stream, listing.selection, call.services.clock.wall_now());
  ListShardsResponse response;
  for (const auto& shard : selected) {
    if (response.shards.size() == limit) {
      response.next_token = token_of(call, listing);
      break;
    }
    response.shards.push_back(shard_shape(*shard));
    listing.selection.after = shard->number.value();
  }
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis

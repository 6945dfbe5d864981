#include "gateway/firehose/tags.h"

#include <algorithm>
#include <map>
#include <set>

#include "wire/firehose/rules.h"

namespace forebay::gateway::firehose {
using wire::firehose::Tag;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

std::optional<Fault> add_tags(std::optional<Tags>& into, const Tags& tags) {
  std::map<std::string, std::string> all;
  if (into)
    for (const Tag& tag : *into) all[*tag.key] = tag.value.value_or("");
  std::set<std::string> seen;
  for (const Tag& tag : tags) {
    if (!seen.insert(*tag.key).second)
      return Fault{ErrorType::invalid_argument, "Tag key " + *tag.key + " is given twice."};
    all[*tag.key] = tag.value.value_or("");
  }
  if (all.size() > static_cast<std::size_t>(wire::firehose::kTagsMax))
    return Fault{ErrorType::limit_exceeded,
                 "A delivery stream has at most 50 tags; these would be " + std::to_string(all.size()) + "."};
  Tags sorted;
  for (auto& [key, value] : all) {
    Tag& tag = sorted.emplace_back();
    tag.key = key;
    tag.value = value;
  }
  into = std::move(sorted);
  return std::nullopt;
}

void remove_tags(std::optional<Tags>& from, const std::vector<std::string>& keys) {
  if (!from) return;
  std::erase_if(*from, [&keys](const Tag& tag) { return std::find(keys.begin(), keys.end(), *tag.key) != keys.end(); });
  if (from->empty()) from.reset();
}

}  // namespace forebay::gateway::firehose

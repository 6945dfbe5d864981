#include "agent/source/family_scan.h"

#include <algorithm>

namespace forebay::agent {

void FamilyScan::run(std::vector<SeenFile> seen, const std::vector<SeenFile>& strangers, const FirstLook& first_look) {
  had_members_ = !family_.members.empty();
  since_ms_ = to_millis(context_.clock.wall_now());
  for (const auto& member : family_.members) since_ms_ = std::min(since_ms_, member->position.followed_since_ms);
  match_known(seen);
  const bool copies_possible = std::any_of(unknown_.begin(), unknown_.end(), [&](const SeenFile& s) {
    return s.facts.size > 0 && !family_.ignored.contains(identity_of(s.facts));
  });
  if (copies_possible) verify_members();
  std::vector<FollowedFile*> leavers;
  for (const auto& member : family_.members)
    if (member->truncated || (!member->present && !member->handle)) leavers.push_back(member.get());
  for (FollowedFile* file : leavers) hand_over(*file, strangers);
  join_newcomers(first_look);
  drop_gone();
  sort_members();
  family_.looked = true;
}

void FamilyScan::match_known(std::vector<SeenFile>& seen) {
  for (const auto& member : family_.members) member->present = false;
  for (SeenFile& file : seen) {
    const auto same = [&](const auto& member) { return member->identity() == identity_of(file.facts); };
    const auto found = std::find_if(family_.members.begin(), family_.members.end(), same);
    if (found == family_.members.end()) {
      unknown_.push_back(std::move(file));
      continue;
    }
    FollowedFile& member = **found;
    member.present = true;
    member.restored = false;
    member.missing_looks = 0;
    member.name = file.name;
    member.rank = file.rank;
    if (file.odd) member.rank.name.clear();
    if (file.facts.size != member.facts.size || file.facts.modified_ns != member.facts.modified_ns) {
      member.settled = false;
      member.quiet_since = context_.clock.steady_now();
    }
    member.largest = std::max(member.largest, member.facts.size);
    member.facts = file.facts;
  }
  for (const auto& member : family_.members)
    if (!member->present) note_missing(*member);
}

void FamilyScan::note_missing(FollowedFile& file) {
  if (file.missing_looks++ == 0) file.missing_since = context_.clock.steady_now();
  if (!file.handle) return;
  const auto facts = file.handle->facts();
  if (facts.ok()) file.facts = *facts;
}

void FamilyScan::verify_members() {
  for (const auto& member : family_.members) {
    if (!member->present || member->truncated || !context_.ensure_open(family_.folder, *member)) continue;
    const auto match = compare_content(*member->handle, member->facts.size, member->position);
    if (match.ok() && (*match == ContentMatch::different || *match == ContentMatch::shorter)) member->truncated = true;
  }
}

void FamilyScan::hand_over(FollowedFile& file, const std::vector<SeenFile>& strangers) {
  bool found = covered_by_member(file) || adopt_copies(file, unknown_);
  if (!found && file.truncated) {
    std::vector<SeenFile> others = strangers;
    found = adopt_copies(file, others);
  }
  if (file.truncated) {
    ++context_.counts.truncations;
    const std::uint64_t unread = file.largest > file.position.offset ? file.largest - file.position.offset : 0;
    if (!found && unread > 0) {
      ++context_.counts.lost_events;
      context_.counts.lost_bytes += unread;
      context_.log.warning(
          "file was truncated before it was read to its end and no copy holds the rest; use create instead of "
          "copytruncate",
          {{"path", file.position.path}, {"bytes", unread}});
    }
    FileReader::restart(file);
    context_.put_position(file);
  } else if (found) {
    context_.put_forget(file);
    file.source_name.clear();  // dropped below
  }
}

// After a crash between the two positions of an earlier hand-over both files are known already.
bool FamilyScan::covered_by_member(const FollowedFile& file) {
  for (const auto& member : family_.members) {
    if (member.get() == &file || !member->present || member->truncated ||
        member->position.offset < file.position.offset)
      continue;
    if (!context_.ensure_open(family_.folder, *member)) continue;
    const auto match = compare_content(*member->handle, member->facts.size, file.position);
    if (match.ok() && *match == ContentMatch::same) return true;
  }
  return false;
}

bool FamilyScan::adopt_copies(const FollowedFile& file, std::vector<SeenFile>& candidates) {
  struct Match {
    std::size_t index;
    bool whole;
  };
  std::vector<Match> matches;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto handle = context_.files.open(family_.folder + "/" + candidates[i].name);
    if (!handle.ok()) continue;
    // It may have been looked at while it was still being copied; that had ended when the original was truncated.
    const auto facts = (*handle)->facts();
    if (!facts.ok() || identity_of(*facts) != identity_of(candidates[i].facts)) continue;
    candidates[i].facts = *facts;
    if (facts->size == 0) continue;
    const auto match = compare_content(**handle, candidates[i].facts.size, file.position);
    if (match.ok() && *match == ContentMatch::same) matches.push_back({i, true});
    // A copy made before the last lines that were read: all of it is known.
    if (match.ok() && *match == ContentMatch::shorter && file.truncated && file.position.head.length > 0)
      matches.push_back({i, false});
  }
  const auto size = [&](const Match& m) { return candidates[m.index].facts.size; };
  const auto heir = std::max_element(matches.begin(), matches.end(), [&](const Match& a, const Match& b) {
    return std::pair(a.whole, size(a)) < std::pair(b.whole, size(b));
  });
  const bool found = heir != matches.end() && heir->whole;
  for (const Match& match : matches) {
    const bool is_heir = found && match.index == heir->index;
    adopt(file, candidates[match.index], is_heir ? file.position.offset : size(match));
  }
  for (auto match = matches.rbegin(); match != matches.rend(); ++match)
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(match->index));
  if (found) ++context_.counts.tails_recovered;
  return found;
}

void FamilyScan::adopt(const FollowedFile& file, const SeenFile& copy, std::uint64_t offset) {
  FollowedFile& heir = follow(copy);
  const FileIdentity identity = heir.position.identity;
  heir.position = file.position;
  heir.position.identity = identity;
  if (offset != file.position.offset) {
    heir.position.offset = offset;
    heir.position.hashed_from = offset;
    heir.position.prefix = ContentHash();
    heir.position.tail = ContentMark{};
    if (context_.ensure_open(family_.folder, heir)) {
      const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(kMarkBytesMax, offset));
      if (const auto tail = read_mark(*heir.handle, offset - length, length); tail.ok()) heir.position.tail = *tail;
    }
  }
  context_.put_position(heir);
}

void FamilyScan::join_newcomers(const FirstLook& first_look) {
  // Live names first: a rotated name is compared with them, because it may be a copy being made just now.
  std::stable_partition(unknown_.begin(), unknown_.end(),
                        [](const SeenFile& s) { return s.rank.kind == RotationName::Kind::live; });
  for (const SeenFile& seen : unknown_) {
    const bool live = seen.rank.kind == RotationName::Kind::live;
    if (live && !seen.wanted) continue;
    // The number of a removed file may be given to a new one, and then this is another file.
    if (live) family_.ignored.erase(identity_of(seen.facts));
    if (family_.ignored.contains(identity_of(seen.facts))) continue;
    if (!live) {
      if (!seen.wanted && !is_newer(seen)) {
        family_.ignored.insert(identity_of(seen.facts));
        continue;
      }
      if (seen.facts.size == 0) continue;  // nothing to compare yet; looked at again when written
      if (is_copy_of_member(seen)) continue;
    }
    FollowedFile& file = follow(seen);
    if (had_members_ || family_.looked) ++context_.counts.rotations;
    if (first_look.contains(family_.folder + "/" + seen.name) && context_.ensure_open(family_.folder, file)) {
      if (auto skipped = context_.reader.skip_to_end(file); !skipped.ok()) file.last_error = skipped.error().context;
    }
    context_.put_position(file);
  }
}

bool FamilyScan::is_newer(const SeenFile& seen) const {
  if (family_.looked) return true;  // it was not there at the last look
  if (!had_members_) return false;
  for (const auto& member : family_.members)
    if (member->present && before(member->rank, seen.rank)) return true;
  const std::int64_t since_ns = since_ms_ * 1'000'000;
  return seen.facts.birth_ns > since_ns && seen.facts.modified_ns > since_ns;
}

bool FamilyScan::is_copy_of_member(const SeenFile& seen) {
  const auto copy = context_.files.open(family_.folder + "/" + seen.name);
  if (!copy.ok()) return true;  // gone or unreadable: not now
  for (const auto& member : family_.members)
    if (member->present && !member->truncated && context_.ensure_open(family_.folder, *member) &&
        is_copy(seen, **copy, *member))
      return true;
  return false;
}

bool FamilyScan::is_copy(const SeenFile& seen, FollowedHandle& copy, FollowedFile& original) {
  // The copy is read before the original: what the copy holds was in the original then.
  const auto head = read_mark(copy, 0, kMarkBytesMax);
  if (!head.ok() || !context_.reader.grow_head(original).ok() || original.truncated) return true;  // decided next time
  const FilePosition& position = original.position;
  if (position.head.length == 0) return false;
  if (head->length < position.head.length) {
    const auto same = read_mark(*original.handle, 0, head->length);
    return !same.ok() || *same == *head;
  }
  const auto match = compare_content(copy, seen.facts.size, position);
  return !match.ok() || *match == ContentMatch::same || *match == ContentMatch::shorter;
}

FollowedFile& FamilyScan::follow(const SeenFile& seen) {
  auto file = std::make_unique<FollowedFile>();
  file->position.path = family_.path();
  file->position.identity = identity_of(seen.facts);
  file->position.followed_since_ms = since_ms_;
  file->position.updated_ms = to_millis(context_.clock.wall_now());
  file->source_name = context_.source_name(file->position.identity);
  file->name = seen.name;
  file->rank = seen.rank;
  if (seen.odd) file->rank.name.clear();
  file->facts = seen.facts;
  file->present = true;
  file->quiet_since = file->progress_at = context_.clock.steady_now();
  family_.members.push_back(std::move(file));
  return *family_.members.back();
}

void FamilyScan::drop_gone() {
  const SteadyTime now = context_.clock.steady_now();
  const std::int64_t wall_ms = to_millis(context_.clock.wall_now());
  const bool others =
      std::any_of(family_.members.begin(), family_.members.end(), [](const auto& m) { return m->present; });
  const auto gone = [&](const std::unique_ptr<FollowedFile>& file) {
    if (file->source_name.empty()) return true;  // handed over
    if (file->present) return false;
    const bool deleted = !file->restored && file->facts.links == 0;
    if (deleted && !file->handle) {
      // certain: nothing to wait for
    } else if (file->restored || !others) {
      if (file->handle || wall_ms - file->position.updated_ms < context_.options.restored_wait.count()) return false;
    } else if (file->handle) {
      return false;  // the turn closes it at its end
    } else if (file->missing_looks < 2 || now - file->missing_since < context_.options.missing_wait) {
      return false;
    }
    if (file->unread() > 0 && !file->restored) {
      ++context_.counts.lost_events;
      context_.counts.lost_bytes += file->unread();
      context_.log.warning("file was removed before it was read to its end",
                           {{"path", file->position.path}, {"bytes", file->unread()}});
    }
    context_.put_forget(*file);
    return true;
  };
  for (auto& file : family_.members)
    if (gone(file)) {
      context_.close(*file);
      file.reset();
    }
  std::erase(family_.members, nullptr);
}

void FamilyScan::sort_members() {
  std::stable_sort(family_.members.begin(), family_.members.end(), [](const auto& a, const auto& b) {
    const bool a_outside = !a->present || a->rank.name.empty();
    const bool b_outside = !b->present || b->rank.name.empty();
    if (a_outside != b_outside) return a_outside;
    return !a_outside && before(a->rank, b->rank);
  });
}

}  // namespace forebay::agent

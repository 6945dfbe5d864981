#include "gateway/kinesis/sequence_texts.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {

namespace {
constexpr std::uint64_t kBase = 10'000'000'000'000'000'000u;
constexpr std::size_t kLimbDigits = 19;
// 2^80, the distance of two counters, in base 10^19.
constexpr std::uint64_t kStepLow = 5'819'614'629'174'706'176u;
constexpr std::uint64_t kStepMiddle = 120'892u;

struct DigitPairs {
  char text[200];
  constexpr DigitPairs() : text() {
    for (int i = 0; i < 100; ++i) {
      text[2 * i] = static_cast<char>('0' + i / 10);
      text[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
  }
};
constexpr DigitPairs kPairs;

void write_eight(char* at, std::uint32_t value) {
  const std::uint32_t high = value / 10'000;
  const std::uint32_t low = value % 10'000;
  std::memcpy(at, kPairs.text + 2 * (high / 100), 2);
  std::memcpy(at + 2, kPairs.text + 2 * (high % 100), 2);
  std::memcpy(at + 4, kPairs.text + 2 * (low / 100), 2);
  std::memcpy(at + 6, kPairs.text + 2 * (low % 100), 2);
}

void write_limb(char* at, std::uint64_t value) {
  const std::uint64_t top = value / 10'000'000'000'000'000u;
  const std::uint64_t rest = value % 10'000'000'000'000'000u;
  at[0] = static_cast<char>('0' + top / 100);
  std::memcpy(at + 1, kPairs.text + 2 * (top % 100), 2);
  write_eight(at + 3, static_cast<std::uint32_t>(rest / 100'000'000u));
  write_eight(at + 11, static_cast<std::uint32_t>(rest % 100'000'000u));
}

std::uint64_t read_digits(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}
}  // namespace

SequenceTexts::Texts SequenceTexts::of(const stream::PutOutcome& outcome) {
  Slot& slot = slot_of(outcome.shard.value());
  const bool next = slot.shard == outcome.shard.value() && slot.offset + 1 == outcome.offset.value() &&
                    slot.created_s == epoch_seconds(outcome.shard_created) &&
                    slot.arrival_s == epoch_seconds(outcome.arrival);
  if (next)
    step(slot);
  else
    convert(slot, outcome);
  return {slot.number, slot.shard_id};
}

SequenceTexts::Slot& SequenceTexts::slot_of(std::uint32_t shard) {
  if (shard >= slots_.size() && slots_.size() < kSlotsMax) {
    slots_ = {};
    slots_.resize(std::min(kSlotsMax, std::bit_ceil(std::size_t{shard} + 1)));
  }
  return slots_[shard % slots_.size()];
}

void SequenceTexts::convert(Slot& slot, const stream::PutOutcome& outcome) {
  if (slot.shard != outcome.shard.value()) slot.shard_id = wire::kinesis::to_shard_id(outcome.shard.value());
  slot.shard = outcome.shard.value();
  slot.created_s = epoch_seconds(outcome.shard_created);
  slot.arrival_s = epoch_seconds(outcome.arrival);
  slot.offset = outcome.offset.value();
  slot.number = to_decimal(record_number(outcome.shard_created, outcome.shard, outcome.offset, outcome.arrival));
  const std::string_view text = slot.number;
  const std::size_t low = text.size() - kLimbDigits;
  const std::size_t middle = low - kLimbDigits;
  slot.limbs = {read_digits(text.substr(low)), read_digits(text.substr(middle, kLimbDigits)),
                read_digits(text.substr(0, middle))};
}

void SequenceTexts::step(Slot& slot) {
  ++slot.offset;
  const std::size_t low = slot.number.size() - kLimbDigits;
  slot.limbs[0] += kStepLow;
  slot.limbs[1] += kStepMiddle;
  if (slot.limbs[0] >= kBase) {
    slot.limbs[0] -= kBase;
    ++slot.limbs[1];
  }
  if (slot.limbs[1] >= kBase) {
    slot.limbs[1] -= kBase;
    ++slot.limbs[2];
    slot.number.replace(0, low - kLimbDigits, std::to_string(slot.limbs[2]));
  }
  char* digits = slot.number.data();
  write_limb(digits + slot.number.size() - kLimbDigits, slot.limbs[0]);
  write_limb(digits + slot.number.size() - 2 * kLimbDigits, slot.limbs[1]);
}

}  // namespace forebay::gateway::kinesis

#include "wire/kinesis/cbor_reader.h"

#include <bit>
#include <cmath>
#include <limits>

#include "wire/kinesis/utf8_check.h"

namespace forebay::wire::kinesis {
namespace {

// Major types, the upper three bits of an item's first byte.
constexpr std::uint8_t kUnsigned = 0;
constexpr std::uint8_t kNegative = 1;
constexpr std::uint8_t kBytes = 2;
constexpr std::uint8_t kText = 3;
constexpr std::uint8_t kArray = 4;
constexpr std::uint8_t kMap = 5;
constexpr std::uint8_t kTag = 6;
constexpr std::uint8_t kSimple = 7;
constexpr std::uint8_t kBreak = 0xff;

double from_half(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const auto mantissa = static_cast<double>(bits & 1023);
  double value = 0;
  if (exponent == 0)
    value = std::ldexp(mantissa, -24);
  else if (exponent != 31)
    value = std::ldexp(mantissa + 1024, exponent - 25);
  else
    value = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  return (bits & 0x8000) != 0 ? -value : value;
}

CborReader::Kind kind_of_simple(std::uint8_t info) {
  using Kind = CborReader::Kind;
  switch (info) {
    case 20:
    case 21: return Kind::boolean;
    case 22:
    case 23: return Kind::null;
    case 25:
    case 26:
    case 27: return Kind::floating;
    default: return Kind::none;
  }
}

}  // namespace

bool CborReader::read_head(Head& head) {
  if (at_ == end_) {
    fail();
    return false;
  }
  head.major = *at_ >> 5;
  head.info = *at_ & 31;
  ++at_;
  if (head.info < 24) {
    head.value = head.info;
  } else if (head.info < 28) {
    const std::size_t size = std::size_t{1} << (head.info - 24);
    if (size > left()) {
      fail();
      return false;
    }
    for (std::size_t i = 0; i < size; ++i) head.value = head.value << 8 | *at_++;
  } else if (head.info == 31 && head.major >= kBytes && head.major <= kMap) {
    head.indefinite = true;
  } else {
    fail();
  }
  return ok_;
}

CborReader::Kind CborReader::peek() {
  while (at_ != end_ && *at_ >> 5 == kTag) {
    Head tag;
    if (!read_head(tag)) return Kind::none;
  }
  if (at_ == end_) return Kind::none;
  switch (*at_ >> 5) {
    case kUnsigned:
    case kNegative: return Kind::integer;
    case kBytes: return Kind::bytes;
    case kText: return Kind::text;
    case kArray: return Kind::array;
    case kMap: return Kind::map;
    default: return kind_of_simple(*at_ & 31);
  }
}

/// Head of a value that must be of this major type.
bool CborReader::start(std::uint8_t major, Head& head) {
  if (peek() == Kind::none || *at_ >> 5 != major) {
    fail();
    return false;
  }
  return read_head(head);
}

bool CborReader::take_break() {
  if (at_ == end_ || *at_ != kBreak) return false;
  ++at_;
  return true;
}

ByteView CborReader::take(std::uint64_t size) {
  if (size > left()) {
    fail();
    return {};
  }
  const ByteView view(at_, static_cast<std::size_t>(size));
  at_ += size;
  return view;
}

bool CborReader::read_boolean() {
  Head head;
  if (!start(kSimple, head)) return false;
  if (kind_of_simple(head.info) != Kind::boolean) fail();
  return ok_ && head.info == 21;
}

std::int64_t CborReader::read_integer() {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  Head head;
  if (peek() != Kind::integer) fail();
  if (!ok_ || !read_head(head)) return 0;
  const std::int64_t value =
      head.value > static_cast<std::uint64_t>(kMax) ? kMax : static_cast<std::int64_t>(head.value);
  return head.major == kNegative ? -1 - value : value;
}

double CborReader::read_floating() {
  Head head;
  if (!start(kSimple, head)) return 0;
  if (head.info == 25) return from_half(head.value);
  if (head.info == 26) return std::bit_cast<float>(static_cast<std::uint32_t>(head.value));
  if (head.info == 27) return std::bit_cast<double>(head.value);
  fail();
  return 0;
}

template <class Take>
void CborReader::for_each_chunk(std::uint8_t major, Take take_chunk) {
  Head head;
  if (!start(major, head)) return;
  if (!head.indefinite) return take_chunk(take(head.value));
  while (ok_ && !take_break()) {
    Head chunk;
    if (!read_head(chunk)) return;
    if (chunk.major != major || chunk.indefinite) return fail();
    take_chunk(take(chunk.value));
  }
}

void CborReader::read_text(std::string& out) {
  out.clear();
  for_each_chunk(kText, [&](ByteView chunk) { out.append(as_text(chunk)); });
  if (ok_ && !is_utf8(out)) fail();
}

void CborReader::read_bytes(Buffer& out) {
  out.clear();
  for_each_chunk(kBytes, [&](ByteView chunk) { append(out, chunk); });
}

ByteView CborReader::view_of(std::uint8_t major) {
  Head head;
  if (!start(major, head)) return {};
  if (!head.indefinite) return take(head.value);
  fail();
  return {};
}

std::string_view CborReader::text_view() {
  const std::string_view text = as_text(view_of(kText));
  if (is_utf8(text)) return text;
  fail();
  return {};
}

ByteView CborReader::bytes_view() { return view_of(kBytes); }

void CborReader::begin(std::uint8_t major, std::uint64_t element_bytes_min) {
  Head head;
  if (!start(major, head)) return;
  const bool impossible = !head.indefinite && head.value > left() / element_bytes_min;
  if (impossible || depth_ == kDepthMax) return fail();
  remaining_[depth_++] = head.indefinite ? kIndefinite : head.value;
}

void CborReader::begin_map() { begin(kMap, 2); }
void CborReader::begin_array() { begin(kArray, 1); }

bool CborReader::next() {
  if (!ok_) return false;
  std::uint64_t& remaining = remaining_[depth_ - 1];
  const bool over = remaining == kIndefinite ? take_break() : remaining == 0;
  if (over) {
    --depth_;
    return false;
  }
  if (remaining != kIndefinite) --remaining;
  return true;
}

bool CborReader::next_element() { return next(); }

bool CborReader::next_key(std::string& key) {
  if (!next()) return false;
  read_text(key);
  return ok_;
}

bool CborReader::next_key_view(std::string_view& key) {
  if (!next()) return false;
  key = as_text(view_of(kText));
  return ok_;
}

void CborReader::skip() {
  Head head;
  switch (peek()) {
    case Kind::null:
    case Kind::boolean:
    case Kind::integer:
    case Kind::floating: (void)read_head(head); return;
    case Kind::text: return for_each_chunk(kText, [](ByteView) {});
    case Kind::bytes: return for_each_chunk(kBytes, [](ByteView) {});
    case Kind::array:
      begin_array();
      while (next()) skip();
      return;
    case Kind::map:
      begin_map();
      while (next()) {
        skip();
        skip();
      }
      return;
    case Kind::none: return fail();
  }
}

}  // namespace forebay::wire::kinesis

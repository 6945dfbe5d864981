#include "gateway/delivery/objects/member_reader.h"

namespace forebay::gateway::delivery {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

MemberReader::MemberReader(const nlohmann::json& object, std::string what) : object_(object), what_(std::move(what)) {
  if (!object_.is_object()) error_ = what_ + ": no JSON object";
}

Result<void> MemberReader::finish() const {
  if (ok()) return {};
  return Error{Errc::corrupt, error_};
}

void MemberReader::text(const char* name, std::string& out) {
  const nlohmann::json* value = find(name);
  if (value == nullptr) return;
  if (!value->is_string()) return fail(name, "is no text");
  out = value->get_ref<const std::string&>();
}

void MemberReader::hex(const char* name, std::span<std::uint8_t> out) {
  std::string digits;
  text(name, digits);
  if (!ok()) return;
  if (digits.size() != out.size() * 2) return fail(name, "has another length than its kind");
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_digit(digits[2 * i]);
    const int low = hex_digit(digits[2 * i + 1]);
    if (high < 0 || low < 0) return fail(name, "is not hexadecimal");
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
}

void MemberReader::number(const char* name, std::int64_t& out) {
  const nlohmann::json* value = find(name);
  if (value == nullptr) return;
  const bool fits = value->is_number_unsigned() ? std::in_range<std::int64_t>(value->get<std::uint64_t>())
                                                : value->is_number_integer();
  if (!fits) return fail(name, "is no whole number that fits");
  out = value->get<std::int64_t>();
}

const nlohmann::json* MemberReader::find(const char* name) {
  if (!ok()) return nullptr;
  const auto found = object_.find(name);
  if (found != object_.end()) return &*found;
  fail(name, "is missing");
  return nullptr;
}

void MemberReader::fail(std::string_view name, std::string_view why) {
  if (ok()) error_ = what_ + ": " + std::string(name) + " " + std::string(why);
}

}  // namespace forebay::gateway::delivery

#define OPENSSL_SUPPRESS_DEPRECATED
#include "signer.h"

#include <openssl/sha.h>

#include <cstring>

namespace kload {
namespace {

constexpr std::string_view kSignedHeaders = "content-type;host;x-amz-date;x-amz-target";

std::string_view text_of(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

Digest sha256(std::string_view first, std::string_view second = {}) {
  Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, first.data(), first.size());
  if (!second.empty()) SHA256_Update(&context, second.data(), second.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

Digest hmac(std::string_view key, std::string_view message) {
  char block[64] = {};
  Digest short_key;
  if (key.size() > sizeof block) {
    short_key = sha256(key);
    key = text_of(short_key);
  }
  std::memcpy(block, key.data(), key.size());
  char inner[64];
  char outer[64];
  for (int i = 0; i < 64; ++i) {
    inner[i] = static_cast<char>(block[i] ^ 0x36);
    outer[i] = static_cast<char>(block[i] ^ 0x5c);
  }
  const Digest in = sha256({inner, 64}, message);
  return sha256({outer, 64}, text_of(in));
}

std::string hex(const Digest& digest) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : digest) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

}  // namespace

void Signer::renew(std::time_t now) {
  second_ = now;
  std::tm utc;
  gmtime_r(&now, &utc);
  std::strftime(date_, sizeof date_, "%Y%m%d", &utc);
  std::strftime(stamp_, sizeof stamp_, "%Y%m%dT%H%M%SZ", &utc);
  Digest key = hmac("AWS4" + options_.secret_key, date_);
  key = hmac(text_of(key), options_.region);
  key = hmac(text_of(key), "kinesis");
  key_ = hmac(text_of(key), "aws4_request");
  scope_ = std::string(date_) + "/" + options_.region + "/kinesis/aws4_request";
}

void Signer::append_authorization(const std::string& target, std::string_view body, std::string& out) {
  const std::string canonical = "POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:" + host_ +
                                "\nx-amz-date:" + stamp_ + "\nx-amz-target:" + target + "\n\n" +
                                std::string(kSignedHeaders) + "\n" + hex(sha256(body));
  const std::string to_sign =
      std::string("AWS4-HMAC-SHA256\n") + stamp_ + "\n" + scope_ + "\n" + hex(sha256(canonical));
  out.append("\r\nAuthorization: AWS4-HMAC-SHA256 Credential=").append(options_.access_key).append("/").append(scope_);
  out.append(", SignedHeaders=").append(kSignedHeaders);
  out.append(", Signature=").append(hex(hmac(text_of(key_), to_sign)));
}

void Signer::build(std::string_view action, std::string_view body, std::string& out) {
  if (const std::time_t now = std::time(nullptr); now != second_) renew(now);
  const std::string target = "Kinesis_20131202." + std::string(action);
  out.assign("POST / HTTP/1.1\r\nHost: ").append(host_);
  out.append("\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: ").append(target);
  out.append("\r\nX-Amz-Date: ").append(stamp_);
  out.append("\r\nContent-Length: ").append(std::to_string(body.size()));
  if (options_.sign) append_authorization(target, body, out);
  out.append("\r\n\r\n").append(body);
}

}  // namespace kload

#include "base/cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>

#include "base/assert.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/hex.h"

namespace forebay {
namespace {

// OpenSSL fails here only when memory runs out or its library is broken; there is no useful answer to either.

struct Free {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Algorithm = std::unique_ptr<EVP_CIPHER, Free>;
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

const EVP_CIPHER* algorithm() {
  static const Algorithm gcm(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  return gcm.get();
}

int length(std::size_t bytes) {
  FB_ASSERT(bytes <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(bytes);
}

Context make_context() {
  Context context(EVP_CIPHER_CTX_new());
  FB_ASSERT(context != nullptr && algorithm() != nullptr);
  return context;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace

CipherKey::CipherKey(ByteView bytes) {
  FB_ASSERT(bytes.size() == kSize);
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

CipherKey::~CipherKey() { wipe(bytes_); }

void wipe(MutableBytes bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

Result<CipherKey> parse_cipher_key(std::string_view text) {
  text = trimmed(text);
  Buffer bytes;
  bytes.reserve(text.size());  // one piece of memory to wipe
  if (auto digits = text.size() == 2 * CipherKey::kSize ? from_hex(text) : std::nullopt) bytes = std::move(*digits);
  const bool good = !bytes.empty() || (from_base64(text, bytes) && bytes.size() == CipherKey::kSize);
  if (!good) {
    wipe(bytes);
    return Error{Errc::invalid_argument,
                 "must hold 32 random bytes as 64 hexadecimal digits or in base64: make it with openssl rand -hex 32"};
  }
  const CipherKey key(bytes);
  wipe(bytes);
  return key;
}

CipherKey derive_key(const CipherKey& key, ByteView info) {
  const Sha256 no_salt{};
  Sha256 extracted = hmac_sha256(no_salt, key.bytes());
  Buffer block = to_buffer(info);
  block.push_back(1);
  Sha256 expanded = hmac_sha256(extracted, block);
  const CipherKey derived(expanded);
  wipe(extracted);
  wipe(expanded);
  return derived;
}

GcmTag gcm_encrypt(const CipherKey& key, const GcmNonce& nonce, ByteView bound, MutableBytes bytes) {
  const Context context = make_context();
  int done = 0;
  FB_ASSERT(EVP_EncryptInit_ex2(context.get(), algorithm(), key.bytes().data(), nonce.data(), nullptr) == 1);
  FB_ASSERT(EVP_EncryptUpdate(context.get(), nullptr, &done, bound.data(), length(bound.size())) == 1);
  FB_ASSERT(EVP_EncryptUpdate(context.get(), bytes.data(), &done, bytes.data(), length(bytes.size())) == 1);
  FB_ASSERT(static_cast<std::size_t>(done) == bytes.size());
  std::uint8_t rest[kGcmTagSize];
  FB_ASSERT(EVP_EncryptFinal_ex(context.get(), rest, &done) == 1);
  GcmTag tag;
  FB_ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, length(tag.size()), tag.data()) == 1);
  return tag;
}

bool gcm_decrypt(const CipherKey& key, const GcmNonce& nonce, ByteView bound, MutableBytes bytes, const GcmTag& tag) {
  const Context context = make_context();
  int done = 0;
  FB_ASSERT(EVP_DecryptInit_ex2(context.get(), algorithm(), key.bytes().data(), nonce.data(), nullptr) == 1);
  FB_ASSERT(EVP_DecryptUpdate(context.get(), nullptr, &done, bound.data(), length(bound.size())) == 1);
  FB_ASSERT(EVP_DecryptUpdate(context.get(), bytes.data(), &done, bytes.data(), length(bytes.size())) == 1);
  GcmTag expected = tag;
  FB_ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, length(expected.size()), expected.data()) == 1);
  std::uint8_t rest[kGcmTagSize];
  if (EVP_DecryptFinal_ex(context.get(), rest, &done) == 1) return true;
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});  // nothing unproven leaves this function
  return false;
}

}  // namespace forebay

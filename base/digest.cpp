// The low-level functions: for the short inputs of keys and signatures they take half the time of EVP and no memory.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/assert.h"

namespace forebay {
namespace {

// OpenSSL fails here only when memory runs out or its library is broken; there is no useful answer to either.

struct Free {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Algorithm = std::unique_ptr<EVP_MD, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

const EVP_MD* sha256_algorithm() {
  static const Algorithm algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  return algorithm.get();
}

/// A context that already knows its algorithm, so that a new start is only a reset of its state.
Context make_context(const EVP_MD* algorithm) {
  Context context(EVP_MD_CTX_new());
  FB_ASSERT(context != nullptr && algorithm != nullptr);
  FB_ASSERT(EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1);
  return context;
}

constexpr std::size_t kBlockSize = 64;
using Block = std::array<std::uint8_t, kBlockSize>;

/// Key of HMAC, padded to a block and mixed with `pad`.
Block padded_key(ByteView key, std::uint8_t pad) {
  Block block{};
  std::copy(key.begin(), key.end(), block.begin());
  for (std::uint8_t& byte : block) byte ^= pad;
  return block;
}

Sha256 sha256_of_two(ByteView first, ByteView second) {
  Sha256 digest;
  SHA256_CTX context;
  FB_ASSERT(SHA256_Init(&context) == 1);
  FB_ASSERT(SHA256_Update(&context, first.data(), first.size()) == 1);
  FB_ASSERT(SHA256_Update(&context, second.data(), second.size()) == 1);
  FB_ASSERT(SHA256_Final(digest.data(), &context) == 1);
  return digest;
}

EVP_MD_CTX* as_context(void* context) { return static_cast<EVP_MD_CTX*>(context); }

}  // namespace

Md5 md5(ByteView bytes) {
  Md5 digest;
  MD5_CTX context;
  FB_ASSERT(MD5_Init(&context) == 1);
  FB_ASSERT(MD5_Update(&context, bytes.data(), bytes.size()) == 1);
  FB_ASSERT(MD5_Final(digest.data(), &context) == 1);
  return digest;
}

Sha256 sha256(ByteView bytes) { return sha256_of_two(bytes, {}); }

Sha256 hmac_sha256(ByteView key, ByteView bytes) {
  Sha256 short_key;
  if (key.size() > kBlockSize) {
    short_key = sha256(key);
    key = short_key;
  }
  const Sha256 inner = sha256_of_two(padded_key(key, 0x36), bytes);
  return sha256_of_two(padded_key(key, 0x5c), inner);
}

Sha256Stream::Sha256Stream() : context_(make_context(sha256_algorithm()).release()) {}

Sha256Stream::~Sha256Stream() { EVP_MD_CTX_free(as_context(context_)); }

Sha256Stream::Sha256Stream(Sha256Stream&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}

Sha256Stream& Sha256Stream::operator=(Sha256Stream&& other) noexcept {
  std::swap(context_, other.context_);
  return *this;
}

void Sha256Stream::update(ByteView bytes) {
  FB_ASSERT(EVP_DigestUpdate(as_context(context_), bytes.data(), bytes.size()) == 1);
}

Sha256 Sha256Stream::digest() const {
  const Context copy(EVP_MD_CTX_new());
  FB_ASSERT(copy != nullptr && EVP_MD_CTX_copy_ex(copy.get(), as_context(context_)) == 1);
  Sha256 digest;
  FB_ASSERT(EVP_DigestFinal_ex(copy.get(), digest.data(), nullptr) == 1);
  return digest;
}

bool equal_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace forebay

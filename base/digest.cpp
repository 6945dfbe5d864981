#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <utility>

#include "base/assert.h"

namespace forebay {
namespace {

// OpenSSL fails here only when memory runs out or its library is broken; there is no useful answer to either.

struct Free {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Algorithm = std::unique_ptr<EVP_MD, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

const EVP_MD* md5_algorithm() {
  static const Algorithm algorithm(EVP_MD_fetch(nullptr, "MD5", nullptr));
  return algorithm.get();
}

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

template <class Digest>
Digest digest_with(EVP_MD_CTX* context, ByteView bytes) {
  Digest digest;
  FB_ASSERT(EVP_DigestInit_ex2(context, nullptr, nullptr) == 1);
  FB_ASSERT(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
  FB_ASSERT(EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1);
  return digest;
}

using MacContext = std::unique_ptr<EVP_MAC_CTX, Free>;

MacContext make_hmac_context() {
  const std::unique_ptr<EVP_MAC, Free> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  FB_ASSERT(mac != nullptr);
  MacContext context(EVP_MAC_CTX_new(mac.get()));
  FB_ASSERT(context != nullptr);
  char name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", name, 0), OSSL_PARAM_construct_end()};
  FB_ASSERT(EVP_MAC_CTX_set_params(context.get(), parameters) == 1);
  return context;
}

EVP_MD_CTX* as_context(void* context) { return static_cast<EVP_MD_CTX*>(context); }

}  // namespace

Md5 md5(ByteView bytes) {
  thread_local const Context context = make_context(md5_algorithm());
  return digest_with<Md5>(context.get(), bytes);
}

Sha256 sha256(ByteView bytes) {
  thread_local const Context context = make_context(sha256_algorithm());
  return digest_with<Sha256>(context.get(), bytes);
}

Sha256 hmac_sha256(ByteView key, ByteView bytes) {
  thread_local const MacContext context = make_hmac_context();
  Sha256 digest;
  // A null key would mean "keep the last one".
  const std::uint8_t empty = 0;
  const std::uint8_t* key_data = key.empty() ? &empty : key.data();
  FB_ASSERT(EVP_MAC_init(context.get(), key_data, key.size(), nullptr) == 1);
  FB_ASSERT(EVP_MAC_update(context.get(), bytes.data(), bytes.size()) == 1);
  FB_ASSERT(EVP_MAC_final(context.get(), digest.data(), nullptr, digest.size()) == 1);
  return digest;
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

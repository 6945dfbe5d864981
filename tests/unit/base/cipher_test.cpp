#include "base/cipher.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/hex.h"

namespace forebay::test {
namespace {

Buffer hex(std::string_view text) {
  Buffer bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

GcmNonce nonce_of(std::string_view text) {
  GcmNonce nonce{};
  const Buffer bytes = hex(text);
  std::copy(bytes.begin(), bytes.end(), nonce.begin());
  return nonce;
}

struct GcmVector {
  const char* key;
  const char* nonce;
  const char* bound;
  const char* plain;
  const char* cipher;
  const char* tag;
};

// Test cases 13 to 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega), the 256-bit cases NIST published.
constexpr GcmVector kVectors[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "",
     "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
     "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
     "ba637b391aafd255",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
     "bcc9f662898015ad",
     "b094dac5d93471bdec1a502270e3cc6c"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
     "ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
     "bcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(Cipher, PublishedVectorsFit) {
  for (const GcmVector& vector : kVectors) {
    const CipherKey key(hex(vector.key));
    Buffer bytes = hex(vector.plain);
    const GcmTag tag = gcm_encrypt(key, nonce_of(vector.nonce), hex(vector.bound), bytes);
    EXPECT_EQ(to_hex(bytes), vector.cipher);
    EXPECT_EQ(to_hex(tag), vector.tag);
    EXPECT_TRUE(gcm_decrypt(key, nonce_of(vector.nonce), hex(vector.bound), bytes, tag));
    EXPECT_EQ(to_hex(bytes), vector.plain);
  }
}

TEST(Cipher, AnyChangedBitIsFoundAndNothingIsGivenOut) {
  const CipherKey key(hex(kVectors[3].key));
  const GcmNonce nonce = nonce_of(kVectors[3].nonce);
  const Buffer bound = hex(kVectors[3].bound);
  Buffer sealed = hex(kVectors[3].plain);
  const GcmTag tag = gcm_encrypt(key, nonce, bound, sealed);
  const Buffer nothing(sealed.size(), 0);
  const auto refused = [&](const CipherKey& k, const GcmNonce& n, const Buffer& b, Buffer bytes, const GcmTag& t) {
    return !gcm_decrypt(k, n, b, bytes, t) && bytes == nothing;
  };
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Buffer changed = sealed;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_TRUE(refused(key, nonce, bound, changed, tag)) << "bit " << bit << " of the bytes";
  }
  for (std::size_t bit = 0; bit < tag.size() * 8; ++bit) {
    GcmTag changed = tag;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_TRUE(refused(key, nonce, bound, sealed, changed)) << "bit " << bit << " of the tag";
  }
  Buffer other_bound = bound;
  other_bound.back() ^= 1;
  EXPECT_TRUE(refused(key, nonce, other_bound, sealed, tag));
  GcmNonce other_nonce = nonce;
  other_nonce[11] ^= 1;
  EXPECT_TRUE(refused(key, other_nonce, bound, sealed, tag));
  EXPECT_TRUE(refused(derive_key(key, as_bytes("other")), nonce, bound, sealed, tag));
  EXPECT_FALSE(refused(key, nonce, bound, sealed, tag));
}

TEST(Cipher, DerivedKeyIsThatOfRfc5869WithoutSalt) {
  // Test case 3 of RFC 5869 takes 22 bytes of key, which a CipherKey never has; these values were computed with
  // `openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:0b..0b -kdfopt info:forebay HKDF`.
  const CipherKey key(Buffer(32, 0x0b));
  EXPECT_EQ(to_hex(derive_key(key, as_bytes("forebay")).bytes()),
            "72030f037e0923dcdbf9f72f40990a5edc76c4ae3c448eee7b1fbd3e005b594b");
  EXPECT_NE(to_hex(derive_key(key, as_bytes("forebaz")).bytes()), to_hex(derive_key(key, as_bytes("forebay")).bytes()));
}

TEST(Cipher, KeyTextIsHexOrBase64) {
  const Buffer bytes = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  for (const std::string& text :
       {to_hex(bytes), "  " + to_hex(bytes) + "\r\n", to_base64(bytes), to_base64(bytes) + "\n"}) {
    const auto key = parse_cipher_key(text);
    ASSERT_TRUE(key) << text;
    EXPECT_EQ(to_hex(key->bytes()), to_hex(bytes));
  }
  const std::string secret = to_hex(bytes).substr(1);
  for (const std::string& text : {std::string(), secret, to_hex(bytes) + "0", to_base64(Buffer(31, 1)), "x" + secret}) {
    const auto key = parse_cipher_key(text);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().code, Errc::invalid_argument);
    EXPECT_EQ(key.error().context.find(secret), std::string::npos);
  }
}

}  // namespace
}  // namespace forebay::test

// Published digests, reuse of contexts, and strictness of base64.
#include "base/digest.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/base64.h"
#include "base/hex.h"
#include "tests/support/seeded_entropy.h"

namespace forebay {
namespace {

TEST(Digest, PublishedVectorsAlsoWhenTheContextIsReused) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(to_hex(md5({})), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(to_hex(md5(as_bytes("abc"))), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}

TEST(Digest, HmacVectorsOfRfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256(Buffer(20, 0x0b), as_bytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(Buffer(131, 0xaa), as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, HmacWithAnEmptyKeyDoesNotReuseTheLastKey) {
  (void)hmac_sha256(as_bytes("other"), as_bytes("x"));
  EXPECT_EQ(to_hex(hmac_sha256({}, {})), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Digest, EveryThreadHasItsOwnContext) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&wrong] {
      for (int i = 0; i < 2000; ++i)
        if (to_hex(md5(as_bytes("abc"))) != "900150983cd24fb0d6963f7d28e17f72") ++wrong;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Sha256Stream, GivesTheDigestOfAllPiecesAndGoesOn) {
  Sha256Stream stream;
  stream.update(as_bytes("a"));
  EXPECT_EQ(stream.digest(), sha256(as_bytes("a")));
  stream.update(as_bytes("bc"));
  Sha256Stream moved = std::move(stream);
  EXPECT_EQ(moved.digest(), sha256(as_bytes("abc")));
  EXPECT_EQ(moved.digest(), sha256(as_bytes("abc")));
}

TEST(EqualConstantTime, ComparesSizeAndBytes) {
  EXPECT_TRUE(equal_constant_time({}, {}));
  EXPECT_TRUE(equal_constant_time(as_bytes("ab"), as_bytes("ab")));
  EXPECT_FALSE(equal_constant_time(as_bytes("ab"), as_bytes("ac")));
  EXPECT_FALSE(equal_constant_time(as_bytes("ab"), as_bytes("abc")));
}

TEST(Base64, VectorsOfRfc4648BothWays) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), text);
    Buffer out{9, 9};
    ASSERT_TRUE(from_base64(text, out)) << text;
    EXPECT_EQ(as_text(out), plain);
  }
}

TEST(Base64, RoundTripsEveryLengthAndByte) {
  for (std::size_t size = 0; size < 400; ++size) {
    Buffer bytes(size);
    test::SeededEntropy(size).fill(bytes);
    std::string text = "x";
    append_base64(text, bytes);
    Buffer out{1};
    ASSERT_TRUE(append_from_base64(std::string_view(text).substr(1), out));
    ASSERT_EQ(Buffer(out.begin() + 1, out.end()), bytes);
    ASSERT_EQ(out[0], 1);
  }
}

TEST(Base64, RefusesEverythingThatIsNotCanonical) {
  const char* bad[] = {"Z",       "Zg",        "Zg=",   "Zg===",    "====",     "=",    "Z===",     "Zh==", "Zm9=",
                       "Zm 9v",   "Zm9v\n",    "Zm9v ", " Zm9v",    "Zg==Zg==", "Zm=v", "Zm8=Zm8=", "Zm9-", "Zm9_",
                       "Zm\xc3v", "Zm9vYg=\n", "Z=g=",  "Zm9v====", "AAAA=AAA", "AA=A", "A\0AA"};
  Buffer out;
  for (const char* text : bad) EXPECT_FALSE(from_base64(text, out)) << text;
  EXPECT_FALSE(from_base64(std::string_view("AA\0A", 4), out));
  EXPECT_FALSE(from_base64(std::string_view("AA\0=", 4), out));
}

}  // namespace
}  // namespace forebay

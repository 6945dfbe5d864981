// Where requests go: percent-encoding of keys, both styles of addressing, names that are refused.
#include "wire/s3/location.h"

#include <gtest/gtest.h>

namespace forebay::wire::s3 {
namespace {

TEST(S3Location, EncodesKeysOnceInBothStyles) {
  const auto path = Location::make("http://127.0.0.1:9000", "b.1", true);
  ASSERT_TRUE(path.ok()) << path.error().to_string();
  EXPECT_EQ(path->object_url("dt=1/a+b:c d/\xC3\xA9~_-.gz"),
            "http://127.0.0.1:9000/b.1/dt%3D1/a%2Bb%3Ac%20d/%C3%A9~_-.gz");
  EXPECT_EQ(path->object_url("a//b", {{"uploadId", "2~x/="}, {"partNumber", "7"}}),
            "http://127.0.0.1:9000/b.1/a//b?partNumber=7&uploadId=2~x%2F%3D");
  EXPECT_EQ(path->bucket_url({{"list-type", "2"}}), "http://127.0.0.1:9000/b.1?list-type=2");
  const auto host = Location::make("https://s3.eu-west-1.amazonaws.com/", "data-1", false);
  EXPECT_EQ(host->object_url("k"), "https://data-1.s3.eu-west-1.amazonaws.com/k");
  EXPECT_EQ(host->bucket_url({{"uploads", ""}}), "https://data-1.s3.eu-west-1.amazonaws.com/?uploads=");
}

TEST(S3Location, RefusesEndpointsAndBucketsThatCannotBe) {
  for (const char* endpoint :
       {"", "s3.example", "ftp://s3", "http://", "http://u:p@s3", "http://s3/path", "http://s3?x"})
    EXPECT_FALSE(Location::make(endpoint, "bucket", true).ok()) << endpoint;
  for (const char* bucket : {"", ".", "..", "a/b", "a b", "b?x", "b#", "b%2e", "\xC3\xA9"})
    EXPECT_FALSE(Location::make("http://s3", bucket, true).ok()) << bucket;
  for (const char* bucket : {"A_b", "ab", "-ab", "a..b", ".abc"})
    EXPECT_FALSE(Location::make("http://s3", bucket, false).ok()) << bucket;
}

TEST(S3Location, KeysThatServersWouldReadDifferentlyAreRefused) {
  const std::string long_key(1025, 'k');
  for (const std::string key : {"", ".", "..", "a/../b", "./a", "a/.", "\xff", "a\nb", long_key.c_str()})
    EXPECT_FALSE(check_key(key).ok()) << key;
  for (const char* key : {"a", "...", "a/..b/c", "dt=1/h:00+01/\xE2\x82\xAC x", "/a", "a//b", "a/"})
    EXPECT_TRUE(check_key(key).ok()) << key;
}

}  // namespace
}  // namespace forebay::wire::s3

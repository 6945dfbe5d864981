// S3's form of the signature gives what botocore gives for the same request; dates of its answers.
#include <gtest/gtest.h>

#include "wire/aws/date.h"
#include "wire/aws/sigv4.h"

namespace forebay::wire::aws {
namespace {

const WallTime kNow = from_millis(1'767'323'045'000);
const Credentials kCredentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "TOKEN/1"};

std::string signature_of(HttpRequest request) {
  sign_s3(request, kCredentials, "eu-west-1", sha256(request.body), kNow);
  const std::string& header = request.headers.back().second;
  return header.substr(header.rfind('=') + 1);
}

TEST(SignS3, KeysWithSpecialCharactersAndDoubleSlashesAreSignedAsSent) {
  HttpRequest request;
  request.method = "PUT";
  request.url = "http://127.0.0.1:9000/bucket/dt%3D1/a%2Bb%3Ac%20d//%C3%A9~.gz";
  request.headers = {{"content-type", "application/gzip"}, {"if-none-match", "*"}, {"x-amz-meta-forebay-sha256", "00"}};
  request.body = as_bytes("hello");
  EXPECT_EQ(signature_of(request), "c8ce58b76074792d64e12a48d0e668519078446dace5bc9dfc134e6a644b0467");
}

TEST(SignS3, QueriesOfAVirtualHostAreSigned) {
  HttpRequest request;
  request.method = "GET";
  request.url =
      "https://bucket.s3.eu-west-1.amazonaws.com/?encoding-type=url&list-type=2&max-keys=5&prefix=a%2Fb&start-after=";
  EXPECT_EQ(signature_of(request), "2939d0513baf84d8b4b0f54b53e014c248ffe54638fdf80596c2391069ae8765");
}

TEST(IsoTime, TakesFractionsAndNothingElse) {
  EXPECT_EQ(parse_iso_time("2026-01-02T03:04:05Z"), kNow);
  EXPECT_EQ(parse_iso_time("2026-01-02T03:04:05.6Z"), kNow + std::chrono::milliseconds(600));
  EXPECT_EQ(parse_iso_time("2026-01-02T03:04:05.678901234Z"), kNow + std::chrono::milliseconds(678));
  for (const char* bad :
       {"", "2026-01-02T03:04:05", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05,6Z", "2026-01-02T03:04:05.6xZ",
        "2026-13-02T03:04:05Z", "2026-01-02 03:04:05Z", "2026-01-02T03:04:05+00:00Z"})
    EXPECT_FALSE(parse_iso_time(bad)) << bad;
}

}  // namespace
}  // namespace forebay::wire::aws

// Signatures made by botocore verify, ours match the reference vectors, and every fault has the service's type and
// text.
#include "wire/aws/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "tests/unit/wire/golden_file.h"
#include "wire/aws/date.h"
#include "wire/aws/uri.h"

namespace forebay::wire::aws {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

const WallTime kNow = from_millis(1'767'323'045'000);
const Credentials kCredentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
constexpr std::string_view kBody = R"({"StreamName":"s1","PartitionKey":"p","Data":"aGk="})";

/// Owns what a SignedRequestView borrows.
struct Request {
  std::string method = "POST";
  std::string path = "/";
  std::string query;
  Headers headers;
  std::string body{kBody};

  void set(std::string_view name, std::string value) {
    for (auto& header : headers)
      if (header.first == name) header.second = value;
  }
  void remove(std::string_view name) {
    std::erase_if(headers, [&](const auto& header) { return header.first == name; });
  }
  template <class Use>
  auto with_view(Use use) const {
    std::vector<std::pair<std::string_view, std::string_view>> views(headers.begin(), headers.end());
    return use(SignedRequestView{method, path, query, views});
  }
};

/// The fault of parsing and verifying, or empty.
std::optional<SignatureFault> check(const Request& request, WallTime now = kNow,
                                    std::string_view secret = kCredentials.secret_access_key) {
  return request.with_view([&](const SignedRequestView& view) -> std::optional<SignatureFault> {
    auto claim = parse_claim(view);
    if (auto* fault = std::get_if<SignatureFault>(&claim)) return *fault;
    SigningKeyCache cache;
    return verify(view, std::get<Claim>(claim), secret, sha256(as_bytes(request.body)), now, cache);
  });
}

void expect_fault(const Request& request, const std::string& type, const std::string& message, WallTime now = kNow) {
  auto fault = check(request, now);
  ASSERT_TRUE(fault) << "accepted; expected " << message;
  EXPECT_EQ(fault->type, type);
  EXPECT_EQ(fault->message, message);
}

constexpr const char* kMismatch =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and "
    "signing method. Consult the service documentation for details.";

/// The first reference vector (kinesis 10).
Request reference_request() {
  Request request;
  request.headers = {{"host", "gw.example:4567"},
                     {"content-type", "application/x-amz-json-1.1"},
                     {"x-amz-target", "Kinesis_20131202.PutRecord"},
                     {"x-amz-date", "20260102T030405Z"},
                     {"authorization",
                      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/kinesis/aws4_request, "
                      "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
                      "Signature=2df987c02ae2b3005de091369ccf3a2de76f22e5b3824d6ae03a87d13ee91d8b"}};
  return request;
}

Request golden_request(const nlohmann::json& vector) {
  Request request{vector["method"], vector["path"], vector["query"], {}, vector["body"]};
  for (const auto& header : vector["headers"]) request.headers.emplace_back(header[0], header[1]);
  return request;
}

TEST(SigV4, ReferenceVectorsVerify) {
  EXPECT_FALSE(check(reference_request()));
  Request http2;
  http2.headers = {{":authority", "gw.example:4567"},
                   {"content-type", "application/x-amz-json-1.1"},
                   {"x-amz-target", "Kinesis_20131202.PutRecord"},
                   {"x-amz-date", "20260102T030405Z"},
                   {"x-amz-content-sha256", "7c7f896767d093723b70f09bb51ee8a72f7e1eb3a863e8bef44d0d4af7c000aa"},
                   {"authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/kinesis/aws4_request,"
                    "SignedHeaders=:authority;content-type;x-amz-content-sha256;x-amz-date;x-amz-target,"
                    "Signature=eda062686ac0111afeca9068904c81b63f7515b4775c002641ae98d0eadaf753"}};
  EXPECT_FALSE(check(http2));
}

TEST(SigV4, RequestsOfBotocoreVerifyAndChangedOnesDoNot) {
  const auto golden = nlohmann::json::parse(test::golden_text("sigv4/botocore.json"));
  ASSERT_GE(golden["vectors"].size(), 10u);
  for (const auto& vector : golden["vectors"]) {
    SCOPED_TRACE(vector["name"].get<std::string>());
    const Request request = golden_request(vector);
    auto fault = check(request);
    EXPECT_FALSE(fault) << fault->message;
    request.with_view([&](const SignedRequestView& view) {
      auto claim = std::get<Claim>(parse_claim(view));
      EXPECT_EQ(claim.access_key_id, golden["access_key_id"]);
      EXPECT_EQ(claim.region, vector["region"]);
      EXPECT_EQ(claim.service, vector["service"]);
      EXPECT_EQ(claim.security_token, vector["token"]);
      EXPECT_EQ(claim.expires_seconds, vector["expires"]);
      EXPECT_EQ(claim.time, kNow);
      return 0;
    });
    Request changed = request;
    changed.body += " ";
    EXPECT_TRUE(check(changed));
    changed = request;
    changed.path += "x";
    EXPECT_TRUE(check(changed));
    changed = request;
    changed.method = "PUT";
    EXPECT_TRUE(check(changed));
    changed = request;
    changed.query += "&added=1";
    EXPECT_TRUE(check(changed));
    changed = request;
    changed.set("host", "other.example");
    EXPECT_TRUE(check(changed));
    EXPECT_TRUE(check(request, kNow, "another secret"));
  }
}

TEST(SigV4, OurSignaturesVerifyAndReplaceEarlierOnes) {
  const std::string body = "payload";
  for (const std::string token : {"", "token=="}) {
    HttpRequest http;
    http.url = "https://gw.example:443/upload/v1/open?x=1&a=%20";
    http.headers = {{"Content-Type", "application/x-forebay-upload"}, {"User-Agent", "forebay"}};
    http.body = as_bytes(body);
    Credentials credentials = kCredentials;
    credentials.session_token = token;
    sign(http, credentials, "eu-central-1", "forebay", kNow - std::chrono::hours(1));
    const std::size_t headers = http.headers.size();
    sign(http, credentials, "eu-central-1", "forebay", kNow);
    EXPECT_EQ(http.headers.size(), headers);
    Request request{"POST", "/upload/v1/open", "x=1&a=%20", {{"host", "gw.example"}}, body};
    for (auto [name, value] : http.headers) {
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      request.headers.emplace_back(name, value);
    }
    auto fault = check(request);
    EXPECT_FALSE(fault) << fault->message;
    request.set("x-amz-security-token", "other");
    EXPECT_EQ(check(request).has_value(), !token.empty());
  }
}

TEST(SigV4, HostAndAuthorityStandInForEachOther) {
  Request request = reference_request();
  request.headers[0].first = ":authority";
  EXPECT_FALSE(check(request));
}

TEST(SigV4, MissingPartsAreNamed) {
  Request request = reference_request();
  request.remove("authorization");
  expect_fault(request, "MissingAuthenticationTokenException", "Missing Authentication Token");
  request.headers.emplace_back("authorization", "AWS4-HMAC-SHA256 Credential=a/b");
  expect_fault(request, "IncompleteSignatureException",
               "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' "
               "parameter. Authorization=AWS4-HMAC-SHA256 Credential=a/b");
  request.set("authorization", "X");
  request.remove("x-amz-date");
  expect_fault(
      request, "IncompleteSignatureException",
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
      "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either "
      "a 'X-Amz-Date' or a 'Date' header. Authorization=X");
  request = reference_request();
  request.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256";
  expect_fault(request, "InvalidSignatureException",
               "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
  request.remove("authorization");
  expect_fault(request, "IncompleteSignatureException",
               "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include "
               "'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string "
               "parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.");
}

TEST(SigV4, MalformedPartsAreRefused) {
  auto with = [](const char* from, const char* to) {
    Request request = reference_request();
    std::string text = request.headers[4].second;
    text.replace(text.find(from), std::string_view(from).size(), to);
    request.set("authorization", text);
    return request;
  };
  EXPECT_EQ(check(with("/us-east-1", ""))->type, "IncompleteSignatureException");
  EXPECT_EQ(check(with("AWS4-HMAC", "AWS4-ECDSA"))->type, "IncompleteSignatureException");
  EXPECT_EQ(check(with("aws4_request", "other"))->type, "InvalidSignatureException");
  EXPECT_EQ(check(with("host;", ""))->message,
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  EXPECT_THAT(check(with("/20260102/", "/20260101/"))->message, ::testing::StartsWith("Date in Credential scope"));
  expect_fault(with("Signature=2df9", "Signature=3df9"), "InvalidSignatureException", kMismatch);
  expect_fault(with("Signature=2df9", "Signature="), "InvalidSignatureException", kMismatch);
  expect_fault(with("us-east-1", "us-east-2"), "InvalidSignatureException", kMismatch);
  Request request = reference_request();
  request.set("x-amz-date", "2026-01-02T03:04:05Z");
  EXPECT_EQ(check(request)->type, "IncompleteSignatureException");
}

TEST(SigV4, TimeMayDifferByFiveMinutes) {
  const Request request = reference_request();
  EXPECT_FALSE(check(request, kNow + std::chrono::minutes(5)));
  EXPECT_FALSE(check(request, kNow - std::chrono::minutes(5)));
  expect_fault(request, "InvalidSignatureException",
               "Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z (20260102T030906Z - 5 min.)",
               kNow + std::chrono::seconds(301));
  expect_fault(request, "InvalidSignatureException",
               "Signature not yet current: 20260102T030405Z is still later than 20260102T030404Z (20260102T025904Z + 5 "
               "min.)",
               kNow - std::chrono::seconds(301));
}

TEST(SigV4, PresignedRequestsEndWithTheirExpiry) {
  const auto golden = nlohmann::json::parse(test::golden_text("sigv4/botocore.json"));
  for (const auto& vector : golden["vectors"]) {
    if (vector["name"] != "presigned") continue;
    const Request request = golden_request(vector);
    EXPECT_FALSE(check(request, kNow + std::chrono::seconds(900)));
    auto fault = check(request, kNow + std::chrono::seconds(901));
    ASSERT_TRUE(fault);
    EXPECT_THAT(fault->message, ::testing::StartsWith("Signature expired: 20260102T031905Z is now earlier than"));
    EXPECT_TRUE(check(request, kNow - std::chrono::seconds(301)));
    Request bad = request;
    bad.query.replace(bad.query.find("X-Amz-Expires=900"), 17, "X-Amz-Expires=604801");
    EXPECT_EQ(check(bad)->type, "IncompleteSignatureException");
    return;
  }
  FAIL() << "no presigned vector";
}

TEST(SigV4, PayloadDigestMustBeTheBodysWhenGiven) {
  Request request = reference_request();
  request.headers.emplace_back("x-amz-content-sha256", to_hex(sha256(as_bytes(kBody))));
  EXPECT_FALSE(check(request));
  for (const char* value : {"UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "00", ""}) {
    request.set("x-amz-content-sha256", value);
    auto fault = check(request);
    ASSERT_TRUE(fault) << value;
    EXPECT_EQ(fault->type, "InvalidSignatureException");
    EXPECT_THAT(fault->message, ::testing::HasSubstr("x-amz-content-sha256"));
  }
}

TEST(SigV4, DateHeaderServesWhenThereIsNoAmzDate) {
  Request request = reference_request();
  request.remove("x-amz-date");
  request.headers.emplace_back("date", "Fri, 02 Jan 2026 03:04:05 GMT");
  request.with_view([&](const SignedRequestView& view) {
    auto claim = parse_claim(view);
    EXPECT_TRUE(std::holds_alternative<Claim>(claim));
    EXPECT_EQ(std::get<Claim>(claim).time, kNow);
    return 0;
  });
}

TEST(SigningKeyCache, StaysBoundedAndTellsSecretsApart) {
  SigningKeyCache cache;
  const Sha256 first = cache.get("id", "one", "20260102", "r", "s");
  EXPECT_EQ(cache.get("id", "one", "20260102", "r", "s"), first);
  EXPECT_NE(cache.get("id", "two", "20260102", "r", "s"), first);
  for (std::size_t i = 0; i < 2 * SigningKeyCache::kEntriesMax; ++i)
    cache.get("id", "one", "20260102", std::to_string(i), "s");
  EXPECT_EQ(cache.get("id", "one", "20260102", "r", "s"), first);
}

TEST(Uri, CodingFollowsTheRules) {
  EXPECT_EQ(uri_encode("a b/~é"), "a%20b%2F~%C3%A9");
  EXPECT_EQ(uri_encode("a/b", true), "a/b");
  EXPECT_EQ(uri_decode("a%20b%2f%zz%4"), "a b/%zz%4");
  EXPECT_EQ(uri_decode("%"), "%");
  EXPECT_EQ(uri_decode("%41"), "A");
  EXPECT_EQ(canonical_query("b=2&a=&c&a=1&X-Amz-Signature=s", "X-Amz-Signature"), "a=&a=1&b=2&c=");
  EXPECT_EQ(canonical_path(""), "/");
  EXPECT_EQ(canonical_path("/a//b/./c/../d"), "/a/b/d");
  EXPECT_EQ(canonical_path("/../.."), "/");
  EXPECT_EQ(canonical_path("/a%20b/"), "/a%2520b/");
}

TEST(Uri, UrlsAreSplitAndOwnPortsDropped) {
  auto url = split_url("https://gw.example:443/a/b?x=1#f");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->authority, "gw.example");
  EXPECT_EQ(url->path, "/a/b");
  EXPECT_EQ(url->query, "x=1");
  EXPECT_EQ(split_url("http://[::1]:4567")->authority, "[::1]:4567");
  EXPECT_EQ(split_url("http://h?q")->path, "/");
  for (const char* bad : {"", "gw.example", "ftp://h/", "http://", "http:///x", "http://user@h/"})
    EXPECT_FALSE(split_url(bad)) << bad;
}

TEST(Date, BothFormsRoundTripAndRefuseOthers) {
  EXPECT_EQ(to_basic_time(kNow), "20260102T030405Z");
  EXPECT_EQ(to_http_date(kNow), "Fri, 02 Jan 2026 03:04:05 GMT");
  EXPECT_EQ(parse_basic_time("20260102T030405Z"), kNow);
  EXPECT_EQ(parse_http_date("Fri, 02 Jan 2026 03:04:05 GMT"), kNow);
  for (const char* bad :
       {"", "20260102T030405", "20261302T030405Z", "20260230T030405Z", "20260102T240405Z", "2026010aT030405Z"})
    EXPECT_FALSE(parse_basic_time(bad)) << bad;
  for (const char* bad : {"", "Friday, 02-Jan-26 03:04:05 GMT", "Fri, 02 Jan 2026 03:04:05 UTC",
                          "Fri, 02 Foo 2026 03:04:05 GMT", "Fri, 31 Feb 2026 03:04:05 GMT"})
    EXPECT_FALSE(parse_http_date(bad)) << bad;
}

}  // namespace
}  // namespace forebay::wire::aws

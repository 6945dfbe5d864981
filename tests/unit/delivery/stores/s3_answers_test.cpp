// Answers that no server of the other tests gives: pages of a list without keys, uploads without a time, a clock that
// two calls learn of at the same moment.
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "tests/unit/delivery/stores/s3_rig.h"

namespace forebay::gateway::delivery {
namespace {

using Answer = std::function<HttpResponse(const HttpRequest&)>;

class AnsweredHttp final : public HttpClient {
 public:
  explicit AnsweredHttp(const Answer& answer) : answer_(answer) {}
  Result<HttpResponse> perform(const HttpRequest& request) override { return answer_(request); }
  void cancel() override {}

 private:
  const Answer& answer_;
};

struct S3Answers : ::testing::Test {
  std::unique_ptr<S3Client> client() {
    auto pool = std::make_shared<ClientPool>(2, [this] { return std::make_unique<AnsweredHttp>(answer); });
    auto keys = std::make_shared<KeyRing>(std::vector<std::string>{"AKID"});
    return std::make_unique<S3Client>("eu-west-1", std::move(pool), std::move(keys), pause,
                                      S3World{clock, entropy, Logger(log, "store")});
  }
  std::unique_ptr<S3Store> store() {
    auto location = wire::s3::Location::make("http://s3.example", "bucket", true);
    return std::make_unique<S3Store>(*std::move(location), client());
  }
  static HttpResponse xml(const std::string& body) { return {200, {}, to_buffer(as_bytes(body))}; }
  static std::string listed(const std::string& key) {
    return "<Contents><Key>" + key + "</Key><LastModified>2026-01-01T00:00:00Z</LastModified><Size>1</Size></Contents>";
  }

  test::ManualClock clock;
  test::SeededEntropy entropy{1};
  test::LogCapture log;
  std::shared_ptr<CountedPause> pause = std::make_shared<CountedPause>(clock);
  Answer answer;
};

TEST_F(S3Answers, PageOfAListWithoutKeysIsFollowedByItsToken) {
  std::vector<std::string> urls;
  answer = [&](const HttpRequest& request) {
    urls.push_back(request.url);
    if (request.url.find("continuation-token=T%2F1") != std::string::npos)
      return xml("<ListBucketResult>" + listed("p/b") + "<IsTruncated>false</IsTruncated></ListBucketResult>");
    if (request.url.find("start-after=p%2Fa") != std::string::npos)
      return xml(
          "<ListBucketResult><IsTruncated>true</IsTruncated>"
          "<NextContinuationToken>T/1</NextContinuationToken></ListBucketResult>");
    return xml("<ListBucketResult>" + listed("p/a") + "<IsTruncated>true</IsTruncated></ListBucketResult>");
  };
  const auto found = store()->list("p/", "", 10);
  ASSERT_TRUE(found.ok()) << found.error().to_string();
  ASSERT_EQ(found->size(), 2u) << "what is behind deleted keys is not forgotten";
  EXPECT_EQ((*found)[1].key, "p/b");
  EXPECT_EQ(urls.size(), 3u);
}

TEST_F(S3Answers, ListThatNeverEndsIsAnError) {
  int pages = 0;
  answer = [&](const HttpRequest&) {
    ++pages;
    return xml(
        "<ListBucketResult><IsTruncated>true</IsTruncated>"
        "<NextContinuationToken>T</NextContinuationToken></ListBucketResult>");
  };
  EXPECT_EQ(store()->list("p/", "", 10).error().code, Errc::unavailable);
  EXPECT_EQ(pages, 1000);
  const std::string no_token = "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>";
  answer = [&](const HttpRequest&) { return xml(no_token); };
  EXPECT_EQ(store()->list("p/", "", 10).error().code, Errc::unavailable);
}

TEST_F(S3Answers, UploadWithoutATimeIsLeftAlone) {
  std::vector<std::string> aborted;
  answer = [&](const HttpRequest& request) {
    if (request.method == "DELETE") aborted.push_back(request.url);
    return xml(
        "<ListMultipartUploadsResult><Upload><Key>p/lake-1-2026-01-02-03-04-05-11111111-2222-8333-8444-55555555555a</"
        "Key><UploadId>u1</UploadId></Upload><Upload><Key>p/"
        "lake-1-2026-01-02-03-04-05-11111111-2222-8333-8444-55555555555b</Key>"
        "<UploadId>u2</UploadId><Initiated>2025-12-01T00:00:00Z</Initiated></Upload></ListMultipartUploadsResult>");
  };
  const auto count = store()->abort_leftovers("p/", "lake", clock.wall_now() - std::chrono::hours(24));
  ASSERT_TRUE(count.ok()) << count.error().to_string();
  EXPECT_EQ(*count, 1u) << "it may be under way";
  ASSERT_EQ(aborted.size(), 1u);
  EXPECT_NE(aborted[0].find("u2"), std::string::npos);
}

TEST_F(S3Answers, TwoCallsThatLearnOfAClockTogetherLearnTheSame) {
  // Both are signed before either is answered: the difference is 20 minutes, not twice that.
  std::latch both(2);
  std::atomic<int> calls{0};
  answer = [&](const HttpRequest& request) {
    const bool first = calls++ < 2;
    if (first) both.arrive_and_wait();
    std::string date;
    for (const auto& [name, value] : request.headers)
      if (name == "x-amz-date") date = value;
    const bool good = date >= "20260102T031900Z" && date < "20260102T033000Z";
    return HttpResponse{good ? 200 : 403,
                        {{"date", "Fri, 02 Jan 2026 03:24:05 GMT"}},
                        to_buffer(as_bytes(good ? "" : "<Error><Code>RequestTimeTooSkewed</Code></Error>"))};
  };
  const auto shared = client();
  const auto put = [&] {
    S3Call call;
    call.method = "PUT";
    call.url = "http://s3.example/bucket/k";
    EXPECT_TRUE(shared->perform(call).ok());
  };
  std::thread other(put);
  put();
  other.join();
  EXPECT_EQ(shared->skew(), Milliseconds(20 * 60 * 1000));
  EXPECT_EQ(calls, 4);
}

}  // namespace
}  // namespace forebay::gateway::delivery

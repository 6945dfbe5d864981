// Lambda's event source mapping: the event, retries, bisecting, partial failures, age, parallel batches.
#include "gateway/delivery/sinks/function_sink.h"

#include <gtest/gtest.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "gateway/delivery/sinks/function_event.h"
#include "tests/unit/delivery/sinks/sink_rig.h"

namespace forebay::gateway::delivery {
namespace {

using Json = nlohmann::json;
using Kind = Invocation::Kind;

std::vector<std::string> datas_of(const Json& event) {
  std::vector<std::string> out;
  for (const Json& record : event["Records"]) {
    Buffer data;
    EXPECT_TRUE(from_base64(record["kinesis"]["data"].get<std::string>(), data));
    out.emplace_back(as_text(data));
  }
  return out;
}

std::string report(const Json& event, const std::string& data) {
  const auto datas = datas_of(event);
  const auto at = static_cast<std::size_t>(std::find(datas.begin(), datas.end(), data) - datas.begin());
  return Json{{"batchItemFailures", {{{"itemIdentifier", event["Records"][at]["kinesis"]["sequenceNumber"]}}}}}.dump();
}

class Function : public ::testing::Test {
 protected:
  using Calls = std::vector<std::vector<std::string>>;
  struct Invoker final : FunctionInvoker {
    explicit Invoker(Function& test) : test_(test) {}
    Invocation invoke(std::string_view event, WallTime) override {
      const Json document = Json::parse(event);
      std::lock_guard lock(test_.mutex);
      test_.events.push_back(document);
      test_.calls.push_back(datas_of(document));
      return test_.function(document);
    }
    void cancel() override { test_.cancels++; }
    Function& test_;
  };

  void make() {
    sink =
        std::make_unique<FunctionSink>(destination, test_source(), [this] { return std::make_unique<Invoker>(*this); });
  }
  RecordSink::Outcome deliver(std::size_t from = 0, std::uint32_t attempt = 1) {
    if (!sink) make();
    calls.clear();
    return sink->deliver(records.from(from), test_attempt(attempt));
  }
  void numbers(int count) {
    for (int i = 0; i < count; ++i) records.add("key", std::to_string(i));
  }
  /// Fails whenever a batch holds one of these.
  void fail_on(std::vector<std::string> bad) {
    function = [bad](const Json& event) {
      for (const std::string& data : datas_of(event))
        if (std::find(bad.begin(), bad.end(), data) != bad.end())
          return Invocation{Kind::function_error, "", "no " + data, {}};
      return Invocation{};
    };
  }

  FunctionDestination destination;
  Records records{16};
  std::function<Invocation(const Json&)> function = [](const Json&) { return Invocation{}; };
  std::mutex mutex;
  std::vector<Json> events;
  Calls calls;
  int cancels = 0;
  std::unique_ptr<FunctionSink> sink;
};

TEST_F(Function, EventIsLambdas) {
  records.add("k\"1", "hello");
  records.list()[0].arrival = from_millis(1'767'323'045'123);
  EXPECT_EQ(deliver().settled, 1u);
  const std::string number = events[0]["Records"][0]["kinesis"]["sequenceNumber"];
  EXPECT_EQ(events[0], Json::parse(R"({"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"k\"1",
    "sequenceNumber":")" + number + R"(","data":"aGVsbG8=","approximateArrivalTimestamp":1767323045.123},
    "eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000003:)" +
                                   number + R"(",
    "eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::123456789012:role/to-there",
    "awsRegion":"eu-central-1","eventSourceARN":"arn:aws:kinesis:eu-central-1:123456789012:stream/readings"}]})"));
  // counter = offset + 1 in the layout of the service
  EXPECT_EQ(number.size(), 56u);
}

TEST_F(Function, EventBytesBoundsTheEvent) {
  Records odd;
  odd.add(std::string(256, '\x01'), std::string(1000, 'x')).add("\xff\xfe", "");
  std::vector<const DeliveryRecord*> pointers{&odd.list()[0], &odd.list()[1]};
  const std::size_t bound = event_bytes(test_source(), odd.list()[0]) + event_bytes(test_source(), odd.list()[1]) + 16;
  EXPECT_LE(make_function_event(test_source(), pointers).json.size(), bound);
}

TEST_F(Function, BatchesAreCutBySizeAndBytes) {
  destination.batch_size = 2;
  numbers(5);
  EXPECT_EQ(deliver().settled, 5u);
  EXPECT_EQ(calls, (Calls{{"0", "1"}, {"2", "3"}, {"4"}}));
  destination.batch_size = 100;
  records = Records(50);
  for (int i = 0; i < 3; ++i) records.add("key", std::string(2'000'000, static_cast<char>('a' + i)));
  make();
  EXPECT_EQ(deliver().settled, 3u);
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].size(), 2u);
}

TEST_F(Function, FailedBatchIsRepeatedWithTheSameRecordsAndBlocksThoseBehind) {
  destination.batch_size = 2;
  numbers(6);
  fail_on({"2"});
  const auto outcome = deliver();
  EXPECT_EQ(outcome.settled, 2u);
  EXPECT_EQ(outcome.error, "no 2");
  EXPECT_EQ(calls, (Calls{{"0", "1"}, {"2", "3"}}));
  fail_on({});
  EXPECT_EQ(deliver(2).settled, 4u);
  EXPECT_EQ(calls, (Calls{{"2", "3"}, {"4", "5"}}));
}

TEST_F(Function, AttemptsEndInDeadLettersOfTheWholeBatch) {
  destination.batch_size = 2;
  destination.attempts_max = 2;
  numbers(4);
  fail_on({"1"});
  EXPECT_EQ(deliver(0, 1).settled, 0u);
  EXPECT_EQ(deliver(0, 2).settled, 0u);
  const auto outcome = deliver(0, 3);
  EXPECT_EQ(outcome.settled, 4u);
  ASSERT_EQ(outcome.failures.size(), 2u);
  EXPECT_EQ(outcome.failures[0].index, 0u);
  EXPECT_EQ(outcome.failures[1].index, 1u);
  EXPECT_EQ(outcome.failures[1].code, "RetryAttemptsExhausted");
  EXPECT_EQ(outcome.failures[1].message, "no 1");
  EXPECT_EQ(outcome.error, "");
}

TEST_F(Function, FunctionThatCannotBeReachedUsesUpNoAttempt) {
  destination.attempts_max = 0;
  numbers(1);
  function = [](const Json&) { return Invocation{Kind::unreachable, "", "down", Milliseconds(3'000)}; };
  for (int i = 0; i < 5; ++i) {
    const auto outcome = deliver();
    EXPECT_EQ(outcome.settled, 0u);
    EXPECT_EQ(outcome.retry_after, Milliseconds(3'000));
  }
  fail_on({"0"});
  EXPECT_EQ(deliver().failures.size(), 1u);
}

TEST_F(Function, BisectingFindsTheOneRecordThatFails) {
  destination.bisect_on_error = true;
  destination.attempts_max = 0;
  numbers(8);
  fail_on({"5"});
  const auto outcome = deliver();
  EXPECT_EQ(outcome.settled, 8u);
  ASSERT_EQ(outcome.failures.size(), 1u);
  EXPECT_EQ(outcome.failures[0].index, 5u);
  EXPECT_EQ(calls, (Calls{{"0", "1", "2", "3", "4", "5", "6", "7"},
                          {"0", "1", "2", "3"},
                          {"4", "5", "6", "7"},
                          {"4", "5"},
                          {"4"},
                          {"5"},
                          {"6", "7"}}));
}

TEST_F(Function, BisectingGoesOnWhereItWasAfterAnAttemptThatDidNotRun) {
  destination.bisect_on_error = true;
  numbers(4);
  fail_on({"0"});
  EXPECT_EQ(deliver().settled, 0u);  // down to one record, which waits for its next attempt
  EXPECT_EQ(calls.back(), (std::vector<std::string>{"0"}));
  fail_on({});
  EXPECT_EQ(deliver().settled, 4u);
  EXPECT_EQ(calls, (Calls{{"0"}, {"1"}, {"2", "3"}}));
}

TEST_F(Function, LowestReportedRecordIsTheCheckpoint) {
  destination.report_item_failures = true;
  numbers(4);
  function = [](const Json& event) {
    Json answer = Json::parse(report(event, "3"));
    answer["batchItemFailures"].push_back(Json::parse(report(event, "1"))["batchItemFailures"][0]);
    return Invocation{Kind::answered, answer.dump(), "", {}};
  };
  const auto outcome = deliver();
  EXPECT_EQ(outcome.settled, 1u);
  EXPECT_NE(outcome.error.find("reported record"), std::string::npos);
  EXPECT_TRUE(outcome.failures.empty());
  function = [](const Json&) { return Invocation{}; };
  EXPECT_EQ(deliver(1).settled, 3u);
  EXPECT_EQ(calls, (Calls{{"1", "2", "3"}}));
}

TEST_F(Function, ReportsWithBisectingContinueAtTheCheckpointAtOnce) {
  destination.report_item_failures = true;
  destination.bisect_on_error = true;
  destination.attempts_max = 1;
  numbers(4);
  function = [](const Json& event) {
    const auto datas = datas_of(event);
    const bool bad = std::find(datas.begin(), datas.end(), "2") != datas.end();
    return Invocation{Kind::answered, bad ? report(event, "2") : "", "", {}};
  };
  const auto first = deliver();
  EXPECT_EQ(first.settled, 2u);
  EXPECT_EQ(calls, (Calls{{"0", "1", "2", "3"}, {"2", "3"}, {"2"}}));
  const auto second = deliver(2);
  EXPECT_EQ(second.settled, 2u);
  ASSERT_EQ(second.failures.size(), 1u);
  EXPECT_EQ(second.failures[0].index, 0u);
}

TEST_F(Function, AnswersThatMeanSuccessAndAnswersThatFailTheBatch) {
  destination.report_item_failures = true;
  numbers(2);
  const auto settled = [&](const std::string& answer) {
    make();
    function = [answer](const Json&) { return Invocation{Kind::answered, answer, "", {}}; };
    return deliver().settled;
  };
  for (const char* good :
       {"", " \n", "null", "{}", R"({"batchItemFailures":null})", R"({"batchItemFailures":[]})", R"({"other":1})"})
    EXPECT_EQ(settled(good), 2u) << good;
  for (const char* bad :
       {"[]", "ok", "{", R"({"batchItemFailures":7})", R"({"batchItemFailures":[7]})", R"({"batchItemFailures":[{}]})",
        R"({"batchItemFailures":[{"itemIdentifier":""}]})", R"({"batchItemFailures":[{"itemIdentifier":null}]})",
        R"({"batchItemFailures":[{"itemidentifier":"1"}]})", R"({"batchItemFailures":[{"itemIdentifier":"12345"}]})"})
    EXPECT_EQ(settled(bad), 0u) << bad;
  destination.report_item_failures = false;
  EXPECT_EQ(settled("no JSON at all"), 2u);
}

TEST_F(Function, RecordsThatAreTooOldAreNotGivenToTheFunction) {
  destination.record_age_max_seconds = 60;
  numbers(4);
  for (const std::size_t old : {0u, 1u, 3u})
    records.list()[old].arrival = test_attempt().now - std::chrono::seconds(61);
  records.list()[2].arrival = test_attempt().now - std::chrono::seconds(60);
  const auto outcome = deliver();
  EXPECT_EQ(outcome.settled, 4u);
  ASSERT_EQ(outcome.failures.size(), 2u);
  EXPECT_EQ(outcome.failures[0].code, "RecordAgeExceeded");
  EXPECT_EQ(outcome.failures[1].index, 1u);
  EXPECT_EQ(calls, (Calls{{"2", "3"}}));  // a batch begins with a record that is young enough
}

TEST_F(Function, ParallelBatchesKeepTheOrderOfEveryKey) {
  destination.parallel_per_shard = 4;
  destination.batch_size = 3;
  for (int i = 0; i < 200; ++i) records.add("key" + std::to_string(i % 7), std::to_string(i));
  int fails = 0;
  std::map<std::string, int> last;
  int disorder = 0;
  function = [&](const Json& event) {
    if (++fails % 3 == 0) return Invocation{Kind::function_error, "", "flaky", {}};
    for (const Json& record : event["Records"]) {
      Buffer data;
      EXPECT_TRUE(from_base64(record["kinesis"]["data"].get<std::string>(), data));
      const int number = std::stoi(std::string(as_text(data)));
      const auto [before, first] = last.try_emplace(record["kinesis"]["partitionKey"], number);
      if (!first && number != before->second + 7) ++disorder;
      before->second = number;
    }
    return Invocation{};
  };
  make();
  EXPECT_EQ(sink->limits().records_max, 12u);
  std::size_t settled = 0;
  for (int attempt = 0; attempt < 400 && settled < 200; ++attempt) {
    const std::size_t count = std::min<std::size_t>(12, 200 - settled);
    settled += sink->deliver(records.from(settled).first(count), test_attempt()).settled;
  }
  EXPECT_EQ(settled, 200u);
  EXPECT_EQ(disorder, 0);  // also: nothing was given twice after it was taken
  EXPECT_EQ(last.size(), 7u);
  for (const auto& [key, number] : last) EXPECT_GE(number, 193) << key;
}

TEST_F(Function, CancelReachesEveryParallelBatch) {
  destination.parallel_per_shard = 3;
  make();
  sink->cancel();
  EXPECT_EQ(cancels, 3);
}

}  // namespace
}  // namespace forebay::gateway::delivery

// Every operation of Firehose as tests/golden/firehose_calls says.
#include <gtest/gtest.h>

#include "tests/unit/firehose/firehose_rig.h"
#include "tests/unit/firehose/listed_errors.h"
#include "tests/unit/gateway_front/kinesis/answer_comparison.h"

namespace forebay::gateway::test {
namespace {
using nlohmann::json;

class FileRun {
 public:
  explicit FileRun(const GoldenFile& file) : file_(file) {}

  void run() {
    for (const GoldenCall& call : file_.calls) run(call);
  }

 private:
  void run(const GoldenCall& call) {
    SCOPED_TRACE(file_.operation + ".txt:" + std::to_string(call.line) + " " + call.title);
    const double now = static_cast<double>(to_millis(rig_.kinesis.clock.wall_now())) / 1000;
    const CallAnswer answer = rig_.send(call.operation, expand(call.request, variables_, now));
    if (call.success) return check_success(call, answer, now);
    EXPECT_EQ(answer.type(), call.error);
    const auto type = wire::kinesis::error_type_from_name(call.error);
    EXPECT_EQ(answer.raw.status, type ? wire::kinesis::row_of(*type).http_status : 0);
    const std::string wanted = call.message == "*" ? answer.message() : expand(call.message, variables_, now);
    EXPECT_EQ(answer.message(), wanted);
  }

  void check_success(const GoldenCall& call, CallAnswer answer, double now) {
    ASSERT_EQ(answer.raw.status, 200) << answer.body.dump();
    if (!call.stated) return;
    EXPECT_EQ(answer.raw.headers["content-type"], "application/x-amz-json-1.1");
    EXPECT_EQ(answer.raw.headers["x-amzn-requestid"].size(), 36u);
    const json wanted = json::parse(expand(call.answer, {}, now), nullptr, false);
    ASSERT_FALSE(wanted.is_discarded()) << call.answer;
    AnswerComparison(variables_).compare(wanted, answer.body, "answer");
  }

  const GoldenFile& file_;
  FirehoseRig rig_;
  Variables variables_;
};

TEST(FirehoseCalls, EveryFile) {
  for (const std::string& operation : golden_operations(kFirehoseCalls)) {
    const GoldenFile file = read_golden_file(operation, kFirehoseCalls);
    FileRun(file).run();
  }
}

TEST(FirehoseCalls, EveryActionHasSuccessAndEachListedErrorOrAReason) {
  for (const firehose::Action& action : firehose::action_table()) {
    SCOPED_TRACE(action.name);
    const std::string name(action.name);
    ASSERT_TRUE(has_golden_file(name, kFirehoseCalls)) << "add tests/golden/firehose_calls/" << name << ".txt";
    const GoldenFile file = read_golden_file(name, kFirehoseCalls);
    const Shown shown = shown_by(file);
    EXPECT_TRUE(shown.success || file.never.contains("success"));
    for (const std::string& error : listed_errors(name)) {
      EXPECT_TRUE(never_of_firehose(error) != nullptr || shown.errors.contains(error) || file.never.contains(error))
          << error;
      EXPECT_FALSE(shown.errors.contains(error) && file.never.contains(error)) << error << " is shown";
    }
  }
}

TEST(FirehoseCalls, EveryFileIsOfAnAction) {
  for (const std::string& operation : golden_operations(kFirehoseCalls))
    EXPECT_NE(firehose::find_action(operation), nullptr) << operation;
}

TEST(FirehoseCalls, TheModelsOperationsAreTheTable) {
  std::size_t known = 0;
  for (const auto& [name, call] : firehose_model().items()) known += firehose::find_action(name) != nullptr ? 1 : 0;
  EXPECT_EQ(known, firehose_model().size());
  EXPECT_EQ(known, firehose::action_table().size());
}

}  // namespace
}  // namespace forebay::gateway::test

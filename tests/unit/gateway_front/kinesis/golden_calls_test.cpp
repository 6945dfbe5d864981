// Every operation as tests/golden/kinesis_calls says, in both encodings.
#include "tests/unit/gateway_front/kinesis/golden_calls.h"

#include <gtest/gtest.h>

#include <set>

#include "gateway/kinesis/action_table.h"
#include "tests/unit/gateway_front/kinesis/answer_comparison.h"
#include "tests/unit/gateway_front/kinesis/call_rig.h"
#include "tests/unit/gateway_front/kinesis/service_model.h"

namespace forebay::gateway::test {
namespace {
using kinesis::Encoding;
using nlohmann::json;

class FileRun {
 public:
  FileRun(const GoldenFile& file, Encoding encoding) : file_(file), encoding_(encoding) {}

  void run() {
    for (const GoldenCall& call : file_.calls)
      if (!call.json_only || encoding_ == Encoding::json) run(call);
  }

 private:
  void run(const GoldenCall& call) {
    SCOPED_TRACE(file_.operation + ".txt:" + std::to_string(call.line) + " " + call.title +
                 (encoding_ == Encoding::cbor ? " (CBOR)" : " (JSON)"));
    rig_.clock.step(call.clock_step_s);
    const double now = static_cast<double>(to_millis(rig_.clock.wall_now())) / 1000;
    const std::string request = expand(call.request, variables_, now);
    const json parsed = json::parse(request, nullptr, false);
    ASSERT_TRUE(call.json_only || !parsed.is_discarded()) << request;
    const CallAnswer answer =
        rig_.send(call.operation, parsed.is_discarded() ? request : encode_body(parsed, encoding_), encoding_);
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
    if (call.answer == "stream") {
      EXPECT_EQ(answer.raw.headers["content-type"], "application/vnd.amazon.eventstream");
      return;
    }
    EXPECT_EQ(answer.raw.headers["content-type"], content_type_of(encoding_));
    EXPECT_EQ(answer.raw.headers["x-amzn-requestid"].size(), 36u);
    if (call.answer.empty()) {
      EXPECT_EQ(answer.raw.body, "");
      return;
    }
    EXPECT_EQ(answer.raw.body.substr(0, 1), encoding_ == Encoding::cbor ? "\xbf" : "{") << "maps have indefinite length";
    const json wanted = json::parse(expand_kept(call.answer, now), nullptr, false);
    ASSERT_FALSE(wanted.is_discarded()) << call.answer;
    AnswerComparison(variables_).compare(wanted, answer.body, "answer");
  }
  /// Variables stay: AnswerComparison keeps them or compares with them.
  static std::string expand_kept(const std::string& text, double now) { return expand(text, {}, now); }

  const GoldenFile& file_;
  const Encoding encoding_;
  CallRig rig_;
  Variables variables_;
};

TEST(GoldenCalls, EveryFileInBothEncodings) {
  for (const std::string& operation : golden_operations()) {
    const GoldenFile file = read_golden_file(operation);
    FileRun(file, Encoding::json).run();
    FileRun(file, Encoding::cbor).run();
  }
}

TEST(GoldenCalls, EveryActionHasSuccessAndEachListedErrorOrAReason) {
  for (const kinesis::Action& action : kinesis::action_table()) {
    SCOPED_TRACE(action.name);
    const std::string name(action.name);
    EXPECT_TRUE(has_golden_file(name)) << "add tests/golden/kinesis_calls/" << name << ".txt";
    if (!has_golden_file(name)) continue;
    const GoldenFile file = read_golden_file(name);
    const Shown shown = shown_by(file);
    EXPECT_TRUE(action.declined ? !shown.errors.empty() : shown.success || file.never.contains("success"));
    if (action.declined) continue;
    for (const std::string& error : model_errors(name)) {
      const bool elsewhere = tested_for_all_calls(error) || never_answered(error) != nullptr;
      EXPECT_TRUE(elsewhere || shown.errors.contains(error) || file.never.contains(error)) << error;
      EXPECT_FALSE(shown.errors.contains(error) && file.never.contains(error)) << error << " is shown";
    }
  }
}

TEST(GoldenCalls, EveryFileIsOfAnAction) {
  for (const std::string& operation : golden_operations())
    EXPECT_NE(kinesis::find_action(operation), nullptr) << operation;
}

}  // namespace
}  // namespace forebay::gateway::test

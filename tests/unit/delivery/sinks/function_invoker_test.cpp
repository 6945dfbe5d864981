// The two ways to reach a function: a URL and a program.
#include <gtest/gtest.h>

#include "gateway/delivery/sinks/exec_invoker.h"
#include "gateway/delivery/sinks/http_invoker.h"
#include "sys/posix_process_runner.h"
#include "tests/unit/delivery/sinks/sink_rig.h"

namespace forebay::gateway::delivery {
namespace {

using Kind = Invocation::Kind;

Invocation invoke_http(Result<HttpResponse> answer) {
  HttpScript script;
  script.answer = [&](const HttpScript::Seen&) { return answer; };
  HttpInvoker invoker("https://functions.example/run", std::make_unique<ScriptedHttp>(script));
  Invocation out = invoker.invoke(R"({"Records":[]})", test_attempt().now);
  EXPECT_EQ(script.seen.at(0).body, R"({"Records":[]})");
  EXPECT_EQ(script.seen.at(0).header("Content-Type"), "application/json");
  return out;
}

TEST(HttpInvoker, StatusDecidesWhetherTheFunctionRan) {
  EXPECT_EQ(invoke_http(http_answer(200, "{}")).kind, Kind::answered);
  EXPECT_EQ(invoke_http(http_answer(202, "x")).answer, "x");
  for (const int status : {400, 404, 413, 500, 301})
    EXPECT_EQ(invoke_http(http_answer(status)).kind, Kind::function_error) << status;
  for (const int status : {429, 502, 503, 504})
    EXPECT_EQ(invoke_http(http_answer(status)).kind, Kind::unreachable) << status;
  EXPECT_EQ(invoke_http(http_answer(429, "", {{"retry-after", "5"}})).retry_after, Milliseconds(5'000));
  const auto fault =
      invoke_http(http_answer(200, R"({"errorMessage":"boom"})", {{"x-amz-function-error", "Unhandled"}}));
  EXPECT_EQ(fault.kind, Kind::function_error);
  EXPECT_NE(fault.error.find("boom"), std::string::npos);
}

TEST(HttpInvoker, TimeoutIsTheFunctionsFaultAndARefusedConnectionIsNot) {
  EXPECT_EQ(invoke_http(Error{Errc::timed_out, "slow"}).kind, Kind::function_error);
  EXPECT_EQ(invoke_http(Error{Errc::too_large, "endless"}).kind, Kind::function_error);
  EXPECT_EQ(invoke_http(Error{Errc::unavailable, "down"}).kind, Kind::unreachable);
  EXPECT_EQ(invoke_http(Error{Errc::cancelled, "stop"}).kind, Kind::unreachable);
}

Invocation invoke_shell(const std::string& script, const std::string& event) {
  ExecInvoker invoker({"/bin/sh", "-c", script}, test_source(), std::make_unique<PosixProcessRunner>());
  return invoker.invoke(event, test_attempt().now);
}

TEST(ExecInvoker, EventGoesInAnswerComesOut) {
  const auto out =
      invoke_shell("read line; echo \"$line|$FOREBAY_DELIVERY|$FOREBAY_STREAM|$FOREBAY_SHARD|$HOME\"", "{}\n");
  EXPECT_EQ(out.kind, Kind::answered);
  EXPECT_EQ(out.answer, "{}|to-there|readings|shardId-000000000003|\n");
}

TEST(ExecInvoker, ExitCodeAndComplaintAreTheError) {
  const auto out = invoke_shell("echo 'no luck' >&2; exit 7", "{}");
  EXPECT_EQ(out.kind, Kind::function_error);
  EXPECT_EQ(out.error, "/bin/sh ended with exit code 7: no luck");
  EXPECT_EQ(invoke_shell("kill -9 $$", "{}").error, "/bin/sh was ended by signal 9");
}

TEST(ExecInvoker, ProgramThatIsNotThereIsUnreachable) {
  ExecInvoker invoker({"/nonexistent/function"}, test_source(), std::make_unique<PosixProcessRunner>());
  EXPECT_EQ(invoker.invoke("{}", test_attempt().now).kind, Kind::unreachable);
  invoker.cancel();
  EXPECT_EQ(invoker.invoke("{}", test_attempt().now).kind, Kind::unreachable);
}

}  // namespace
}  // namespace forebay::gateway::delivery

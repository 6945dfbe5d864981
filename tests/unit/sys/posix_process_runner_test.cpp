// Real programs: what they get, what comes back, and that nothing of them stays.
#include "sys/posix_process_runner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "tests/support/temp_directory.h"

namespace forebay {
namespace {

ProcessRequest shell(const std::string& script) {
  ProcessRequest request;
  request.command = {"/bin/sh", "-c", script};
  request.environment = {"PATH=/usr/bin:/bin"};
  request.timeout = Milliseconds(20'000);
  return request;
}

std::string output_of(const Result<ProcessResult>& result) {
  return result.ok() ? std::string(as_text(result->output)) : result.error().to_string();
}

TEST(PosixProcessRunner, InputGoesInAndOutputComesBackWhole) {
  PosixProcessRunner runner;
  const std::string input(300'000, 'x');
  ProcessRequest request = shell("cat; echo oops >&2; exit 3");
  request.input = as_bytes(input);
  const auto result = runner.run(request);
  ASSERT_TRUE(result.ok()) << result.error().to_string();
  EXPECT_EQ(output_of(result), input);
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->signal, 0);
  EXPECT_EQ(result->complaint, "oops\n");
}

TEST(PosixProcessRunner, ProgramThatReadsNothingIsNoError) {
  PosixProcessRunner runner;
  const std::string input(1'000'000, 'x');
  ProcessRequest request = shell("exec 0<&-; echo done");
  request.input = as_bytes(input);
  EXPECT_EQ(output_of(runner.run(request)), "done\n");
}

TEST(PosixProcessRunner, EnvironmentAndFilesAreOnlyThoseGiven) {
  PosixProcessRunner runner;
  const int open_here = ::open("/dev/null", O_RDONLY);  // inherited unless closed on the way
  ASSERT_GE(open_here, 3);
  ProcessRequest request = shell("/usr/bin/env | sort; ls /proc/self/fd | tr '\\n' ' '");
  request.environment.push_back("SHARD=7");
  const std::string out = output_of(runner.run(request));
  ::close(open_here);
  EXPECT_NE(out.find("SHARD=7\n"), std::string::npos) << out;
  EXPECT_EQ(out.find("HOME="), std::string::npos) << out;
  EXPECT_TRUE(out.ends_with("0 1 2 3 ")) << out;  // 3 is the folder ls reads
}

TEST(PosixProcessRunner, SignalThatEndsAProgramIsTold) {
  PosixProcessRunner runner;
  const auto result = runner.run(shell("kill -9 $$"));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->signal, SIGKILL);
  EXPECT_EQ(result->exit_code, -1);
}

TEST(PosixProcessRunner, ProgramThatCannotBeStartedIsUnavailable) {
  PosixProcessRunner runner;
  ProcessRequest request;
  request.command = {"/nonexistent/program"};
  const auto result = runner.run(request);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Errc::unavailable);
  EXPECT_NE(result.error().context.find("/nonexistent/program"), std::string::npos);
}

TEST(PosixProcessRunner, TimeoutKillsTheWholeGroup) {
  test::TempDirectory folder;
  PosixProcessRunner runner;
  ProcessRequest request = shell("sleep 300 & echo $! > " + folder.file("pid") + "; wait");
  request.timeout = Milliseconds(300);
  const auto result = runner.run(request);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Errc::timed_out);
  const pid_t child = std::stoi(test::read_text(folder.file("pid")));
  while (::kill(child, 0) == 0) std::this_thread::yield();  // until it is reaped; a failure is a test that hangs
}

TEST(PosixProcessRunner, ChildLeftBehindIsKilledAndDoesNotHoldTheAnswer) {
  test::TempDirectory folder;
  PosixProcessRunner runner;
  const auto result = runner.run(shell("sleep 300 & echo $! > " + folder.file("pid") + "; echo answer"));
  EXPECT_EQ(output_of(result), "answer\n");
  const pid_t child = std::stoi(test::read_text(folder.file("pid")));
  while (::kill(child, 0) == 0) std::this_thread::yield();
}

TEST(PosixProcessRunner, TooMuchOutputEndsTheProgram) {
  PosixProcessRunner runner;
  ProcessRequest request = shell("yes");
  request.output_bytes_max = 100'000;
  const auto result = runner.run(request);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Errc::too_large);
}

TEST(PosixProcessRunner, LongComplaintKeepsItsEnd) {
  PosixProcessRunner runner;
  const auto result = runner.run(shell("i=0; while [ $i -lt 1000 ]; do echo line $i >&2; i=$((i+1)); done"));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->complaint.size(), 1024u);
  EXPECT_TRUE(result->complaint.ends_with("line 999\n"));
}

TEST(PosixProcessRunner, CancelEndsTheRunningAndEveryLaterProgram) {
  PosixProcessRunner runner;
  std::thread stopper([&] { runner.cancel(); });
  const auto result = runner.run(shell("sleep 300"));
  stopper.join();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Errc::cancelled);
  EXPECT_EQ(runner.run(shell("echo x")).error().code, Errc::cancelled);
}

}  // namespace
}  // namespace forebay

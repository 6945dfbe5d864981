// File, sensor and standard input sources on a real event loop.
#include <sys/stat.h>

#include <filesystem>
#include <future>
#include <nlohmann/json.hpp>

#include "agent/source/file_source.h"
#include "agent/source/sensor_source.h"
#include "agent/source/stdin_source.h"
#include "tests/unit/agent/source/fake_intake.h"
#include "tests/unit/agent/source/follow_rig.h"

namespace forebay::agent {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

class LocalSources : public ::testing::Test {
 protected:
  /// Runs the loop until `done`, at most 20 seconds.
  template <class Done>
  bool run_until(Done done) {
    const SteadyTime end = clock.steady_now() + Milliseconds(20'000);
    while (!done() && clock.steady_now() < end) {
      loop.restart();
      loop.run_one_for(std::chrono::seconds(1));
    }
    return done();
  }
  std::unique_ptr<FileSource> file_source() {
    FileSourceOptions options;
    options.name = "source 1 (file)";
    options.follow.paths = {folder.file("*.log")};
    options.follow.stream = "logs";
    options.follow.reader.device = "dev";
    return std::make_unique<FileSource>(loop, std::make_unique<InotifyFileWatcher>(), clock, Logger(log, "t"), options);
  }
  void write(const std::string& name, std::string_view text) {
    const int fd = ::open(folder.file(name).c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ASSERT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(fd);
  }
  boost::asio::io_context loop;
  SystemClock clock;
  test::LogCapture log;
  test::TempDirectory folder;
  FakeIntake intake;
};

TEST_F(LocalSources, FileSourceFollowsWritesNewFilesAndRotationByEvents) {
  auto source = file_source();
  ASSERT_TRUE(source->start(intake, {}, false, nullptr).ok());
  loop.run_for(std::chrono::milliseconds(1));
  write("a.log", "one\n");
  ASSERT_TRUE(run_until([&] { return intake.lines() == Lines{"one"}; }));
  write("a.log", "two\n");
  ASSERT_TRUE(run_until([&] { return intake.lines().size() == 2; }));
  fs::rename(folder.file("a.log"), folder.file("a.log.1"));
  write("a.log.1", "three\n");
  write("a.log", "four\n");
  ASSERT_TRUE(run_until([&] { return intake.lines().size() == 4; }));
  EXPECT_EQ(intake.lines(), (Lines{"one", "two", "three", "four"}));
  EXPECT_FALSE(source->status().stuck);
  source->stop();
}

TEST_F(LocalSources, FileSourceWaitsForSpaceAndLosesNothing) {
  write("a.log", "one\ntwo\n");
  auto source = file_source();
  intake.set_full(true);
  ASSERT_TRUE(source->start(intake, {}, false, nullptr).ok());
  loop.run_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(intake.lines().empty());
  intake.set_full(false);
  EXPECT_TRUE(run_until([&] { return intake.lines() == Lines{"one", "two"}; }));
  source->stop();
}

TEST_F(LocalSources, FileSourceOnceEndsAndContinuesFromItsPositions) {
  write("a.log", "one\n");
  bool ended = false;
  auto first = file_source();
  ASSERT_TRUE(first->start(intake, {}, true, [&] { ended = true; }).ok());
  ASSERT_TRUE(run_until([&] { return ended; }));
  write("a.log", "two\n");
  ended = false;
  auto second = file_source();
  ASSERT_TRUE(second->start(intake, intake.positions, true, [&] { ended = true; }).ok());
  ASSERT_TRUE(run_until([&] { return ended; }));
  EXPECT_EQ(intake.lines(), (Lines{"one", "two"}));
}

TEST_F(LocalSources, FileSourcePollsWhenNothingCanBeWatched) {
  struct Blind : InotifyFileWatcher {
    Result<void> watch(const std::string&) override { return Error{Errc::no_space, "no watches left"}; }
    [[nodiscard]] int descriptor() const override { return -1; }
  };
  FileSourceOptions options;
  options.follow.paths = {folder.file("*.log")};
  options.follow.stream = "logs";
  options.poll_interval = Milliseconds(20);
  FileSource source(loop, std::make_unique<Blind>(), clock, Logger(log, "t"), options);
  ASSERT_TRUE(source.start(intake, {}, false, nullptr).ok());
  loop.run_for(std::chrono::milliseconds(1));
  write("a.log", "one\n");
  ASSERT_TRUE(run_until([&] { return intake.lines().size() == 1; }));
  write("a.log", "two\n");
  EXPECT_TRUE(run_until([&] { return intake.lines().size() == 2; }));
  EXPECT_EQ(log.count("cannot be watched"), 1u);
  source.stop();
}

TEST_F(LocalSources, FileSourceSleepsWhenNothingHappens) {
  write("a.log", "one\n");
  auto source = file_source();
  ASSERT_TRUE(source->start(intake, {}, false, nullptr).ok());
  ASSERT_TRUE(run_until([&] { return intake.lines().size() == 1; }));
  loop.restart();
  loop.run_for(std::chrono::milliseconds(150));  // what the write left behind
  loop.restart();
  EXPECT_EQ(loop.run_for(std::chrono::milliseconds(1500)), 0u);
  source->stop();
}

class Sensors : public LocalSources {
 protected:
  BlockingPool pool{1, 8};

  SensorReaderOptions options() {
    SensorReaderOptions options;
    options.device = "press \"7\"";
    options.stream = "sensors";
    options.root = folder.path();
    return options;
  }
  void tree(const std::string& path, std::string_view text) {
    fs::create_directories(fs::path(folder.path() + path).parent_path());
    folder.write(path.substr(1), text);
  }
};

TEST_F(Sensors, BuiltInGroupsReadAFakeTree) {
  tree("/proc/loadavg", "0.25 1.50 2.00 1/234 5678\n");
  tree("/proc/meminfo", "MemTotal:        2000 kB\nMemFree: 5 kB\nMemAvailable:    1000 kB\n");
  tree("/sys/class/thermal/thermal_zone0/temp", "45125\n");
  tree("/sys/class/hwmon/hwmon3/temp1_input", "-5500\n");
  tree("/sys/class/hwmon/hwmon3/fan2_input", "1200\n");
  SensorReaderOptions all = options();
  for (const char* group : {"load", "memory", "thermal", "hwmon"}) {
    const auto rules = sensor_group(group);
    all.rules.insert(all.rules.end(), rules->begin(), rules->end());
  }
  test::ManualClock fixed;
  InotifyFileWatcher watcher;
  SensorReader reader(watcher, fixed, Logger(log, "t"), all);
  spool::RecordChunk chunk("sensors");
  reader.sample(chunk);
  std::map<std::string, double> got;
  spool::RecordChunkReader records(chunk.bytes());
  while (const auto record = records.next()) {
    const auto json = nlohmann::json::parse(as_text(record->data));
    EXPECT_EQ(json["device"], "press \"7\"");
    EXPECT_EQ(json["time"], "2026-01-02T03:04:05.000Z");
    EXPECT_EQ(json.size(), 5u);
    got[json["path"].get<std::string>() + " " + json["unit"].get<std::string>()] = json["value"].get<double>();
  }
  const std::map<std::string, double> want{{"/proc/loadavg:1min ", 0.25},
                                           {"/proc/loadavg:5min ", 1.5},
                                           {"/proc/loadavg:15min ", 2},
                                           {"/proc/meminfo:total B", 2048000},
                                           {"/proc/meminfo:available B", 1024000},
                                           {"/sys/class/thermal/thermal_zone0/temp C", 45.125},
                                           {"/sys/class/hwmon/hwmon3/temp1_input C", -5.5},
                                           {"/sys/class/hwmon/hwmon3/fan2_input rpm", 1200}};
  EXPECT_EQ(got, want);
  EXPECT_FALSE(sensor_group("voltage").ok());
}

TEST_F(Sensors, UnreadableSensorIsReportedOnceAndComesBack) {
  SensorReaderOptions one = options();
  one.rules.push_back({"/dev/adc", 0.5, "V", "", 0, ""});
  InotifyFileWatcher watcher;
  SensorReader reader(watcher, clock, Logger(log, "t"), one);
  spool::RecordChunk chunk("sensors");
  for (int i = 0; i < 3; ++i) reader.sample(chunk);
  EXPECT_EQ(log.count("sensor cannot be read"), 1u);
  EXPECT_EQ(reader.failures().size(), 1u);
  tree("/dev/adc", "garbage\n");
  reader.sample(chunk);
  EXPECT_TRUE(chunk.empty());
  tree("/dev/adc", "7\n");
  reader.sample(chunk);
  EXPECT_EQ(chunk.count(), 1u);
  EXPECT_TRUE(reader.failures().empty());
  fs::remove(folder.file("dev/adc"));
  reader.sample(chunk);
  EXPECT_EQ(log.count("sensor cannot be read"), 2u);
}

TEST_F(Sensors, SourceSamplesAtItsIntervalAndGathersWhileTheIntakeIsFull) {
  tree("/value", "1\n");
  SensorSourceOptions source_options;
  source_options.name = "source 2 (sensor)";
  source_options.reader = options();
  source_options.reader.rules.push_back({"/value", 1, "", "", 0, ""});
  source_options.interval = Milliseconds(20);
  SensorSource source(loop, std::make_unique<InotifyFileWatcher>(), clock, Logger(log, "t"), source_options, pool);
  intake.set_full(true);
  ASSERT_TRUE(source.start(intake, {}, false, nullptr).ok());
  ASSERT_TRUE(run_until([&] { return source.status().items.at(0).records >= 3; }));
  EXPECT_TRUE(intake.lines().empty());
  intake.set_full(false);
  EXPECT_TRUE(run_until([&] { return intake.lines().size() >= 5; }));
  source.stop();
}

/// Files whose reading takes until the test says so.
struct SlowWatcher : InotifyFileWatcher {
  explicit SlowWatcher(std::shared_future<void> go) : go_(std::move(go)) {}
  Result<std::unique_ptr<FollowedHandle>> open(const std::string& path) override {
    ++opens;
    go_.wait();
    return InotifyFileWatcher::open(path);
  }
  std::shared_future<void> go_;
  static inline std::atomic<int> opens = 0;
};

TEST_F(Sensors, ASlowSensorHoldsUpNeitherTheLoopNorTheNextSamples) {
  tree("/value", "1\n");
  SensorSourceOptions source_options;
  source_options.name = "source 2 (sensor)";
  source_options.reader = options();
  source_options.reader.rules.push_back({"/value", 1, "", "", 0, ""});
  source_options.interval = Milliseconds(10);
  std::promise<void> go;
  const int before = SlowWatcher::opens;
  SensorSource source(loop, std::make_unique<SlowWatcher>(go.get_future().share()), clock, Logger(log, "t"),
                      source_options, pool);
  ASSERT_TRUE(source.start(intake, {}, false, nullptr).ok());
  // The loop goes on while the read is stuck: samples fall due and are left out.
  ASSERT_TRUE(run_until([&] { return source.status().counts.left_out >= 3; }));
  EXPECT_EQ(SlowWatcher::opens, before + 1) << "one read at a time";
  EXPECT_TRUE(intake.lines().empty());
  EXPECT_EQ(log.count("takes longer than the interval"), 1u);
  go.set_value();
  EXPECT_TRUE(run_until([&] { return intake.lines().size() >= 2; }));
  EXPECT_GE(source.status().counts.records, 2u);
  source.stop();
}

TEST_F(Sensors, ASourceMayGoWhileItsReadIsStuck) {
  tree("/value", "1\n");
  SensorSourceOptions source_options;
  source_options.reader = options();
  source_options.reader.rules.push_back({"/value", 1, "", "", 0, ""});
  std::promise<void> go;
  const int before = SlowWatcher::opens;
  {
    SensorSource source(loop, std::make_unique<SlowWatcher>(go.get_future().share()), clock, Logger(log, "t"),
                        source_options, pool);
    ASSERT_TRUE(source.start(intake, {}, false, nullptr).ok());
    ASSERT_TRUE(run_until([&] { return SlowWatcher::opens > before; }));
  }
  go.set_value();
  pool.close();
  loop.restart();
  loop.poll();
  EXPECT_TRUE(intake.lines().empty());
}

TEST_F(Sensors, OnceSamplesOnceAndEnds) {
  tree("/value", "1\n");
  SensorSourceOptions source_options;
  source_options.reader = options();
  source_options.reader.rules.push_back({"/value", 1, "", "", 0, ""});
  SensorSource source(loop, std::make_unique<InotifyFileWatcher>(), clock, Logger(log, "t"), source_options, pool);
  bool ended = false;
  ASSERT_TRUE(source.start(intake, {}, true, [&] { ended = true; }).ok());
  EXPECT_TRUE(run_until([&] { return ended; }));
  EXPECT_EQ(intake.lines().size(), 1u);
}

class StandardInput : public LocalSources {
 protected:
  StandardInput() {
    EXPECT_EQ(::pipe2(pipe_, O_CLOEXEC), 0);
    options_.device = "dev";
    options_.stream = "journal";
    options_.key = *KeyTemplate::compile("{json:unit}");
  }
  ~StandardInput() override {
    ::close(pipe_[0]);
    close_writer();
  }
  void close_writer() {
    if (pipe_[1] >= 0) ::close(pipe_[1]);
    pipe_[1] = -1;
  }
  void send(std::string_view text) {
    ASSERT_EQ(::write(pipe_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  int pipe_[2] = {-1, -1};
  StdinSourceOptions options_;
};

TEST_F(StandardInput, GivesLinesAsTheyComeAndTheLastOneAtTheEnd) {
  StdinSource source(loop, pipe_[0], clock, Logger(log, "t"), options_);
  bool ended = false;
  ASSERT_TRUE(source.start(intake, {}, false, [&] { ended = true; }).ok());
  send("{\"unit\":\"ssh\"}\n{\"unit\"");
  ASSERT_TRUE(run_until([&] { return intake.lines().size() == 1; }));
  send(":\"cron\"}");
  close_writer();
  ASSERT_TRUE(run_until([&] { return ended; }));
  EXPECT_EQ(intake.lines(), (Lines{"{\"unit\":\"ssh\"}", "{\"unit\":\"cron\"}"}));
  EXPECT_EQ(intake.keys(), (Lines{"ssh", "cron"}));
  EXPECT_EQ(::fcntl(pipe_[0], F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(StandardInput, DoesNotReadWhileTheIntakeIsFull) {
  StdinSource source(loop, pipe_[0], clock, Logger(log, "t"), options_);
  intake.set_full(true);
  ASSERT_TRUE(source.start(intake, {}, false, [] {}).ok());
  send("one\n");
  ASSERT_TRUE(run_until([&] { return source.status().items.at(0).position == 4; }));
  send("two\n");
  loop.restart();
  loop.run_for(std::chrono::milliseconds(20));
  EXPECT_EQ(source.status().items.at(0).position, 4u);
  intake.set_full(false);
  EXPECT_TRUE(run_until([&] { return intake.lines() == Lines{"one", "two"}; }));
  source.stop();
}

TEST_F(StandardInput, ReadsAFileGivenAsInput) {
  const std::string path = folder.write("in", "one\ntwo\n");
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  StdinSource source(loop, fd, clock, Logger(log, "t"), options_);
  bool ended = false;
  ASSERT_TRUE(source.start(intake, {}, true, [&] { ended = true; }).ok());
  EXPECT_TRUE(run_until([&] { return ended; }));
  EXPECT_EQ(intake.lines(), (Lines{"one", "two"}));
  ::close(fd);
}

}  // namespace
}  // namespace forebay::agent

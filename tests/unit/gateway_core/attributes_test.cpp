#include "gateway/log/attributes.h"

#include <gtest/gtest.h>

#include "tests/unit/gateway_core/log_fixture.h"

namespace forebay::test {
namespace {

glog::ChangeStreamWork change_of(glog::StreamId stream, std::vector<glog::AttributeChange> changes) {
  glog::ChangeStreamWork work;
  work.stream = stream;
  work.attributes = std::move(changes);
  return work;
}

const glog::StreamLog& stream_of(const LogHarness& log, glog::StreamId stream) {
  return *log.log->directory()->streams.at(stream);
}

TEST(Attributes, EncodedChangeDecodesToItself) {
  const glog::AttributesChange change{glog::StreamId(7), "", {{"tag/a", "1"}, {"policy", std::nullopt}, {"b", ""}}};
  Buffer bytes;
  encode(change, bytes);
  const auto decoded = glog::decode_attributes_change(bytes);
  ASSERT_TRUE(decoded) << decoded.error().to_string();
  EXPECT_EQ(*decoded, change);
}

TEST(Attributes, EveryShortenedEntryIsRefused) {
  Buffer bytes;
  glog::encode(glog::AttributesChange{glog::StreamId(7), "", {{"tag/a", "1"}, {"policy", std::nullopt}}}, bytes);
  for (std::size_t size = 1; size < bytes.size(); ++size)
    EXPECT_FALSE(glog::decode_attributes_change(ByteView(bytes).first(size))) << size;
  bytes.push_back(0);
  EXPECT_FALSE(glog::decode_attributes_change(bytes));
}

TEST(Attributes, BoundsAreNamed) {
  EXPECT_TRUE(glog::check_bounds({{"a", std::string(65'536, 'x')}}));
  EXPECT_FALSE(glog::check_bounds({{"a", std::string(65'537, 'x')}}));
  EXPECT_FALSE(glog::check_bounds({{std::string(1'025, 'k'), "x"}}));
  EXPECT_FALSE(glog::check_bounds({{"", "x"}}));
}

class AttributeLog : public ::testing::Test {
 protected:
  AttributeLog() : log_(disk_, clock_) { EXPECT_TRUE(log_.open()); }
  /// As a power cut that loses nothing durable.
  void restart() {
    const auto image = disk_.crash(CrashPlan());
    log_.drop();
    survivor_ = std::make_unique<LogHarness>(*(image_ = image->crash(CrashPlan())), clock_);
    ASSERT_TRUE(survivor_->open());
  }
  MemoryFileSystem disk_;
  ManualClock clock_;
  LogHarness log_;
  std::unique_ptr<MemoryFileSystem> image_;
  std::unique_ptr<LogHarness> survivor_;
};

TEST_F(AttributeLog, ChangesSurviveFromTheJournal) {
  const auto stream = log_.create("s", 1);
  ASSERT_FALSE(log_.run(change_of(stream, {{"tag/a", "1"}, {"tag/b", "2"}}))->error);
  ASSERT_FALSE(log_.run(change_of(stream, {{"tag/a", std::nullopt}, {"tag/c", "3"}}))->error);
  ASSERT_FALSE(log_.run(glog::ChangeAccountWork{"000000000000", {{"settings", "x"}}})->error);
  restart();
  EXPECT_EQ(stream_of(*survivor_, stream).attributes, (glog::Attributes{{"tag/b", "2"}, {"tag/c", "3"}}));
  EXPECT_EQ(*survivor_->log->directory()->accounts.at("000000000000"), (glog::Attributes{{"settings", "x"}}));
}

TEST_F(AttributeLog, ChangesSurviveFromTheCatalogue) {
  const auto stream = log_.create("s", 1);
  ASSERT_FALSE(log_.run(change_of(stream, {{"tag/a", "1"}, {"tag/b", "2"}}))->error);
  ASSERT_FALSE(log_.run(glog::ChangeAccountWork{"000000000000", {{"settings", "x"}}})->error);
  ASSERT_TRUE(log_.log->keeper().checkpoint());
  ASSERT_FALSE(log_.run(change_of(stream, {{"tag/a", std::nullopt}}))->error);
  ASSERT_FALSE(log_.run(glog::ChangeAccountWork{"000000000000", {{"settings", "y"}}})->error);
  ASSERT_TRUE(log_.log->keeper().checkpoint());
  restart();
  EXPECT_EQ(stream_of(*survivor_, stream).attributes, (glog::Attributes{{"tag/b", "2"}}));
  EXPECT_EQ(*survivor_->log->directory()->accounts.at("000000000000"), (glog::Attributes{{"settings", "y"}}));
}

TEST_F(AttributeLog, AttributesOfANewStreamComeWithIt) {
  auto create = LogHarness::create_work("s", 1);
  create.attributes = {{"tag/a", "1"}};
  const auto done = log_.run(std::move(create));
  ASSERT_FALSE(done->error);
  const auto stream = std::get<glog::CreateStreamWork>(done->work).definition.id;
  restart();
  EXPECT_EQ(stream_of(*survivor_, stream).attributes, (glog::Attributes{{"tag/a", "1"}}));
}

TEST_F(AttributeLog, ModeRecordSizeAndAttributesChangeInOneCommit) {
  const auto stream = log_.create("s", 1);
  auto work = change_of(stream, {{"tag/a", "1"}});
  work.mode = 1;
  work.record_bytes_max = 2'000'000;
  ASSERT_FALSE(log_.run(std::move(work))->error);
  restart();
  EXPECT_EQ(stream_of(*survivor_, stream).definition.mode, 1);
  EXPECT_EQ(stream_of(*survivor_, stream).definition.record_bytes_max, 2'000'000u);
  EXPECT_EQ(stream_of(*survivor_, stream).attributes.size(), 1u);
}

TEST_F(AttributeLog, ChangeOfAnOlderStateConflicts) {
  const auto stream = log_.create("s", 1);
  auto first = change_of(stream, {{"a", "1"}});
  first.settings_version = stream_of(log_, stream).settings_version;
  auto second = first;
  ASSERT_FALSE(log_.run(std::move(first))->error);
  const auto refused = log_.run(std::move(second));
  ASSERT_TRUE(refused->error);
  EXPECT_EQ(refused->error->code, Errc::conflict);
}

TEST_F(AttributeLog, AttributesOfARemovedStreamDoNotComeBack) {
  const auto stream = log_.create("s", 1);
  ASSERT_FALSE(log_.run(change_of(stream, {{"tag/a", "1"}}))->error);
  ASSERT_TRUE(log_.log->keeper().checkpoint());
  ASSERT_FALSE(log_.run(glog::RemoveStreamWork{stream})->error);
  const auto again = log_.create("s", 1);
  ASSERT_TRUE(log_.log->keeper().checkpoint());
  restart();
  EXPECT_TRUE(stream_of(*survivor_, again).attributes.empty());
}

TEST_F(AttributeLog, SplitKeepsThem) {
  const auto stream = log_.create("s", 1);
  ASSERT_FALSE(log_.run(change_of(stream, {{"tag/a", "1"}}))->error);
  ASSERT_FALSE(log_.run(glog::ReshardWork{stream, glog::SplitShard{glog::ShardNumber(0), HashKey{1, 0}}, {}})->error);
  EXPECT_EQ(stream_of(log_, stream).attributes.size(), 1u);
  restart();
  EXPECT_EQ(stream_of(*survivor_, stream).attributes.size(), 1u);
}

}  // namespace
}  // namespace forebay::test

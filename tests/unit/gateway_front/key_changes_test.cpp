// Access keys made, narrowed and revoked while the gateway runs: what is on disk and what counts at once.
#include <gtest/gtest.h>

#include <filesystem>

#include "gateway/auth/key_file.h"
#include "gateway/auth/key_store.h"
#include "sys/posix_file_system.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temp_directory.h"

namespace forebay::gateway::auth {
namespace {

class KeyChanges : public testing::Test {
 protected:
  void SetUp() override {
    paths.admin_key = folder.path() + "/admin.key";
    paths.key_list = folder.path() + "/keys.json";
    ASSERT_TRUE(store.load(files, entropy, paths).ok());
  }

  AccessKey fresh(Role role) {
    AccessKey key = make_access_key(entropy);
    key.role = role;
    return key;
  }
  static std::shared_ptr<const Policy> reading() {
    auto policy = Policy::parse(R"({"Statement": {"Effect": "Allow", "Action": "kinesis:Get*", "Resource": "*"}})");
    return std::make_shared<const Policy>(*std::move(policy));
  }

  forebay::test::TempDirectory folder;
  PosixFileSystem files;
  forebay::test::SeededEntropy entropy{7};
  KeyStore::Paths paths;
  KeyStore store;
};

TEST_F(KeyChanges, KeyIsThereAfterARestartWithAllItsParts) {
  AccessKey key = fresh(Role::user);
  key.account = "111122223333";
  key.note = "dashboards \"east\"";
  key.policy = reading();
  ASSERT_TRUE(store.create(key).ok());
  KeyStore again;
  ASSERT_TRUE(again.load(files, entropy, paths).ok());
  const AccessKeyPtr read = again.find(key.id);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->secret, key.secret);
  EXPECT_EQ(read->account, key.account);
  EXPECT_EQ(read->note, key.note);
  EXPECT_EQ(read->role, Role::user);
  ASSERT_NE(read->policy, nullptr);
  EXPECT_TRUE(read->policy->allows("kinesis:GetRecords", "*"));
  EXPECT_EQ(again.size(), 2U) << "and the admin key";
  const auto mode = std::filesystem::status(paths.key_list).permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(KeyChanges, RevokedKeyIsGoneAtOnceAndForGood) {
  const AccessKey key = fresh(Role::admin);
  ASSERT_TRUE(store.create(key).ok());
  ASSERT_TRUE(store.revoke(key.id).ok());
  EXPECT_EQ(store.find(key.id), nullptr);
  KeyStore again;
  ASSERT_TRUE(again.load(files, entropy, paths).ok());
  EXPECT_EQ(again.find(key.id), nullptr);
  EXPECT_EQ(store.revoke(key.id).error().code, Errc::not_found);
}

TEST_F(KeyChanges, KeyOfAnotherFileIsNotChanged) {
  const std::string admin = store.list().front()->id;
  const auto revoked = store.revoke(admin);
  ASSERT_FALSE(revoked.ok());
  EXPECT_EQ(revoked.error().code, Errc::conflict);
  EXPECT_NE(store.find(admin), nullptr);
}

TEST_F(KeyChanges, UserWithoutPolicyIsRefusedAndNothingChanges) {
  EXPECT_FALSE(store.create(fresh(Role::user)).ok());
  AccessKey key = fresh(Role::user);
  key.policy = reading();
  ASSERT_TRUE(store.create(key).ok());
  EXPECT_FALSE(store.set_policy(key.id, nullptr).ok());
  EXPECT_NE(store.find(key.id)->policy, nullptr);
  AccessKey wrong = fresh(Role::admin);
  wrong.account = "12";
  EXPECT_FALSE(store.create(wrong).ok());
}

TEST_F(KeyChanges, PolicyHoldsForTheNextRequest) {
  const AccessKey key = fresh(Role::admin);
  ASSERT_TRUE(store.create(key).ok());
  EXPECT_TRUE(store.find(key.id)->allows("kinesis:PutRecord", "*"));
  ASSERT_TRUE(store.set_policy(key.id, reading()).ok());
  EXPECT_FALSE(store.find(key.id)->allows("kinesis:PutRecord", "*"));
  ASSERT_TRUE(store.set_policy(key.id, nullptr).ok());
  EXPECT_TRUE(store.find(key.id)->allows("kinesis:PutRecord", "*"));
}

}  // namespace
}  // namespace forebay::gateway::auth

// forebay manifest on a folder in memory and on a scripted S3 store.
#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/hex.h"
#include "cli/decompress.h"
#include "fakes.h"
#include "tests/support/memory_file_system.h"
#include "wire/manifest/entry.h"
#include "wire/manifest/key.h"
#include "wire/manifest/object_name.h"

namespace forebay::cli {
namespace {

using testing::Bench;
using wire::manifest::Entry;
using wire::manifest::Lane;
using Json = nlohmann::json;

constexpr const char* kUuid = "01234567-89ab-cdef-0123-456789abcdef";

std::string object_key(int number, const std::string& delivery = "lake") {
  return "2025/11/21/10/" + delivery + "-1-2025-11-21-10-00-0" + std::to_string(number) + "-" + kUuid;
}

/// A bucket with one lane of deliveries, entry by entry.
struct Lake {
  test::MemoryFileSystem files;
  Lane lane{"lake", 7, 0, 0, ""};
  std::string previous;
  std::uint64_t index = 0;
  std::int64_t offset = 100;

  void put(const std::string& key, const std::string& text) {
    const std::string path = "/srv/lake/" + key;
    ASSERT_TRUE(files.create_directories(parent_path(path)).ok());
    auto file = files.open(path, OpenMode::open_always);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->truncate(0).ok());
    ASSERT_TRUE((*file)->write_at(0, as_bytes(text)).ok());
  }

  static wire::manifest::Object listed(const std::string& key, const std::string& text, const char* error = "") {
    return {key, text.size(), to_hex(sha256(as_bytes(text))), 2, "", error};
  }

  /// An entry of two offsets.
  void add(std::vector<wire::manifest::Object> objects) {
    Entry entry;
    entry.delivery = lane.delivery;
    entry.stream = "web";
    entry.stream_id = lane.stream_id;
    entry.shard = lane.shard;
    entry.timeline = lane.timeline;
    entry.replay = lane.replay;
    entry.index = index;
    entry.first = offset;
    entry.last = offset + 1;
    entry.oldest = from_millis(1'763'722'000'000);
    entry.objects = std::move(objects);
    entry.previous = previous;
    const std::string text = wire::manifest::encode(entry);
    put(wire::manifest::entry_key(lane, index), text);
    previous = to_hex(sha256(as_bytes(text)));
    ++index;
    offset += 2;
  }

  void add_object(int number, const std::string& text) {
    put(object_key(number), text);
    add({listed(object_key(number), text)});
  }
};

class ManifestCommand : public ::testing::Test {
 protected:
  ManifestCommand() {
    lake.add_object(0, "one\ntwo\n");
    lake.add_object(1, "three\nfour\n");
    bench.other_files = &lake.files;
  }
  int run(const std::string& verb, std::vector<std::string> rest = {}) {
    std::vector<std::string> arguments{"manifest", verb, "--bucket", "file:///srv/lake/"};
    arguments.insert(arguments.end(), rest.begin(), rest.end());
    return bench.run(arguments);
  }

  Lake lake;
  Bench bench;
};

TEST_F(ManifestCommand, VerifyFindsASoundBucketSound) {
  EXPECT_EQ(run("verify"), 0) << bench.console.errors;
  EXPECT_EQ(bench.console.output, "1 lane, 2 entries, 2 objects, 4 records, 19 B: sound\n");
}

TEST_F(ManifestCommand, VerifyNamesAChangedMissingAndTwiceListedObject) {
  lake.put(object_key(0), "One\ntwo\n");
  ASSERT_TRUE(lake.files.remove("/srv/lake/" + object_key(1)).ok());
  lake.add({Lake::listed(object_key(0), "one\ntwo\n")});
  EXPECT_EQ(run("verify"), 65);
  const std::string place = "lake shard 0 of stream 7, timeline 0, entry ";
  EXPECT_NE(
      bench.console.output.find(place + "0: object " + object_key(0) + " has other bytes than the manifest lists\n"),
      std::string::npos)
      << bench.console.output;
  EXPECT_NE(bench.console.output.find(place + "1: object " + object_key(1) + " is missing\n"), std::string::npos);
  EXPECT_NE(bench.console.output.find(place + "2: object " + object_key(0) + " is listed by an entry before, too\n"),
            std::string::npos);
  EXPECT_NE(bench.console.output.find("3 problems\n"), std::string::npos);
}

TEST_F(ManifestCommand, QuickVerifyComparesSizes) {
  lake.put(object_key(0), "One\ntwo\n");
  EXPECT_EQ(run("verify", {"--quick"}), 0) << "bytes of equal length are not looked at";
  lake.put(object_key(0), "longer\nthan it was\n");
  bench.console.output.clear();
  EXPECT_EQ(run("verify", {"--quick"}), 65);
  EXPECT_NE(bench.console.output.find("has 19 bytes, the manifest lists 8"), std::string::npos) << bench.console.output;
  bench.console.output.clear();
  EXPECT_EQ(run("verify"), 65);
  EXPECT_NE(bench.console.output.find("is longer than the 8 bytes listed"), std::string::npos) << bench.console.output;
}

TEST_F(ManifestCommand, VerifyFindsAReplacedEntryByTheOneBehindIt) {
  lake.index = 0;
  lake.offset = 100;
  lake.previous.clear();
  lake.add({});
  EXPECT_EQ(run("verify"), 65);
  EXPECT_NE(bench.console.output.find("entry 1: does not follow the entry before: previous is "), std::string::npos)
      << bench.console.output;
}

TEST_F(ManifestCommand, VerifyFindsHolesInIndexesAndOffsets) {
  lake.offset += 5;
  lake.add({});
  lake.index += 2;
  lake.add({});
  lake.offset -= 3;
  lake.add({});
  EXPECT_EQ(run("verify"), 65);
  for (const char* problem :
       {"entry 2: offsets 104 to 108 are in no entry", "entry 5: entries 3 to 4 before it are missing",
        "entry 6: offsets 110 to 111 are in an entry before it, too"})
    EXPECT_NE(bench.console.output.find(problem), std::string::npos) << problem << "\n" << bench.console.output;
}

TEST_F(ManifestCommand, VerifyReadsOnBehindADamagedEntry) {
  lake.put(wire::manifest::entry_key(lake.lane, 0), "{\"format\":");
  lake.put(wire::manifest::entry_key(lake.lane, 2), wire::manifest::encode(Entry{}));
  EXPECT_EQ(run("verify"), 65);
  EXPECT_NE(bench.console.output.find("entry 0: manifest entry: "), std::string::npos) << bench.console.output;
  EXPECT_NE(bench.console.output.find("entry 2: its text is of another lane"), std::string::npos);
}

TEST_F(ManifestCommand, VerifyReportsOrphansAndStaysSound) {
  lake.put(object_key(5), "left by a crash");
  lake.put(object_key(6, "other"), "of another delivery stream");
  lake.put("2025/11/21/10/notes.txt", "put there by hand");
  lake.put(".forebay-partial/0123", "unfinished");
  EXPECT_EQ(run("verify", {"--delivery", "lake"}), 0) << bench.console.output;
  EXPECT_NE(bench.console.output.find("orphan " + object_key(5) + ", 15 B"), std::string::npos) << bench.console.output;
  EXPECT_NE(bench.console.output.find("1 orphan:"), std::string::npos) << bench.console.output;
  bench.console.output.clear();
  EXPECT_EQ(run("verify", {"--json"}), 0);
  const Json document = Json::parse(bench.console.output);
  EXPECT_EQ(document["orphans"].size(), 2u);
  EXPECT_EQ(document["sound"], true);
  EXPECT_EQ(document["records"], 4);
}

TEST_F(ManifestCommand, LsSumsUpLanesAndReplays) {
  lake.lane.replay = "r1";
  lake.index = 0;
  lake.previous.clear();
  lake.add_object(3, "again\n");
  EXPECT_EQ(run("ls", {"--json"}), 0) << bench.console.errors;
  const Json lanes = Json::parse(bench.console.output);
  ASSERT_EQ(lanes.size(), 2u);
  EXPECT_EQ(lanes[0]["entries"], 2);
  EXPECT_EQ(lanes[0]["records"], 4);
  EXPECT_EQ(lanes[0]["bytes"], 19);
  EXPECT_EQ(lanes[0]["first_offset"], 100);
  EXPECT_EQ(lanes[0]["last_offset"], 103);
  EXPECT_EQ(lanes[1]["replay"], "r1");
  bench.console.output.clear();
  EXPECT_EQ(run("ls"), 0);
  EXPECT_NE(bench.console.output.find("lake      web         0         0  -             2        2        4"),
            std::string::npos)
      << bench.console.output;
}

TEST_F(ManifestCommand, CatPrintsEachListedRecordOnce) {
  lake.put(object_key(5), "orphan\n");
  lake.put(object_key(6), "bad\n");
  lake.add({Lake::listed(object_key(6), "bad\n", "processing-failed")});
  lake.lane.replay = "r1";
  lake.index = 0;
  lake.previous.clear();
  lake.add_object(7, "again\n");
  EXPECT_EQ(run("cat"), 0) << bench.console.errors;
  EXPECT_EQ(bench.console.output, "one\ntwo\nthree\nfour\n");
  bench.console.output.clear();
  EXPECT_EQ(run("cat", {"--errors"}), 0);
  EXPECT_EQ(bench.console.output, "bad\n");
  bench.console.output.clear();
  EXPECT_EQ(run("cat", {"--replay", "r1"}), 0);
  EXPECT_EQ(bench.console.output, "again\n");
}

TEST_F(ManifestCommand, CatStopsAtTheFirstThingThatIsWrong) {
  lake.put(object_key(1), "three\nFour\n");
  lake.add_object(2, "five\n");
  EXPECT_EQ(run("cat"), 65);
  EXPECT_EQ(bench.console.output, "one\ntwo\n");
  EXPECT_NE(bench.console.errors.find("has other bytes than the manifest lists"), std::string::npos);
}

TEST_F(ManifestCommand, ObjectOutsideTheBucketIsNotRead) {
  lake.put("../secret", "secret\n");
  lake.add({Lake::listed("../secret", "secret\n")});
  EXPECT_NE(run("cat"), 0);
  EXPECT_EQ(bench.console.output.find("secret"), std::string::npos);
}

TEST(ManifestBucket, UrlsThatAreNoneAreExplained) {
  for (const char* url : {"http://host/b", "file://dir", "s3://b/prefix", "s3://"}) {
    Bench bench;
    EXPECT_EQ(bench.run({"manifest", "ls", "--bucket", url}), 64) << url;
    EXPECT_TRUE(bench.http.requests.empty());
  }
  Bench missing;
  EXPECT_EQ(missing.run({"manifest", "ls", "--bucket", "/no/folder"}), 66);
}

std::string page(const std::string& keys, const std::string& token) {
  return "<ListBucketResult><Name>b</Name><IsTruncated>" + std::string(token.empty() ? "false" : "true") +
         "</IsTruncated>" + keys +
         (token.empty() ? "" : "<NextContinuationToken>" + token + "</NextContinuationToken>") + "</ListBucketResult>";
}
std::string item(const std::string& key) {
  return "<Contents><Key>" + key +
         "</Key><LastModified>2025-11-21T10:00:00.000Z</LastModified><Size>1</Size></Contents>";
}

TEST(ManifestS3, ReadsPagesAndObjectsWithSignedRequests) {
  Lake lake;
  Entry entry;
  entry.delivery = "lake";
  entry.stream_id = 7;
  entry.objects = {Lake::listed("a b", "hello\n")};
  Bench bench;
  bench.environment["AWS_ENDPOINT_URL_S3"] = "http://store:9000/";
  bench.environment["AWS_SESSION_TOKEN"] = "token";
  bench.http.answer(200, page(item("_forebay/manifest/note.txt"), "more"));
  bench.http.answer(503, "<Error><Code>SlowDown</Code><Message>wait</Message></Error>");
  bench.http.answer(200, page(item(wire::manifest::entry_key(lake.lane, 0)), ""));
  bench.http.answer(200, wire::manifest::encode(entry));
  bench.http.answer(200, "hello\n");
  EXPECT_EQ(bench.run({"manifest", "cat", "--bucket", "s3://b/"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.console.output, "hello\n");
  ASSERT_EQ(bench.http.requests.size(), 5u);
  EXPECT_EQ(bench.http.requests[0].method, "GET");
  EXPECT_EQ(bench.http.requests[0].url,
            "http://store:9000/b?encoding-type=url&list-type=2&max-keys=1000&prefix=_forebay%2Fmanifest%2F");
  EXPECT_NE(bench.http.requests[2].url.find("continuation-token=more"), std::string::npos);
  EXPECT_EQ(bench.http.requests[4].url, "http://store:9000/b/a%20b");
  EXPECT_NE(bench.http.requests[4].headers["authorization"].find("/s3/aws4_request"), std::string::npos);
  EXPECT_EQ(bench.http.requests[4].headers["x-amz-security-token"], "token");
}

TEST(ManifestS3, SaysWhatTheStoreRefused) {
  Bench denied;
  denied.http.answer(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");
  EXPECT_EQ(denied.run({"manifest", "ls", "--bucket", "s3://bucket"}), 77);
  EXPECT_NE(denied.console.errors.find("AccessDenied: no"), std::string::npos) << denied.console.errors;
  EXPECT_EQ(denied.http.requests[0].url.rfind("https://bucket.s3.us-east-1.amazonaws.com/?", 0), 0u);
  Bench missing;
  missing.http.answer(404, "<Error><Code>NoSuchBucket</Code><Message>none</Message></Error>");
  EXPECT_EQ(missing.run({"manifest", "ls", "--bucket", "s3://bucket"}), 66);
  Bench gateway;
  gateway.http.answer(400, R"({"__type":"MissingAction"})");
  EXPECT_EQ(gateway.run({"manifest", "ls", "--bucket", "s3://bucket", "--endpoint", "http://127.0.0.1:4567"}), 64);
  EXPECT_NE(gateway.console.errors.find("is the endpoint an S3 store?"), std::string::npos);
}

TEST(DeliveredName, IsToldFromOthers) {
  EXPECT_TRUE(wire::manifest::is_delivered_name(object_key(0), "lake"));
  EXPECT_TRUE(wire::manifest::is_delivered_name(object_key(0) + ".gz", ""));
  EXPECT_FALSE(wire::manifest::is_delivered_name(object_key(0, "web-lake"), "lake"));
  EXPECT_TRUE(wire::manifest::is_delivered_name(object_key(0, "web-lake"), "web-lake"));
  for (const char* key : {"", "lake", "lake-1-2025-11-21-10-00-00", "lake-1-2025-11-21-10-00-00-0123",
                          "-1-2025-11-21-10-00-00-01234567-89ab-cdef-0123-456789abcdef"})
    EXPECT_FALSE(wire::manifest::is_delivered_name(key, "")) << key;
}

Buffer of(std::initializer_list<int> bytes) {
  Buffer out;
  for (const int byte : bytes) out.push_back(static_cast<std::uint8_t>(byte));
  return out;
}

TEST(Decompress, OpensWholeStreamsOnlyAndWithinTheLimit) {
  // gzip -n and zstd of "hi\n".
  const Buffer gzip =
      of({0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0xc8, 0xe4, 2, 0, 0x7a, 0x7a, 0x6f, 0xed, 3, 0, 0, 0});
  Buffer twice = gzip;
  append(twice, gzip);
  const Buffer zstd = of({0x28, 0xb5, 0x2f, 0xfd, 0x20, 3, 0x19, 0, 0, 'h', 'i', '\n'});
  const auto text = [](Result<Buffer> bytes) {
    return bytes ? std::string(as_text(*bytes)) : std::string(to_string(bytes.error().code));
  };
  EXPECT_EQ(text(decompress_object("a.gz", gzip, 100)), "hi\n");
  EXPECT_EQ(text(decompress_object("a.gz", twice, 100)), "hi\nhi\n");
  EXPECT_EQ(text(decompress_object("a.gz", twice, 5)), "too_large");
  EXPECT_EQ(text(decompress_object("a.gz", Buffer(gzip.begin(), gzip.end() - 1), 100)), "corrupt");
  EXPECT_EQ(text(decompress_object("a.zst", zstd, 100)), "hi\n");
  EXPECT_EQ(text(decompress_object("a.zst", zstd, 2)), "too_large");
  EXPECT_EQ(text(decompress_object("a.zst", Buffer(zstd.begin(), zstd.end() - 1), 100)), "corrupt");
  EXPECT_EQ(text(decompress_object("a.zip", gzip, 100)), "unsupported");
  EXPECT_EQ(text(decompress_object("a.json", gzip, 100)), std::string(as_text(gzip)));
}

}  // namespace
}  // namespace forebay::cli

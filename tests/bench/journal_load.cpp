// journal_load: durable commits per second of the journal, beside raw pwrite + fdatasync of the same bytes into a file
// zeroed once, in turns.
//
//   journal_load DIRECTORY COMMIT_BYTES COMMITS
//
// Prints one JSON line per round and a last line with the median ratio.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "spool/journal.h"
#include "sys/log_output.h"
#include "sys/posix_file_system.h"
#include "sys/system_clock.h"
#include "sys/system_entropy.h"

namespace {

using namespace forebay;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

[[noreturn]] void die(const std::string& sentence) {
  std::fprintf(stderr, "journal_load: %s\n", sentence.c_str());
  std::exit(2);
}

/// A file zeroed once, as the yardstick wants it.
class RawFile {
 public:
  RawFile(const std::string& path, std::size_t size) : size_(size) {
    fd_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
    if (fd_ < 0) die("cannot create " + path);
    std::vector<char> zeros(1 << 20);
    for (std::size_t at = 0; at < size; at += zeros.size())
      if (::pwrite(fd_, zeros.data(), zeros.size(), static_cast<off_t>(at)) < 0) die("cannot write " + path);
    ::fdatasync(fd_);
  }
  ~RawFile() { ::close(fd_); }

  double commits_per_second(const Buffer& bytes, int commits) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < commits; ++i) {
      if (at_ + bytes.size() > size_) at_ = 0;
      if (::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at_)) < 0 || ::fdatasync(fd_) != 0)
        die("write failed");
      at_ += bytes.size();
    }
    return commits / seconds_since(begin);
  }

 private:
  int fd_;
  std::size_t size_;
  std::size_t at_ = 0;
};

double journal_commits_per_second(spool::Journal& journal, const Buffer& bytes, int commits) {
  const ByteView part(bytes);
  spool::JournalEntry entry;
  entry.type = 1;
  entry.parts = std::span<const ByteView>(&part, 1);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < commits; ++i) {
    auto position = journal.commit(std::span<const spool::JournalEntry>(&entry, 1));
    if (!position) die(position.error().to_string());
    if (auto freed = journal.free_before(*position); !freed) die(freed.error().to_string());
  }
  return commits / seconds_since(begin);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) die("usage: journal_load DIRECTORY COMMIT_BYTES COMMITS");
  const std::string directory = argv[1];
  const Buffer bytes(std::stoul(argv[2]), 0x5a);
  const int commits = std::stoi(argv[3]);

  PosixFileSystem files;
  SystemEntropy entropy;
  SystemClock clock;
  FdLogOutput output(clock, LogOutputOptions::for_stderr());
  spool::RecoveryReport report;
  auto journal = spool::Journal::open(
      files, entropy, Logger(output, "journal", LogLevel::warning), directory + "/journal", spool::JournalOptions(),
      [](const spool::RecoveredEntry&) { return Result<void>(); }, report);
  if (!journal) die(journal.error().to_string());
  RawFile raw(directory + "/raw", 64 << 20);

  // The first pass through fresh files fills them; only recycled ones are compared.
  const int warm_up = static_cast<int>(4 * (64u << 20) / bytes.size());
  (void)journal_commits_per_second(**journal, bytes, std::min(warm_up, 4 * commits));
  (void)raw.commits_per_second(bytes, commits);
  std::vector<double> ratios;
  for (int round = 0; round < 7; ++round) {
    const double ours = journal_commits_per_second(**journal, bytes, commits);
    const double ceiling = raw.commits_per_second(bytes, commits);
    ratios.push_back(ours / ceiling);
    std::printf("{\"journal_per_second\":%.0f,\"raw_per_second\":%.0f,\"ratio\":%.3f}\n", ours, ceiling, ratios.back());
  }
  std::sort(ratios.begin(), ratios.end());
  std::printf("{\"commit_bytes\":%zu,\"median_ratio\":%.3f}\n", bytes.size(), ratios[ratios.size() / 2]);
}

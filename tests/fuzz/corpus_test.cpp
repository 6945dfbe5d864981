// Every file of corpus/<target>/, and mutations of it by fixed seeds, goes through its target.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "tests/fuzz/mutator.h"
#include "tests/fuzz/targets.h"

namespace forebay::fuzz {
namespace {

constexpr std::uint64_t kMutations = 300;

std::map<std::string, Buffer> corpus_of(std::string_view target) {
  std::map<std::string, Buffer> corpus;
  const auto folder = std::filesystem::path(__FILE__).parent_path() / "corpus" / target;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    corpus[entry.path().filename()] = Buffer(std::istreambuf_iterator<char>(in), {});
  }
  return corpus;
}

std::string in_hex(ByteView bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : bytes.first(std::min<std::size_t>(bytes.size(), 4096)))
    out.append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
  return out;
}

/// The target reads from a block of exactly this size, so that sanitizers see a step beyond it.
void run(const Target& target, const Buffer& input) {
  Buffer exact(input);
  exact.shrink_to_fit();
  try {
    target.run(exact);
  } catch (const std::exception& broken) {
    FAIL() << broken.what() << "\ninput of " << input.size() << " bytes: " << in_hex(input);
  }
}

class FuzzCorpus : public testing::TestWithParam<Target> {};

TEST_P(FuzzCorpus, ReplaysWithMutations) {
  const Target& target = GetParam();
  const auto corpus = corpus_of(target.name);
  ASSERT_GE(corpus.size(), 3U);
  std::vector<Buffer> inputs;
  for (const auto& [name, input] : corpus) inputs.push_back(input);
  run(target, {});
  std::uint64_t seed = 0;
  for (const auto& [name, input] : corpus) {
    std::cout << target.name << "/" << name << " and mutations from seed " << seed << std::endl;
    run(target, input);
    for (std::uint64_t i = 0; i < kMutations && !HasFatalFailure(); ++i) {
      SCOPED_TRACE("corpus file " + name + ", seed " + std::to_string(seed));
      run(target, Mutator(seed++).mutate(input, inputs));
    }
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzCorpus, testing::ValuesIn(kTargets),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace forebay::fuzz

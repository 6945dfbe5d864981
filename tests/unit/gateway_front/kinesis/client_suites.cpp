#include "tests/unit/gateway_front/kinesis/client_suites.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace forebay::gateway::test {
namespace fs = std::filesystem;

namespace {
const std::set<std::string> kSources = {".py", ".sh", ".js", ".mjs", ".ts", ".go", ".rs", ".java", ".kt"};
/// Folders that clients' package managers fill.
const std::set<std::string> kFilled = {"node_modules", "target", "vendor", "build"};

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// CreateStream as "create" separator "stream".
std::string separated(std::string_view operation, char separator) {
  std::string out;
  for (const char c : operation) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !out.empty()) out += separator;
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

bool goes_on(std::string_view rest) {
  for (const char* ending : {"Input", "Command", "Request"})
    if (rest.starts_with(ending)) return false;
  return !rest.empty() && (std::isalnum(static_cast<unsigned char>(rest[0])) != 0 || rest[0] == '-' || rest[0] == '_');
}

bool names(std::string_view text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    if (!goes_on(text.substr(at + word.size()))) return true;
  return false;
}
}  // namespace

bool ClientSuite::calls(std::string_view operation) const {
  std::string camel(operation);
  camel[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(camel[0])));
  return names(text, std::string(operation)) || names(text, camel) || names(text, separated(operation, '_')) ||
         names(text, separated(operation, '-'));
}

std::vector<ClientSuite> client_suites() {
  const fs::path folder = fs::path(__FILE__).parent_path() / "../../../clients";
  std::map<std::string, std::string> texts;
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory() && kFilled.contains(entry->path().filename())) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || !kSources.contains(entry->path().extension())) continue;
    const fs::path inside = fs::relative(entry->path(), folder);
    texts[inside.begin()->stem()] += content_of(entry->path());
  }
  std::vector<ClientSuite> suites;
  for (auto& [name, text] : texts) suites.push_back({name, std::move(text)});
  return suites;
}

}  // namespace forebay::gateway::test

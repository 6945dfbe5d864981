#include "tests/unit/gateway_front/kinesis/golden_calls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace forebay::gateway::test {

namespace {
std::filesystem::path path_of(const char* folder) {
  return std::filesystem::path(__FILE__).parent_path() / "../../../golden" / folder;
}

/// Takes the first word off a text.
std::string take_word(std::string& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  std::string word = text.substr(0, end);
  text.erase(0, std::min(text.size(), end + 1));
  return word;
}

class Reader {
 public:
  explicit Reader(const std::string& operation) { file_.operation = operation; }

  void line(std::string text, int number) {
    if (text.empty() || text[0] == '#') return;
    if (text[0] == ' ') return more(text.substr(text.find_first_not_of(' ')));
    if (text.starts_with(":: ")) return title(text.substr(3));
    if (text.starts_with("-> ")) return request(text.substr(3), number);
    if (text.starts_with("<- ") && !file_.calls.empty()) return answer(text.substr(3));
    if (text.starts_with("@+")) {
      clock_step_s_ += std::stol(text.substr(2));
      return;
    }
    if (text.starts_with("never ")) {
      text.erase(0, 6);
      std::string error = take_word(text);
      file_.never[error] = text;
      return;
    }
    ADD_FAILURE() << file_.operation << ".txt:" << number << ": no line of the format: " << text;
  }
  GoldenFile done() { return std::move(file_); }

 private:
  void title(std::string text) {
    json_only_ = text.ends_with(" [json]");
    title_ = json_only_ ? text.substr(0, text.size() - 7) : text;
  }
  void request(std::string text, int number) {
    GoldenCall call;
    call.title = title_;
    call.line = number;
    call.json_only = json_only_;
    call.clock_step_s = std::exchange(clock_step_s_, 0);
    call.operation = text[0] >= 'A' && text[0] <= 'Z' ? take_word(text) : file_.operation;
    call.request = text;
    file_.calls.push_back(call);
    last_ = &GoldenCall::request;
  }
  void answer(std::string text) {
    GoldenCall& call = file_.calls.back();
    call.stated = true;
    const std::string first = take_word(text);
    call.success = first == "200";
    if (!call.success) call.error = first;
    last_ = call.success ? &GoldenCall::answer : &GoldenCall::message;
    call.*last_ = text;
  }
  void more(const std::string& text) {
    if (last_ != nullptr) (file_.calls.back().*last_).append(last_ == &GoldenCall::message ? " " + text : text);
  }

  GoldenFile file_;
  std::string title_ = "success";
  bool json_only_ = false;
  long clock_step_s_ = 0;
  std::string GoldenCall::*last_ = nullptr;
};

std::string seconds_text(double seconds) {
  char text[40];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

/// What stands for the inside of "$(...)".
std::string expand_macro(const std::string& inside, double now_s) {
  if (inside.starts_with("now")) return seconds_text(now_s + (inside.size() > 3 ? std::stod(inside.substr(3)) : 0));
  std::size_t end = 0;
  const unsigned long count = std::stoul(inside, &end);
  const std::string text = inside.substr(end + 1);
  std::string out;
  for (unsigned long i = 0; i < count; ++i) out.append(i > 0 && inside[end] == ',' ? "," : "").append(text);
  return out;
}
}  // namespace

GoldenFile read_golden_file(const std::string& operation, const char* folder) {
  std::ifstream in(path_of(folder) / (operation + ".txt"));
  EXPECT_TRUE(in.good()) << "no golden file of " << operation;
  Reader reader(operation);
  int number = 0;
  for (std::string text; std::getline(in, text);) reader.line(text, ++number);
  return reader.done();
}

bool has_golden_file(const std::string& operation, const char* folder) {
  return std::filesystem::exists(path_of(folder) / (operation + ".txt"));
}

std::vector<std::string> golden_operations(const char* folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_of(folder)))
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

Shown shown_by(const GoldenFile& file) {
  Shown shown;
  for (const GoldenCall& call : file.calls) {
    if (call.operation != file.operation || !call.stated) continue;
    shown.success = shown.success || call.success;
    if (!call.success) shown.errors.insert(call.error);
  }
  return shown;
}

std::string expand(const std::string& text, const Variables& variables, double now_s) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      out += text[at++];
      continue;
    }
    const std::size_t close = text.find(')', at);
    if (text.compare(at, 2, "$(") == 0 && close != std::string::npos) {
      out += expand_macro(text.substr(at + 2, close - at - 2), now_s);
      at = close + 1;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
    const auto found = variables.find(text.substr(at + 1, end - at - 1));
    out += found != variables.end() ? found->second : text.substr(at, end - at);
    at = end;
  }
  return out;
}

}  // namespace forebay::gateway::test

#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace forebay::gateway::test {

/// One call of a golden file and what it must answer.
struct GoldenCall {
  std::string title;  ///< of the case it stands in
  std::string operation;
  std::string request;  ///< text with macros and variables
  int line = 0;
  bool json_only = false;
  long clock_step_s = 0;  ///< moves the clock first
  bool stated = false;    ///< an answer is written down; else only success is wanted
  bool success = true;
  std::string answer;   ///< of a success: text of its JSON, empty for none, "stream" for an event stream
  std::string error;    ///< type
  std::string message;  ///< "" for none, "*" for any
};

/// Folders of tests/golden with one file per operation of a service.
inline constexpr const char* kKinesisCalls = "kinesis_calls";
inline constexpr const char* kFirehoseCalls = "firehose_calls";

/// tests/golden/<folder>/<operation>.txt, see README.md there.
struct GoldenFile {
  std::string operation;
  std::vector<GoldenCall> calls;
  std::map<std::string, std::string> never;  ///< errors of the service that this gateway never answers, and why
};

/// A failure of the test when the file is missing or has a line that is no line of the format.
GoldenFile read_golden_file(const std::string& operation, const char* folder = kKinesisCalls);
bool has_golden_file(const std::string& operation, const char* folder = kKinesisCalls);
std::vector<std::string> golden_operations(const char* folder = kKinesisCalls);

/// What a file shows of its operation.
struct Shown {
  bool success = false;
  std::set<std::string> errors;
};
Shown shown_by(const GoldenFile& file);

using Variables = std::map<std::string, std::string>;
/// Replaces $name, $(now), $(now-10), $(500*text), $(500,text). Unknown names stay.
std::string expand(const std::string& text, const Variables& variables, double now_s);

}  // namespace forebay::gateway::test

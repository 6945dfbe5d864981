#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/assert.h"
#include "cli/app.h"
#include "cli/console.h"

namespace forebay::cli::testing {

/// Streams as strings; pauses are counted and advance the clock instead of waiting.
class FakeConsole final : public Console {
 public:
  void out(std::string_view text) override { output += text; }
  void err(std::string_view text) override { errors += text; }
  void flush() override {}
  Result<std::size_t> in(MutableBytes bytes) override {
    const std::size_t count = std::min(bytes.size(), input.size());
    std::copy_n(input.begin(), count, bytes.begin());
    input.erase(0, count);
    return count;
  }
  [[nodiscard]] bool out_is_terminal() const override { return terminal; }
  [[nodiscard]] bool err_is_terminal() const override { return terminal; }
  [[nodiscard]] bool in_is_terminal() const override { return terminal; }
  [[nodiscard]] bool out_is_open() const override { return true; }
  bool pause(Milliseconds length) override {
    paused += length;
    if (stop_after_pauses > 0 && --stop_after_pauses == 0) stopped = true;
    return !stopped;
  }
  [[nodiscard]] bool interrupted() const override { return stopped; }

  std::string input, output, errors;
  bool terminal = false;
  bool stopped = false;
  int stop_after_pauses = 0;  ///< 0: never
  Milliseconds paused{0};
};

class FakeClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall_now() const override { return wall; }
  [[nodiscard]] SteadyTime steady_now() const override { return steady; }
  [[nodiscard]] bool wall_is_synchronised() const override { return true; }

  WallTime wall = from_millis(1'763'722'000'000);  // 2025-11-21T10:46:40Z
  SteadyTime steady{};
};

struct SeenRequest {
  std::string operation;
  std::string method;
  std::string url;
  nlohmann::json body;
  std::map<std::string, std::string> headers;
};

/// Answers in the order of the script; running out of answers fails the call as a bug of the test.
class ScriptedHttp final : public HttpClient {
 public:
  Result<HttpResponse> perform(const HttpRequest& request) override {
    SeenRequest seen{"", request.method, request.url, {}, {}};
    if (!request.body.empty()) seen.body = nlohmann::json::parse(request.body.begin(), request.body.end());
    for (const auto& [name, value] : request.headers) seen.headers[name] = value;
    const std::string target = seen.headers["x-amz-target"];
    seen.operation = target.substr(target.find('.') + 1);
    requests.push_back(std::move(seen));
    if (script.empty())
      return Error{Errc::invalid_argument, "the script has no answer for " + requests.back().operation};
    auto answer = std::move(script.front());
    script.pop_front();
    return answer;
  }
  void cancel() override {}

  void answer(int status, const std::string& body, std::vector<std::pair<std::string, std::string>> headers = {}) {
    script.emplace_back(HttpResponse{status, std::move(headers), to_buffer(as_bytes(body))});
  }
  void fail(Errc code) { script.emplace_back(Error{code, "connection refused"}); }

  std::deque<Result<HttpResponse>> script;
  std::vector<SeenRequest> requests;
};

/// Small readable files by path; everything that writes is refused.
class ReadOnlyFiles final : public FileSystem {
 public:
  class Bytes final : public File {
   public:
    explicit Bytes(std::string text) : text_(std::move(text)) {}
    Result<std::size_t> read_at(std::uint64_t position, MutableBytes out) override {
      if (position >= text_.size()) return std::size_t{0};
      const std::size_t count = std::min<std::size_t>(out.size(), text_.size() - position);
      std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(position), count, out.begin());
      return count;
    }
    Result<void> write_at(std::uint64_t, std::span<const ByteView>) override { return refused(); }
    Result<void> sync_data() override { return refused(); }
    Result<void> allocate(std::uint64_t) override { return refused(); }
    Result<void> truncate(std::uint64_t) override { return refused(); }
    Result<std::uint64_t> size() override { return static_cast<std::uint64_t>(text_.size()); }
    Result<void> drop_cache() override { return {}; }
    Result<void> lock() override { return refused(); }
    Result<void> close() override { return {}; }

   private:
    std::string text_;
  };

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode) override {
    const auto found = files.find(path);
    if (found == files.end()) return Error{Errc::not_found, path + ": no such file"};
    return std::unique_ptr<File>(std::make_unique<Bytes>(found->second));
  }
  Result<void> rename(const std::string&, const std::string&) override { return refused(); }
  Result<void> remove(const std::string&) override { return refused(); }
  Result<void> create_directories(const std::string&) override { return refused(); }
  Result<void> remove_directory(const std::string&) override { return refused(); }
  Result<void> sync_directory(const std::string&) override { return refused(); }
  Result<std::vector<std::string>> list(const std::string&) override { return refused(); }
  Result<std::optional<FileInfo>> stat(const std::string& path) override {
    const auto found = files.find(path);
    if (found == files.end()) return std::optional<FileInfo>();
    return std::optional<FileInfo>(FileInfo{found->second.size(), false});
  }
  Result<SpaceInfo> space(const std::string&) override { return refused(); }

  std::map<std::string, std::string> files;

 private:
  static Error refused() { return Error{Errc::permission, "read only"}; }
};

/// The program with everything around it faked.
struct Bench {
  FakeConsole console;
  ReadOnlyFiles files;
  FakeClock clock;
  ScriptedHttp http;
  ScriptedHttp closing_http;
  FileSystem* other_files = nullptr;  ///< instead of `files`
  std::map<std::string, std::string> environment{{"AWS_ACCESS_KEY_ID", "AKTEST"}, {"AWS_SECRET_ACCESS_KEY", "secret"}};

  int run(std::vector<std::string> arguments) {
    FileSystem& used = other_files != nullptr ? *other_files : static_cast<FileSystem&>(files);
    return run_app(World{console, used, clock, http,
                         [this](const std::string& name) -> std::optional<std::string> {
                           const auto found = environment.find(name);
                           if (found == environment.end()) return std::nullopt;
                           return found->second;
                         },
                         &closing_http},
                   std::move(arguments));
  }
};

}  // namespace forebay::cli::testing

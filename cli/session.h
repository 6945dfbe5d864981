#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/http_client.h"
#include "cli/console.h"
#include "cli/kinesis_client.h"
#include "cli/settings.h"

namespace forebay::cli {

/// Everything a command may use, handed over by main().
struct World {
  Console& console;
  FileSystem& files;
  const Clock& clock;
  HttpClient& http;
  Environment environment;
  HttpClient* closing_http = nullptr;  ///< one that Ctrl-C does not stop, for a last call; null: http
};

/// One run of the program: the flags that every command shares, and the command that was chosen.
class Session {
 public:
  explicit Session(World world) : world_(std::move(world)) {}

  SettingsFlags flags;
  bool json = false;
  bool color_off = false;
  /// Set by the chosen command while the command line is parsed; the result is the exit code.
  std::function<Result<int>()> run;

  [[nodiscard]] Console& console() const { return world_.console; }
  [[nodiscard]] FileSystem& files() const { return world_.files; }
  [[nodiscard]] HttpClient& http() const { return world_.http; }
  [[nodiscard]] const Clock& clock() const { return world_.clock; }
  [[nodiscard]] const Environment& environment() const { return world_.environment; }
  [[nodiscard]] bool color() const;
  /// The client for the gateway the settings name; made at the first call. Errors  of load_settings().
  Result<KinesisClient*> client();
  /// The same for calls about access keys, of Firehose and about delivery.
  Result<KinesisTransport*> transport();
  /// For the one call that sets things right after Ctrl-C: not stopped by it, and without waits.
  Result<std::unique_ptr<KinesisTransport>> closing_transport() const;
  /// What client() found. Shape  only after client() succeeded.
  [[nodiscard]] const Settings& settings() const { return transport_->settings(); }

 private:
  World world_;
  std::unique_ptr<KinesisTransport> transport_;
  std::unique_ptr<KinesisClient> client_;
};

}  // namespace forebay::cli

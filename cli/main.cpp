#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/interrupts.h"
#include "cli/stdio_console.h"
#include "sys/curl_http_client.h"
#include "sys/posix_file_system.h"
#include "sys/system_clock.h"

namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Certificates that may sign the gateway's: our own variable, then the one of the AWS tools; else the system's.
std::string ca_file() {
  return environment_variable("FOREBAY_CA_FILE").value_or(environment_variable("AWS_CA_BUNDLE").value_or(""));
}

}  // namespace

int main(int argc, char** argv) {
  forebay::cli::StdioConsole console;
  const forebay::CurlHttpClientOptions options{.ca_file = ca_file(), .user_agent = "forebay-cli"};
  forebay::CurlHttpClient http(options), closing_http(options);
  const forebay::cli::Interrupts interrupts([&] {
    console.interrupt();
    http.cancel();
  });
  forebay::PosixFileSystem files;
  const forebay::SystemClock clock;
  const forebay::cli::World world{console, files, clock, http, environment_variable, &closing_http};
  return forebay::cli::run_app(world, std::vector<std::string>(argv + 1, argv + argc));
}

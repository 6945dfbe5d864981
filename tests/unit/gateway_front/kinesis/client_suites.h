#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace forebay::gateway::test {

/// A suite of tests/clients: one file, or a folder with its files.
struct ClientSuite {
  std::string name;
  std::string text;

  /// True when the text names the operation as one of the clients' languages writes it: CreateStream, create_stream,
  /// create-stream, createStream, CreateStreamCommand...
  [[nodiscard]] bool calls(std::string_view operation) const;
  /// True for suites about Firehose; two operations of both services have one name.
  [[nodiscard]] bool is_of_firehose() const { return name.find("firehose") != std::string::npos; }
};

/// By name.
std::vector<ClientSuite> client_suites();

}  // namespace forebay::gateway::test

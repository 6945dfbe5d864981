// A real handshake with libcurl and with OpenSSL clients of other habits; errors that name the file.
#include "sys/tls_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "sys/curl_http_client.h"
#include "tests/support/temp_directory.h"

namespace forebay {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;

struct TlsContextTest : ::testing::Test {
  test::TempDirectory directory;
  TlsServerOptions options{directory.file("cert.pem"), directory.file("key.pem")};

  void SetUp() override { make_certificate("cert.pem", "key.pem"); }
  void make_certificate(const std::string& certificate, const std::string& key) {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout " +
        directory.file(key) + " -out " + directory.file(certificate) + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
};

/// Serves one connection: handshake, one request, one answer.
class OneShotServer {
 public:
  explicit OneShotServer(TlsContext& tls) : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}), tls_(tls) {
    thread_ = std::thread([this] { serve(); });
  }
  ~OneShotServer() { thread_.join(); }
  [[nodiscard]] int port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port()) + "/"; }

 private:
  void serve() {
    asio::ssl::stream<asio::ip::tcp::socket> stream(io_, tls_.context());
    boost::system::error_code error;
    acceptor_.accept(stream.lowest_layer(), error);
    stream.handshake(asio::ssl::stream_base::server, error);
    if (error) return;
    asio::streambuf request;
    asio::read_until(stream, request, "\r\n\r\n", error);
    asio::write(stream, asio::buffer(std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")), error);
    stream.shutdown(error);
  }

  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  TlsContext& tls_;
  std::thread thread_;
};

/// Handshake of a bare client; empty on success.
std::string client_handshake(int port, int version_max, const char* suites, const char* protocol) {
  asio::io_context io;
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX_set_max_proto_version(context.native_handle(), version_max);
  if (suites != nullptr) SSL_CTX_set_cipher_list(context.native_handle(), suites);
  asio::ssl::stream<asio::ip::tcp::socket> stream(io, context);
  std::string wire(1, static_cast<char>(std::char_traits<char>::length(protocol)));
  wire += protocol;
  SSL_set_alpn_protos(stream.native_handle(), reinterpret_cast<const unsigned char*>(wire.data()),
                      static_cast<unsigned>(wire.size()));
  boost::system::error_code error;
  stream.lowest_layer().connect({asio::ip::address_v4::loopback(), static_cast<unsigned short>(port)}, error);
  stream.handshake(asio::ssl::stream_base::client, error);
  return error ? error.message() : "";
}

HttpRequest get(const std::string& url) {
  HttpRequest request;
  request.method = "GET";
  request.url = url;
  return request;
}

TEST_F(TlsContextTest, LibcurlConnectsWithTheAuthorityAndNotWithout) {
  auto tls = TlsContext::make_server(options);
  ASSERT_TRUE(tls.ok()) << tls.error().to_string();
  {
    const OneShotServer server(**tls);
    CurlHttpClient client({.ca_file = options.certificate_file});
    const auto response = client.perform(get(server.url()));
    ASSERT_TRUE(response.ok()) << response.error().to_string();
    EXPECT_EQ(as_text(response->body), "hi");
  }
  const OneShotServer server(**tls);
  CurlHttpClient client({});
  EXPECT_EQ(client.perform(get(server.url())).error().code, Errc::permission);
}

TEST_F(TlsContextTest, RefusesOldVersionsWeakSuitesAndOtherProtocols) {
  auto tls = TlsContext::make_server(options);
  ASSERT_TRUE(tls.ok());
  const auto attempt = [&](int version, const char* suites, const char* protocol) {
    const OneShotServer server(**tls);
    return client_handshake(server.port(), version, suites, protocol);
  };
  EXPECT_EQ(attempt(TLS1_3_VERSION, nullptr, "http/1.1"), "");
  EXPECT_EQ(attempt(TLS1_2_VERSION, nullptr, "http/1.1"), "");
  EXPECT_NE(attempt(TLS1_1_VERSION, "DEFAULT:@SECLEVEL=0", "http/1.1"), "");
  EXPECT_NE(attempt(TLS1_2_VERSION, "AES128-GCM-SHA256", "http/1.1"), "");
  EXPECT_NE(attempt(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA", "http/1.1"), "");
  EXPECT_NE(attempt(TLS1_3_VERSION, nullptr, "spdy/1"), "");
}

TEST_F(TlsContextTest, ErrorsNameTheFileAndTheRemedy) {
  TlsServerOptions wrong = options;
  wrong.certificate_file = directory.file("missing.pem");
  EXPECT_THAT(TlsContext::make_server(wrong).error().context, HasSubstr(wrong.certificate_file + ": "));
  wrong = options;
  wrong.key_file = directory.write("junk.pem", "junk");
  EXPECT_THAT(TlsContext::make_server(wrong).error().context, HasSubstr(wrong.key_file + ": "));
  make_certificate("other.pem", "other.key");
  wrong.key_file = directory.file("other.key");
  const auto mismatch = TlsContext::make_server(wrong);
  ASSERT_FALSE(mismatch.ok());
  EXPECT_EQ(mismatch.error().code, Errc::invalid_argument);
  EXPECT_THAT(mismatch.error().context, HasSubstr(wrong.key_file));
}

}  // namespace
}  // namespace forebay

#include "sys/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/assert.h"

namespace forebay {
namespace {

namespace ssl = boost::asio::ssl;

// TLS 1.2 only; the suites of 1.3 are all forward-secret with authenticated encryption.
constexpr const char* kSuites = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::string wire_form(const std::vector<std::string>& protocols) {
  std::string wire;
  for (const std::string& protocol : protocols) {
    FB_ASSERT(!protocol.empty() && protocol.size() < 256);
    wire += static_cast<char>(protocol.size());
    wire += protocol;
  }
  return wire;
}

int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void* context) {
  const auto& offered = *static_cast<const std::string*>(context);
  unsigned char* chosen = nullptr;
  const int result = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(offered.data()),
                                           static_cast<unsigned int>(offered.size()), in, in_size);
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Without it OpenSSL would ask for a pass phrase on the terminal.
int no_pass_phrase(char*, int, int, void*) { return 0; }

Error file_error(const std::string& file, std::string_view remedy) {
  char text[256] = "cannot be read";
  if (const unsigned long code = ERR_peek_last_error(); code != 0) ERR_error_string_n(code, text, sizeof(text));
  ERR_clear_error();
  return Error{Errc::invalid_argument, file + ": " + text + "; " + std::string(remedy)};
}

}  // namespace

TlsContext::TlsContext(const TlsServerOptions& options)
    : context_(ssl::context::tls_server), protocols_(wire_form(options.protocols)) {
  SSL_CTX* handle = context_.native_handle();
  FB_ASSERT(SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION) == 1);
  FB_ASSERT(SSL_CTX_set_cipher_list(handle, kSuites) == 1);
  SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                  SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(handle, no_pass_phrase);
  if (!protocols_.empty()) SSL_CTX_set_alpn_select_cb(handle, select_protocol, &protocols_);
}

Result<std::unique_ptr<TlsContext>> TlsContext::make_server(const TlsServerOptions& options) {
  std::unique_ptr<TlsContext> made(new TlsContext(options));
  SSL_CTX* handle = made->context_.native_handle();
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(handle, options.certificate_file.c_str()) != 1)
    return file_error(options.certificate_file, "give a PEM certificate chain that this user may read");
  if (SSL_CTX_use_PrivateKey_file(handle, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return file_error(options.key_file, "give the PEM private key of " + options.certificate_file +
                                            ", without pass phrase, that this user may read");
  if (SSL_CTX_check_private_key(handle) != 1)
    return file_error(options.key_file, "it is not the key of " + options.certificate_file);
  return made;
}

}  // namespace forebay

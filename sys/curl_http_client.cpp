#include "sys/curl_http_client.h"

#include <curl/curl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <cstring>
#include <optional>
#include <set>

namespace forebay {
namespace {

constexpr std::size_t kHeaderBytesMax = 64 << 10;
constexpr long kKeepIdleSeconds = 30;  // NAT tables of mobile networks forget after a minute or two
constexpr long kKeepIntervalSeconds = 10;
constexpr int kPollMs = 1000;  // an upper bound only: sockets, timers of curl and cancel() end the wait

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

/// What the callbacks fill.
struct Answer {
  HttpResponse response;
  std::size_t header_bytes = 0;
  std::size_t body_bytes_max = 0;
  bool too_large = false;
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n'))
    text.remove_suffix(1);
  return text;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* context) {
  Answer& answer = *static_cast<Answer*>(context);
  const std::string_view line(data, size);
  answer.header_bytes += size;
  if (answer.header_bytes > kHeaderBytesMax) {
    answer.too_large = true;
    return 0;
  }
  // An interim answer (100) is followed by the real one.
  if (line.starts_with("HTTP/")) answer.response.headers.clear();
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos)
    answer.response.headers.emplace_back(lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return size;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* context) {
  Answer& answer = *static_cast<Answer*>(context);
  if (size > answer.body_bytes_max - answer.response.body.size()) {
    answer.too_large = true;
    return 0;
  }
  append(answer.response.body, as_bytes({data, size}));
  return size;
}

bool is_clean(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos; }

Result<HeaderList> header_list(const HttpRequest& request) {
  curl_slist* raw = nullptr;
  // Nothing curl adds on its own: no waiting for 100 Continue and no guessed type.
  std::vector<std::string> lines = {"Expect:"};
  bool has_type = false;
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || !is_clean(name) || !is_clean(value) || name.find(':') != std::string::npos)
      return Error{Errc::invalid_argument, "header " + name + ": name or value has a line break or a colon"};
    // curl takes "Name:" as a removal and "Name;" as a header without value.
    lines.push_back(value.empty() ? name + ";" : name + ": " + value);
    has_type = has_type || lower(name) == "content-type";
  }
  if (!has_type) lines.push_back("Content-Type:");
  for (const std::string& line : lines) raw = curl_slist_append(raw, line.c_str());
  return HeaderList(raw);
}

/// The URL without user, query and fragment, for error texts.
std::string shown_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t host = url.find("//");
  const std::size_t at = url.find('@');
  if (host != std::string_view::npos && at != std::string_view::npos)
    return std::string(url.substr(0, host + 2)) + std::string(url.substr(at + 1));
  return std::string(url);
}

Errc code_of(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return Errc::timed_out;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return Errc::permission;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER: return Errc::invalid_argument;
    default: return Errc::unavailable;
  }
}

/// Empty for families that are no IP.
std::optional<IpAddress> ip_address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, bytes.size());
    return IpAddress::v4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, bytes.size());
    return IpAddress::v6(bytes);
  }
  return std::nullopt;
}

bool library_ready() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

}  // namespace

class CurlHttpClient::Connection {
 public:
  explicit Connection(CurlHttpClientOptions options) : options_(std::move(options)) {
    FB_ASSERT(library_ready());
    multi_.reset(curl_multi_init());
    easy_.reset(curl_easy_init());
    FB_ASSERT(multi_ != nullptr && easy_ != nullptr);
  }

  Result<HttpResponse> perform(const HttpRequest& request) {
    FB_TRY(const HeaderList headers, header_list(request));
    Answer answer;
    answer.body_bytes_max = request.response_bytes_max;
    curl_easy_reset(easy_.get());  // keeps connections and TLS sessions
    error_text_[0] = '\0';
    refused_address_.clear();
    set_transport();
    set_request(request, headers.get(), answer);
    const Result<CURLcode> code = run(request);
    if (!code) return code.error();
    if (answer.too_large)
      return Error{Errc::too_large, shown_url(request.url) + ": the answer is larger than " +
                                        std::to_string(request.response_bytes_max) + " bytes"};
    if (*code != CURLE_OK) return failure(request, *code);
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.response.status = static_cast<int>(status);
    return std::move(answer.response);
  }

  void cancel() {
    cancelled_ = true;
    curl_multi_wakeup(multi_.get());
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    // Only unknown options and lack of memory can fail here; both are caught by the first test that runs.
    FB_ASSERT(curl_easy_setopt(easy_.get(), option, value) == CURLE_OK);
  }

  void set_transport() {
    set(CURLOPT_ERRORBUFFER, error_text_);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_TCP_KEEPIDLE, kKeepIdleSeconds);
    set(CURLOPT_TCP_KEEPINTVL, kKeepIntervalSeconds);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_USERAGENT, options_.user_agent.c_str());
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!options_.client_certificate.empty()) set(CURLOPT_SSLCERT, options_.client_certificate.c_str());
    if (!options_.client_key.empty()) set(CURLOPT_SSLKEY, options_.client_key.c_str());
    set(CURLOPT_SOCKOPTFUNCTION, &Connection::on_socket);
    set(CURLOPT_SOCKOPTDATA, static_cast<void*>(this));
    set(CURLOPT_CLOSESOCKETFUNCTION, &Connection::on_close_socket);
    set(CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
    set(CURLOPT_UPLOAD_BUFFERSIZE, static_cast<long>(options_.upload_buffer_bytes));
    if (!options_.address_allowed) return;
    set(CURLOPT_PROXY, "");
    set(CURLOPT_OPENSOCKETFUNCTION, &Connection::on_open_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  }

  /// The address is the one that the socket is then connected to: nothing is resolved in between.
  static curl_socket_t on_open_socket(void* context, curlsocktype, curl_sockaddr* address) {
    Connection& self = *static_cast<Connection*>(context);
    const auto ip = ip_address_of(address->addr);
    if (!ip || !self.options_.address_allowed(*ip)) {
      self.refused_address_ = ip ? ip->to_string() : "an address that is no IP";
      return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  static int on_socket(void* context, curl_socket_t socket, curlsocktype) {
    static_cast<Connection*>(context)->sockets_.insert(socket);
    return CURL_SOCKOPT_OK;
  }
  static int on_close_socket(void* context, curl_socket_t socket) {
    static_cast<Connection*>(context)->sockets_.erase(socket);
    return ::close(socket);
  }

  void set_request(const HttpRequest& request, curl_slist* headers, Answer& answer) {
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PATH_AS_IS, 1L);  // what was signed is what is sent
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_HEADERFUNCTION, on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(&answer));
    set(CURLOPT_WRITEFUNCTION, on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&answer));
    if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else if (request.method == "POST" || request.method == "PUT" || !request.body.empty()) {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.empty() ? "" : reinterpret_cast<const char*>(request.body.data()));
    }
    if (request.method != "HEAD") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  /// The transfer's own result; cancelled; timed_out: nothing moved for the request's stall_timeout.
  Result<CURLcode> run(const HttpRequest& request) {
    if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) return CURLE_FAILED_INIT;
    const Result<CURLcode> code = wait(request);
    curl_multi_remove_handle(multi_.get(), easy_.get());
    return code;
  }

  Result<CURLcode> wait(const HttpRequest& request) {
    const bool may_stall = request.stall_timeout.count() == 0;
    const int poll_ms =
        may_stall ? kPollMs : static_cast<int>(std::clamp<long>(request.stall_timeout.count() / 4, 1, kPollMs));
    Moved moved = moved_now();
    auto moved_at = std::chrono::steady_clock::now();
    for (;;) {
      if (cancelled_) return Error{Errc::cancelled, "request stopped"};
      int running = 0;
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
      if (running == 0) break;
      if (curl_multi_poll(multi_.get(), nullptr, 0, poll_ms, nullptr) != CURLM_OK) return CURLE_FAILED_INIT;
      if (may_stall) continue;
      const auto now = std::chrono::steady_clock::now();
      if (const Moved latest = moved_now(); latest != moved) {
        moved = latest;
        moved_at = now;
      } else if (now - moved_at >= request.stall_timeout) {
        return Error{Errc::timed_out, shown_url(request.url) + ": no byte moved for " +
                                          std::to_string(request.stall_timeout.count()) + " ms"};
      }
    }
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    return message != nullptr && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
  }

  /// Bytes that left, that came, and that the far end has not confirmed: the kernel takes megabytes at once which a
  /// thin link then carries for minutes.
  struct Moved {
    curl_off_t up = 0;
    curl_off_t down = 0;
    int unconfirmed = 0;
    bool operator==(const Moved&) const = default;
  };
  Moved moved_now() const {
    Moved moved;
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_UPLOAD_T, &moved.up);
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &moved.down);
    for (const curl_socket_t socket : sockets_) {
      int waiting = 0;
      if (::ioctl(socket, SIOCOUTQ, &waiting) == 0) moved.unconfirmed += waiting;
    }
    return moved;
  }

  Error failure(const HttpRequest& request, CURLcode code) const {
    std::string text = shown_url(request.url) + ": ";
    if (!refused_address_.empty() && code == CURLE_COULDNT_CONNECT)
      return Error{Errc::permission, text + "its address " + refused_address_ + " is not allowed"};
    text += error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
    if (code_of(code) == Errc::permission)
      text += options_.ca_file.empty() ? "; set a CA file if the server has its own authority"
                                       : "; is " + options_.ca_file + " the authority of this server?";
    if (code == CURLE_SSL_CERTPROBLEM) text += "; check " + options_.client_certificate + " and " + options_.client_key;
    if (code == CURLE_SSL_CACERT_BADFILE) text += "; check " + options_.ca_file;
    // Nothing was sent before there was a connection: that is no answer that came too late.
    curl_off_t connected = 0;
    const bool unsent = code == CURLE_OPERATION_TIMEDOUT &&
                        curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &connected) == CURLE_OK &&
                        connected == 0;
    return Error{unsent ? Errc::unavailable : code_of(code), std::move(text)};
  }

  CurlHttpClientOptions options_;
  std::set<curl_socket_t> sockets_;  ///< open ones, several while a connection is made; outlives `multi_`
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::string refused_address_;  ///< of the running request; empty: none
  char error_text_[CURL_ERROR_SIZE] = {};
  std::atomic<bool> cancelled_{false};
};

CurlHttpClient::CurlHttpClient(CurlHttpClientOptions options)
    : connection_(std::make_unique<Connection>(std::move(options))) {}

CurlHttpClient::~CurlHttpClient() = default;

Result<HttpResponse> CurlHttpClient::perform(const HttpRequest& request) { return connection_->perform(request); }

void CurlHttpClient::cancel() { connection_->cancel(); }

}  // namespace forebay

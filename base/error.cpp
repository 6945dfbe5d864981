#include "base/error.h"

#include <cerrno>
#include <system_error>

namespace forebay {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::invalid_argument: return "invalid_argument";
    case Errc::not_found: return "not_found";
    case Errc::already_exists: return "already_exists";
    case Errc::out_of_range: return "out_of_range";
    case Errc::too_large: return "too_large";
    case Errc::no_space: return "no_space";
    case Errc::io: return "io";
    case Errc::corrupt: return "corrupt";
    case Errc::unsupported: return "unsupported";
    case Errc::permission: return "permission";
    case Errc::conflict: return "conflict";
    case Errc::timed_out: return "timed_out";
    case Errc::unavailable: return "unavailable";
    case Errc::cancelled: return "cancelled";
  }
  return "unknown";
}

Error Error::with_context(std::string_view prefix) && {
  std::string sentence(prefix);
  sentence += ": ";
  sentence += context;
  return Error{code, std::move(sentence)};
}

std::string Error::to_string() const {
  std::string text(forebay::to_string(code));
  text += ": ";
  text += context;
  return text;
}

Error errno_error(int error_number, std::string_view what) {
  Errc code = Errc::io;
  switch (error_number) {
    case ENOSPC:
    case EDQUOT: code = Errc::no_space; break;
    case ENOENT: code = Errc::not_found; break;
    case EEXIST: code = Errc::already_exists; break;
    case EACCES:
    case EPERM:
    case EROFS: code = Errc::permission; break;
    case EAGAIN:
    case EMFILE:
    case ENFILE:
    case ECONNREFUSED:
    case ECONNRESET: code = Errc::unavailable; break;
    case ETIMEDOUT: code = Errc::timed_out; break;
    case EINVAL: code = Errc::invalid_argument; break;
    default: break;
  }
  std::string sentence(what);
  sentence += ": ";
  sentence += std::generic_category().message(error_number);
  return Error{code, std::move(sentence)};
}

}  // namespace forebay

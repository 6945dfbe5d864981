#include "cli/confirm.h"

namespace forebay::cli {

Result<void> confirm_deletion(Session& session, std::string_view what, std::string_view loss, const std::string& name) {
  const std::string thing(what);
  if (!session.console().in_is_terminal())
    return Error{Errc::invalid_argument, "delete " + thing + ": add --yes when no terminal can confirm it"};
  session.console().err("This deletes " + thing + std::string(loss) + ". Type its name to go on: ");
  std::string answer;
  std::uint8_t byte = 0;
  constexpr std::size_t kAnswerMax = 1024;
  while (answer.size() < kAnswerMax) {
    FB_TRY(const std::size_t got, session.console().in(MutableBytes(&byte, 1)));
    if (got == 0 || byte == '\n') break;
    answer += static_cast<char>(byte);
  }
  if (answer == name) return {};
  return Error{Errc::invalid_argument, thing + " was not deleted: the name did not match"};
}

}  // namespace forebay::cli

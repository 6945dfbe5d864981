#include "wire/aws/key_file.h"

#include "base/name_values.h"

namespace forebay::wire::aws {
namespace {

std::string* member_of(Credentials& credentials, std::string_view name) {
  if (name == "access_key_id") return &credentials.access_key_id;
  if (name == "secret_access_key") return &credentials.secret_access_key;
  if (name == "session_token") return &credentials.session_token;
  return nullptr;
}

}  // namespace

Result<Credentials> parse_key_file(std::string_view text, std::string_view file) {
  FB_TRY(std::vector<NameValue> lines, parse_name_values(text, file));
  Credentials credentials;
  for (NameValue& line : lines) {
    std::string* member = member_of(credentials, line.name);
    if (member == nullptr)
      return Error{Errc::invalid_argument, std::string(file) + ":" + std::to_string(line.line) + ": unknown name; a key file has access_key_id and secret_access_key"};
    *member = std::move(line.value);
  }
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty())
    return Error{Errc::invalid_argument,
                 std::string(file) +
                     ": access_key_id or secret_access_key is missing; the gateway writes both into DATA/admin.key at "
                     "its first start"};
  return credentials;
}

}  // namespace forebay::wire::aws

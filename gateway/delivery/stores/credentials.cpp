#include "gateway/delivery/stores/credentials.h"

namespace forebay::gateway::delivery {
namespace {

class FixedCredentials final : public CredentialSource {
 public:
  explicit FixedCredentials(wire::aws::Credentials credentials) : credentials_(std::move(credentials)) {}
  Result<wire::aws::Credentials> get() override { return credentials_; }
  void refused(const wire::aws::Credentials&) override {}

 private:
  wire::aws::Credentials credentials_;
};

}  // namespace

std::unique_ptr<CredentialSource> fixed_credentials(wire::aws::Credentials credentials) {
  return std::make_unique<FixedCredentials>(std::move(credentials));
}

Result<std::unique_ptr<CredentialSource>> environment_credentials(const Environment& environment) {
  wire::aws::Credentials credentials;
  credentials.access_key_id = environment("AWS_ACCESS_KEY_ID").value_or("");
  credentials.secret_access_key = environment("AWS_SECRET_ACCESS_KEY").value_or("");
  credentials.session_token = environment("AWS_SESSION_TOKEN").value_or("");
  for (const auto& [name, value] : {std::pair("AWS_ACCESS_KEY_ID", &credentials.access_key_id),
                                    std::pair("AWS_SECRET_ACCESS_KEY", &credentials.secret_access_key)})
    if (value->empty())
      return Error{Errc::not_found, std::string("credentials are to come from the environment and ") + name +
                                        " is not set; set it or name another source"};
  return fixed_credentials(std::move(credentials));
}

}  // namespace forebay::gateway::delivery

#include "cli/commands/key.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/json_member.h"
#include "cli/table.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::json;
using Repeat = KinesisTransport::Repeat;

constexpr std::size_t kPolicyBytesMax = 64 * 1024;

struct KeyFlags {
  std::string id;
  std::string role;
  std::string account;
  std::string device;
  std::string note;
  std::string policy_file;
  bool clear = false;
};

void print(Session& session, const Json& document) {
  session.console().out(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Result<Json> read_policy(Session& session, const std::string& path) {
  FB_TRY(const Buffer bytes, read_file(session.files(), path, kPolicyBytesMax));
  Json policy = Json::parse(as_text(bytes), nullptr, false);
  if (!policy.is_object()) return Error{Errc::invalid_argument, path + " is not a JSON object with a policy"};
  return policy;
}

/// The list of keys. Errors  corrupt: the answer has none.
Result<Json> all_keys(KinesisTransport& transport) {
  FB_TRY(const Json answer, transport.call_keys("list", Json::object(), Repeat::always));
  const Json& keys = json_member(answer, "keys");
  if (!keys.is_array())
    return Error{Errc::corrupt, "the answer holds no list of access keys; is this a Forebay gateway?"};
  return keys;
}

/// Standard output is a key file as the agent and --key-file read it, so that it can be redirected into one.
Result<int> create(Session& session, const KeyFlags& flags) {
  Json body{{"role", flags.role}};
  if (!flags.account.empty()) body["account"] = flags.account;
  if (!flags.device.empty()) body["device"] = flags.device;
  if (!flags.note.empty()) body["note"] = flags.note;
  if (!flags.policy_file.empty()) {
    FB_TRY(body["policy"], read_policy(session, flags.policy_file));
  }
  FB_TRY(KinesisTransport* const transport, session.transport());
  FB_TRY(const Json key, transport->call_keys("create", body, Repeat::if_refused));
  if (session.json) {
    print(session, key);
    return 0;
  }
  session.console().out("access_key_id = \"" + json_text(key, "access_key_id") + "\"\nsecret_access_key = \"" +
                        json_text(key, "secret_access_key") + "\"\n");
  session.console().err("the secret is shown this once; keep it in a file of mode 0600\n");
  return 0;
}

Result<int> list(Session& session) {
  FB_TRY(KinesisTransport* const transport, session.transport());
  FB_TRY(const Json keys, all_keys(*transport));
  if (session.json) {
    print(session, keys);
    return 0;
  }
  Table table({"ACCESS KEY", "ROLE", "ACCOUNT", "DEVICES", "POLICY", "NOTE"});
  for (const Json& key : keys)
    table.add({json_text(key, "access_key_id"), json_text(key, "role"), json_text(key, "account"),
               json_text(key, "device"), json_member(key, "policy").is_null() ? "" : "yes", json_text(key, "note")});
  session.console().out(table.text());
  return 0;
}

Result<int> revoke(Session& session, const KeyFlags& flags) {
  FB_TRY(KinesisTransport* const transport, session.transport());
  FB_CHECK(transport->call_keys("revoke", Json{{"access_key_id", flags.id}}, Repeat::if_refused));
  if (!session.json) session.console().out("access key " + flags.id + " is revoked\n");
  return 0;
}

/// Shows the policy, or sets or clears it.
Result<int> policy(Session& session, const KeyFlags& flags) {
  FB_TRY(KinesisTransport* const transport, session.transport());
  if (flags.clear || !flags.policy_file.empty()) {
    Json body{{"access_key_id", flags.id}, {"policy", nullptr}};
    if (!flags.policy_file.empty()) {
      FB_TRY(body["policy"], read_policy(session, flags.policy_file));
    }
    FB_CHECK(transport->call_keys("policy", body, Repeat::always));
    if (!session.json)
      session.console().out("policy of access key " + flags.id + " is " + (flags.clear ? "cleared" : "set") + "\n");
    return 0;
  }
  FB_TRY(const Json keys, all_keys(*transport));
  for (const Json& key : keys) {
    if (json_text(key, "access_key_id") != flags.id) continue;
    print(session, json_member(key, "policy"));
    return 0;
  }
  return Error{Errc::not_found, "there is no access key " + flags.id};
}

}  // namespace

void add_key_command(CLI::App& app, Session& session) {
  const auto flags = std::make_shared<KeyFlags>();
  CLI::App* const key = app.add_subcommand("key", "Access keys of the gateway and what they may do");
  key->require_subcommand(1);

  CLI::App* const creating = key->add_subcommand("create", "Makes a key; prints it once, in the form of a key file");
  creating->add_option("--role", flags->role, "admin: every call; user: what its policy allows; device: uploads")
      ->check(CLI::IsMember({"admin", "user", "device"}))
      ->default_val("admin");
  creating->add_option("--account", flags->account, "tenant, 12 digits; keys see streams of their account only");
  creating->add_option("--device", flags->device, "device names a device key may upload as, with * and ?");
  creating->add_option("--policy", flags->policy_file, "file with a policy (IAM JSON: Effect, Action, Resource)");
  creating->add_option("--note", flags->note, "for people");
  creating->callback([&session, flags] { session.run = [&session, flags] { return create(session, *flags); }; });

  CLI::App* const listing = key->add_subcommand("list", "Lists the keys, without secrets");
  listing->callback([&session] { session.run = [&session] { return list(session); }; });

  CLI::App* const revoking = key->add_subcommand("revoke", "Takes a key back at once");
  revoking->add_option("id", flags->id, "access key id")->required();
  revoking->callback([&session, flags] { session.run = [&session, flags] { return revoke(session, *flags); }; });

  CLI::App* const changing = key->add_subcommand("policy", "Shows, sets or clears the policy of a key");
  changing->add_option("id", flags->id, "access key id")->required();
  auto* const set = changing->add_option("--set", flags->policy_file, "file with the new policy");
  changing->add_flag("--clear", flags->clear, "no policy: what the role allows")->excludes(set);
  changing->callback([&session, flags] { session.run = [&session, flags] { return policy(session, *flags); }; });
}

}  // namespace forebay::cli

#include "cli/commands/put.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/progress.h"
#include "cli/put_batch.h"
#include "cli/text.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::ordered_json;

struct PutFlags {
  std::string stream;
  std::string data = "-";
  std::string key = "forebay";
};

constexpr std::size_t kReadBytes = 256 << 10;
constexpr std::size_t kLineBytesMax = 1 << 20;

/// Sends every complete line of `pending` and leaves the rest in it.
Result<void> add_lines(std::string& pending, const std::string& key, PutBatch& batch) {
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = pending.find('\n', begin)) != std::string::npos; begin = end + 1)
    FB_CHECK(batch.add({key, to_buffer(as_bytes(std::string_view(pending).substr(begin, end - begin)))}));
  pending.erase(0, begin);
  if (pending.size() > kLineBytesMax)
    return Error{Errc::too_large, "standard input has a line of more than 1 MiB; a record cannot be larger: split it"};
  return {};
}

/// Standard input, one record per line; a last line without newline counts.
Result<void> put_lines(Session& session, const PutFlags& flags, PutBatch& batch) {
  std::string pending;
  Buffer chunk(kReadBytes);
  Progress progress(session.console(), session.clock(), "records stored");
  while (true) {
    FB_TRY(const std::size_t got, session.console().in(chunk));
    if (got == 0) break;
    pending.append(as_text(ByteView(chunk).first(got)));
    FB_CHECK(add_lines(pending, flags.key, batch));
    // A pipe that gives less than asked has nothing more just now: what it gave leaves at once.
    if (got < chunk.size()) FB_CHECK(batch.flush());
    progress.update(batch.stored(), 0);
    if (session.console().interrupted()) break;
  }
  if (!pending.empty() && !session.console().interrupted())
    FB_CHECK(batch.add({flags.key, to_buffer(as_bytes(pending))}));
  FB_CHECK(batch.flush());
  progress.finish();
  return {};
}

void report_one(Session& session, const PutOutcome& outcome) {
  if (session.json)
    session.console().out(Json{{"shard", outcome.shard}, {"sequence_number", outcome.sequence_number}}.dump() + "\n");
  else
    session.console().out("stored in " + outcome.shard + " as " + outcome.sequence_number + "\n");
}

Result<int> put(Session& session, const PutFlags& flags) {
  FB_TRY(KinesisClient* const client, session.client());
  PutBatch batch(session, *client, flags.stream);
  if (flags.data != "-") {
    FB_CHECK(batch.add({flags.key, to_buffer(as_bytes(flags.data))}));
    FB_CHECK(batch.flush());
    report_one(session, batch.last_outcomes().front());
    return 0;
  }
  auto done = put_lines(session, flags, batch);
  if (!done && !session.console().interrupted())
    return std::move(done).error().with_context("after " + with_commas(batch.stored()) + " stored records");
  if (session.json)
    session.console().out(Json{{"records", batch.stored()}}.dump() + "\n");
  else
    session.console().err(counted(batch.stored(), "record") + " stored\n");
  return done ? 0 : exit_code_of(Errc::cancelled);
}

}  // namespace

void add_put_command(CLI::App& app, Session& session) {
  CLI::App* const command = app.add_subcommand("put", "store records: one argument, or the lines of standard input");
  const auto flags = std::make_shared<PutFlags>();
  command->add_option("stream", flags->stream, "stream")->required();
  command->add_option("data", flags->data, "the record, or - for standard input (default), one record per line");
  command->add_option("--key", flags->key, "partition key (default \"forebay\"); records of one key keep their order")
      ->check([](const std::string& key) {
        return key.empty() ? std::string("a key has 1 to 256 characters") : std::string();
      });
  command->footer(
      "Examples:\n"
      "  forebay put web 'GET /index.html 200'\n"
      "  forebay put press-data --key press-07 '{\"bar\": 181.5}'\n"
      "  tail -f /var/log/syslog | forebay put syslog\n"
      "Success means durable at the gateway. When an answer is lost on the way, the records may be stored twice if\n"
      "they are put again: devices use forebay-agent, which never repeats one.");
  command->callback([&session, flags] { session.run = [&session, flags] { return put(session, *flags); }; });
}

}  // namespace forebay::cli

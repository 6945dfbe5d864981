#include "cli/commands/completion.h"

#include <CLI/CLI.hpp>

namespace forebay::cli {
namespace {

struct CompletionFlags {
  std::string shell;
};

/// Words that may follow at one command: its subcommands, its options and those of the commands above it.
std::string words_of(const CLI::App& app, const std::string& inherited) {
  std::string words;
  for (const CLI::App* sub : app.get_subcommands({})) words += sub->get_name() + " ";
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  return words + inherited;
}

/// One `case` line per command, from the program down.
void append_cases(const CLI::App& app, const std::string& path, const std::string& inherited, std::string& out) {
  const std::string words = words_of(app, inherited);
  out += "    \"" + path + "\") words=\"" + words + "\" ;;\n";
  for (const CLI::App* sub : app.get_subcommands({})) append_cases(*sub, path + " " + sub->get_name(), inherited, out);
}

std::string shared_options(const CLI::App& app) {
  std::string out;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      if (name != "version" && name != "help") out += "--" + name + " ";
  return out;
}

/// A function for bash; the same text serves zsh through its bashcompinit.
std::string bash_script(const CLI::App& app) {
  std::string cases;
  append_cases(app, "forebay", shared_options(app), cases);
  return "# Completion of the forebay command. bash: source <(forebay completion bash)\n"
         "_forebay() {\n"
         "  local path=\"forebay\" words=\"\" word i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    word=\"${COMP_WORDS[i]}\"\n"
         "    case \"$path $word\" in\n" +
         [&app] {
           std::string commands;
           for (const CLI::App* sub : app.get_subcommands({})) {
             commands += "      \"forebay " + sub->get_name() + "\"";
             for (const CLI::App* inner : sub->get_subcommands({}))
               commands += "|\"forebay " + sub->get_name() + " " + inner->get_name() + "\"";
             commands += ") path=\"$path $word\" ;;\n";
           }
           return commands;
         }() +
         "    esac\n"
         "  done\n"
         "  case \"$path\" in\n" +
         cases +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "  if [ ${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\")); fi\n"
         "}\n"
         "complete -F _forebay forebay\n";
}

Result<int> completion(Session& session, const CLI::App& app, const CompletionFlags& flags) {
  const std::string script = bash_script(app);
  if (flags.shell == "bash")
    session.console().out(script);
  else
    session.console().out("autoload -U +X bashcompinit && bashcompinit\n" + script);
  return 0;
}

}  // namespace

void add_completion_command(CLI::App& app, Session& session) {
  CLI::App* const command = app.add_subcommand("completion", "print a completion script for bash or zsh");
  const auto flags = std::make_shared<CompletionFlags>();
  command->add_option("shell", flags->shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
  command->footer(
      "Examples:\n"
      "  source <(forebay completion bash)\n"
      "  forebay completion bash > /usr/share/bash-completion/completions/forebay");
  command->callback(
      [&session, &app, flags] { session.run = [&session, &app, flags] { return completion(session, app, *flags); }; });
}

}  // namespace forebay::cli

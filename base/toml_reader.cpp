#include "base/toml_reader.h"

#include <toml++/toml.h>

#include <algorithm>

#include "base/toml_guard.h"

namespace forebay {
namespace {

std::string place(const std::string& file, std::size_t line, std::size_t column) {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

class Flattener {
 public:
  explicit Flattener(const std::string& file) : file_(file) {}

  TomlDocument flatten(const toml::table& root) {
    document_.root.origin = place(file_, 1, 1);
    add_table(document_.root, "", root, true);
    sort_entries(document_.root);
    for (auto& [name, table] : document_.tables) sort_entries(table);
    std::stable_sort(document_.tables.begin(), document_.tables.end(),
                     [](const auto& a, const auto& b) { return first_line(a.second) < first_line(b.second); });
    return std::move(document_);
  }

 private:
  std::string origin(const toml::source_region& region) const {
    return place(file_, region.begin.line, region.begin.column);
  }
  static std::uint32_t first_line(const TomlTable& table) { return table.entries.empty() ? 0 : table.entries[0].line; }
  static void sort_entries(TomlTable& table) {
    std::stable_sort(table.entries.begin(), table.entries.end(),
                     [](const TomlEntry& a, const TomlEntry& b) { return a.line < b.line; });
  }

  void add_table(TomlTable& to, const std::string& prefix, const toml::table& from, bool top) {
    for (auto&& [key, node] : from) {
      const std::string name = prefix + std::string(key.str());
      if (top && node.is_array_of_tables()) {
        add_tables(name, *node.as_array());
        continue;
      }
      add_entry(to, name, node, key.source());
      if (const toml::table* below = node.as_table()) add_table(to, name + ".", *below, false);
    }
  }

  void add_tables(const std::string& name, const toml::array& array) {
    for (const toml::node& node : array) {
      TomlTable table;
      table.origin = origin(node.source());
      // The table itself is its first entry, so that empty ones keep their place.
      table.entries.push_back({"", TomlTableMark{}, table.origin, node.source().begin.line});
      add_table(table, "", *node.as_table(), false);
      document_.tables.emplace_back(name, std::move(table));
    }
  }

  void add_entry(TomlTable& to, const std::string& name, const toml::node& node, const toml::source_region& key) {
    const bool table = node.is_table();
    const toml::source_region& region = table ? key : node.source();
    to.entries.push_back({name, value_of(node), origin(region), key.begin.line});
  }

  static TomlValue value_of(const toml::node& node) {
    if (node.is_table()) return TomlTableMark{};
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* boolean = node.as_boolean()) return boolean->get();
    if (const auto* array = node.as_array()) return list_of(*array);
    return TomlOther{node.is_floating_point() ? "a number with a fraction" : "a date or time"};
  }

  static TomlValue list_of(const toml::array& array) {
    std::vector<std::string> items;
    for (const toml::node& node : array) {
      const auto* text = node.as_string();
      if (text == nullptr) return TomlOther{"an array of something else than strings"};
      items.push_back(text->get());
    }
    return items;
  }

  std::string file_;
  TomlDocument document_;
};

}  // namespace

Result<TomlDocument> read_toml(std::string_view text, const std::string& file) {
  if (const auto bad = check_toml_text(text))
    return Error{Errc::invalid_argument, place(file, bad->line, bad->column) + ": " + bad->sentence};
  try {
    return Flattener(file).flatten(toml::parse(text, std::string_view(file)));
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return Error{Errc::invalid_argument, place(file, at.line, at.column) + ": " + std::string(error.description()) +
                                             "; correct the TOML here or just before"};
  }
}

}  // namespace forebay

#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace forebay {

enum class OptionType : std::uint8_t {
  string,
  integer,
  boolean,
  size,         ///< "1 GiB", "64 MiB", "10 MB" or a number of bytes
  duration,     ///< "250 ms", "5 s", "2 min", "1 h", "7 d"
  enumeration,  ///< one of `allowed`
  string_list,  ///< array of strings; as text comma separated
  path,         ///< file or folder, not empty
};

/// One option: a row. Everything that is checked, printed or documented about it comes from here.
struct Option {
  std::string_view name;  ///< dotted path inside its table: "spool.max_size"
  OptionType type = OptionType::string;
  std::string_view default_value = {};  ///< as text, like after `--set name=`; empty: no value unless given
  std::string_view text = {};           ///< one sentence for docs/CONFIG.md
  /// Bounds: of the number; bytes of a size; milliseconds of a duration; bytes of a string; items of a list.
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view allowed = {};  ///< names of an enumeration, comma separated: "drop_oldest,drop_newest,block"
  std::string_view unit = {};     ///< of an integer, for people: "records"
  bool required = false;          ///< an error when neither given nor defaulted
  bool secret = false;            ///< never printed
};

/// One kind of row set of a repeated table: `name` is the value of the table's selector.
struct OptionVariant {
  std::string_view name;
  std::span<const Option> options = {};
  std::string_view text = {};
};

/// A repeated table, `[[source]]`. When `selector` is not empty, that option ("type") picks the variant and is itself
/// described by the variants; `common` rows hold for all of them.
struct OptionTable {
  std::string_view name;
  std::string_view selector = {};
  std::span<const Option> common = {};
  std::vector<OptionVariant> variants = {};
  std::string_view text = {};
  std::size_t rows_max = 1024;  ///< tables of this name in one configuration
};

/// All options of one program.
///
/// Example (agent/agent_options.cpp):
///   constexpr Option kOptions[] = {
///       {.name = "device", .text = "Name of this device.", .max = 128, .required = true},
///       {.name = "spool.max_size", .type = OptionType::size, .default_value = "1 GiB",
///        .text = "Disk space of the spool.", .min = 1 << 20},
///       {.name = "spool.when_full", .type = OptionType::enumeration, .default_value = "drop_oldest",
///        .text = "What to do when it is full.", .allowed = "drop_oldest,drop_newest,block"}};
///   constexpr Option kSource[] = {{.name = "stream", .text = "Stream to write to.", .required = true}};
///   constexpr Option kFileSource[] = {{.name = "paths", .type = OptionType::string_list, .required = true}};
///   ConfigSchema schema{.options = kOptions,
///                       .tables = {{.name = "source", .selector = "type", .common = kSource,
///                                   .variants = {{.name = "file", .options = kFileSource}}}}};
/// then load_config() (base/config_file.h) and
///   config.size("spool.max_size");  for (const ConfigTable& source : config.tables("source")) source.list("paths");
struct ConfigSchema {
  std::span<const Option> options = {};
  std::vector<OptionTable> tables = {};
};

/// The rows that hold for one variant: common ones, then its own.
std::vector<const Option*> options_of(const OptionTable& table, std::string_view variant);
/// Null when there is none.
const OptionVariant* find_variant(const OptionTable& table, std::string_view name);
/// "size, at least 1 MiB", "one of `a`, `b`": type and bounds for people.
std::string describe_type(const Option& option);
std::vector<std::string_view> split_list(std::string_view comma_separated);

/// The body of docs/CONFIG.md: one table of options per group (first part of the name), one per variant.
std::string options_markdown(const ConfigSchema& schema);

}  // namespace forebay

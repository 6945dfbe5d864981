#include "tests/unit/gateway_front/kinesis/request_maker.h"

#include <set>
#include <utility>

namespace forebay::gateway::test {
using nlohmann::json;

namespace {
/// Members that are skipped like unknown ones: reserved, or of a feature this gateway leaves out.
const std::set<std::string> kIgnored = {"StreamId", "RecordDistributionStrategy"};
/// The service can do without where it spreads the records itself, which this gateway leaves to the keys.
constexpr std::string_view kRequiredHere = "PartitionKey";
/// Above this a value is not worth making.
constexpr std::int64_t kValueBytesMax = 1 << 16;

/// Texts for the patterns of the model; the first that matches by name of the thing.
std::string sample_text(const std::string& pattern) {
  const std::string arn = "arn:aws:kinesis:us-east-1:000000000000:";
  const std::pair<const char*, std::string> kSamples[] = {
      {"/consumer", arn + "stream/s/consumer/c:1"},
      {":channel/", arn + "channel/c"},
      {"stream", arn + "stream/s"},
      {"s3tables", "arn:aws:s3tables:us-east-1:000000000000:bucket/abc"},
      {":s3:", "arn:aws:s3:::abc"},
      {":kms:", "arn:aws:kms:us-east-1:000000000000:key/k"},
      {":secretsmanager:", "arn:aws:secretsmanager:us-east-1:000000000000:secret:s"},
      {":iam:", "arn:aws:iam::000000000000:role/r"},
      {":glue:", "arn:aws:glue:us-east-1:000000000000:schema/r/s"},
      {"\\d{12}", "000000000000"},
      {"0|", "0"},
      {"[0-9]+", "1"},
      {"^$|\\.", ".abc"},
  };
  for (const auto& [part, text] : kSamples)
    if (pattern.find(part) != std::string::npos) return text;
  return "abc";
}

/// Breaks the pattern and no length.
std::string odd_text(const std::string& pattern) {
  if (pattern == "[^:*]*") return "*:";
  if (pattern == ".*") return "\n";
  if (pattern == "^(?!\\s*$).+") return " ";
  return "\u00a7 ";
}

/// An empty text fits these.
bool takes_empty(const std::string& pattern) {
  return pattern.ends_with("*") || pattern.ends_with("*$") || pattern.starts_with("^$|");
}

/// A longer text breaks these too.
bool counts(const std::string& pattern) {
  return pattern.find("{3,63}") != std::string::npos || pattern.find("{1,255}") != std::string::npos;
}

bool is_required(const std::string& name, const json& member) {
  return member["required"] == true || name == kRequiredHere;
}

json members_of(const json& structure) { return structure.value("members", json::object()); }

std::string lower_camel(std::string name) {
  name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  return name;
}

std::string number(const json& value) { return std::to_string(value.get<std::int64_t>()); }

/// "Value 'x' at 'streamName' failed to satisfy constraint: ..."
std::string item(const std::string& value, const std::string& path, const std::string& constraint) {
  return "Value " + value + " at '" + path + "' failed to satisfy constraint: " + constraint;
}
std::string in_quotes(const std::string& value) { return "'" + value + "'"; }

std::string message(const std::vector<std::string>& items) {
  std::string text =
      std::to_string(items.size()) + " validation error" + (items.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < items.size(); ++i) text.append(i == 0 ? "" : "; ").append(items[i]);
  return text;
}

std::string at_most(const json& max) { return "Member must have length less than or equal to " + number(max); }
std::string at_least(const json& min) { return "Member must have length greater than or equal to " + number(min); }
/// Messages quote patterns without the anchors that some have in the model.
std::string pattern_constraint(const json& description) {
  std::string pattern = description["pattern"];
  if (pattern.starts_with("^(") && pattern.ends_with(")$")) pattern = pattern.substr(2, pattern.size() - 4);
  return "Member must satisfy regular expression pattern: " + pattern;
}
/// The order of the names is the service's own.
constexpr const char* kEnumConstraint = "Member must satisfy enum value set: [*]";

/// Makes requests that are right but for one value.
class Breaker {
 public:
  explicit Breaker(const json& input) : whole_(sample_of(input)) { structure(input, json::json_pointer(), ""); }
  std::vector<BadRequest> take() { return std::move(bad_); }

 private:
  void add(const std::string& title, const json::json_pointer& at, const json& value,
           const std::vector<std::string>& items) {
    json request = whole_;
    request[at] = value;
    bad_.push_back({title, std::move(request), message(items)});
  }

  void structure(const json& description, const json::json_pointer& at, const std::string& prefix) {
    const json members = members_of(description);
    for (const auto& [name, member] : members.items()) {
      if (kIgnored.contains(name)) continue;
      const std::string path = prefix + lower_camel(name);
      const json kept = whole_;
      if (is_required(name, member)) {
        json request = whole_;
        request[at].erase(name);
        bad_.push_back(
            {name + " missing", std::move(request), message({item("null", path, "Member must not be null")})});
      }
      whole_[at / name] = sample_of(member);
      value(member, at / name, path, name);
      whole_ = kept;
    }
  }

  void value(const json& description, const json::json_pointer& at, const std::string& path, const std::string& name) {
    const std::string type = description["type"];
    if (type == "string") text(description, at, path, name);
    if (type == "integer" || type == "long") integer(description, at, path, name);
    if (type == "list") list(description, at, path, name);
    if (type == "map") map(description, at, path, name);
    if (type == "structure") structure(description, at, path + ".");
  }

  void text(const json& d, const json::json_pointer& at, const std::string& path, const std::string& name) {
    if (d.contains("values"))
      add(name + " of no enum", at, "NONE_OF_THEM", {item("'NONE_OF_THEM'", path, kEnumConstraint)});
    if (d.contains("pattern")) {
      const std::string odd = odd_text(d["pattern"]);
      std::vector<std::string> items{item(in_quotes(odd), path, pattern_constraint(d))};
      if (d.value("min", 0) > 2) items.push_back(item(in_quotes(odd), path, at_least(d["min"])));
      add(name + " against its pattern", at, odd, items);
    }
    if (d.value("min", 0) > 0 && !d.contains("values")) {
      std::vector<std::string> items;
      if (d.contains("pattern") && !takes_empty(d["pattern"])) items.push_back(item("''", path, pattern_constraint(d)));
      items.push_back(item("''", path, at_least(d["min"])));
      add(name + " too short", at, "", items);
    }
    const std::int64_t max = d.value("max", kValueBytesMax);
    const bool counted = counts(d.value("pattern", ""));
    if (max >= kValueBytesMax || d.contains("values") || d.value("min", 0) == max || counted) return;
    std::string longer = sample_text(d.value("pattern", ""));
    longer.append(static_cast<std::size_t>(max) + 1 - longer.size(), longer.ends_with("1") ? '1' : 'a');
    add(name + " too long", at, longer, {item(in_quotes(longer), path, at_most(d["max"]))});
  }

  void integer(const json& d, const json::json_pointer& at, const std::string& path, const std::string& name) {
    if (d.contains("min")) {
      const std::int64_t below = d["min"].get<std::int64_t>() - 1;
      add(name + " too small", at, below,
          {item(in_quotes(std::to_string(below)), path,
                "Member must have value greater than or equal to " + number(d["min"]))});
    }
    if (d.contains("max") && d["max"].get<std::int64_t>() < 2147483647) {
      const std::int64_t above = d["max"].get<std::int64_t>() + 1;
      add(name + " too large", at, above,
          {item(in_quotes(std::to_string(above)), path,
                "Member must have value less than or equal to " + number(d["max"]))});
    }
  }

  void list(const json& d, const json::json_pointer& at, const std::string& path, const std::string& name) {
    const json& element = d["member"];
    if (d.value("min", 0) > 0) add(name + " empty", at, json::array(), {item("'[]'", path, at_least(d["min"]))});
    if (d.value("max", 10'000) < 10'000) {
      json many = json::array();
      for (std::int64_t i = 0; i <= d["max"].get<std::int64_t>(); ++i) many.push_back(sample_of(element));
      add(name + " of too many", at, many, {item("'[*]'", path, at_most(d["max"]))});
    }
    if (element["type"] == "structure") {
      structure(element, at / 0, path + ".1.member.");
      return;
    }
    const std::string start = "Member must satisfy constraint: [";
    if (element.contains("values"))
      add(name + " with one of no enum", at, {"NONE_OF_THEM"},
          {item("'[NONE_OF_THEM]'", path, start + kEnumConstraint + "]")});
    else if (element.contains("max"))
      add(name + " with a long one", at, {std::string(element["max"].get<std::size_t>() + 1, 'a')},
          {item("'[*]'", path, start + at_most(element["max"]) + ", " + at_least(element["min"]) + "]")});
  }

  void map(const json& d, const json::json_pointer& at, const std::string& path, const std::string& name) {
    if (d.value("min", 0) > 0) add(name + " empty", at, json::object(), {item("'{}'", path, at_least(d["min"]))});
    if (!d.contains("max")) return;
    json many = json::object();
    for (std::int64_t i = 0; i <= d["max"].get<std::int64_t>(); ++i) many["k" + std::to_string(i)] = "v";
    add(name + " of too many", at, many, {item("'{*}'", path, at_most(d["max"]))});
    const json& key = d["key"];
    const json& value = d["value"];
    add(name + " with a long key", at, {{std::string(key["max"].get<std::size_t>() + 1, 'k'), "v"}},
        {item("'{*}'", path,
              "Map keys must satisfy constraint: [" + at_most(key["max"]) + ", " + at_least(key["min"]) + "]")});
    add(name + " with a long value", at, {{"k", std::string(value["max"].get<std::size_t>() + 1, 'v')}},
        {item("'{*}'", path,
              "Map value must satisfy constraint: [" + at_most(value["max"]) + ", " + at_least(value["min"]) + "]")});
  }

  json whole_;
  std::vector<BadRequest> bad_;
};

struct WrongValue {
  const char* what;
  json value;
  std::string text;
};

std::vector<WrongValue> wrong_values(const std::string& type) {
  const std::string number_class =
      "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to ";
  const std::string bool_class = "class java.lang.Boolean can not be converted to ";
  const std::string string_class = "class java.lang.String can not be converted to ";
  const WrongValue list{"list", json::array(), "Start of list found where not expected"};
  const WrongValue object{"object", json::object(), "Start of structure or map found where not expected."};
  if (type == "string")
    return {{"boolean", true, bool_class + "an String"}, {"number", 1, number_class + "an String"}, list, object};
  if (type == "integer" || type == "long") {
    const std::string target = type == "long" ? "an Long" : "an Integer";
    return {{"boolean", true, bool_class + target}, {"string", "x", string_class + target}, list, object};
  }
  if (type == "boolean")
    return {{"number", 1, number_class + "an Boolean"},
            {"string", "x", "'X' can not be converted to an Boolean"},
            list,
            object};
  if (type == "blob")
    return {{"boolean", true, bool_class + "a Blob"}, {"number", 1, number_class + "a Blob"}, list, object};
  if (type == "timestamp")
    return {{"boolean", true, bool_class + "milliseconds since epoch"},
            {"string", "x", string_class + "milliseconds since epoch"},
            list,
            object};
  if (type == "list") return {{"string", "x", "Expected list or null"}, object};
  if (type == "map") return {{"string", "x", "Expected map or null"}, list};
  return {{"string", "x", "Expected null"}, list};
}
}  // namespace

json sample_of(const json& description) {
  const std::string type = description.value("type", "structure");
  if (type == "string") {
    if (description.contains("values")) return description["values"][0];
    return sample_text(description.value("pattern", ""));
  }
  if (type == "integer" || type == "long") return description.value("min", std::int64_t{1});
  if (type == "boolean") return false;
  if (type == "blob") return "aGk=";
  if (type == "timestamp") return 1;
  if (type == "list") return json::array({sample_of(description["member"])});
  if (type == "map") return {{"k", "v"}};
  json out = json::object();
  const json members = members_of(description);
  for (const auto& [name, member] : members.items())
    if (is_required(name, member)) out[name] = sample_of(member);
  return out;
}

std::vector<BadRequest> requests_that_break_rules(const json& input) { return Breaker(input).take(); }

std::vector<BadRequest> requests_of_wrong_types(const json& input) {
  std::vector<BadRequest> bad;
  const json members = members_of(input);
  for (const auto& [name, member] : members.items()) {
    if (kIgnored.contains(name)) continue;
    for (const WrongValue& wrong : wrong_values(member["type"])) {
      json request = sample_of(input);
      request[name] = wrong.value;
      bad.push_back({name + " as " + wrong.what, std::move(request), wrong.text});
    }
  }
  return bad;
}

bool fits_text(std::string_view message, std::string_view text) {
  const std::size_t star = text.find('*');
  if (star == std::string_view::npos) return message == text;
  if (!message.starts_with(text.substr(0, star))) return false;
  const std::string_view rest = text.substr(star + 1);
  for (std::size_t at = star; at <= message.size(); ++at)
    if (fits_text(message.substr(at), rest)) return true;
  return false;
}

}  // namespace forebay::gateway::test

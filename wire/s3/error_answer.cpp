#include "wire/s3/error_answer.h"

#include "wire/s3/xml_reader.h"

namespace forebay::wire::s3 {
namespace {

constexpr std::size_t kTextMax = 1024;

void take(ErrorAnswer& answer, std::string_view name, std::string text) {
  if (text.size() > kTextMax) text.resize(kTextMax);
  if (name == "Code")
    answer.code = std::move(text);
  else if (name == "Message")
    answer.message = std::move(text);
  else if (name == "Resource")
    answer.resource = std::move(text);
  else if (name == "RequestId")
    answer.request_id = std::move(text);
  else if (name == "Endpoint")
    answer.endpoint = std::move(text);
  else if (name == "Region")
    answer.region = std::move(text);
}

}  // namespace

std::optional<ErrorAnswer> parse_error(std::string_view document) {
  XmlReader reader(document);
  ErrorAnswer answer;
  bool inside = false;
  for (;;) {
    auto event = reader.next();
    // What was read up to the damage is still worth telling.
    if (!event || event->kind == XmlReader::Kind::end) break;
    if (event->kind == XmlReader::Kind::open && reader.depth() == 1) {
      inside = event->name == "Error";
      if (!inside) return std::nullopt;
    }
    if (event->kind == XmlReader::Kind::close && reader.depth() == 1) take(answer, event->name, std::move(event->text));
  }
  return inside ? std::optional(std::move(answer)) : std::nullopt;
}

}  // namespace forebay::wire::s3

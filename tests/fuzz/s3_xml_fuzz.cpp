// Answers of S3 servers: the reader ends, keeps its bounds and its balance; what it takes as text reads back the same
// when it is written again; and every answer's parser takes or refuses it without more ado.
#include "tests/fuzz/targets.h"
#include "wire/s3/error_answer.h"
#include "wire/s3/list_objects.h"
#include "wire/s3/multipart.h"
#include "wire/s3/xml_reader.h"

namespace forebay::fuzz {
namespace {

using namespace wire::s3;

void check_text(const std::string& text) {
  if (text.find('\0') != std::string::npos) return;  // XML has no form for it
  const std::string document = "<a>" + xml_escape(text) + "</a>";
  XmlReader reader(document);
  const auto open = reader.next();
  require(open.ok() && open->kind == XmlReader::Kind::open, "escaped text stands in its element");
  const auto close = reader.next();
  require(close.ok() && close->kind == XmlReader::Kind::close && close->text == text, "escaped text reads back");
}

void walk(std::string_view document) {
  XmlReader reader(document);
  std::size_t open = 0;
  std::size_t taken = 0;
  // Each event takes at least one byte, and <a/> gives two.
  for (std::size_t i = 0; i <= 2 * document.size() + 1; ++i) {
    const auto event = reader.next();
    if (!event) return;
    if (event->kind == XmlReader::Kind::end) return require(open == 0, "all elements are closed at the end");
    open += event->kind == XmlReader::Kind::open ? 1 : -1;
    require(open == reader.depth() && open <= XmlReader::kDepthMax, "depth counts what is open");
    require(event->name.data() >= document.data() &&
                event->name.data() + event->name.size() <= document.data() + document.size(),
            "names are inside the document");
    taken += event->text.size();
    require(taken <= document.size(), "text does not grow");
    if (event->kind == XmlReader::Kind::close) check_text(event->text);
  }
  require(false, "a document has no more events than bytes");
}

}  // namespace

void s3_xml(ByteView input) {
  const std::string_view document = as_text(input);
  walk(document);
  if (const auto error = parse_error(document)) require(error->message.size() <= 1024, "messages are bounded");
  if (const auto page = parse_object_page(document))
    for (const ListedObject& object : page->objects) require(!object.key.empty(), "objects have keys");
  if (const auto page = parse_upload_page(document))
    for (const ListedUpload& upload : page->uploads) require(!upload.upload_id.empty(), "uploads have ids");
  if (const auto id = parse_upload_id(document)) require(!id->empty(), "an upload id is not empty");
  static_cast<void>(is_complete_result(document));
}

}  // namespace forebay::fuzz

#include "wire/s3/multipart.h"

#include "wire/s3/xml_reader.h"

namespace forebay::wire::s3 {

Result<std::string> parse_upload_id(std::string_view document) {
  XmlReader reader(document);
  std::string id;
  for (;;) {
    FB_TRY(auto event, reader.next());
    if (event.kind == XmlReader::Kind::end) break;
    if (event.kind == XmlReader::Kind::open && reader.depth() == 1 && event.name != "InitiateMultipartUploadResult")
      return Error{Errc::corrupt, "answer is <" + std::string(event.name) + ">, not <InitiateMultipartUploadResult>"};
    if (event.kind == XmlReader::Kind::close && reader.depth() == 1 && event.name == "UploadId")
      id = std::move(event.text);
  }
  if (id.empty()) return Error{Errc::corrupt, "answer has no UploadId"};
  return id;
}

std::string complete_body(std::span<const std::string> etags) {
  std::string body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (std::size_t i = 0; i < etags.size(); ++i) {
    body.append("<Part><PartNumber>").append(std::to_string(i + 1)).append("</PartNumber><ETag>");
    body.append(xml_escape(etags[i])).append("</ETag></Part>");
  }
  return body.append("</CompleteMultipartUpload>");
}

bool is_complete_result(std::string_view document) {
  XmlReader reader(document);
  bool result = false;
  for (;;) {
    const auto event = reader.next();
    if (!event) return false;
    if (event->kind == XmlReader::Kind::end) return result;
    if (event->kind == XmlReader::Kind::open && reader.depth() == 1)
      result = event->name == "CompleteMultipartUploadResult";
  }
}

}  // namespace forebay::wire::s3

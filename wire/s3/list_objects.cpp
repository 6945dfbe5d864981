#include "wire/s3/list_objects.h"

#include <algorithm>
#include <charconv>

#include "wire/aws/date.h"
#include "wire/aws/uri.h"
#include "wire/s3/xml_reader.h"

namespace forebay::wire::s3 {
namespace {

Error not_an_answer(std::string_view root, std::string_view wanted) {
  return Error{Errc::corrupt, "answer is <" + std::string(root) + ">, not <" + std::string(wanted) + ">"};
}

/// Form encoding: '+' is a blank here, a plus sign comes as %2B.
std::string decoded(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return aws::uri_decode(text);
}

Result<WallTime> time_of(std::string_view text) {
  if (const auto time = aws::parse_iso_time(text)) return *time;
  return Error{Errc::corrupt, "'" + std::string(text) + "' is not a time"};
}

Result<void> take(ListedObject& object, std::string_view name, std::string text) {
  if (name == "Key") object.key = std::move(text);
  if (name == "LastModified") {
    FB_TRY(object.modified, time_of(text));
  }
  if (name == "Size") {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), object.size);
    if (error != std::errc() || end != text.data() + text.size())
      return Error{Errc::corrupt, "'" + text + "' is not a size"};
  }
  return {};
}

Result<void> take(ListedUpload& upload, std::string_view name, std::string text) {
  if (name == "Key") upload.key = std::move(text);
  if (name == "UploadId") upload.upload_id = std::move(text);
  if (name == "Initiated") {
    FB_TRY(upload.initiated, time_of(text));
  }
  return {};
}

/// Walks <root> with items of one name; `scalar` gets the leaves beside the items.
template <class Item, class Scalar>
Result<std::vector<Item>> walk(std::string_view document, std::string_view root, std::string_view item_name,
                               Scalar scalar) {
  XmlReader reader(document);
  std::vector<Item> items;
  for (;;) {
    FB_TRY(auto event, reader.next());
    if (event.kind == XmlReader::Kind::end) return items;
    if (event.kind == XmlReader::Kind::open) {
      if (reader.depth() == 1 && event.name != root) return not_an_answer(event.name, root);
      if (reader.depth() == 2 && event.name == item_name) items.emplace_back();
    } else if (reader.depth() == 2 && reader.parent() == item_name) {
      FB_CHECK(take(items.back(), event.name, std::move(event.text)));
    } else if (reader.depth() == 1) {
      scalar(event.name, std::move(event.text));
    }
  }
}

}  // namespace

Result<ObjectPage> parse_object_page(std::string_view document) {
  ObjectPage page;
  bool encoded = false;
  const auto scalar = [&](std::string_view name, std::string text) {
    if (name == "IsTruncated") page.truncated = text == "true";
    if (name == "NextContinuationToken") page.next_token = std::move(text);
    if (name == "EncodingType") encoded = text == "url";
  };
  FB_TRY(page.objects, walk<ListedObject>(document, "ListBucketResult", "Contents", scalar));
  for (ListedObject& object : page.objects) {
    if (encoded) object.key = decoded(std::move(object.key));
    if (object.key.empty()) return Error{Errc::corrupt, "an entry of the list has no key"};
  }
  return page;
}

Result<UploadPage> parse_upload_page(std::string_view document) {
  UploadPage page;
  bool encoded = false;
  const auto scalar = [&](std::string_view name, std::string text) {
    if (name == "IsTruncated") page.truncated = text == "true";
    if (name == "NextKeyMarker") page.next_key = std::move(text);
    if (name == "NextUploadIdMarker") page.next_upload_id = std::move(text);
    if (name == "EncodingType") encoded = text == "url";
  };
  FB_TRY(page.uploads, walk<ListedUpload>(document, "ListMultipartUploadsResult", "Upload", scalar));
  if (encoded) page.next_key = decoded(std::move(page.next_key));
  for (ListedUpload& upload : page.uploads) {
    if (encoded) upload.key = decoded(std::move(upload.key));
    if (upload.key.empty() || upload.upload_id.empty())
      return Error{Errc::corrupt, "an entry of the list has no key or no upload id"};
  }
  return page;
}

}  // namespace forebay::wire::s3

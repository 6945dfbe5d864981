// S3's XML answers: what servers write, and documents that must be refused or survive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/s3/error_answer.h"
#include "wire/s3/list_objects.h"
#include "wire/s3/multipart.h"
#include "wire/s3/xml_reader.h"

namespace forebay::wire::s3 {
namespace {

using ::testing::HasSubstr;

std::string walked(std::string_view document) {
  XmlReader reader(document);
  std::string out;
  for (;;) {
    const auto event = reader.next();
    if (!event) return out + "!" + event.error().context;
    if (event->kind == XmlReader::Kind::end) return out;
    if (event->kind == XmlReader::Kind::open)
      out += "<" + std::string(event->name) + ">";
    else
      out += event->text + "</" + std::string(event->name) + ">";
  }
}

TEST(XmlReader, ReadsElementsTextAndReferences) {
  EXPECT_EQ(
      walked("<?xml version=\"1.0\"?>\n<a x='>' xmlns:n=\"u\"><n:b>1 &lt; 2 &amp;&#65;&#x1F600;</n:b><c/>\n</a>\n"),
      "<a><b>1 < 2 &A\xF0\x9F\x98\x80</b><c></c></a>");
  EXPECT_EQ(walked("\xef\xbb\xbf<a><!-- <b> --><![CDATA[<&>]]></a>"), "<a><&></a>");
  EXPECT_EQ(walked("<a/>"), "<a></a>");
}

TEST(XmlReader, RefusesWhatIsNotWellFormedOrCouldGrow) {
  for (const char* bad :
       {"", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a>&nbsp;</a>", "<a>&#xD800;</a>", "<a>&#0;</a>",
        "<a>&#x110000;</a>", "<a>& </a>", "<a", "<a><!-- </a>", "<a><![CDATA[x</a>", "< a></ a>", "<>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a/>x", "<a>&#99999999999999;</a>"})
    EXPECT_THAT(walked(bad), HasSubstr("!XML: ")) << bad;
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_THAT(walked(deep), HasSubstr("nested too deeply"));
}

TEST(XmlReader, EscapedTextReadsBackAsItWas) {
  const std::string text = "a<b>&\"c'\t\n\r\xC3\xA9";
  EXPECT_EQ(walked("<a>" + xml_escape(text) + "</a>"), "<a>" + text + "</a>");
}

TEST(S3ErrorAnswer, IsReadFromEveryShape) {
  const auto full = parse_error(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>AuthorizationHeaderMalformed</Code><Message>the region "
      "'us-east-1' is wrong</Message><Region>eu-west-1</Region><RequestId>R</RequestId><HostId>h</HostId></Error>");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->code, "AuthorizationHeaderMalformed");
  EXPECT_EQ(full->region, "eu-west-1");
  EXPECT_EQ(full->request_id, "R");
  EXPECT_EQ(parse_error("<Error><Code>SlowDown</Code><Mess")->code, "SlowDown");
  EXPECT_FALSE(parse_error("<html><body>Bad gateway</body></html>"));
  EXPECT_FALSE(parse_error(""));
  EXPECT_FALSE(parse_error("<CompleteMultipartUploadResult><Code>x</Code></CompleteMultipartUploadResult>"));
  const auto long_text = parse_error("<Error><Message>" + std::string(100'000, 'x') + "</Message></Error>");
  EXPECT_EQ(long_text->message.size(), 1024u);
}

TEST(S3Lists, ObjectPageIsReadWithEncodedKeys) {
  const auto page = parse_object_page(
      "<ListBucketResult "
      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name><IsTruncated>true</IsTruncated>"
      "<NextContinuationToken>t=</NextContinuationToken><EncodingType>url</EncodingType>"
      "<Contents><Key>dt%3D1/a%2Bb+c%20d</Key><LastModified>2026-01-02T03:04:05.678Z</"
      "LastModified><ETag>&quot;e&quot;</ETag>"
      "<Size>12</Size><Owner><ID>Key</ID><DisplayName>n</DisplayName></Owner></Contents>"
      "<Contents><Key>z</Key><Size>0</Size></Contents><CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>"
      "</ListBucketResult>");
  ASSERT_TRUE(page.ok()) << page.error().to_string();
  EXPECT_TRUE(page->truncated);
  EXPECT_EQ(page->next_token, "t=");
  ASSERT_EQ(page->objects.size(), 2u);
  EXPECT_EQ(page->objects[0], (ListedObject{"dt=1/a+b c d", 12, from_millis(1'767'323'045'678)}));
  EXPECT_EQ(page->objects[1].key, "z");
  // Without the element nothing is decoded.
  EXPECT_EQ(
      parse_object_page("<ListBucketResult><Contents><Key>a%2Bb+c</Key></Contents></ListBucketResult>")->objects[0].key,
      "a%2Bb+c");
}

TEST(S3Lists, OddPagesAreRefusedWithTheReason) {
  EXPECT_THAT(parse_object_page("<Error><Code>X</Code></Error>").error().context, HasSubstr("<Error>"));
  EXPECT_THAT(
      parse_object_page("<ListBucketResult><Contents><Size>-1</Size></Contents></ListBucketResult>").error().context,
      HasSubstr("'-1' is not a size"));
  EXPECT_THAT(
      parse_object_page("<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>").error().context,
      HasSubstr("no key"));
  EXPECT_FALSE(
      parse_object_page("<ListBucketResult><Contents><LastModified>now</LastModified></Contents></ListBucketResult>")
          .ok());
  EXPECT_FALSE(parse_object_page("<ListBucketResult><Contents>").ok());
}

TEST(S3Lists, UploadPageIsRead) {
  const auto page = parse_upload_page(
      "<ListMultipartUploadsResult><Bucket>b</Bucket><NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u"
      "</NextUploadIdMarker><IsTruncated>true</IsTruncated><Upload><Key>a "
      "b</Key><UploadId>2~x</UploadId><Initiator><ID>i"
      "</ID></Initiator><Initiated>2026-01-02T03:04:05Z</Initiated></Upload></ListMultipartUploadsResult>");
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->uploads.size(), 1u);
  EXPECT_EQ(page->uploads[0], (ListedUpload{"a b", "2~x", from_millis(1'767'323'045'000)}));
  EXPECT_EQ(page->next_key, "k");
  EXPECT_EQ(page->next_upload_id, "u");
}

TEST(S3Multipart, IdsBodiesAndResults) {
  EXPECT_EQ(*parse_upload_id("<InitiateMultipartUploadResult><Bucket>b</Bucket><UploadId>u&amp;1</UploadId>"
                             "</InitiateMultipartUploadResult>"),
            "u&1");
  EXPECT_FALSE(parse_upload_id("<InitiateMultipartUploadResult/>").ok());
  EXPECT_FALSE(parse_upload_id("<Error><UploadId>x</UploadId></Error>").ok());
  const std::string etags[] = {"\"a\"", "b"};
  EXPECT_THAT(complete_body(etags), HasSubstr("<Part><PartNumber>1</PartNumber><ETag>&quot;a&quot;</ETag></Part>"
                                              "<Part><PartNumber>2</PartNumber><ETag>b</ETag></Part>"));
  EXPECT_TRUE(is_complete_result("<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"));
  EXPECT_FALSE(is_complete_result("<CompleteMultipartUploadResult><ETag>x</ETag>"));
  EXPECT_FALSE(is_complete_result("\n\n  <Error><Code>InternalError</Code></Error>"));
  EXPECT_FALSE(is_complete_result(""));
}

}  // namespace
}  // namespace forebay::wire::s3

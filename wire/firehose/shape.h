#pragma once

#include "wire/kinesis/shape.h"

/// Messages of Amazon Data Firehose, described in the vocabulary of wire/kinesis/shape.h and read, checked and written
/// by the same visitors. JSON 1.1 is the only encoding.
namespace forebay::wire::firehose {

using kinesis::LengthRange;
using kinesis::Pattern;
using kinesis::Rule;
using kinesis::StringMap;

/// X-Amz-Target is this and the operation's name.
inline constexpr std::string_view kTargetPrefix = "Firehose_20150804.";
/// Stands before the names of structures in the service's texts.
inline constexpr std::string_view kJavaPackage = "com.amazonaws.firehose.v20150804.";

/// The three forms in which the service describes one destination: as given to CreateDeliveryStream, to
/// UpdateDestination, and as DescribeDeliveryStream shows it. They differ in names and in what is required.
enum class Form : std::uint8_t { configuration, update, description };

constexpr std::string_view form_name(Form form, std::string_view configuration, std::string_view update,
                                     std::string_view description) {
  return form == Form::configuration ? configuration : form == Form::update ? update : description;
}

}  // namespace forebay::wire::firehose

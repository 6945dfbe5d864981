#include "gateway/delivery/objects/error_line.h"

#include "base/base64.h"
#include "wire/kinesis/json_text.h"

namespace forebay::gateway::delivery {

void append_error_line(Buffer& out, const ErrorLine& line) {
  using wire::kinesis::append_json_string;
  std::string text = "{\"attemptsMade\":" + std::to_string(line.attempts) +
                     ",\"arrivalTimestamp\":" + std::to_string(to_millis(line.arrival));
  text += line.conversion ? ",\"lastErrorCode\":" : ",\"errorCode\":";
  append_json_string(text, line.code);
  text += line.conversion ? ",\"lastErrorMessage\":" : ",\"errorMessage\":";
  append_json_string(text, line.message);
  text += ",\"attemptEndingTimestamp\":" + std::to_string(to_millis(line.attempt_ended)) + ",\"rawData\":\"";
  append_base64(text, line.data);
  text += '"';
  if (line.conversion)
    text += ",\"sequenceNumber\":\"" + line.sequence_number +
            "\",\"subSequenceNumber\":" + (line.aggregated ? std::to_string(line.sub_sequence) : "null") +
            ",\"dataCatalogTable\":null";
  text += "}\n";
  append(out, as_bytes(text));
}

}  // namespace forebay::gateway::delivery

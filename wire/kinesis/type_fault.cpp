#include "wire/kinesis/type_fault.h"

#include "wire/kinesis/json_text.h"

namespace forebay::wire::kinesis {
namespace {

std::string_view java_class_of(Found found) {
  switch (found) {
    case Found::boolean: return "java.lang.Boolean";
    case Found::string: return "java.lang.String";
    case Found::blob: return "java.nio.HeapByteBuffer";
    default: return "com.amazon.coral.value.json.numbers.TruncatingBigNumber";
  }
}

std::string_view target_of(Wanted wanted) {
  switch (wanted) {
    case Wanted::string: return "an String";
    case Wanted::integer: return "an Integer";
    case Wanted::long_integer: return "an Long";
    case Wanted::boolean: return "an Boolean";
    case Wanted::blob: return "a Blob";
    default: return "milliseconds since epoch";
  }
}

}  // namespace

std::string wrong_type_text(Wanted wanted, Found found, std::string_view text) {
  if (found == Found::list) return "Start of list found where not expected";
  if (found == Found::structure) return "Start of structure or map found where not expected.";
  switch (wanted) {
    case Wanted::list: return "Expected list or null";
    case Wanted::map: return "Expected map or null";
    case Wanted::structure: return "Expected null";
    default: break;
  }
  if (wanted == Wanted::boolean && found == Found::string)
    return "'" + upper_cased(shortened(text)) + "' can not be converted to an Boolean";
  std::string out = "class ";
  return out.append(java_class_of(found)).append(" can not be converted to ").append(target_of(wanted));
}

}  // namespace forebay::wire::kinesis

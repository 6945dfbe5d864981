#include "wire/kinesis/put_view.h"

namespace forebay::wire::kinesis {

void PutView::clear() {
  stream_name.reset();
  stream_arn.reset();
  sequence_number_for_ordering.reset();
  dry_run = false;
  entries.clear();
}

}  // namespace forebay::wire::kinesis

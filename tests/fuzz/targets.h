#pragma once

#include <stdexcept>
#include <string_view>

#include "base/bytes.h"

/// One function per place where bytes of strangers are read. Each takes any bytes, must end soon, and throws Broken
/// when what it read contradicts itself. Two programs are made of them: test_fuzz_corpus, which replays the corpus and
/// seeded mutations with any compiler, and one libFuzzer program each (FOREBAY_FUZZ, run.sh).
namespace forebay::fuzz {

struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};

inline void require(bool holds, const char* property) {
  if (!holds) throw Broken(property);
}

void http1(ByteView input);
void http2(ByteView input);
void json(ByteView input);
void cbor(ByteView input);
void sigv4(ByteView input);
void event_stream(ByteView input);
void iterator_token(ByteView input);
void record_batch(ByteView input);
void manifest(ByteView input);
void upload(ByteView input);
void s3_xml(ByteView input);
void firehose(ByteView input);

struct Target {
  std::string_view name;  ///< of its corpus folder
  void (*run)(ByteView input);
};

inline constexpr Target kTargets[] = {
    {"http1", http1},
    {"http2", http2},
    {"json", json},
    {"cbor", cbor},
    {"sigv4", sigv4},
    {"event_stream", event_stream},
    {"iterator_token", iterator_token},
    {"record_batch", record_batch},
    {"manifest", manifest},
    {"upload", upload},
    {"s3_xml", s3_xml},
    {"firehose", firehose},
};

}  // namespace forebay::fuzz

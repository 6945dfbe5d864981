// What libFuzzer calls; FOREBAY_FUZZ_TARGET is one function of targets.h. Anything thrown ends the program, and the
// fuzzer keeps the input.
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  forebay::fuzz::FOREBAY_FUZZ_TARGET(forebay::ByteView(data, size));
  return 0;
}

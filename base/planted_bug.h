#pragma once

/// Bugs that can be switched on to prove that the tests find them (reliability T15). Shipped programs are built without
/// FOREBAY_PLANTED_BUGS: the condition is then the constant false and the branch is not compiled in.
/// Use  if (FB_PLANTED_BUG("spool.ack_before_sync")) ...   The name stands in tests/crash/planted_bugs.txt together with
/// the test that must fail; environment variable FOREBAY_BUG chooses one bug for the life of the process.
#ifdef FOREBAY_PLANTED_BUGS

#include <cstdlib>
#include <string_view>

namespace forebay {

inline bool planted_bug(std::string_view name) {
  static const char* const chosen = std::getenv("FOREBAY_BUG");
  return chosen != nullptr && name == chosen;
}

}  // namespace forebay

#define FB_PLANTED_BUG(name) (::forebay::planted_bug(name))

#else

#define FB_PLANTED_BUG(name) false

#endif

// The non-template parts of Boost.Beast, compiled once.
#include <boost/beast/src.hpp>

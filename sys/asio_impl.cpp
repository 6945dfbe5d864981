// The only translation unit that compiles the bodies of Asio and its TLS part.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>

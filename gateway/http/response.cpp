#include "gateway/http/response.h"

namespace forebay::gateway::http {

Response text_response(int status, std::string_view content_type, std::string_view body) {
  Response response;
  response.status = status;
  response.content_type = content_type;
  response.text = body;
  return response;
}

Response bare_response(int status) {
  Response response;
  response.status = status;
  response.request_ids = false;
  response.close = true;
  return response;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    default: return "Status";
  }
}

}  // namespace forebay::gateway::http

#include "cli/session.h"

namespace forebay::cli {

bool Session::color() const {
  return !color_off && console().out_is_terminal() && !world_.environment("NO_COLOR").has_value();
}

Result<KinesisClient*> Session::client() {
  if (!client_) {
    FB_TRY(Settings settings, load_settings(world_.files, world_.environment, flags));
    Console& console = world_.console;
    transport_ = std::make_unique<KinesisTransport>(world_.http, world_.clock, std::move(settings),
                                                    [&console](Milliseconds wait) { return console.pause(wait); });
    client_ = std::make_unique<KinesisClient>(*transport_);
  }
  return client_.get();
}

Result<KinesisTransport*> Session::transport() {
  FB_CHECK(client());
  return transport_.get();
}

Result<std::unique_ptr<KinesisTransport>> Session::closing_transport() const {
  FB_TRY(Settings settings, load_settings(world_.files, world_.environment, flags));
  HttpClient& http = world_.closing_http != nullptr ? *world_.closing_http : world_.http;
  return std::make_unique<KinesisTransport>(http, world_.clock, std::move(settings),
                                            [](Milliseconds) { return false; });
}

}  // namespace forebay::cli

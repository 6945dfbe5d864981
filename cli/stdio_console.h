#pragma once

#include <condition_variable>
#include <mutex>

#include "cli/console.h"

namespace forebay::cli {

/// Console on the standard streams of the process.
/// Threads  interrupt() from any thread; everything else from the main one.
class StdioConsole final : public Console {
 public:
  StdioConsole();
  ~StdioConsole() override;
  StdioConsole(const StdioConsole&) = delete;
  StdioConsole& operator=(const StdioConsole&) = delete;

  void out(std::string_view text) override;
  void err(std::string_view text) override;
  void flush() override;
  Result<std::size_t> in(MutableBytes out) override;
  [[nodiscard]] bool out_is_terminal() const override;
  [[nodiscard]] bool err_is_terminal() const override;
  [[nodiscard]] bool in_is_terminal() const override;
  [[nodiscard]] bool out_is_open() const override { return out_open_; }
  bool pause(Milliseconds length) override;
  [[nodiscard]] bool interrupted() const override;
  /// Ends the present and every later pause() at once.
  void interrupt();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool interrupted_ = false;
  bool out_open_ = true;
  int wake_ = -1;  ///< eventfd that ends a waiting in()
};

}  // namespace forebay::cli

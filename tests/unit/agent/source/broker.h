#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/support/temp_directory.h"

namespace forebay::agent {

/// Runs a program found in PATH or /usr/sbin. Returns its exit code.
inline int run_program(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return -1;
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// A real mosquitto on a free loopback port, with its sessions on disk.
class Broker {
 public:
  explicit Broker(const std::string& more = "") : port_(free_port()) {
    folder_.write("mosquitto.conf",
                  "listener " + std::to_string(port_) + " 127.0.0.1\npersistence true\npersistence_location " +
                      folder_.path() + "/\nuser root\n" + more +
                      (more.find("password_file") == std::string::npos ? "allow_anonymous true\n" : ""));
    start();
  }
  ~Broker() { stop(); }
  void start() {
    std::string program = "/usr/sbin/mosquitto", flag = "-c", file = folder_.file("mosquitto.conf");
    char* argv[] = {program.data(), flag.data(), file.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 2, folder_.file("log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ASSERT_EQ(::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv, environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  void stop() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  int publish(const std::string& topic, const std::string& payload, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(port_), "-q", "1",
                                       "-t", topic, "-m", payload};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments);
  }

 private:
  static std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
  }
  test::TempDirectory folder_;
  std::uint16_t port_;
  pid_t pid_ = 0;
};

}  // namespace forebay::agent

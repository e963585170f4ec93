// For tests through sockets: a raw HTTP client that sends exactly the bytes it is given, and a
// server to send them to.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "serve/http_server.h"

namespace tact::internal {

class TestClient {
 public:
  explicit TestClient(std::uint16_t port, int receive_buffer = 0) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;
  TestClient(TestClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        connected_(other.connected_),
        held_(std::move(other.held_)) {}
  ~TestClient() { close(); }

  bool connected() const { return connected_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  // Closes with a reset instead of a FIN.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Everything until the server closes, or `timeout_ms` passes without a byte.
  std::string read_all(int timeout_ms = 5000) {
    while (receive(timeout_ms)) {
    }
    return std::exchange(held_, {});
  }
  // True if the server has closed (or does within the time); bytes on the way are kept.
  bool closed_by_server(int timeout_ms) {
    while (receive(timeout_ms)) {
    }
    return ended_;
  }
  // One response with a Content-Length (or none): head and body.
  std::string read_response(int timeout_ms = 5000) {
    std::size_t head = 0;
    while ((head = held_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive(timeout_ms)) return std::exchange(held_, {});
    }
    const std::size_t field = held_.find("Content-Length: ");
    const std::size_t length =
        field < head ? std::strtoul(held_.c_str() + field + 16, nullptr, 10) : 0;
    while (held_.size() < head + 4 + length && receive(timeout_ms)) {
    }
    std::string response = held_.substr(0, head + 4 + length);
    held_.erase(0, response.size());
    return response;
  }
  // Reads until `text` has arrived; returns what came until then.
  std::string read_until(std::string_view text, int timeout_ms = 5000) {
    while (held_.find(text) == std::string::npos && receive(timeout_ms)) {
    }
    const std::size_t at = held_.find(text);
    const std::size_t end = at == std::string::npos ? held_.size() : at + text.size();
    std::string out = held_.substr(0, end);
    held_.erase(0, end);
    return out;
  }

 private:
  bool receive(int timeout_ms) {
    pollfd wait{fd_, POLLIN, 0};
    if (::poll(&wait, 1, timeout_ms) <= 0) return false;
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (count <= 0) {
      ended_ = true;
      return false;
    }
    held_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  int fd_ = -1;
  bool connected_ = false;
  bool ended_ = false;
  std::string held_;
};

inline ServerOptions on_any_port() {
  ServerOptions options;
  options.port = 0;
  options.connections_per_address_max = 2000;
  return options;
}

inline std::unique_ptr<HttpServer> start(Handler handler, ServerOptions options = on_any_port()) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server.has_value()) << (server ? "" : server.error().to_text());
  return std::move(server).value();
}

inline std::string body_of(const std::string& response) {
  const std::size_t head = response.find("\r\n\r\n");
  return head == std::string::npos ? "" : response.substr(head + 4);
}

inline int status_of(const std::string& response) {
  return response.starts_with("HTTP/1.1 ") ? std::stoi(response.substr(9, 3)) : 0;
}

// What the whole connection answers to these bytes.
inline std::string ask(const HttpServer& server, std::string_view bytes) {
  TestClient client(server.port());
  client.send(bytes);  // may fail where the server has refused the rest
  return client.read_all();
}

inline bool wait_until(const std::function<bool()>& condition,
                       std::chrono::milliseconds limit = std::chrono::milliseconds(5000)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

inline constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace tact::internal

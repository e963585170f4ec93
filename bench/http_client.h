// One HTTP/1.1 keep-alive connection on a non-blocking socket, with what a load generator needs of
// the protocol and no more. Addresses of this machine only: 127.0.0.0/8 and ::1.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace bench {

struct Target {
  sockaddr_storage address{};
  socklen_t length = 0;
  std::string host;  // for the Host field
};

// "127.0.0.1:8080" or "[::1]:8080"; ends the program for any address that is not of this machine.
Target parse_target(const std::string& text);

class HttpClient {
 public:
  enum class Progress { kWaiting, kDone, kFailed };

  HttpClient() = default;
  ~HttpClient() { close(); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Opens the connection and adds it to `epoll` under `tag`. False when the socket cannot be made.
  bool connect(const Target& target, int epoll, std::size_t tag);
  void close();
  bool is_open() const { return fd_ >= 0; }

  // Sends head and body; what the socket does not take at once follows on ready(). The connection
  // must be idle. kFailed: the connection is closed, connect() again.
  Progress send(std::string_view head, std::string_view body);
  // After epoll reported the connection: goes on writing and reading.
  Progress ready();

  int status() const { return status_; }  // of the last answer that was kDone
  bool keeps_alive() const { return keep_alive_; }

 private:
  Progress write_some();
  Progress read_some();
  Progress parse();
  bool chunks_complete(std::size_t body_at) const;

  int fd_ = -1;
  std::string out_;
  std::size_t written_ = 0;
  std::string in_;
  int status_ = 0;
  bool keep_alive_ = true;
  bool busy_ = false;  // between send() and kDone
};

}  // namespace bench

#include "http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "options.h"

namespace bench {
namespace {

// The value of a field in a response head, or "". Names are compared without case.
std::string_view field(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;
       at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    bool same = true;
    for (std::size_t i = 0; i < name.size(); ++i) {
      same = same && std::tolower(static_cast<unsigned char>(line[i])) == name[i];
    }
    if (!same) continue;
    std::string_view value = line.substr(name.size() + 1);
    value = value.substr(0, value.find("\r\n"));
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    return value;
  }
  return {};
}

}  // namespace

Target parse_target(const std::string& text) {
  Target target;
  const std::size_t colon = text.rfind(':');
  unsigned port = 0;
  if (colon != std::string::npos) {
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  }
  if (port == 0 || port > 65535) die("the target is ADDRESS:PORT: " + text);
  const std::string host = text.substr(0, colon);
  target.host = text;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&target.address);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&target.address);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    if ((ntohl(v4->sin_addr.s_addr) >> 24) != 127) die("only addresses of this machine: " + text);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<std::uint16_t>(port));
    target.length = sizeof(sockaddr_in);
  } else if (host == "[::1]") {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<std::uint16_t>(port));
    v6->sin6_addr = in6addr_loopback;
    target.length = sizeof(sockaddr_in6);
  } else {
    die("only addresses of this machine: " + text);
  }
  return target;
}

bool HttpClient::connect(const Target& target, int epoll, std::size_t tag) {
  close();
  fd_ = socket(target.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return false;
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int result =
      ::connect(fd_, reinterpret_cast<const sockaddr*>(&target.address), target.length);
  if (result != 0 && errno != EINPROGRESS) {
    close();
    return false;
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP;
  event.data.u64 = tag;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd_, &event) != 0) {
    close();
    return false;
  }
  return true;
}

void HttpClient::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  busy_ = false;
  keep_alive_ = true;
}

HttpClient::Progress HttpClient::send(std::string_view head, std::string_view body) {
  out_.assign(head);
  out_.append(body);
  written_ = 0;
  in_.clear();
  busy_ = true;
  return write_some();
}

HttpClient::Progress HttpClient::ready() {
  if (!busy_) {
    // The server closed an idle connection, or the connection just came up.
    char byte;
    const ssize_t got = recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != ENOTCONN)) {
      close();
      return Progress::kFailed;
    }
    return Progress::kWaiting;
  }
  if (written_ < out_.size() && write_some() == Progress::kFailed) return Progress::kFailed;
  return read_some();
}

HttpClient::Progress HttpClient::write_some() {
  while (written_ < out_.size()) {
    const ssize_t sent = ::send(fd_, out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EAGAIN || errno == ENOTCONN) return Progress::kWaiting;
      close();
      return Progress::kFailed;
    }
    written_ += static_cast<std::size_t>(sent);
  }
  return Progress::kWaiting;
}

HttpClient::Progress HttpClient::read_some() {
  char buffer[16384];
  for (;;) {
    const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN) return parse();
    if (got <= 0) {
      if (got == 0 && parse() == Progress::kDone) {
        keep_alive_ = false;
        return Progress::kDone;
      }
      close();
      return Progress::kFailed;
    }
    in_.append(buffer, static_cast<std::size_t>(got));
  }
}

HttpClient::Progress HttpClient::parse() {
  const std::size_t end = in_.find("\r\n\r\n");
  if (end == std::string::npos) return Progress::kWaiting;
  const std::string_view head = std::string_view(in_).substr(0, end + 2);
  if (head.size() < 12 || !head.starts_with("HTTP/1.")) {
    close();
    return Progress::kFailed;
  }
  std::from_chars(head.data() + 9, head.data() + 12, status_);
  const std::size_t body_at = end + 4;
  if (field(head, "transfer-encoding") == "chunked") {
    if (!chunks_complete(body_at)) return Progress::kWaiting;
  } else {
    std::size_t length = 0;
    const std::string_view text = field(head, "content-length");
    std::from_chars(text.data(), text.data() + text.size(), length);
    if (in_.size() < body_at + length) return Progress::kWaiting;
  }
  keep_alive_ = field(head, "connection") != "close";
  busy_ = false;
  return Progress::kDone;
}

bool HttpClient::chunks_complete(std::size_t at) const {
  for (;;) {
    const std::size_t line_end = in_.find("\r\n", at);
    if (line_end == std::string::npos) return false;
    std::size_t size = 0;
    std::from_chars(in_.data() + at, in_.data() + line_end, size, 16);
    at = line_end + 2 + size + 2;
    if (in_.size() < at) return false;
    if (size == 0) return true;
  }
}

}  // namespace bench

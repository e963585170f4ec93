#include "serve/http_server.h"

#include <algorithm>
#include <ctime>
#include <mutex>
#include <thread>

#include "base/burst.h"
#include "base/log.h"
#include "base/thread.h"
#include "serve/internal/connection.h"
#include "serve/internal/response_head.h"

namespace tact {
namespace internal {
namespace {

// Requests handed over to the shards together: more of them let the other core wait too long.
constexpr std::size_t kRequestsAtOnce = 16;

std::chrono::milliseconds tick_period(const ServerOptions& o) {
  using std::chrono::milliseconds;
  const milliseconds shortest = std::min({o.header_timeout, o.body_timeout, o.idle_timeout,
                                          o.handler_timeout, o.write_timeout, o.heartbeat});
  return std::clamp(shortest / 4, milliseconds(10), milliseconds(250));
}

}  // namespace

// --- Loop ---

Loop::Loop(const ServerOptions& options, const Handler& handler, Admission& admission)
    : options_(options),
      handler_(handler),
      admission_(admission),
      tick_period_(tick_period(options)),
      mailbox_(std::make_shared<Mailbox>([this] { asio::post(io_, [this] { take_mail(); }); })),
      now_(std::chrono::steady_clock::now()) {}

void Loop::run() {
  Burst burst(kRequestsAtOnce);
  tick();
  while (io_.run_one() > 0) {
    io_.poll();
    burst.end();
  }
}

void Loop::adopt(Socket socket, std::string address) {
  error_code error;
  socket.non_blocking(true, error);
  if (!error) socket.set_option(asio::ip::tcp::no_delay(true), error);
  if (error || stopping_) return admission_.release(address);
  const std::uint64_t id = next_id_++;
  auto connection = std::make_unique<Connection>(*this, std::move(socket), id, std::move(address));
  Connection* const raw = connection.get();
  connections_.emplace(id, std::move(connection));
  raw->start();
}

void Loop::remove(std::uint64_t id) {
  const auto found = connections_.find(id);
  const std::unique_ptr<Connection> ended = std::move(found->second);
  connections_.erase(found);
  admission_.release(ended->address());
  finish_if_stopped();
}

void Loop::take_mail() {
  mailbox_->take(mail_);
  for (Envelope& envelope : mail_) {
    const auto found = connections_.find(envelope.connection);
    if (found == connections_.end()) continue;
    if (envelope.response) {
      found->second->deliver(envelope.request, std::move(*envelope.response));
    } else {
      found->second->stream_news();
    }
  }
  mail_.clear();
}

// Connections may end, and so leave the map, while `action` runs.
template <typename Action>
void Loop::for_each(Action action) {
  std::vector<std::uint64_t> ids;
  ids.reserve(connections_.size());
  for (const auto& [id, connection] : connections_) ids.push_back(id);
  for (const std::uint64_t id : ids) {
    const auto found = connections_.find(id);
    if (found != connections_.end()) action(*found->second);
  }
}

void Loop::schedule_tick() {
  timer_.expires_after(tick_period_);
  timer_.async_wait([this](const error_code& error) {
    if (!error && work_.owns_work()) tick();
  });
}

void Loop::tick() {
  now_ = std::chrono::steady_clock::now();
  const std::time_t second = std::time(nullptr);
  if (second != date_at_) date_ = http_date(second);
  date_at_ = second;
  for_each([this](Connection& connection) { connection.tick(now_); });
  if (stopping_ && now_ >= stop_deadline_) {
    for_each([](Connection& connection) { connection.force(); });
  }
  if (work_.owns_work()) schedule_tick();
}

void Loop::begin_stop() {
  if (stopping_) return;
  stopping_ = true;
  stop_deadline_ = std::chrono::steady_clock::now() + options_.stop_grace;
  for_each([](Connection& connection) { connection.stop_soon(); });
  finish_if_stopped();
}

void Loop::finish_if_stopped() {
  if (!stopping_ || !connections_.empty()) return;
  mailbox_->close();
  timer_.cancel();
  work_.reset();  // run() returns when nothing is pending
}

}  // namespace internal

// --- HttpServer ---

namespace {

namespace asio = boost::asio;
using internal::error_code;

constexpr std::size_t kDecideBodyMax = 512 * 1024;
constexpr std::size_t kBodyMax = 4 * 1024 * 1024 + 64 * 1024;  // a 4 MB batch and its envelope

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\n"
    "Connection: close\r\n\r\n";

std::string address_text(const internal::Socket& socket) {
  error_code error;
  asio::ip::address address = socket.remote_endpoint(error).address();
  if (error) return {};
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return address.to_string();
}

Result<asio::ip::tcp::endpoint> endpoint_of(const ServerOptions& options) {
  const std::string text = options.address == "localhost" ? "127.0.0.1" : options.address;
  error_code error;
  const asio::ip::address address = asio::ip::make_address(text, error);
  if (error) return make_error(ErrorCode::kInvalid, "not an IP address: " + options.address);
  return asio::ip::tcp::endpoint(address, options.port);
}

}  // namespace

std::size_t body_bytes_max(std::string_view, std::string_view path) {
  return path == "/v1/decide" ? kDecideBodyMax : kBodyMax;
}

bool reads_much(std::string_view path) {
  return path == "/v1/freshness" || path == "/v1/reports" || path.starts_with("/v1/reports/");
}

class HttpServer::Impl {
 public:
  Impl(ServerOptions options, Handler handler)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        admission_(options_.connections_max, options_.connections_per_address_max,
                   options_.trusted_proxies) {
    for (int i = 0; i < std::max(1, options_.io_threads); ++i) {
      loops_.push_back(std::make_unique<internal::Loop>(options_, handler_, admission_));
    }
    acceptor_.emplace(loops_.front()->io());
    retry_.emplace(loops_.front()->io());
  }

  Status listen(const asio::ip::tcp::endpoint& endpoint) {
    error_code error;
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(internal::Acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_->local_endpoint(error).port();
    if (!error) return ok();
    return make_error(ErrorCode::kUnavailable, "cannot listen: " + error.message(),
                      options_.address + ":" + std::to_string(options_.port));
  }

  void start() {
    accept_next();
    for (const auto& loop : loops_) {
      threads_.push_back(named_thread("tact-http", [raw = loop.get()] { raw->run(); }));
    }
  }

  void stop() {
    std::call_once(stopped_, [this] {
      for (const std::thread& thread : threads_)
        CHECK(thread.get_id() != std::this_thread::get_id());
      if (threads_.empty()) return;
      asio::post(loops_.front()->io(), [this] {
        error_code ignored;
        acceptor_->close(ignored);
        retry_->cancel();
        for (const auto& loop : loops_) {
          asio::post(loop->io(), [raw = loop.get()] { raw->begin_stop(); });
        }
      });
      for (std::thread& thread : threads_) thread.join();
    });
  }

  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return admission_.total(); }

 private:
  void accept_next() {
    internal::Loop* const loop = loops_[next_loop_++ % loops_.size()].get();
    acceptor_->async_accept(loop->io().get_executor(),
                            [this, loop](error_code error, internal::Socket socket) {
                              if (error == asio::error::operation_aborted || !acceptor_->is_open())
                                return;
                              if (error) return accept_later(error);
                              admit(*loop, std::move(socket));
                              accept_next();
                            });
  }

  // Out of file descriptors, mostly: accepting again at once would spin.
  void accept_later(const error_code& error) {
    log_warning("cannot accept a connection: " + error.message());
    retry_->expires_after(std::chrono::milliseconds(100));
    retry_->async_wait([this](const error_code& cancelled) {
      if (!cancelled) accept_next();
    });
  }

  void admit(internal::Loop& loop, internal::Socket socket) {
    std::string address = address_text(socket);
    const auto verdict = admission_.admit(address);
    if (verdict != internal::Admission::Verdict::kAdmitted) {
      error_code ignored;
      socket.non_blocking(true, ignored);
      if (verdict == internal::Admission::Verdict::kFull) {
        socket.write_some(asio::buffer(kFull.data(), kFull.size()), ignored);
      }
      socket.close(ignored);
      return;
    }
    if (&loop == loops_.front().get()) return loop.adopt(std::move(socket), std::move(address));
    asio::post(loop.io(),
               [&loop, moved = std::move(socket), address = std::move(address)]() mutable {
                 loop.adopt(std::move(moved), std::move(address));
               });
  }

  const ServerOptions options_;
  const Handler handler_;
  internal::Admission admission_;
  std::vector<std::unique_ptr<internal::Loop>> loops_;
  std::optional<internal::Acceptor> acceptor_;  // used on the first loop's thread
  std::optional<internal::Timer> retry_;        // the same
  std::size_t next_loop_ = 0;                   // the same
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
  std::once_flag stopped_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::start(ServerOptions options, Handler handler) {
  TACT_ASSIGN(const auto endpoint, endpoint_of(options));
  if (!options.body_limit) options.body_limit = body_bytes_max;
  if (!options.takes_long) options.takes_long = reads_much;
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  TACT_TRY(impl->listen(endpoint));
  impl->start();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const { return impl_->port(); }
std::size_t HttpServer::connections() const { return impl_->connections(); }
void HttpServer::stop() { impl_->stop(); }

}  // namespace tact

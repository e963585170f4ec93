#include "serve/internal/connection.h"

#include <poll.h>

#include <array>
#include <cstdio>
#include <exception>
#include <typeinfo>

#include "base/log.h"
#include "serve/cors.h"
#include "serve/internal/response_head.h"
#include "serve/problem.h"

namespace tact::internal {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBodyBufferMax = 64 * 1024;
constexpr std::size_t kChunkHeadMax = 16 * 1024;  // a chunk's size line, or all trailers
constexpr std::size_t kSmallBody = 16 * 1024;     // copied behind the head: one buffer, one send
constexpr std::size_t kOutKeepMax = 64 * 1024;    // capacity kept between answers
constexpr std::size_t kLingerBytesMax = 8 * 1024 * 1024;
constexpr milliseconds kLinger{2'000};
constexpr std::size_t kWriteBytesPerMs = 16;

}  // namespace

// --- Connection: what it waits for ---

struct Connection::ReadSome {
  Socket& socket;
  char* data;
  std::size_t room;
  error_code error{};
  std::size_t count = 0;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) {
    socket.async_read_some(asio::buffer(data, room), [this, self](error_code e, std::size_t n) {
      error = e;
      count = n;
      self.resume();
    });
  }
  void await_resume() const noexcept {}
};

struct Connection::UntilWritable {
  Socket& socket;
  error_code error{};

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) {
    socket.async_wait(Socket::wait_write, [this, self](error_code e) {
      error = e;
      self.resume();
    });
  }
  void await_resume() const noexcept {}
};

Connection::Connection(Loop& loop, Socket socket, std::uint64_t id, std::string address)
    : loop_(loop), socket_(std::move(socket)), id_(id), address_(std::move(address)) {}

void Connection::start() {
  tasks_ = 1;
  run();
}

// --- Connection: one request after the other ---

Detached Connection::run() {
  for (;;) {
    Progress progress = begin_request();
    while (progress == Progress::kNeedBytes) {
      const auto [data, room] =
          buffer_.space(head_accepted_ ? kBodyBufferMax : loop_.options().gate.head_bytes_max);
      ReadSome read{socket_, data, room};
      co_await read;
      progress = received(read.error, read.count);
    }
    if (progress == Progress::kGone) break;
    if (progress == Progress::kComplete && !dispatch()) co_await answered_.wait();
    if (gone_) break;
    prepare_output();
    if (response_.stream) {
      co_await stream_events();
      break;
    }
    Sent sent = try_write();
    if (sent == Sent::kBlocked) sent = co_await write_rest() ? Sent::kAll : Sent::kFailed;
    if (sent == Sent::kFailed || close_after_) break;
  }
  if (linger_ && !gone_ && !loop_.stopping()) co_await linger();
  close_socket();
  end_task();  // may destroy *this
}

Connection::Progress Connection::begin_request() {
  parser_.emplace(loop_.options().gate);
  head_bytes_ = 0;
  head_accepted_ = false;
  response_ = HttpResponse();
  buffer_.shrink();
  if (loop_.stopping() && buffer_.empty()) return Progress::kGone;
  if (request_ > 0 && buffer_.empty()) {
    enter(Phase::kIdle, loop_.options().idle_timeout);
    return Progress::kNeedBytes;
  }
  enter(Phase::kHead, loop_.options().header_timeout);
  return buffer_.empty() ? Progress::kNeedBytes : advance();
}

Connection::Progress Connection::received(const error_code& error, std::size_t count) {
  if (timed_out_) {
    if (phase_ == Phase::kIdle || !parser_->started()) return Progress::kGone;
    return refuse({408, "the request took too long"});
  }
  if (error || gone_) return Progress::kGone;
  buffer_.commit(count);
  if (phase_ == Phase::kIdle) enter(Phase::kHead, loop_.options().header_timeout);
  return advance();
}

Connection::Progress Connection::advance() {
  if (!head_accepted_) {
    const Progress head = advance_head();
    if (head != Progress::kComplete) return head;
  }
  return parser_->is_done() ? Progress::kComplete : advance_body();
}

Connection::Progress Connection::advance_head() {
  const ServerOptions& options = loop_.options();
  head_bytes_ += parser_->feed(buffer_.view().substr(head_bytes_));
  if (parser_->refusal()) return refuse(*parser_->refusal());
  if (!parser_->is_header_done()) {
    if (buffer_.size() >= options.gate.head_bytes_max) {
      return refuse({431, "the header is too large"});
    }
    return Progress::kNeedBytes;
  }
  parser_->check(buffer_.view().substr(0, head_bytes_));
  if (parser_->refusal()) return refuse(*parser_->refusal());
  buffer_.consume(head_bytes_);
  head_accepted_ = true;
  if (!parser_->has_body()) return Progress::kComplete;
  const HttpRequest& request = parser_->request();
  parser_->accept_body(options.body_limit(request.method, request.path), options.inflate);
  if (parser_->refusal()) return refuse(*parser_->refusal());
  enter(Phase::kBody, options.body_timeout);
  if (parser_->expects_continue() && buffer_.empty()) {
    // 25 bytes into an empty send buffer; if they fail the next read does too.
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code ignored;
    socket_.write_some(asio::buffer(kContinue.data(), kContinue.size()), ignored);
  }
  return Progress::kComplete;
}

Connection::Progress Connection::advance_body() {
  while (!parser_->is_done()) {
    if (buffer_.empty()) return Progress::kNeedBytes;
    const std::size_t used = parser_->feed(buffer_.view());
    if (parser_->refusal()) return refuse(*parser_->refusal());
    buffer_.consume(used);
    if (used == 0 && !parser_->is_done()) {
      if (buffer_.size() >= kChunkHeadMax) return refuse({400, "a chunk's head is too large"});
      return Progress::kNeedBytes;
    }
  }
  return Progress::kComplete;
}

Connection::Progress Connection::refuse(Refusal refusal) {
  response_ = problem(refusal.status, refusal.detail);
  response_.close = true;
  linger_ = true;
  // A page that may not read the answer would take it for a network failure and send it all again.
  add_cors(parser_->request(), {}, response_);
  if (refusal.status == 415) response_.header("Accept-Encoding", "gzip, deflate, identity");
  return Progress::kRefused;
}

// True if the handler has answered before it returned.
bool Connection::dispatch() {
  const ServerOptions& options = loop_.options();
  HttpRequest& request = parser_->request();
  const bool takes_long = options.takes_long(request.path);
  enter(Phase::kHandling, takes_long ? options.long_handler_timeout : options.handler_timeout);
  abandoned_ = takes_long ? std::stop_source() : std::stop_source(std::nostopstate);
  request.gone = abandoned_.get_token();
  request.remote_address = client_address(request.headers);
  DirectAnswer direct(loop_.mailbox().get(), id_, ++request_);
  try {
    loop_.handler()(std::move(request), make_respond(loop_.mailbox(), id_, request_));
  } catch (const std::exception& e) {
    log_error(std::string("a handler threw ") + typeid(e).name());  // what() may quote the client
  }
  if (!direct.response()) return false;
  response_ = std::move(*direct.response());
  return true;
}

// Behind trusted proxies: the right-most address of X-Forwarded-For that is not one of them.
std::string Connection::client_address(const Headers& headers) const {
  if (!loop_.admission().is_uncounted(address_)) return address_;
  std::string all;  // several fields are one list (RFC 9110 5.3)
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (iequals(headers.at(i).name, "X-Forwarded-For")) all.append(",").append(headers.at(i).value);
  }
  std::string client = address_;
  while (!all.empty() && loop_.admission().is_uncounted(client)) {
    const std::size_t comma = all.rfind(',');
    const std::size_t first = all.find_first_not_of(" \t", comma + 1);
    std::string last = first == std::string::npos ? "" : all.substr(first);
    last.erase(last.find_last_not_of(" \t") + 1);
    all.erase(comma);
    if (!parse_ip_address(last)) break;
    client = std::move(last);
  }
  return client;
}

void Connection::deliver(std::uint64_t request, HttpResponse response) {
  if (request != request_ || phase_ != Phase::kHandling || !answered_.waiting()) return;
  response_ = std::move(response);
  answered_.resume();  // may destroy *this
}

// --- Connection: answers ---

void Connection::prepare_output() {
  const std::string_view body =
      response_.shared.bytes.data() != nullptr ? response_.shared.bytes : response_.body;
  const bool started = parser_->is_header_done();
  const bool old = started && parser_->http_version() < 11;
  close_after_ = response_.close || loop_.stopping() || !started || !parser_->keep_alive();
  Framing framing;
  framing.body_bytes = body.size();
  framing.keep_alive_1_0 = old && !close_after_;
  if (response_.stream) {
    response_.content_type = "text/event-stream";
    response_.header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
    framing.chunked = !old;
    framing.until_close = old;
    close_after_ = true;
  }
  framing.close = close_after_;
  if (out_.capacity() > kOutKeepMax) std::string().swap(out_);
  out_.clear();
  out_sent_ = 0;
  out_rest_ = {};
  append_head(response_, framing, loop_.date(), out_);
  const bool with_body =
      !response_.stream && status_has_body(response_.status) && !parser_->request().head_only;
  if (with_body && body.size() <= kSmallBody) {
    out_.append(body);
  } else if (with_body) {
    out_rest_ = body;
  }
  enter(Phase::kWriting, loop_.options().write_timeout +
                             milliseconds((out_.size() + out_rest_.size()) / kWriteBytesPerMs));
}

Connection::Sent Connection::try_write() {
  while (out_sent_ < out_.size() || !out_rest_.empty()) {
    const std::array<asio::const_buffer, 2> buffers = {
        asio::buffer(out_.data() + out_sent_, out_.size() - out_sent_),
        asio::buffer(out_rest_.data(), out_rest_.size())};
    error_code error;
    const std::size_t sent = out_rest_.empty() ? socket_.write_some(buffers[0], error)
                                               : socket_.write_some(buffers, error);
    if (error == asio::error::would_block) return Sent::kBlocked;
    if (error) return Sent::kFailed;
    const std::size_t of_out = std::min(sent, out_.size() - out_sent_);
    out_sent_ += of_out;
    out_rest_.remove_prefix(sent - of_out);
  }
  return Sent::kAll;
}

Part Connection::write_rest() {
  Sent sent = try_write();
  while (sent == Sent::kBlocked) {
    UntilWritable wait{socket_};
    co_await wait;
    if (wait.error || gone_) co_return false;
    sent = try_write();
  }
  co_return sent == Sent::kAll;
}

// After a refusal: closing with unread bytes would reset the connection, and the client might never
// see why. So end our half, and read on for a moment.
Part Connection::linger() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  timed_out_ = false;
  enter(Phase::kLingering, kLinger);
  std::size_t total = 0;
  while (total < kLingerBytesMax) {
    buffer_.consume(buffer_.size());
    const auto [data, room] = buffer_.space(kBodyBufferMax);
    ReadSome read{socket_, data, room};
    co_await read;
    if (read.error || gone_) break;
    total += read.count;
  }
  co_return true;
}

// --- Connection: event streams ---

void Connection::put_chunk(std::string_view bytes) {
  const bool chunked = parser_->http_version() >= 11;
  std::array<char, 24> size{};
  if (chunked) {
    const int digits = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    out_.append(size.data(), static_cast<std::size_t>(digits));
  }
  out_.append(bytes);
  if (chunked) out_.append("\r\n");
}

Part Connection::stream_events() {
  const std::shared_ptr<EventStream> stream = response_.stream;
  if (parser_->request().head_only) stream->close();
  stream->attach([mailbox = loop_.mailbox(), id = id_, request = request_] {
    mailbox->post({id, request, std::nullopt});
  });
  heartbeat_at_ = loop_.now() + loop_.options().heartbeat;
  ++tasks_;
  watch_client();
  std::string queued;
  bool open = co_await write_rest();  // the head
  auto ended = EventStream::Ended::kNo;
  while (open && !gone_ && ended == EventStream::Ended::kNo) {
    ended = stream->take(queued);
    out_.clear();
    out_sent_ = 0;
    if (!queued.empty()) {
      put_chunk(queued);
    } else if (loop_.now() >= heartbeat_at_) {
      put_chunk(":\n\n");
    }
    const bool last = ended == EventStream::Ended::kByProducer;
    if (last && parser_->http_version() >= 11 && !parser_->request().head_only) out_ += "0\r\n\r\n";
    if (out_.empty() && ended == EventStream::Ended::kNo) {
      phase_ = Phase::kStreaming;
      co_await stream_signal_.wait();
      continue;
    }
    heartbeat_at_ = loop_.now() + loop_.options().heartbeat;
    enter(Phase::kWriting, loop_.options().write_timeout);
    open = co_await write_rest();
  }
  stream->disconnected();
  close_socket();
  co_return false;
}

// Something happened to the stream. A slow reader's connection is closed under the blocked write.
void Connection::stream_news() {
  const auto stream = response_.stream;
  if (!stream) return;
  const auto ended = stream->ended();
  if (ended == EventStream::Ended::kByOverflow || ended == EventStream::Ended::kByClient) {
    close_socket();
  }
  stream_signal_.resume();  // may destroy *this
}

// Only reading shows that the client has left.
Detached Connection::watch_client() {
  std::array<char, 512> ignored{};
  for (;;) {
    ReadSome read{socket_, ignored.data(), ignored.size()};
    co_await read;
    if (read.error || gone_) break;
  }
  gone_ = true;
  response_.stream->disconnected();  // its wake resumes the writer, by mail
  end_task();
}

// --- Connection: time and the end ---

void Connection::enter(Phase phase, milliseconds limit) {
  phase_ = phase;
  deadline_ = loop_.now() + limit;
}

void Connection::tick(TimePoint now) {
  if (phase_ == Phase::kStreaming) {
    if (now >= heartbeat_at_) stream_signal_.resume();
    return;
  }
  if (phase_ == Phase::kHandling && abandoned_.stop_possible() && client_left()) return force();
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::kIdle:
    case Phase::kHead:
    case Phase::kBody: {
      timed_out_ = true;
      error_code ignored;
      socket_.cancel(ignored);
      break;
    }
    case Phase::kHandling:
      abandoned_.request_stop();
      // What took that long once takes as long again.
      deliver(request_,
              problem_retry(503, "no answer in time", abandoned_.stop_possible() ? 60 : 1));
      break;
    case Phase::kWriting:
    case Phase::kLingering:
    case Phase::kStreaming:
      close_socket();
      break;
  }
}

void Connection::stop_soon() {
  const bool unasked = phase_ == Phase::kIdle || (phase_ == Phase::kHead && !parser_->started());
  if (!unasked && response_.stream) {
    response_.stream->close();
  } else if (unasked || phase_ == Phase::kLingering) {
    close_socket();
  }
}

void Connection::force() {
  close_socket();
  if (response_.stream) response_.stream->disconnected();
  if (answered_.waiting()) return answered_.resume();  // may destroy *this
  stream_signal_.resume();                             // may destroy *this
}

// Nothing is read meanwhile, so the kernel is asked. Who has shut down the half that sends is taken
// to have left, as other servers do: clients do not tell the one from the other.
bool Connection::client_left() {
  pollfd state{socket_.native_handle(), POLLRDHUP, 0};
  return ::poll(&state, 1, 0) > 0;
}

void Connection::close_socket() {
  gone_ = true;
  abandoned_.request_stop();
  error_code ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  socket_.close(ignored);  // pending operations end with operation_aborted
}

void Connection::end_task() {
  if (--tasks_ == 0) loop_.remove(id_);
}

}  // namespace tact::internal

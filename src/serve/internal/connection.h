// A connection and the I/O thread's loop that owns it. Included by http_server.cpp and
// connection.cpp only.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "serve/event_stream.h"
#include "serve/http_server.h"
#include "serve/internal/admission.h"
#include "serve/internal/mailbox.h"
#include "serve/internal/read_buffer.h"
#include "serve/internal/request_parser.h"
#include "serve/internal/task.h"

namespace tact::internal {

namespace asio = boost::asio;
// The concrete executor: the default any_io_executor costs a virtual call and a count per
// operation.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
using TimePoint = std::chrono::steady_clock::time_point;

class Loop;

// All members belong to the loop's thread. The connection lives as long as one of its coroutines.
class Connection {
 public:
  Connection(Loop& loop, Socket socket, std::uint64_t id, std::string address);

  void start();
  void deliver(std::uint64_t request, HttpResponse response);
  void stream_news();
  void tick(TimePoint now);
  void stop_soon();  // ends when the running request is answered, at once if there is none
  void force();      // ends now
  const std::string& address() const { return address_; }

 private:
  enum class Phase { kIdle, kHead, kBody, kHandling, kWriting, kStreaming, kLingering };
  enum class Progress { kNeedBytes, kComplete, kRefused, kGone };
  enum class Sent { kAll, kBlocked, kFailed };
  struct ReadSome;
  struct UntilWritable;

  Detached run();
  Detached watch_client();
  Part write_rest();
  Part stream_events();
  Part linger();

  Progress begin_request();
  Progress received(const error_code& error, std::size_t count);
  Progress advance();
  Progress advance_head();
  Progress advance_body();
  Progress refuse(Refusal refusal);
  bool dispatch();
  bool client_left();
  std::string client_address(const Headers& headers) const;
  void prepare_output();
  Sent try_write();
  void put_chunk(std::string_view bytes);
  void enter(Phase phase, std::chrono::milliseconds limit);
  void close_socket();
  void end_task();

  Loop& loop_;
  Socket socket_;
  const std::uint64_t id_;
  const std::string address_;
  ReadBuffer buffer_;
  std::optional<RequestParser> parser_;  // of the request being read or answered
  std::size_t head_bytes_ = 0;           // of buffer_, already parsed
  bool head_accepted_ = false;
  std::uint64_t request_ = 0;  // number of the request being answered; older answers are ignored
  HttpResponse response_;
  std::string out_;                               // the head and a small body, or stream chunks
  std::string_view out_rest_;                     // a large body, after out_
  std::size_t out_sent_ = 0;                      // of out_
  std::stop_source abandoned_{std::nostopstate};  // of an answer that takes long
  Phase phase_ = Phase::kHead;
  TimePoint deadline_;      // of the phase
  TimePoint heartbeat_at_;  // in kStreaming
  Signal answered_;
  Signal stream_signal_;
  bool timed_out_ = false;
  bool gone_ = false;  // the socket is of no more use
  bool close_after_ = false;
  bool linger_ = false;
  int tasks_ = 0;
};

// One I/O thread's world. All of it runs on that thread; other threads use the mailbox, or post
// to io().
class Loop {
 public:
  Loop(const ServerOptions& options, const Handler& handler, Admission& admission);

  void run();  // the thread's body
  void adopt(Socket socket, std::string address);
  void remove(std::uint64_t id);
  void begin_stop();

  asio::io_context& io() { return io_; }
  const ServerOptions& options() const { return options_; }
  const Handler& handler() const { return handler_; }
  const Admission& admission() const { return admission_; }
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  TimePoint now() const { return now_; }  // as of the last tick
  const std::string& date() const { return date_; }
  bool stopping() const { return stopping_; }

 private:
  void take_mail();
  void schedule_tick();
  void tick();
  void finish_if_stopped();
  template <typename Action>
  void for_each(Action action);

  const ServerOptions& options_;
  const Handler& handler_;
  Admission& admission_;
  asio::io_context io_{1};  // 1: only one thread runs it
  asio::executor_work_guard<Executor> work_{io_.get_executor()};
  Timer timer_{io_};
  const std::chrono::milliseconds tick_period_;
  std::shared_ptr<Mailbox> mailbox_;
  std::vector<Envelope> mail_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::uint64_t next_id_ = 1;
  TimePoint now_;
  std::time_t date_at_ = 0;
  std::string date_;
  bool stopping_ = false;
  TimePoint stop_deadline_;
};

}  // namespace tact::internal

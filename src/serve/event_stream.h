// One client's text/event-stream (server-sent events, HTML standard 9.2).
//
// Operation: a handler makes a stream, keeps a shared_ptr, and answers with
// HttpResponse{.stream = …}; the server then sends what send() buffers, and a comment line when
// nothing was sent for 15 s. Concurrency: every member may be called from any thread.
// Limitations: there is no back-pressure: a reader that lets buffered_max fill up is disconnected.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace tact {

class EventStream {
 public:
  static constexpr std::size_t kBufferedMax = 1u << 20;  // bytes

  static std::shared_ptr<EventStream> create(std::size_t buffered_max = kBufferedMax);
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;
  ~EventStream();

  // Queues one event; `data` may have several lines. False, and nothing queued, once the stream is
  // closed or when this event would pass buffered_max (which closes it).
  bool send(std::string_view event, std::string_view data);
  // The same with one formatting for many streams; see format_event().
  bool send_formatted(std::string_view formatted);
  static std::string format_event(std::string_view event, std::string_view data);

  // Ends the stream after what is already queued.
  void close();
  bool closed() const;
  // Runs once when the stream has ended for whatever reason, on the thread that ended it; at once
  // if it has already. Replaces an earlier callback. It must not call back into a lock that the
  // caller of send() or close() holds.
  void on_close(std::function<void()> callback);

  // --- for the server ---
  enum class Ended { kNo, kByProducer, kByOverflow, kByClient };
  // `wake` runs after something was queued into an empty buffer and after the end.
  void attach(std::function<void()> wake);
  // Moves what is queued to `out` (replaced); tells whether and how the stream has ended.
  Ended take(std::string& out);
  Ended ended() const;
  // The client has gone, or the server stops.
  void disconnected();

 private:
  explicit EventStream(std::size_t buffered_max) : buffered_max_(buffered_max) {}
  void end(Ended how);

  const std::size_t buffered_max_;
  mutable std::mutex mutex_;
  std::string buffer_;              // guarded by mutex_
  Ended ended_ = Ended::kNo;        // guarded by mutex_
  std::function<void()> wake_;      // guarded by mutex_; called without it
  std::function<void()> on_close_;  // guarded by mutex_; called without it
};

}  // namespace tact

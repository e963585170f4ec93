// How answers from other threads reach the I/O thread that owns the connection.
//
// Concurrency: post() from any thread; take() and close() from the I/O thread. Answers that come
// while the I/O thread has not yet taken the earlier ones need no further wake-up: one per batch.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "serve/http.h"

namespace tact::internal {

struct Envelope {
  std::uint64_t connection = 0;
  std::uint64_t request = 0;
  std::optional<HttpResponse> response;  // absent: the connection's event stream has news
};

class Mailbox {
 public:
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void post(Envelope envelope);
  void take(std::vector<Envelope>& into);  // replaces `into`
  void close();                            // later posts are dropped; wake is not called again

 private:
  std::mutex mutex_;
  std::function<void()> wake_;   // guarded by mutex_, and called under it: close() waits for it
  std::vector<Envelope> queue_;  // guarded by mutex_
  bool closed_ = false;          // guarded by mutex_
};

// While a handler runs, its own answer needs no mailbox: Respond fills this slot of the thread.
class DirectAnswer {
 public:
  DirectAnswer(const Mailbox* mailbox, std::uint64_t connection, std::uint64_t request);
  ~DirectAnswer();
  DirectAnswer(const DirectAnswer&) = delete;
  DirectAnswer& operator=(const DirectAnswer&) = delete;

  std::optional<HttpResponse>& response() { return response_; }

 private:
  friend class Reply;
  const Mailbox* mailbox_;
  std::uint64_t connection_;
  std::uint64_t request_;
  std::optional<HttpResponse> response_;
  DirectAnswer* outer_;
};

Respond make_respond(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection,
                     std::uint64_t request);

}  // namespace tact::internal

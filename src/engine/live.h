// What Tact thinks, as it happens: updates for the live view. Nothing is built while nobody
// listens.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace tact {

struct LiveUpdate {
  std::string event;         // "visitor" or "decision"
  std::string anonymous_id;  // whom it is about, as sent
  std::string data;          // one JSON object, as in docs/http.md
};

// Concurrency: all methods from any thread; listeners are called on the committer's thread.
class LiveHub {
 public:
  using Listener = std::function<void(const LiveUpdate&)>;

  bool anyone_listens() const { return listeners_count_.load(std::memory_order_relaxed) > 0; }
  // Only updates about `anonymous_id`, or all if it is empty. Sends the latest picture of each
  // recent visitor first. Returns a handle for unsubscribe().
  std::uint64_t subscribe(std::string anonymous_id, const Listener& listener);
  void unsubscribe(std::uint64_t handle);
  void publish(const LiveUpdate& update);
  // Whoever connects from now on is not sent the last picture of this visitor.
  void forget(const std::string& anonymous_id);

 private:
  struct Subscription {
    std::string anonymous_id;
    Listener listener;
  };
  struct Recent {
    LiveUpdate update;
    std::uint64_t number = 0;  // grows with each update
  };
  static constexpr std::size_t kRecent = 50;

  void remember(const LiveUpdate& update);  // under mutex_

  std::atomic<int> listeners_count_{0};
  std::mutex mutex_;  // guards all below
  std::uint64_t next_handle_ = 1;
  std::map<std::uint64_t, Subscription> subscriptions_;
  std::uint64_t next_number_ = 1;
  std::map<std::string, Recent> recent_;  // last "visitor" update by anonymous id
};

}  // namespace tact

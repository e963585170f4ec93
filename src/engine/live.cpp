#include "engine/live.h"

#include <vector>

namespace tact {

// Listeners are called without the mutex: one that ends may unsubscribe from within.
std::uint64_t LiveHub::subscribe(std::string anonymous_id, Listener listener) {
  std::vector<LiveUpdate> pictures;
  std::uint64_t handle = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, update] : recent_) {
      if (anonymous_id.empty() || anonymous_id == id) pictures.push_back(update);
    }
    handle = next_handle_++;
    subscriptions_[handle] = {std::move(anonymous_id), listener};
    ++listeners_count_;
  }
  for (const LiveUpdate& picture : pictures) listener(picture);
  return handle;
}

void LiveHub::unsubscribe(std::uint64_t handle) {
  const std::lock_guard lock(mutex_);
  if (subscriptions_.erase(handle) > 0) --listeners_count_;
  if (subscriptions_.empty()) recent_.clear();  // nobody looks: keep nobody's picture
}

void LiveHub::forget(const std::string& anonymous_id) {
  const std::lock_guard lock(mutex_);
  recent_.erase(anonymous_id);
}

void LiveHub::publish(LiveUpdate update) {
  std::vector<Listener> listeners;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [handle, subscription] : subscriptions_) {
      if (subscription.anonymous_id.empty() || subscription.anonymous_id == update.anonymous_id) {
        listeners.push_back(subscription.listener);
      }
    }
    if (update.event == "visitor") {
      recent_[update.anonymous_id] = update;
      if (recent_.size() > kRecent) recent_.erase(recent_.begin());
    }
  }
  for (const Listener& listener : listeners) listener(update);
}

}  // namespace tact

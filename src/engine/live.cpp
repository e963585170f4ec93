#include "engine/live.h"

#include <algorithm>
#include <vector>

namespace tact {

// Listeners are called without the mutex: one that ends may unsubscribe from within.
std::uint64_t LiveHub::subscribe(std::string anonymous_id, const Listener& listener) {
  std::vector<LiveUpdate> pictures;
  std::uint64_t handle = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, recent] : recent_) {
      if (anonymous_id.empty() || anonymous_id == id) pictures.push_back(recent.update);
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

void LiveHub::remember(const LiveUpdate& update) {
  recent_[update.anonymous_id] = {update, next_number_++};
  if (recent_.size() <= kRecent) return;
  recent_.erase(std::min_element(recent_.begin(), recent_.end(), [](const auto& a, const auto& b) {
    return a.second.number < b.second.number;
  }));
}

void LiveHub::publish(const LiveUpdate& update) {
  std::vector<Listener> listeners;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [handle, subscription] : subscriptions_) {
      if (subscription.anonymous_id.empty() || subscription.anonymous_id == update.anonymous_id) {
        listeners.push_back(subscription.listener);
      }
    }
    if (update.event == "visitor") remember(update);
  }
  for (const Listener& listener : listeners) listener(update);
}

}  // namespace tact

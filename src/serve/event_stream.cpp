#include "serve/event_stream.h"

#include <utility>

namespace tact {
namespace {

// One field per line of `value`: CR, LF and CRLF all end a line for the client.
void append_field(std::string_view name, std::string_view value, std::string& out) {
  for (;;) {
    const std::size_t end = value.find_first_of("\r\n");
    out.append(name).append(": ").append(value.substr(0, end)).append("\n");
    if (end == std::string_view::npos) return;
    const bool pair = value[end] == '\r' && end + 1 < value.size() && value[end + 1] == '\n';
    value.remove_prefix(end + (pair ? 2 : 1));
  }
}

}  // namespace

std::shared_ptr<EventStream> EventStream::create(std::size_t buffered_max) {
  return std::shared_ptr<EventStream>(new EventStream(buffered_max));
}

EventStream::~EventStream() = default;

std::string EventStream::format_event(std::string_view event, std::string_view data) {
  std::string out;
  out.reserve(event.size() + data.size() + 18);
  if (!event.empty()) append_field("event", event.substr(0, event.find_first_of("\r\n")), out);
  append_field("data", data, out);
  out += "\n";
  return out;
}

bool EventStream::send(std::string_view event, std::string_view data) {
  return send_formatted(format_event(event, data));
}

bool EventStream::send_formatted(std::string_view formatted) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ != Ended::kNo) return false;
    if (buffer_.size() + formatted.size() <= buffered_max_) {
      if (buffer_.empty()) wake = wake_;
      buffer_.append(formatted);
      formatted = {};
    }
  }
  if (!formatted.empty()) {
    end(Ended::kByOverflow);
    return false;
  }
  if (wake) wake();
  return true;
}

void EventStream::close() { end(Ended::kByProducer); }
void EventStream::disconnected() { end(Ended::kByClient); }

void EventStream::end(Ended how) {
  std::function<void()> wake;
  std::function<void()> closed;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ != Ended::kNo) return;
    ended_ = how;
    wake = std::move(wake_);
    closed = std::move(on_close_);
    wake_ = nullptr;
    on_close_ = nullptr;
  }
  if (wake) wake();
  if (closed) closed();
}

bool EventStream::closed() const {
  const std::lock_guard lock(mutex_);
  return ended_ != Ended::kNo;
}

EventStream::Ended EventStream::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void EventStream::on_close(std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_ == Ended::kNo) {
      on_close_ = std::move(callback);
      return;
    }
  }
  if (callback) callback();
}

void EventStream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (ended_ == Ended::kNo) wake_ = std::move(wake);
}

EventStream::Ended EventStream::take(std::string& out) {
  out.clear();
  const std::lock_guard lock(mutex_);
  out.swap(buffer_);
  return ended_;
}

}  // namespace tact

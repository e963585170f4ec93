#include "event/internal/misplaced.h"

#include <algorithm>
#include <optional>
#include <string>

#include "event/internal/escape.h"

namespace tact::internal {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  // Where the part begins; kNone: nowhere.
  std::size_t misplaced_from() {
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      if (text_[at_] == '"' ? !skip_string() : !take(text_[at_])) return std::min(begin, doubt_);
      if (colon_of_element()) return std::min(token_, doubt_);
    }
    return open_.empty() ? kNone : doubt_;
  }

 private:
  // A cut inside a string is no sign by itself, but a doubt before it is one.
  bool skip_string() {
    const std::size_t begin = at_;
    doubt_beginning();
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    at_ = std::min(at_ + 1, text_.size());
    const std::size_t next = text_.find_first_not_of(" \t\r\n", at_);
    // What follows cannot follow a string: a quote may be missing, or one too many.
    const bool odd = next != kNone && std::string_view(",:]}").find(text_[next]) == kNone;
    // An element of an outer array: perhaps the name of a member behind a missing bracket.
    const bool element = open_.size() == 2 && open_.back() == '[';
    if (odd || element) doubt_ = std::min(doubt_, begin);
    return !open_.empty();
  }

  // False where `c` cannot stand here.
  bool take(char c) {
    if (c == '{' || c == '[') doubt_beginning();
    ++at_;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') return true;
    const bool behind_end = open_.empty() && token_ > 0;
    if (behind_end) return false;
    if (c == '{' || c == '[') {
      open_ += c;
    } else if (c == '}' || c == ']') {
      if (open_.empty() || open_.back() != (c == '}' ? '{' : '[')) return false;
      open_.pop_back();
    } else if (c != ',') {
      return true;
    }
    token_ = at_;
    return true;
  }

  // What begins here and follows no comma, colon or bracket is too much, or they are missing.
  void doubt_beginning() {
    const std::size_t last = text_.substr(0, at_).find_last_not_of(" \t\r\n");
    if (last == kNone) return;
    const bool after_brace = text_[at_] != '"' && text_[last] == '{';
    if (after_brace || std::string_view("{[,:").find(text_[last]) == kNone) {
      doubt_ = std::min(doubt_, at_);
    }
  }

  bool colon_of_element() const {
    return text_[at_ - 1] == ':' && !open_.empty() && open_.back() == '[';
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t token_ = 0;      // behind the last comma or bracket
  std::size_t doubt_ = kNone;  // a sign, but only if the brackets do not fit either
  std::string open_;           // brackets
};

bool begins_with(std::string_view text, std::string_view word) {
  for (const char c : word) {
    if (text.starts_with(c)) {
      text.remove_prefix(1);
    } else if (unicode_escape(text) == static_cast<unsigned>(c)) {
      text.remove_prefix(6);
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string_view misplaced_part(std::string_view text) {
  const std::size_t from = Walk(text).misplaced_from();
  return from == kNone ? std::string_view() : text.substr(from);
}

bool mentions(std::string_view text, std::string_view word) {
  for (; !text.empty(); text.remove_prefix(1)) {
    if (begins_with(text, word)) return true;
  }
  return false;
}

}  // namespace tact::internal

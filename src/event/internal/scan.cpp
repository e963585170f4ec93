#include "event/internal/scan.h"

namespace tact::internal {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }
  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool at_end() {
    skip_space();
    return at_ >= text_.size();
  }

  std::string_view rest() {
    skip_space();
    return text_.substr(at_);
  }

  // A value's text; empty where none is or where it does not end.
  std::string_view value() {
    skip_space();
    const std::size_t begin = at_;
    if (at_ >= text_.size()) return {};
    const char c = text_[at_];
    const std::size_t end = c == '"'               ? string_end(begin)
                            : c == '{' || c == '[' ? nested_end(begin)
                                                   : scalar_end(begin);
    if (end == kNone) return {};
    at_ = end;
    return text_.substr(begin, end - begin);
  }

 private:
  // One past the closing quote of the string that begins at `begin`.
  std::size_t string_end(std::size_t begin) const {
    for (std::size_t i = begin + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '"') {
        return i + 1;
      }
    }
    return kNone;
  }
  // Brackets of both kinds count alike: simdjson says later whether they match.
  std::size_t nested_end(std::size_t begin) const {
    std::size_t depth = 0;
    for (std::size_t i = begin; i < text_.size();) {
      const char c = text_[i];
      if (c == '"') {
        i = string_end(i);
        if (i == kNone) return kNone;
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return i + 1;
      ++i;
    }
    return kNone;
  }
  std::size_t scalar_end(std::size_t begin) const {
    std::size_t i = begin;
    while (i < text_.size() && std::string_view(",]} \t\r\n\":{[").find(text_[i]) == kNone) ++i;
    return i;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

ScannedObject scan_object(std::string_view text) {
  ScannedObject object;
  Cursor cursor(text);
  if (!cursor.take('{')) return object;
  object.closed = cursor.take('}');
  while (!object.closed) {
    object.rest = cursor.rest();
    const std::string_view key = cursor.value();
    if (key.size() < 2 || key.front() != '"' || !cursor.take(':')) return object;
    const std::string_view value = cursor.value();
    if (value.empty()) {  // breaks off inside a value: a batch may still have whole events in it
      if (!cursor.at_end())
        object.members.push_back({key.substr(1, key.size() - 2), cursor.rest()});
      return object;
    }
    object.members.push_back({key.substr(1, key.size() - 2), value});
    object.closed = cursor.take('}');
    if (!object.closed && !cursor.take(',')) break;
  }
  object.rest = cursor.rest();
  return object;
}

ScannedArray scan_array(std::string_view text, std::size_t max_elements) {
  ScannedArray array;
  Cursor cursor(text);
  if (!cursor.take('[')) return array;
  if (cursor.take(']')) {
    array.complete = cursor.at_end();
    return array;
  }
  while (true) {
    const std::string_view value = cursor.value();
    if (value.empty()) return array;
    if (array.elements.size() == max_elements) {
      array.too_many = true;
      return array;
    }
    array.elements.push_back(value);
    if (cursor.take(']')) {
      array.complete = cursor.at_end();
      return array;
    }
    if (!cursor.take(',')) return array;
  }
}

}  // namespace tact::internal

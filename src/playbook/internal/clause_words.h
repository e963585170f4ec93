// A clause as words with their places, and names found among them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tact::playbook_internal {

class Words {
 public:
  explicit Words(std::string_view text);

  bool at_end() const { return at_ == words_.size(); }
  std::size_t left() const { return words_.size() - at_; }
  std::string_view peek(std::size_t ahead = 0) const;  // empty behind the end
  std::string_view next();
  void skip(std::size_t count) { at_ += count; }
  // Goes past `phrase` (words with single spaces) if it comes next.
  bool accept(std::string_view phrase);
  bool starts_with(std::string_view phrase, std::size_t ahead = 0) const;
  // Byte offset of the next word; the text's end behind the last one.
  std::size_t offset() const;
  // The next `count` words as written, without what follows.
  std::string_view text_of(std::size_t count) const;
  std::string_view rest() const { return text_of(left()); }

  // How many of the next words spell the id: one word exactly as it is, or its parts with spaces
  // for underscores and hyphens. 0 = they do not.
  std::size_t matches_id(std::string_view id) const;

  std::size_t mark() const { return at_; }
  void back_to(std::size_t mark) { at_ = mark; }

 private:
  struct Word {
    std::string_view text;
    std::size_t offset;
  };
  std::string_view text_;
  std::vector<Word> words_;
  std::size_t at_ = 0;
};

std::string spaced(std::string_view id);  // "size_guide" → "size guide"

}  // namespace tact::playbook_internal

#include "playbook/internal/clause_words.h"

namespace tact::playbook_internal {
namespace {
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
}  // namespace

Words::Words(std::string_view text) : text_(text) {
  std::size_t i = 0;
  while (i < text.size()) {
    while (i < text.size() && is_space(text[i])) ++i;
    const std::size_t start = i;
    while (i < text.size() && !is_space(text[i])) ++i;
    if (i > start) words_.push_back({text.substr(start, i - start), start});
  }
}

std::string_view Words::peek(std::size_t ahead) const {
  return at_ + ahead < words_.size() ? words_[at_ + ahead].text : std::string_view{};
}

std::string_view Words::next() {
  const std::string_view word = peek();
  if (!at_end()) ++at_;
  return word;
}

bool Words::starts_with(std::string_view phrase, std::size_t ahead) const {
  const Words wanted(phrase);
  for (std::size_t i = 0; i < wanted.words_.size(); ++i) {
    if (peek(ahead + i) != wanted.words_[i].text) return false;
  }
  return true;
}

bool Words::accept(std::string_view phrase) {
  if (!starts_with(phrase)) return false;
  at_ += Words(phrase).words_.size();
  return true;
}

std::size_t Words::offset() const { return at_end() ? text_.size() : words_[at_].offset; }

std::string_view Words::text_of(std::size_t count) const {
  if (count == 0 || count > left()) return {};
  const Word& last = words_[at_ + count - 1];
  return text_.substr(words_[at_].offset, last.offset + last.text.size() - words_[at_].offset);
}

std::size_t Words::matches_id(std::string_view id) const {
  if (peek() == id) return 1;
  const std::string phrase = spaced(id);
  return starts_with(phrase) ? Words(phrase).words_.size() : 0;
}

std::string spaced(std::string_view id) {
  std::string text(id);
  for (char& c : text) {
    if (c == '_' || c == '-') c = ' ';
  }
  return text;
}

}  // namespace tact::playbook_internal

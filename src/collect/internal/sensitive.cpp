#include "collect/internal/sensitive.h"

#include <algorithm>
#include <array>

#include "collect/internal/text.h"

namespace tact::internal {
namespace {

using Topics = std::vector<SensitiveTopic>;

// In small letters, those of Latin-1 too: the capitals À to Þ are 0xC3 0x80 to 0x9E in UTF-8.
std::string folded(std::string_view text) {
  std::string out = lower(percent_decoded(text, true));
  for (std::size_t i = 1; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    if (static_cast<unsigned char>(out[i - 1]) == 0xC3 && byte >= 0x80 && byte <= 0x9E)
      out[i] = static_cast<char>(byte + 0x20);
  }
  return out;
}

class Words {
 public:
  explicit Words(std::string_view text) : text_(folded(text)) {
    begins_['*'] = true;
    const std::string_view all = text_;
    for (std::size_t i = 0; i < all.size();) {
      std::size_t end = i;
      while (end < all.size() && is_of_word(all[end])) ++end;
      if (end > i) {
        words_.push_back(all.substr(i, end - i));
        begins_[static_cast<unsigned char>(all[i])] = true;
      }
      i = end + 1;
    }
  }
  Words(const Words&) = delete;  // words_ looks into text_
  Words& operator=(const Words&) = delete;

  bool hold_any(const std::vector<std::string>& phrases) const {
    for (const std::string& phrase : phrases) {  // hundreds, and most begin like no word here
      if (begins_[static_cast<unsigned char>(phrase.front())] && stands(phrase)) return true;
    }
    return false;
  }
  std::string_view text() const { return text_; }

 private:
  static bool is_of_word(char c) {
    return is_digit(c) || is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
  }

  bool stands(std::string_view phrase) const {
    for (std::size_t at = 0; at < words_.size(); ++at) {
      const bool alike = phrase.front() == '*' || phrase.front() == words_[at].front();
      if (alike && stands_at(phrase, at)) return true;
    }
    return false;
  }

  // The words of `phrase`, one after the other.
  bool stands_at(std::string_view phrase, std::size_t at) const {
    while (!phrase.empty()) {
      const std::size_t blank = std::min(phrase.find(' '), phrase.size());
      if (at == words_.size() || !glob_matches(phrase.substr(0, blank), words_[at++])) return false;
      phrase.remove_prefix(std::min(blank + 1, phrase.size()));
    }
    return true;
  }

  std::string text_;
  std::vector<std::string_view> words_;
  std::array<bool, 256> begins_{};  // by first bytes of the words, and of a leading `*`
};

bool is_sensitive_campaign(const Campaign& campaign, const Topics& topics) {
  return is_sensitive_search(campaign.name, topics) || is_sensitive_search(campaign.term, topics) ||
         is_sensitive_search(campaign.content, topics);
}

// What the playbook calls the page's topic, and who made a product, are judged by the words of
// categories.
bool is_page_sensitive(const Surroundings& where, const Topics& topics) {
  return is_sensitive_page(where.path, topics) || is_sensitive_category(where.topic, topics);
}

bool is_product_sensitive(const Product& product, const Topics& topics) {
  return is_sensitive_category(product.category, topics) ||
         is_sensitive_category(product.brand, topics);
}

}  // namespace

bool is_sensitive_category(std::string_view category, const Topics& topics) {
  if (category.empty()) return false;
  const Words words(category);
  return std::any_of(topics.begin(), topics.end(), [&words](const SensitiveTopic& topic) {
    return words.hold_any(topic.categories);
  });
}

bool is_sensitive_page(std::string_view path, const Topics& topics) {
  if (path.empty()) return false;
  const Words words(path);
  return std::any_of(topics.begin(), topics.end(), [&words](const SensitiveTopic& topic) {
    return words.hold_any(topic.pages) ||
           std::any_of(topic.pages.begin(), topic.pages.end(), [&words](const std::string& page) {
             return page.starts_with('/') && glob_matches(page, words.text());
           });
  });
}

bool is_sensitive_search(std::string_view search, const Topics& topics) {
  if (search.empty()) return false;
  const Words words(search);
  return std::any_of(topics.begin(), topics.end(), [&words](const SensitiveTopic& topic) {
    return words.hold_any(topic.searches);
  });
}

void mark_sensitive(Event& event, const Topics& topics) {
  const bool page = is_page_sensitive(event.where, topics);
  event.where.sensitive = page || is_sensitive_category(event.category, topics) ||
                          is_sensitive_search(event.query, topics) ||
                          is_sensitive_campaign(event.where.campaign, topics);
  for (Product& product : event.products) {
    product.sensitive =
        (page && &product == &event.products.front()) || is_product_sensitive(product, topics);
    event.where.sensitive = event.where.sensitive || product.sensitive;
  }
}

void mark_sensitive(Surroundings& where, Product& product, std::string_view category,
                    std::string_view search, const Topics& topics) {
  const bool page = is_page_sensitive(where, topics);
  product.sensitive = !product.id.empty() && (page || is_product_sensitive(product, topics));
  where.sensitive = page || product.sensitive || is_sensitive_category(category, topics) ||
                    is_sensitive_search(search, topics) ||
                    is_sensitive_campaign(where.campaign, topics);
}

}  // namespace tact::internal

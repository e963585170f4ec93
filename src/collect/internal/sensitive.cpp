#include "collect/internal/sensitive.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "collect/internal/text.h"

namespace tact::internal {
namespace {

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
    const std::string_view all = text_;
    for (std::size_t i = 0; i < all.size();) {
      std::size_t end = i;
      while (end < all.size() && is_of_word(all[end])) ++end;
      if (end > i) words_.push_back(all.substr(i, end - i));
      i = end + 1;
    }
  }
  Words(const Words&) = delete;  // words_ looks into text_
  Words& operator=(const Words&) = delete;

  bool hold_any(const PhraseList& phrases) const {
    for (std::size_t at = 0; at < words_.size(); ++at) {
      if (begins_one(phrases, at)) return true;
    }
    return false;
  }
  std::string_view text() const { return text_; }

 private:
  static bool is_of_word(char c) {
    return is_digit(c) || is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
  }

  // Of hundreds only the few are tried that begin with the same two bytes as the word.
  bool begins_one(const PhraseList& phrases, std::size_t at) const {
    const auto here = [this, at](const std::string& phrase) { return stands_at(phrase, at); };
    if (std::any_of(phrases.others.begin(), phrases.others.end(), here)) return true;
    if (words_[at].size() < 2) return false;
    const std::string_view two = words_[at].substr(0, 2);
    const auto sorted = phrases.beginning_with(two.front());
    auto phrase = std::lower_bound(sorted.begin(), sorted.end(), two);
    for (; phrase != sorted.end() && phrase->starts_with(two); ++phrase) {
      if (here(*phrase)) return true;
    }
    return false;
  }

  // The words of `phrase`, one after the other.
  bool stands_at(std::string_view phrase, std::size_t at) const {
    for (; !phrase.empty(); ++at) {
      const std::size_t blank = std::min(phrase.find(' '), phrase.size());
      if (at == words_.size() || !glob_matches(phrase.substr(0, blank), words_[at])) return false;
      phrase.remove_prefix(std::min(blank + 1, phrase.size()));
    }
    return true;
  }

  std::string text_;
  boost::container::small_vector<std::string_view, 16> words_;
};

bool is_sensitive_campaign(const Campaign& campaign, const SensitiveWords& sensitive) {
  return is_sensitive_search(campaign.name, sensitive) ||
         is_sensitive_search(campaign.term, sensitive) ||
         is_sensitive_search(campaign.content, sensitive);
}

// What the playbook calls the page's topic, and who made a product, are judged by the words of
// categories.
bool is_page_sensitive(const Surroundings& where, const SensitiveWords& sensitive) {
  return is_sensitive_page(where.path, sensitive) || is_sensitive_category(where.topic, sensitive);
}

bool is_product_sensitive(const Product& product, const SensitiveWords& sensitive) {
  return is_sensitive_category(product.category, sensitive) ||
         is_sensitive_category(product.brand, sensitive);
}

}  // namespace

bool is_sensitive_category(std::string_view category, const SensitiveWords& sensitive) {
  return !category.empty() && Words(category).hold_any(sensitive.categories);
}

bool is_sensitive_page(std::string_view path, const SensitiveWords& sensitive) {
  if (path.empty()) return false;
  const Words words(path);
  const auto& globs = sensitive.page_globs;
  return words.hold_any(sensitive.pages) ||
         std::any_of(globs.begin(), globs.end(), [&words](const std::string& page) {
           return glob_matches(page, words.text());
         });
}

bool is_sensitive_search(std::string_view search, const SensitiveWords& sensitive) {
  return !search.empty() && Words(search).hold_any(sensitive.searches);
}

void mark_sensitive(Event& event, const SensitiveWords& sensitive) {
  const bool page = is_page_sensitive(event.where, sensitive);
  event.where.sensitive = page || is_sensitive_category(event.category, sensitive) ||
                          is_sensitive_search(event.query, sensitive) ||
                          is_sensitive_campaign(event.where.campaign, sensitive);
  for (Product& product : event.products) {
    product.sensitive =
        (page && &product == &event.products.front()) || is_product_sensitive(product, sensitive);
    event.where.sensitive = event.where.sensitive || product.sensitive;
  }
}

void mark_sensitive(Surroundings& where, Product& product, std::string_view category,
                    std::string_view search, const SensitiveWords& sensitive) {
  const bool page = is_page_sensitive(where, sensitive);
  product.sensitive = !product.id.empty() && (page || is_product_sensitive(product, sensitive));
  // Mostly that of the product, which was looked at.
  const bool other_category = product.id.empty() || category != product.category;
  where.sensitive =
      page || product.sensitive || (other_category && is_sensitive_category(category, sensitive)) ||
      is_sensitive_search(search, sensitive) || is_sensitive_campaign(where.campaign, sensitive);
}

}  // namespace tact::internal

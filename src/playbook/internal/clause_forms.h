// The parser of one clause: the frame (names, counts, windows, suggestions) is in
// clause_parser.cpp, the closed list of forms in clause_forms.cpp.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "playbook/internal/clause_parser.h"
#include "playbook/internal/clause_words.h"
#include "playbook/internal/did_you_mean.h"

namespace tact::playbook_internal {

class ClauseParser {
 public:
  ClauseParser(std::string_view text, const ClauseNames& names, Clause& clause, ClauseError& error)
      : words_(text), names_(names), clause_(clause), error_(error) {}

  bool parse();

 private:
  using Kind = Clause::Kind;
  using Method = bool (ClauseParser::*)();
  struct Form {
    std::string_view opening;
    Method method;
    std::string_view example;
  };
  static const std::array<Form, 25> kForms;

  bool fail(std::string rule, std::string message, std::string suggestion);
  bool expected(const std::string& what, std::string suggestion = {});

  bool parse_start();
  bool parse_after(Duration length);  // "5d after delivery"

  // Longest match among signals, intents and dayparts. True if a name was found, whatever follows.
  bool parse_named();

  static const std::string& id_of(const Signal& signal) { return signal.id; }
  static const std::string& id_of(const Intent& intent) { return intent.id; }
  static const std::string& id_of(const Daypart& daypart) { return daypart.name; }
  static const std::string& id_of(const KeywordGroup& group) { return group.name; }
  static const std::string& id_of(const Segment& segment) { return segment.id; }

  template <typename T>
  int find(const std::vector<T>* all, std::size_t& words) const {
    int found = -1;
    words = 0;
    if (all == nullptr) return -1;
    for (std::size_t i = 0; i < all->size(); ++i) {
      const std::size_t matched = words_.matches_id(id_of((*all)[i]));
      if (matched > words) {
        words = matched;
        found = static_cast<int>(i);
      }
    }
    return found;
  }

  bool parse_intent();
  bool parse_after_signal();
  bool parse_second(Kind kind, std::string_view link);

  bool unknown_signal();

  // "repeatedly", "3 times", or nothing.
  bool parse_count();

  // "this visit", "within 14d", or nothing.
  bool parse_window(bool this_visit);

  // "size guide repeatedly" without a window means this visit; said only when written.
  bool count_needs_window();

  bool parse_length_into(Duration& length);

  std::string length_hint() const;  // "14 days" is written 14d

  bool parse_bought();
  bool parse_viewed_this();
  bool parse_viewed();

  bool suffix_begins(std::size_t ahead) const;

  bool view_needs_window();

  bool just(Kind kind);
  bool parse_first_visit();
  bool parse_first_page();
  bool parse_weekend();
  bool parse_product_in_cart();
  bool parse_signed_in();
  bool parse_returned();
  bool parse_came_from();

  std::string known_or_list(const std::vector<std::string>& known) const;

  bool take_rest(const std::string& what, std::string example);

  bool take_word(const std::string& what, std::string example);

  bool parse_keyword_group();
  bool parse_weather();
  bool parse_cart_has();
  bool parse_cart_lacks();
  bool parse_cart_category(std::string example);
  bool parse_cart_over();
  bool parse_left_cart();
  bool parse_left_form();
  bool parse_left(Kind kind, std::string example);
  bool parse_page_type();
  bool parse_page();
  bool parse_locale();
  bool parse_device();
  bool parse_consent();
  bool parse_in_segment();
  bool parse_order_late();
  bool parse_ticket();

  // The known ids, with underscores if the writer used them, else with spaces.
  template <typename T>
  std::vector<std::string> ids_as_written(const std::vector<T>* all) const {
    std::vector<std::string> ids;
    if (all == nullptr) return ids;
    const bool underscores = candidate().find('_') != std::string_view::npos;
    for (const T& one : *all) ids.push_back(underscores ? id_of(one) : spaced(id_of(one)));
    return ids;
  }

  template <typename T>
  std::string suggestion(std::string_view written, const std::vector<T>* all) const {
    return names_.suggest ? did_you_mean(written, ids_as_written(all)) : std::string{};
  }

  // The words before "then", a count or a window: what a mistyped name probably consists of.
  std::string_view candidate() const;

  // The clause in small letters, if that makes it one.
  std::string in_small_letters() const;

  bool for_begins(std::size_t ahead) const;  // "… for 1h"

  // What to do about words behind a whole clause.
  std::string instead_of_rest() const;
  // The mistyped word of a count, a window or a sequence there; empty if it is none.
  std::string nearest_link() const;

  bool later_version() const;
  bool unknown();

  std::string nearest_of_all() const;
  // The example of the form that the first words resemble most.
  std::string nearest_form() const;

  Words words_;
  const ClauseNames& names_;
  Clause& clause_;
  ClauseError& error_;
};

std::string quoted(std::string_view text);

}  // namespace tact::playbook_internal

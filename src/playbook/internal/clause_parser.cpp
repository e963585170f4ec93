// The forms in this file are the closed list of docs/playbook.md. They are matched on whole words
// by hand rather than by a grammar: half of them start with names that only the playbook knows, and
// a marketer needs "did you mean" more than a position in a rule. Nothing recurses on the input.
#include "playbook/internal/clause_parser.h"

#include <array>

#include "playbook/internal/clause_words.h"
#include "playbook/internal/compiler.h"
#include "playbook/internal/did_you_mean.h"
#include "playbook/internal/values.h"
#include "playbook/internal/yaml_reader.h"

namespace tact::playbook_internal {
namespace {

using Kind = Clause::Kind;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

class ClauseParser {
 public:
  ClauseParser(std::string_view text, const ClauseNames& names, Clause& clause, ClauseError& error)
      : words_(text), names_(names), clause_(clause), error_(error) {}

  bool parse() {
    if (words_.at_end()) return fail("clause", "a clause is missing here", "");
    const bool parsed = parse_start();
    if (!parsed) return false;
    return words_.at_end() ||
           fail("clause", quoted(words_.rest()) + " does not belong here",
                words_.peek() == "twice" ? "write repeatedly, or 2 times"
                                         : "leave it out, or write it as a clause of its own");
  }

 private:
  using Method = bool (ClauseParser::*)();
  struct Form {
    std::string_view opening;
    Method method;
    std::string_view example;
  };
  static const std::array<Form, 21> kForms;

  bool fail(std::string rule, std::string message, std::string suggestion) {
    error_ = {words_.offset(), std::move(rule), std::move(message), std::move(suggestion)};
    return false;
  }
  bool expected(const std::string& what, std::string suggestion = {}) {
    return fail("clause",
                words_.at_end() ? what + " is missing"
                                : "expected " + what + ", not " + quoted(words_.peek()),
                std::move(suggestion));
  }

  bool parse_start() {
    for (const Level level : {Level::kMaybe, Level::kLikely, Level::kSure}) {
      if (words_.accept(to_string(level))) {
        clause_.level = level;
        return parse_intent();
      }
    }
    if (parse_named()) return error_.rule.empty();
    for (const Form& form : kForms) {
      if (words_.accept(form.opening)) return (this->*form.method)();
    }
    return unknown();
  }

  // Longest match among signals, intents and dayparts. True if a name was found, whatever follows.
  bool parse_named() {
    std::size_t words = 0;
    if (const int found = find(names_.signals, words); found >= 0) {
      words_.skip(words);
      clause_.signal = found;
      parse_after_signal();
      return true;
    }
    if (const int found = find(names_.intents, words); found >= 0) {
      words_.skip(words);
      clause_.kind = Kind::kIntent;
      clause_.intent = found;
      return true;
    }
    if (const int found = find(names_.dayparts, words); found >= 0) {
      words_.skip(words);
      clause_.kind = Kind::kDaypart;
      clause_.text = (*names_.dayparts)[static_cast<std::size_t>(found)].name;
      return true;
    }
    return false;
  }

  static const std::string& id_of(const Signal& signal) { return signal.id; }
  static const std::string& id_of(const Intent& intent) { return intent.id; }
  static const std::string& id_of(const Daypart& daypart) { return daypart.name; }
  static const std::string& id_of(const KeywordGroup& group) { return group.name; }

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

  bool parse_intent() {
    std::size_t words = 0;
    const int found = find(names_.intents, words);
    if (found < 0) {
      if (words_.at_end()) return expected("the name of an intent");
      return fail("unknown-name", quoted(words_.rest()) + " is not an intent",
                  did_you_mean(words_.rest(), ids_as_written(names_.intents)));
    }
    words_.skip(words);
    clause_.kind = Kind::kIntent;
    clause_.intent = found;
    return true;
  }

  bool parse_after_signal() {
    clause_.kind = Kind::kSignal;
    if (words_.accept("then")) return parse_second(Kind::kThen, "within");
    if (words_.accept("and no")) return parse_second(Kind::kAndNo, "for");
    return parse_count() && parse_window(true) && count_needs_window();
  }

  bool parse_second(Kind kind, std::string_view link) {
    Clause first, second;
    first.kind = second.kind = Kind::kSignal;
    first.signal = clause_.signal;
    clause_.signal = -1;
    std::size_t words = 0;
    second.signal = find(names_.signals, words);
    if (second.signal < 0) return unknown_signal();
    first.written = id_of((*names_.signals)[static_cast<std::size_t>(first.signal)]);
    second.written = id_of((*names_.signals)[static_cast<std::size_t>(second.signal)]);
    words_.skip(words);
    clause_.kind = kind;
    clause_.parts = {std::move(first), std::move(second)};
    if (!words_.accept(link)) {
      return expected(quoted(link) + " and a length of time",
                      kind == Kind::kThen ? "A then B within 2d" : "A and no B for 1h");
    }
    clause_.window.kind = Window::Kind::kWithin;
    return parse_length_into(clause_.window.within);
  }

  bool unknown_signal() {
    if (words_.at_end()) return expected("a signal");
    return fail("unknown-name", quoted(words_.peek()) + " does not begin a signal's name",
                did_you_mean(candidate(), ids_as_written(names_.signals)));
  }

  // "repeatedly", "3 times", or nothing.
  bool parse_count() {
    if (words_.accept("repeatedly")) {
      clause_.times = 2;
      return true;
    }
    const bool counted = words_.peek(1) == "times" || words_.peek(1) == "time";
    if (!counted) return true;
    const auto count = parse_decimal(words_.peek(), 0);
    if (!count || *count < 1 || *count > kMostTimes) {
      return expected("a number of times from 1 to " + std::to_string(kMostTimes),
                      "for example 3 times");
    }
    clause_.times = static_cast<int>(*count);
    words_.skip(2);
    return true;
  }

  // "this visit", "within 14d", or nothing.
  bool parse_window(bool this_visit) {
    if (this_visit && words_.accept("this visit")) {
      clause_.window.kind = Window::Kind::kThisVisit;
      return true;
    }
    if (!words_.accept("within")) return true;
    clause_.window.kind = Window::Kind::kWithin;
    return parse_length_into(clause_.window.within);
  }

  // "size guide repeatedly" without a window means this visit; said only when written.
  bool count_needs_window() {
    if (clause_.times > 1 && clause_.window.kind == Window::Kind::kDefault) {
      clause_.window.kind = Window::Kind::kThisVisit;
    }
    return true;
  }

  bool parse_length_into(Duration& length) {
    const auto parsed = parse_length(words_.peek());
    if (!parsed) return expected("a length of time", length_hint());
    words_.skip(1);
    length = *parsed;
    return true;
  }

  std::string length_hint() const {  // "14 days" is written 14d
    const std::string_view unit = words_.peek(1);
    if (!unit.empty() && parse_decimal(words_.peek(), 0) &&
        std::string_view("dhmsw").find(unit.front()) != std::string_view::npos) {
      const std::string written = std::string(words_.peek()) +
                                  (unit.starts_with("min") ? "min" : std::string(1, unit.front()));
      if (parse_length(written)) return "write " + written;
    }
    return "for example 30min, 12h, 2d, 3w";
  }

  bool parse_bought() {
    if (words_.accept("product")) {
      clause_.kind = Kind::kBoughtProduct;
    } else if (words_.accept("category")) {
      clause_.kind = Kind::kBoughtCategory;
    } else {
      return expected("\"product\" or \"category\"", "bought this category before");
    }
    if (words_.accept("before")) {
      clause_.window.kind = Window::Kind::kBeforeThisVisit;
      return true;
    }
    return parse_window(false);
  }

  bool parse_viewed_this() {
    clause_.kind = Kind::kViewedCategory;
    clause_.text = "this";
    return parse_count() && parse_window(true) && view_needs_window();
  }

  bool parse_viewed() {
    clause_.kind = Kind::kViewedCategory;
    std::size_t count = 0;
    while (count < words_.left() && !suffix_begins(count)) ++count;
    clause_.text = words_.text_of(count);
    if (clause_.text.empty()) return expected("a category", "viewed category shoes 3 times");
    words_.skip(count);
    return parse_count() && parse_window(true) && view_needs_window();
  }

  bool suffix_begins(std::size_t ahead) const {
    return words_.starts_with("repeatedly", ahead) || words_.starts_with("this visit", ahead) ||
           words_.starts_with("within", ahead) || words_.peek(ahead + 1) == "times" ||
           words_.peek(ahead + 1) == "time";
  }

  bool view_needs_window() {
    if (clause_.window.kind == Window::Kind::kDefault) {
      clause_.window.kind = Window::Kind::kThisVisit;
    }
    return true;
  }

  bool just(Kind kind) {
    clause_.kind = kind;
    return true;
  }
  bool parse_first_visit() { return just(Kind::kFirstVisit); }
  bool parse_first_page() { return just(Kind::kFirstPage); }
  bool parse_weekend() { return just(Kind::kWeekend); }
  bool parse_product_in_cart() { return just(Kind::kProductInCart); }
  bool parse_signed_in() { return just(Kind::kSignedIn); }

  bool parse_returned() {
    clause_.kind = Kind::kReturned;
    if (!parse_length_into(clause_.to)) return false;
    if (!words_.accept("to")) return true;  // "returned within 7d": from 0
    clause_.from = clause_.to;
    const std::size_t second = words_.mark();
    if (!parse_length_into(clause_.to)) return false;
    if (clause_.from < clause_.to) return true;
    words_.back_to(second);
    return expected("a longer time than the one before", "returned within 2d to 7d");
  }

  bool parse_came_from() {
    clause_.kind = Kind::kCameFrom;
    for (const TrafficSource source :
         {TrafficSource::kDirect, TrafficSource::kSearch, TrafficSource::kEmail, TrafficSource::kAd,
          TrafficSource::kSocial, TrafficSource::kReferral}) {
      if (words_.accept(to_string(source))) {
        clause_.source = source;
        return true;
      }
    }
    if (!words_.accept(to_string(TrafficSource::kCampaign))) {
      return expected("a source", known_or_list({"search", "email", "ad", "social", "direct",
                                                 "referral", "campaign"}));
    }
    clause_.source = TrafficSource::kCampaign;
    return take_rest("the campaign's name", "came from campaign spring_sale");
  }

  std::string known_or_list(const std::vector<std::string>& known) const {
    return did_you_mean(words_.peek(), known);
  }

  bool take_rest(const std::string& what, std::string example) {
    clause_.text = words_.rest();
    if (clause_.text.empty()) return expected(what, std::move(example));
    words_.skip(words_.left());
    return true;
  }

  bool take_word(const std::string& what, std::string example) {
    clause_.text = words_.peek();
    if (clause_.text.empty()) return expected(what, std::move(example));
    words_.skip(1);
    return true;
  }

  bool parse_keyword_group() {
    clause_.kind = Kind::kKeywordGroup;
    std::size_t words = 0;
    const int found = find(names_.keyword_groups, words);
    if (found < 0) {
      if (words_.at_end()) return expected("the name of a keyword group");
      return fail("unknown-name", quoted(words_.rest()) + " is not a keyword group",
                  did_you_mean(words_.rest(), ids_as_written(names_.keyword_groups)));
    }
    words_.skip(words);
    clause_.text = (*names_.keyword_groups)[static_cast<std::size_t>(found)].name;
    return true;
  }

  bool parse_weather() {
    clause_.kind = Kind::kWeather;
    const bool below = words_.peek() == "below";
    if (!below && words_.peek() != "above") {
      return take_word("the weather", "weather rain, weather below 8 C");
    }
    words_.skip(1);
    clause_.below = below;
    const auto degrees = parse_decimal(words_.peek(), 3);
    if (!degrees || *degrees < -100'000 || *degrees > 100'000) {
      return expected("a temperature", "weather below 8 C");
    }
    words_.skip(1);
    clause_.amount_milli = *degrees;
    return words_.accept("C") || expected("\"C\" (degrees Celsius)", "weather below 8 C");
  }

  bool parse_cart_has() {
    clause_.kind = Kind::kCartHas;
    return parse_cart_category("cart has shoes");
  }
  bool parse_cart_lacks() {
    clause_.kind = Kind::kCartLacks;
    return parse_cart_category("cart lacks socks");
  }
  bool parse_cart_category(std::string example) {
    if (words_.left() > 1 && (words_.peek() == "a" || words_.peek() == "an")) words_.skip(1);
    return take_rest("a category", std::move(example));
  }

  bool parse_cart_over() {
    clause_.kind = Kind::kCartOver;
    const auto amount = parse_decimal(words_.peek(), names_.minor_digits);
    if (!amount || *amount < 0) return expected("an amount of money", "cart over 50");
    clause_.amount_minor = *amount;
    clause_.text = words_.next();
    return true;
  }

  bool parse_left_cart() {
    clause_.kind = Kind::kLeftCart;
    if (words_.peek() != "within") {
      return expected("\"within\" and a length of time", "left a cart within 14d");
    }
    return parse_window(false);
  }

  bool parse_page_type() {
    clause_.kind = Kind::kPageType;
    return take_word("a page type", "page type product");
  }

  bool parse_page() {
    clause_.kind = Kind::kPagePath;
    if (!words_.peek().starts_with('/')) {
      return expected("a path that begins with /", "page /shoes/*, or page type product");
    }
    return take_word("a path", "page /shoes/*");
  }

  bool parse_locale() {
    clause_.kind = Kind::kLocale;
    if (!is_locale(words_.peek())) return expected("a language", "locale de, locale de-AT");
    return take_word("a language", "locale de");
  }

  bool parse_device() {
    clause_.kind = Kind::kDevice;
    for (const Device device : {Device::kDesktop, Device::kMobile, Device::kTablet}) {
      if (words_.accept(to_string(device))) {
        clause_.device = device;
        return true;
      }
    }
    return expected("a device", known_or_list({"mobile", "tablet", "desktop"}));
  }

  bool parse_consent() {
    clause_.kind = Kind::kConsentFor;
    std::vector<std::string> known;
    for (std::size_t i = 0; i < kPurposes; ++i) {
      const auto purpose = static_cast<Purpose>(i);
      if (words_.accept(to_string(purpose))) {
        clause_.purpose = purpose;
        return true;
      }
      known.emplace_back(to_string(purpose));
    }
    return expected("a purpose", known_or_list(known));
  }

  // The known ids, with underscores if the writer used them, else with spaces.
  template <typename T>
  std::vector<std::string> ids_as_written(const std::vector<T>* all) const {
    std::vector<std::string> ids;
    if (all == nullptr) return ids;
    const bool underscores = candidate().find('_') != std::string_view::npos;
    for (const T& one : *all) ids.push_back(underscores ? id_of(one) : spaced(id_of(one)));
    return ids;
  }

  // The words before "then", a count or a window: what a mistyped name probably consists of.
  std::string_view candidate() const {
    std::size_t count = 1;
    while (count < words_.left() && !suffix_begins(count) && words_.peek(count) != "then" &&
           !for_begins(count) && !words_.starts_with("and no", count)) {
      ++count;
    }
    return words_.text_of(count);
  }

  // The clause in small letters, if that makes it one.
  std::string in_small_letters() const {
    std::string small(words_.rest());
    for (char& c : small) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    Clause clause;
    ClauseError error;
    if (small == words_.rest() || !ClauseParser(small, names_, clause, error).parse()) return {};
    return small;
  }

  bool for_begins(std::size_t ahead) const {  // "… for 1h"
    return words_.peek(ahead) == "for" && parse_length(words_.peek(ahead + 1)).has_value();
  }

  bool later_version() const;
  bool unknown() {
    if (later_version()) {
      return fail("not-supported", quoted(words_.rest()) + " is not supported by this version", "");
    }
    if (const std::string small = in_small_letters(); !small.empty()) {
      return fail("unknown-name", "clauses are written in small letters", "write " + quoted(small));
    }
    std::vector<std::string> known = ids_as_written(names_.signals);
    for (std::string& id : ids_as_written(names_.intents)) known.push_back(std::move(id));
    for (std::string& id : ids_as_written(names_.dayparts)) known.push_back(std::move(id));
    std::string name = nearest(candidate(), known);
    if (name.empty()) name = nearest_form();
    return fail("unknown-name",
                quoted(candidate()) + " is neither a signal, an intent, a daypart nor a clause",
                name.empty() ? "see docs/playbook.md for the list of clauses"
                             : "did you mean \"" + name + "\"?");
  }

  // The example of the form that the first words resemble most.
  std::string nearest_form() const {
    std::vector<std::string> openings;
    for (const Form& form : kForms) openings.emplace_back(form.opening);
    for (std::size_t count = std::min<std::size_t>(4, words_.left()); count > 0; --count) {
      const std::string found = nearest(words_.text_of(count), openings);
      for (const Form& form : kForms) {
        if (!found.empty() && form.opening == found) return std::string(form.example);
      }
    }
    return {};
  }

  Words words_;
  const ClauseNames& names_;
  Clause& clause_;
  ClauseError& error_;
};

const std::array<ClauseParser::Form, 21> ClauseParser::kForms = {{
    {"bought this", &ClauseParser::parse_bought, "bought this category before"},
    {"viewed category", &ClauseParser::parse_viewed, "viewed category shoes 3 times"},
    {"viewed this category", &ClauseParser::parse_viewed_this, "viewed this category"},
    {"first visit", &ClauseParser::parse_first_visit, "first visit"},
    {"first page", &ClauseParser::parse_first_page, "first page"},
    {"returned within", &ClauseParser::parse_returned, "returned within 2d to 7d"},
    {"came from", &ClauseParser::parse_came_from, "came from search"},
    {"keyword group", &ClauseParser::parse_keyword_group, "keyword group NAME"},
    {"weekend", &ClauseParser::parse_weekend, "weekend"},
    {"weather", &ClauseParser::parse_weather, "weather below 8 C"},
    {"cart has", &ClauseParser::parse_cart_has, "cart has shoes"},
    {"cart lacks", &ClauseParser::parse_cart_lacks, "cart lacks socks"},
    {"cart over", &ClauseParser::parse_cart_over, "cart over 50"},
    {"product added to cart", &ClauseParser::parse_product_in_cart, "product added to cart"},
    {"left a cart", &ClauseParser::parse_left_cart, "left a cart within 14d"},
    {"page type", &ClauseParser::parse_page_type, "page type product"},
    {"page", &ClauseParser::parse_page, "page /shoes/*"},
    {"signed in", &ClauseParser::parse_signed_in, "signed in"},
    {"locale", &ClauseParser::parse_locale, "locale de"},
    {"device", &ClauseParser::parse_device, "device mobile"},
    {"consent for", &ClauseParser::parse_consent, "consent for personalization"},
}};

// Clauses of the language's plan (segments, stages, forms, tickets, …) that this version lacks.
bool ClauseParser::later_version() const {
  constexpr std::array<std::string_view, 12> kOpenings = {
      "compared the same", "left a form", "in",       "hesitated at",
      "answered",          "order late",  "ticket",   "overdue for",
      "an item is due",    "persuadable", "stage is", "weather available"};
  for (const std::string_view opening : kOpenings) {
    if (words_.starts_with(opening)) return true;
  }
  if (words_.peek(1) == "is" && words_.left() >= 3) return true;              // CLUSTER is X
  if (words_.peek(1) == "after" && parse_length(words_.peek())) return true;  // 5d after order
  if (words_.left() == 2 && (words_.peek(1) == "started" || words_.peek(1) == "sent")) return true;
  return words_.starts_with("not sent for", 1);
}

}  // namespace

bool parse_clause_text(std::string_view text, const ClauseNames& names, Clause& clause,
                       ClauseError& error) {
  clause = Clause{};
  error = ClauseError{};
  if (text.size() > kLongestClause) {
    error = {kLongestClause, "clause", "a clause has at most 500 characters", "split it"};
    return false;
  }
  if (find_bad_utf8(text) != std::string_view::npos) {
    error = {0, "not-utf8", "this is not UTF-8 text", ""};
    return false;
  }
  if (!ClauseParser(text, names, clause, error).parse()) return false;
  clause.written = trim(text);
  for (Clause& part : clause.parts) part.says = say(part, names);
  clause.says = say(clause, names);
  return true;
}

bool is_fixed_clause(std::string_view text) {
  Clause clause;
  ClauseError error;
  return parse_clause_text(text, ClauseNames{}, clause, error);
}

std::string_view reserved_word_in(std::string_view spaced_id) {
  Words words(spaced_id);
  for (const std::string_view level : {"maybe", "likely", "sure"}) {
    if (words.starts_with(level)) return level;
  }
  for (; !words.at_end(); words.skip(1)) {
    for (const std::string_view word :
         {"then", "and no", "repeatedly", "times", "this visit", "within"}) {
      if (words.starts_with(word)) return word;
    }
  }
  return {};
}

}  // namespace tact::playbook_internal

namespace tact {

Result<Clause> parse_clause(std::string_view text, const ClauseNames& names) {
  Clause clause;
  playbook_internal::ClauseError error;
  if (playbook_internal::parse_clause_text(text, names, clause, error)) return clause;
  if (!error.suggestion.empty()) error.message += " (" + error.suggestion + ")";
  const int column = playbook_internal::count_characters(text.substr(0, error.offset)) + 1;
  return make_error(ErrorCode::kInvalid, std::move(error.message), std::to_string(column));
}

}  // namespace tact

// The closed list of clauses (docs/playbook.md): each form, and what it reads behind its opening.
#include "playbook/internal/clause_forms.h"
#include "playbook/internal/compiler.h"
#include "playbook/internal/did_you_mean.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {

bool ClauseParser::parse_bought() {
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

bool ClauseParser::parse_viewed_this() {
  clause_.kind = Kind::kViewedCategory;
  clause_.text = "this";
  return parse_count() && parse_window(true) && view_needs_window();
}

bool ClauseParser::parse_viewed() {
  clause_.kind = Kind::kViewedCategory;
  std::size_t count = 0;
  while (count < words_.left() && !suffix_begins(count)) ++count;
  clause_.text = words_.text_of(count);
  if (clause_.text.empty()) return expected("a category", "viewed category shoes 3 times");
  words_.skip(count);
  return parse_count() && parse_window(true) && view_needs_window();
}

bool ClauseParser::view_needs_window() {
  if (clause_.window.kind == Window::Kind::kDefault) {
    clause_.window.kind = Window::Kind::kThisVisit;
  }
  return true;
}

bool ClauseParser::just(Kind kind) {
  clause_.kind = kind;
  return true;
}

bool ClauseParser::parse_first_visit() { return just(Kind::kFirstVisit); }

bool ClauseParser::parse_first_page() { return just(Kind::kFirstPage); }

bool ClauseParser::parse_weekend() { return just(Kind::kWeekend); }

bool ClauseParser::parse_product_in_cart() { return just(Kind::kProductInCart); }

bool ClauseParser::parse_signed_in() { return just(Kind::kSignedIn); }

bool ClauseParser::parse_returned() {
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

bool ClauseParser::parse_came_from() {
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

std::string ClauseParser::known_or_list(const std::vector<std::string>& known) const {
  return names_.suggest ? did_you_mean(words_.peek(), known) : std::string{};
}

bool ClauseParser::take_rest(const std::string& what, std::string example) {
  clause_.text = words_.rest();
  if (clause_.text.empty()) return expected(what, std::move(example));
  words_.skip(words_.left());
  return true;
}

bool ClauseParser::take_word(const std::string& what, std::string example) {
  clause_.text = words_.peek();
  if (clause_.text.empty()) return expected(what, std::move(example));
  words_.skip(1);
  return true;
}

bool ClauseParser::parse_keyword_group() {
  clause_.kind = Kind::kKeywordGroup;
  std::size_t words = 0;
  const int found = find(names_.keyword_groups, words);
  if (found < 0) {
    if (words_.at_end()) return expected("the name of a keyword group");
    return fail("unknown-name", quoted(words_.rest()) + " is not a keyword group",
                suggestion(words_.rest(), names_.keyword_groups));
  }
  words_.skip(words);
  clause_.text = (*names_.keyword_groups)[static_cast<std::size_t>(found)].name;
  return true;
}

bool ClauseParser::parse_weather() {
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

bool ClauseParser::parse_cart_has() {
  clause_.kind = Kind::kCartHas;
  return parse_cart_category("cart has shoes");
}

bool ClauseParser::parse_cart_lacks() {
  clause_.kind = Kind::kCartLacks;
  return parse_cart_category("cart lacks socks");
}

bool ClauseParser::parse_cart_category(std::string example) {
  if (words_.left() > 1 && (words_.peek() == "a" || words_.peek() == "an")) words_.skip(1);
  return take_rest("a category", std::move(example));
}

bool ClauseParser::parse_cart_over() {
  clause_.kind = Kind::kCartOver;
  const auto amount = parse_decimal(words_.peek(), names_.minor_digits);
  if (!amount || *amount < 0) return expected("an amount of money", "cart over 50");
  clause_.amount_minor = *amount;
  clause_.text = words_.next();
  return true;
}

bool ClauseParser::parse_left_cart() {
  return parse_left(Kind::kLeftCart, "left a cart within 14d");
}

bool ClauseParser::parse_left_form() {
  return parse_left(Kind::kLeftForm, "left a form within 14d");
}

bool ClauseParser::parse_left(Kind kind, std::string example) {
  clause_.kind = kind;
  if (words_.peek() != "within")
    return expected("\"within\" and a length of time", std::move(example));
  return parse_window(false);
}

bool ClauseParser::parse_after(Duration length) {
  words_.skip(2);
  clause_.from = length;
  if (words_.accept("order")) return just(Kind::kAfterOrder);
  if (words_.accept("delivery")) return just(Kind::kAfterDelivery);
  if (words_.accept("ticket solved")) return just(Kind::kAfterSolved);
  return expected("\"order\", \"delivery\" or \"ticket solved\"", "5d after delivery");
}

bool ClauseParser::parse_page_type() {
  clause_.kind = Kind::kPageType;
  return take_word("a page type", "page type product");
}

bool ClauseParser::parse_page() {
  clause_.kind = Kind::kPagePath;
  if (!words_.peek().starts_with('/')) {
    return expected("a path that begins with /", "page /shoes/*, or page type product");
  }
  return take_word("a path", "page /shoes/*");
}

bool ClauseParser::parse_locale() {
  clause_.kind = Kind::kLocale;
  if (!is_locale(words_.peek())) return expected("a language", "locale de, locale de-AT");
  return take_word("a language", "locale de");
}

bool ClauseParser::parse_device() {
  clause_.kind = Kind::kDevice;
  for (const Device device : {Device::kDesktop, Device::kMobile, Device::kTablet}) {
    if (words_.accept(to_string(device))) {
      clause_.device = device;
      return true;
    }
  }
  return expected("a device", known_or_list({"mobile", "tablet", "desktop"}));
}

bool ClauseParser::parse_consent() {
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

bool ClauseParser::parse_in_segment() {
  clause_.kind = Kind::kInSegment;
  std::size_t words = 0;
  clause_.segment = find(names_.segments, words);
  if (clause_.segment < 0) {
    if (words_.at_end()) return expected("the name of a segment");
    return fail("unknown-name", quoted(words_.rest()) + " is not a segment",
                suggestion(words_.rest(), names_.segments));
  }
  words_.skip(words);
  return true;
}

bool ClauseParser::parse_order_late() { return just(Kind::kOrderLate); }

bool ClauseParser::parse_ticket() {
  if (words_.accept("open")) return just(Kind::kTicketOpen);
  if (words_.accept("reopened")) return just(Kind::kTicketReopened);
  return expected("\"open\" or \"reopened\"", "ticket open");
}

const std::array<ClauseParser::Form, 25> ClauseParser::kForms = {{
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
    {"left a form", &ClauseParser::parse_left_form, "left a form within 14d"},
    {"page type", &ClauseParser::parse_page_type, "page type product"},
    {"page", &ClauseParser::parse_page, "page /shoes/*"},
    {"signed in", &ClauseParser::parse_signed_in, "signed in"},
    {"locale", &ClauseParser::parse_locale, "locale de"},
    {"device", &ClauseParser::parse_device, "device mobile"},
    {"consent for", &ClauseParser::parse_consent, "consent for personalization"},
    {"in", &ClauseParser::parse_in_segment, "in SEGMENT"},
    {"order late", &ClauseParser::parse_order_late, "order late"},
    {"ticket", &ClauseParser::parse_ticket, "ticket open"},
}};

}  // namespace tact::playbook_internal

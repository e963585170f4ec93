// How a clause is read: the names only the playbook knows, counts, windows, and suggestions. The
// closed list of forms is in clause_forms.cpp. They are matched on whole words by hand rather than
// by a grammar: half of them start with names that only the playbook knows, and a marketer needs
// "did you mean" more than a position in a rule. Nothing recurses on the input.
#include "playbook/internal/clause_parser.h"

#include "playbook/internal/clause_forms.h"
#include "playbook/internal/compiler.h"
#include "playbook/internal/did_you_mean.h"
#include "playbook/internal/values.h"
#include "playbook/internal/yaml_reader.h"

namespace tact::playbook_internal {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

bool ClauseParser::parse() {
  if (words_.at_end()) return fail("clause", "a clause is missing here", "");
  const bool parsed = parse_start();
  if (!parsed) return false;
  return words_.at_end() ||
         fail("clause", quoted(words_.rest()) + " does not belong here", instead_of_rest());
}

std::string ClauseParser::instead_of_rest() const {
  if (words_.peek() == "twice") return "write repeatedly, or 2 times";
  const std::string word = names_.suggest ? nearest_link() : std::string{};
  return word.empty() ? "leave it out, or write it as a clause of its own"
                      : "did you mean \"" + word + "\"?";
}

std::string ClauseParser::nearest_link() const {
  std::vector<std::string> known;
  if (clause_.kind == Kind::kSignal) {
    known = {"repeatedly", "times", "this visit", "within", "then", "and no"};
  } else if (clause_.kind == Kind::kViewedCategory) {
    known = {"repeatedly", "times", "this visit", "within"};
  } else if (clause_.kind == Kind::kBoughtProduct || clause_.kind == Kind::kBoughtCategory) {
    known = {"before", "within"};
  }
  Words rest = words_;
  if (parse_decimal(rest.peek(), 0)) rest.skip(1);  // "3 tims"
  for (std::size_t count = 2; count > 0; --count) {
    const std::string_view written = rest.text_of(count);
    const std::string found = nearest(written, known);
    if (!found.empty()) return found == written ? std::string{} : found;
  }
  return {};
}

bool ClauseParser::fail(std::string rule, std::string message, std::string suggestion) {
  error_ = {words_.offset(), std::move(rule), std::move(message), std::move(suggestion)};
  return false;
}

bool ClauseParser::expected(const std::string& what, std::string suggestion) {
  return fail("clause",
              words_.at_end() ? what + " is missing"
                              : "expected " + what + ", not " + quoted(words_.peek()),
              std::move(suggestion));
}

bool ClauseParser::parse_start() {
  for (const Level level : {Level::kMaybe, Level::kLikely, Level::kSure}) {
    if (words_.accept(to_string(level))) {
      clause_.level = level;
      return parse_intent();
    }
  }
  if (words_.peek(1) == "after") {
    if (const auto length = parse_length(words_.peek())) return parse_after(*length);
  }
  if (parse_named()) return error_.rule.empty();
  for (const Form& form : kForms) {
    if (words_.accept(form.opening)) return (this->*form.method)();
  }
  return unknown();
}

bool ClauseParser::parse_named() {
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

bool ClauseParser::parse_intent() {
  std::size_t words = 0;
  const int found = find(names_.intents, words);
  if (found < 0) {
    if (words_.at_end()) return expected("the name of an intent");
    return fail("unknown-name", quoted(words_.rest()) + " is not an intent",
                suggestion(words_.rest(), names_.intents));
  }
  words_.skip(words);
  clause_.kind = Kind::kIntent;
  clause_.intent = found;
  return true;
}

bool ClauseParser::parse_after_signal() {
  clause_.kind = Kind::kSignal;
  if (words_.accept("then")) return parse_second(Kind::kThen, "within");
  if (words_.accept("and no")) return parse_second(Kind::kAndNo, "for");
  return parse_count() && parse_window(true) && count_needs_window();
}

bool ClauseParser::parse_second(Kind kind, std::string_view link) {
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

bool ClauseParser::unknown_signal() {
  if (words_.at_end()) return expected("a signal");
  return fail("unknown-name", quoted(words_.peek()) + " does not begin a signal's name",
              suggestion(candidate(), names_.signals));
}

bool ClauseParser::parse_count() {
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

bool ClauseParser::parse_window(bool this_visit) {
  if (this_visit && words_.accept("this visit")) {
    clause_.window.kind = Window::Kind::kThisVisit;
    return true;
  }
  if (!words_.accept("within")) return true;
  clause_.window.kind = Window::Kind::kWithin;
  return parse_length_into(clause_.window.within);
}

bool ClauseParser::count_needs_window() {
  if (clause_.times > 1 && clause_.window.kind == Window::Kind::kDefault) {
    clause_.window.kind = Window::Kind::kThisVisit;
  }
  return true;
}

bool ClauseParser::parse_length_into(Duration& length) {
  const auto parsed = parse_length(words_.peek());
  if (!parsed) return expected("a length of time", length_hint());
  words_.skip(1);
  length = *parsed;
  return true;
}

bool ClauseParser::suffix_begins(std::size_t ahead) const {
  return words_.starts_with("repeatedly", ahead) || words_.starts_with("this visit", ahead) ||
         words_.starts_with("within", ahead) || words_.peek(ahead + 1) == "times" ||
         words_.peek(ahead + 1) == "time";
}

std::string ClauseParser::length_hint() const {
  const std::string_view unit = words_.peek(1);
  if (!unit.empty() && parse_decimal(words_.peek(), 0) &&
      std::string_view("dhmsw").find(unit.front()) != std::string_view::npos) {
    const std::string written = std::string(words_.peek()) +
                                (unit.starts_with("min") ? "min" : std::string(1, unit.front()));
    if (parse_length(written)) return "write " + written;
  }
  return "for example 30min, 12h, 2d, 3w";
}

std::string_view ClauseParser::candidate() const {
  std::size_t count = 1;
  while (count < words_.left() && !suffix_begins(count) && words_.peek(count) != "then" &&
         !for_begins(count) && !words_.starts_with("and no", count)) {
    ++count;
  }
  return words_.text_of(count);
}

bool ClauseParser::for_begins(std::size_t ahead) const {
  return words_.peek(ahead) == "for" && parse_length(words_.peek(ahead + 1)).has_value();
}

std::string ClauseParser::in_small_letters() const {
  std::string small(words_.rest());
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  Clause clause;
  ClauseError error;
  ClauseNames names = names_;
  names.suggest = false;
  if (small == words_.rest() || !ClauseParser(small, names, clause, error).parse()) return {};
  return small;
}

bool ClauseParser::unknown() {
  if (later_version()) {
    return fail("not-supported", quoted(words_.rest()) + " is not supported by this version", "");
  }
  if (const std::string small = in_small_letters(); !small.empty()) {
    return fail("unknown-name", "clauses are written in small letters", "write " + quoted(small));
  }
  return fail("unknown-name",
              quoted(candidate()) + " is neither a signal, an intent, a daypart nor a clause",
              names_.suggest ? nearest_of_all() : std::string{});
}

std::string ClauseParser::nearest_of_all() const {
  std::vector<std::string> known = ids_as_written(names_.signals);
  for (std::string& id : ids_as_written(names_.intents)) known.push_back(std::move(id));
  for (std::string& id : ids_as_written(names_.dayparts)) known.push_back(std::move(id));
  std::string name = nearest(candidate(), known);
  if (name.empty()) name = nearest_form();
  return name.empty() ? "see docs/playbook.md for the list of clauses"
                      : "did you mean \"" + name + "\"?";
}

std::string ClauseParser::nearest_form() const {
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

// Clauses of the language's plan (stages, forms, …) that this version lacks.
bool ClauseParser::later_version() const {
  constexpr std::array<std::string_view, 8> kOpenings = {
      "compared the same", "hesitated at", "answered", "overdue for",
      "an item is due",    "persuadable",  "stage is", "weather available"};
  for (const std::string_view opening : kOpenings) {
    if (words_.starts_with(opening)) return true;
  }
  if (words_.peek(1) == "is" && words_.left() >= 3) return true;  // CLUSTER is X
  if (words_.left() == 2 && (words_.peek(1) == "started" || words_.peek(1) == "sent")) return true;
  return words_.starts_with("not sent for", 1);
}

bool parse_clause_text(std::string_view text, const ClauseNames& names, Clause& clause,
                       ClauseError& error) {
  clause = Clause{};
  error = ClauseError{};
  if (text.size() > kLongestClause) {
    error = {kLongestClause, "clause", "a clause has at most 500 characters", "split it"};
    return false;
  }
  if (find_unreadable(text) != std::string_view::npos) {
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
  ClauseNames none;
  none.suggest = false;
  return parse_clause_text(text, none, clause, error);
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

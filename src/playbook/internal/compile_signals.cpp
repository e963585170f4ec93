// signals.yaml, and `seen:` of signals and goals
#include <array>

#include "playbook/internal/clause_words.h"
#include "playbook/internal/compiler.h"
#include "playbook/internal/expression_parser.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

constexpr std::array<std::pair<std::string_view, Builtin>, 4> kBuiltins = {
    {{"ignored_message", Builtin::kIgnoredMessage},
     {"dismissed_message", Builtin::kDismissedMessage},
     {"clicked_message", Builtin::kClickedMessage},
     {"quick_back", Builtin::kQuickBack}}};

bool compile_builtin(const YamlNode& node, std::string_view name, Seen& seen, Report& report) {
  seen.kind = Seen::Kind::kBuiltin;
  std::vector<std::string> known;
  for (const auto& [text, builtin] : kBuiltins) {
    if (name == text) {
      seen.builtin = builtin;
      return true;
    }
    known.emplace_back(text);
  }
  for (const std::string_view later : {"rage_click", "dead_click", "exit_intent", "form_hesitation",
                                       "repeat_visit", "unsubscribed", "bounce"}) {
    if (name != later) continue;
    report.error(node.position, "not-supported",
                 "builtin \"" + std::string(name) + "\" is not supported by this version");
    return false;
  }
  report.error(node.position, "unknown-name", "\"" + std::string(name) + "\" is not a builtin",
               did_you_mean(name, known));
  return false;
}

bool compile_answer(const YamlNode& node, Words words, Seen& seen, Report& report) {
  seen.kind = Seen::Kind::kAnswer;
  seen.question = words.next();
  const bool has_sign = words.next() == "=";
  seen.answer = words.rest();
  if (!seen.question.empty() && has_sign && !seen.answer.empty()) return true;
  report.error(node.position, "bad-value", "this does not name a question and its answer",
               "answer fit_question = unsure");
  return false;
}

bool compile_page(const YamlNode& node, const Words& words, Seen& seen, Report& report) {
  seen.kind = Seen::Kind::kPage;
  seen.name = words.rest();
  const bool type = words.left() == 2 && words.peek() == "type";
  const bool path = words.left() == 1 && words.peek().starts_with('/');
  if (type || path) return true;
  report.error(node.position, "bad-value",
               seen.name.empty() ? "\"page\" needs a path or a type"
                                 : "\"" + seen.name + "\" does not say which page",
               "page /pricing*, or page type product");
  return false;
}

void compile_where_of(const Fields& fields, Signal& signal, Report& report) {
  const YamlNode* node = fields.text("where");
  if (node == nullptr) return;
  if (signal.seen.kind != Seen::Kind::kTrack && signal.seen.kind != Seen::Kind::kPage) {
    report.error(node->position, "bad-value", "\"where\" looks at an event's properties",
                 "it needs seen: track … or seen: page …");
    return;
  }
  Expression where;
  if (compile_where(*node, ExpressionOver::kEvent, where, report)) signal.where = std::move(where);
}

void compile_signal(Compiler& c, const YamlEntry& entry) {
  Signal signal;
  signal.id = entry.key.text;
  signal.position = entry.key.position;
  const Fields fields(entry.value, "a signal", c.report,
                      {"says", "seen", "where", "about", "fades", "counts"});
  if (const YamlNode* seen = fields.text("seen")) {
    compile_seen(*seen, signal.seen, c.report);
  } else if (fields.find("seen") == nullptr) {
    c.report.error(entry.key.position, "missing-key",
                   "\"" + signal.id + "\" does not say how it is seen",
                   "seen: track Size Guide Opened");
  }
  compile_where_of(fields, signal, c.report);
  signal.says = fields.string("says");
  if (signal.says.empty()) {
    if (fields.find("says") == nullptr) {
      c.report.warning(entry.key.position, "missing-key",
                       "\"" + signal.id + "\" has no words for explanations",
                       "says: what finishes \"this visitor …\"");
    }
    signal.says = "did \"" + spaced(signal.id) + "\"";
  }
  const std::string written = fields.find("about") == nullptr ? "" : fields.find("about")->text;
  const bool later = written == "plan" || written == "form";
  if (later) {
    c.report.error(fields.find("about")->position, "not-supported",
                   "signals about a " + written + " are not supported by this version",
                   "product, category or nothing");
  } else if (const auto about = fields.choice("about", {"nothing", "product", "category"})) {
    signal.about = static_cast<Subject>(*about);
  }
  read_value(fields.text("fades"), parse_fading, signal.half_life, c.report);
  signal.counts_against = fields.choice("counts", {"for", "against"}) == std::size_t{1};
  c.playbook.signals.push_back(std::move(signal));
}

}  // namespace

bool compile_where(const YamlNode& node, ExpressionOver over, Expression& where, Report& report) {
  ExpressionError error;
  if (parse_expression_text(node.text, over, where, error)) return true;
  report.error(node.position_of(error.offset), error.rule, error.message, error.suggestion);
  return false;
}

bool compile_seen(const YamlNode& node, Seen& seen, Report& report) {
  Words words(node.text);
  if (words.accept("track")) {
    seen.kind = Seen::Kind::kTrack;
    seen.name = words.rest();
    if (!seen.name.empty()) return true;
    report.error(node.position, "bad-value", "\"track\" needs the event's name",
                 "track Size Guide Opened");
    return false;
  }
  if (words.accept("page")) return compile_page(node, words, seen, report);
  if (words.accept("builtin")) return compile_builtin(node, words.rest(), seen, report);
  if (words.accept("answer")) return compile_answer(node, words, seen, report);
  report.error(node.position, "bad-value",
               "\"" + std::string(words.peek()) + "\" is no way to see a signal",
               did_you_mean(words.peek(), {"track", "page", "builtin", "answer"}));
  return false;
}

std::vector<const YamlEntry*> named_entries(const YamlNode& root, IdStyle style,
                                            std::string_view what, Report& report) {
  std::vector<const YamlEntry*> out;
  if (!root.is_map()) {
    if (!root.is_empty()) {
      report.error(root.position, "wrong-type",
                   "here the names come first, each with " + std::string(what) + " below, not " +
                       std::string(root.kind_name()));
    }
    return out;
  }
  for (const YamlEntry& entry : root.entries) {
    if (out.size() >= kMostOfAKind) {
      report.error(entry.key.position, "too-many", "there are more than 500 of these");
      break;
    }
    check_id(entry.key, style, what, report);
    out.push_back(&entry);
  }
  return out;
}

void compile_signals(Compiler& c) {
  const YamlNode* root = c.document("signals.yaml");
  if (root == nullptr) return;
  for (const YamlEntry* entry : named_entries(*root, IdStyle::kSnake, "a signal", c.report)) {
    compile_signal(c, *entry);
  }
}

}  // namespace tact::playbook_internal

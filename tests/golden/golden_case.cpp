#include "golden_case.h"

#include <charconv>
#include <map>

namespace tact::golden {
namespace {

// Day 1 of every case: Monday 2 November 2026, 00:00 in Europe/Berlin.
const Time kDayOne = *parse_time("2026-11-01T23:00:00Z");

std::string_view trim(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

// The next word, or what stands in quotes; `rest` is left behind it.
std::string take_word(std::string_view& rest) {
  rest = trim(rest);
  std::string word;
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size() && (quoted || rest[i] != ' '); ++i) {
    if (rest[i] == '"') {
      quoted = !quoted;
    } else {
      word += rest[i];
    }
  }
  rest = trim(rest.substr(i));
  return word;
}

bool take(std::string_view& rest, std::string_view word) {
  std::string_view ahead = rest;
  if (take_word(ahead) != word) return false;
  rest = ahead;
  return true;
}

class Parser {
 public:
  Parser(std::string file, std::string_view text) : text_(text) { case_.file = std::move(file); }

  Result<Case> parse() {
    while (!text_.empty()) {
      ++line_;
      const std::size_t end = text_.find('\n');
      const std::string_view line = trim(text_.substr(0, end));
      text_ = end == std::string_view::npos ? std::string_view{} : text_.substr(end + 1);
      if (line.empty() || line.starts_with('#')) continue;
      const bool is_step = line.starts_with("day ") || (line[0] >= '0' && line[0] <= '9');
      TACT_TRY(is_step ? read_step(line) : read_setting(line));
    }
    if (case_.playbook.empty()) return wrong("no `playbook:` line");
    if (decisions_ == 0) return wrong("nothing is decided: a case needs a `decide` line");
    return std::move(case_);
  }

 private:
  Error wrong(std::string message) const {
    return make_error(ErrorCode::kInvalid, std::move(message),
                      case_.file + ":" + std::to_string(line_));
  }

  Status read_setting(std::string_view line) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return wrong("expected `key: value` or a time of day");
    const std::string_view key = line.substr(0, colon);
    const std::string value(trim(line.substr(colon + 2)));
    if (!case_.steps.empty()) return wrong("settings stand before the first step");
    if (key == "playbook") {
      case_.playbook = value;
    } else if (key == "locale") {
      case_.locale = value;
    } else if (key == "device") {
      case_.device = value;
    } else if (key == "consent") {
      return read_consent(value);
    } else if (key == "visitor") {
      return read_visitor(value);
    } else if (key == "arm") {
      return read_arm(value);
    } else {
      return wrong("`" + std::string(key) +
                   "` is no setting (playbook, consent, visitor, arm, locale, device)");
    }
    return ok();
  }

  Status read_consent(std::string_view value) {
    static const std::map<std::string_view, Consent> kWords = {
        {"personalization", Consent::kPersonalization},
        {"sensitive", Consent::kSensitive},
        {"analytics", Consent::kAnalytics},
        {"none", Consent::kNone},
        {"gpc", Consent::kGpc}};
    const auto found = kWords.find(value);
    if (found == kWords.end()) {
      return wrong("consent is one of personalization, sensitive, analytics, none, gpc");
    }
    case_.consent = found->second;
    return ok();
  }

  Status read_arm(std::string_view value) {
    const std::string experiment = take_word(value);
    const std::string arm = take_word(value);
    if (arm.empty() || !value.empty()) return wrong("arm is `EXPERIMENT ARM` or `EXPERIMENT none`");
    case_.visitor.arms.emplace_back(experiment, arm);
    return ok();
  }

  Status read_visitor(std::string_view value) {
    if (value == "outside hold-backs") return ok();
    if (take(value, "inside")) {
      case_.visitor.universal = take(value, "universal");
      if (case_.visitor.universal && value.empty()) return ok();
      if (case_.visitor.universal && !take(value, "and")) value = {};
      if (take(value, "moment") && !value.empty()) {
        case_.visitor.moment = value;
        return ok();
      }
    }
    return wrong(
        "visitor is `outside hold-backs`, `inside universal`, `inside moment NAME` or "
        "`inside universal and moment NAME`");
  }

  Result<Time> read_time(std::string_view& rest) {
    const std::string word = take_word(rest);
    int part[3] = {0, 0, 0};
    std::string_view left = word;
    for (int i = 0; i < 3 && !left.empty(); ++i) {
      const auto [end, error] = std::from_chars(left.data(), left.data() + left.size(), part[i]);
      if (error != std::errc{}) return wrong("`" + word + "` is no time of day, like 10:05");
      left.remove_prefix(static_cast<std::size_t>(end - left.data()));
      if (left.starts_with(':') && i < 2) left.remove_prefix(1);
    }
    if (!left.empty() || word.find(':') == std::string::npos || part[0] > 23 || part[1] > 59 ||
        part[2] > 59) {
      return wrong("`" + word + "` is no time of day, like 10:05");
    }
    return kDayOne + days(day_ - 1) + Duration{((part[0] * 60 + part[1]) * 60 + part[2]) * 1000};
  }

  Status read_step(std::string_view line) {
    Step step;
    step.line = line_;
    std::string_view rest = line;
    if (take(rest, "day")) {
      const std::string day = take_word(rest);
      const auto [end, error] = std::from_chars(day.data(), day.data() + day.size(), day_);
      if (error != std::errc{} || end != day.data() + day.size() || day_ < 1) {
        return wrong("`day` needs a number from 1");
      }
    }
    TACT_ASSIGN(step.at, read_time(rest));
    if (!case_.steps.empty() && step.at < case_.steps.back().at) {
      return wrong("time goes backwards; `day` counts on from day 1, `late HH:MM` is for events");
    }
    if (take(rest, "late")) {
      TACT_ASSIGN(step.happened, read_time(rest));
    }
    TACT_TRY(read_what(step, rest));
    case_.steps.push_back(std::move(step));
    return ok();
  }

  Status read_what(Step& step, std::string_view rest) {
    const std::string word = take_word(rest);
    if (word == "page" || word == "track") {
      step.what = word == "page" ? Step::What::kPage : Step::What::kTrack;
      step.name = take_word(rest);
      return read_options(step, rest);
    }
    if (word == "fact") {
      step.what = Step::What::kFact;
      return read_options(step, rest);
    }
    if (word == "decide") return read_decide(step, rest);
    if (word == "consent") {
      step.what = Step::What::kConsent;
      step.name = rest;
      if (rest == "granted" || rest == "refused" || rest == "objected") return ok();
      return wrong("consent is granted, refused or objected");
    }
    return read_reaction(step, word, rest);
  }

  Status read_reaction(Step& step, const std::string& word, std::string_view rest) {
    step.what = Step::What::kReaction;
    if (word == "seen" || word == "click") {
      step.name = word == "seen" ? "Message Seen" : "Message Clicked";
    } else if (word == "not" && take(rest, "seen")) {
      step.name = "Message Not Seen";
    } else if (word == "dismiss" && (rest == "not_me" || rest == "not_now" || rest == "gift")) {
      step.name = "Message Dismissed";
      step.options.emplace_back("reason", take_word(rest));
    } else {
      return wrong(
          "what happens is one of: page, track, fact, seen, not seen, click, dismiss "
          "not_me|not_now|gift, consent granted|refused|objected, decide");
    }
    if (decisions_ == 0) return wrong("a reaction needs a `decide` before it");
    return rest.empty() ? ok() : Status(wrong("too much behind `" + word + "`"));
  }

  Status read_options(Step& step, std::string_view rest) {
    while (!rest.empty()) {
      const std::string word = take_word(rest);
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos || equals == 0) {
        return wrong("`" + word + "` is not key=value");
      }
      step.options.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
    return ok();
  }

  Status read_decide(Step& step, std::string_view rest) {
    step.what = Step::What::kDecide;
    ++decisions_;
    const std::size_t arrow = rest.find("->");
    if (arrow == std::string_view::npos) return wrong("`decide SLOT -> MESSAGE` or `-> default`");
    std::string_view question = trim(rest.substr(0, arrow));
    std::string_view answer = trim(rest.substr(arrow + 2));
    step.name = take_word(question);
    TACT_TRY(read_options(step, question));
    std::string_view says;
    if (const std::size_t hash = answer.find('#'); hash != std::string_view::npos) {
      says = trim(answer.substr(hash + 1));
      answer = trim(answer.substr(0, hash));
    }
    step.expected = take_word(answer);
    step.withheld = take(answer, "withheld");
    if (step.expected.empty() || !answer.empty()) {
      return wrong("behind the arrow stands a message or `default`, then perhaps `withheld`");
    }
    while (!says.empty()) {
      const std::size_t end = says.find(" ; ");
      step.says.emplace_back(trim(says.substr(0, end)));
      says = end == std::string_view::npos ? std::string_view{} : trim(says.substr(end + 3));
    }
    return ok();
  }

  Case case_;
  std::string_view text_;
  int line_ = 0, day_ = 1, decisions_ = 0;
};

}  // namespace

std::string_view option(const Options& options, std::string_view key) {
  for (auto it = options.rbegin(); it != options.rend(); ++it) {
    if (it->first == key) return it->second;
  }
  return {};
}

Result<Case> parse_case(std::string file, std::string_view text) {
  return Parser(std::move(file), text).parse();
}

}  // namespace tact::golden

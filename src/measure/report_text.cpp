#include "measure/report_text.h"

#include <algorithm>

#include "measure/internal/dates.h"
#include "measure/internal/words.h"

namespace tact {
namespace {

using internal::grouped;

constexpr std::size_t kColumns = 92;
constexpr std::size_t kLabel = 22;

std::size_t width(std::string_view utf8) {  // code points; nothing here is wider than one column
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// A control character in a name must not reach the terminal.
std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return out;
}

std::string pad_left(const std::string& text, std::size_t columns) {
  return std::string(columns - std::min(columns, width(text)), ' ') + text;
}

std::string pad_right(const std::string& text, std::size_t columns) {
  return text + std::string(columns - std::min(columns, width(text)), ' ');
}

// Words to lines of at most kColumns, each indented; a longer word is cut.
std::string wrap(std::string_view text, std::size_t indent) {
  std::string out, line;
  const auto flush = [&] {
    if (!line.empty()) out += (out.empty() ? "" : std::string(indent, ' ')) + line + "\n";
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    std::string word(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
    if (!line.empty() && indent + width(line) + 1 + width(word) > kColumns) flush();
    while (indent + width(word) > kColumns) {
      std::size_t cut = kColumns - indent;
      while (cut > 0 && (static_cast<unsigned char>(word[cut]) & 0xC0) == 0x80) --cut;
      line = word.substr(0, cut);
      word.erase(0, cut);
      flush();
    }
    if (!word.empty()) line += (line.empty() ? "" : " ") + word;
  }
  flush();
  return out;
}

class Text {
 public:
  Text(const Reports& reports, const TextOptions& options) : reports_(reports), options_(options) {}

  std::string write() {
    const std::string site = printable(reports_.site);
    spread(site.empty() ? "Report" : site, reports_.simulated ? "simulated" : "", "");
    const bool one =
        reports_.moments.size() + reports_.unmet.size() + (reports_.universal ? 1 : 0) == 1;
    if (!one) paragraph(internal::overview(reports_));
    for (const MomentReport& report : reports_.moments) moment(report);
    if (reports_.universal) moment(*reports_.universal);
    for (const std::string& name : reports_.unmet) {
      if (one) paragraph("Not enough data yet — nobody has met " + name + " so far.");
    }
    if (!one && !reports_.unmet.empty()) unmet();
    for (const std::string& counted : {internal::say_without_consent(reports_.without_consent),
                                       internal::say_left_out(reports_.left_out)}) {
      if (!counted.empty()) out_ += "\n";
      paragraph(counted);
    }
    out_ += "\n";
    line("as of", internal::say_date(reports_.as_of) + " (days in UTC), " +
                      internal::percent(1.0 - reports_.alpha, 0) +
                      " intervals that may be read any day");
    line("data", reports_.data_hash);
    return std::move(out_);
  }

 private:
  std::string paint(const std::string& text, const char* code) const {
    return options_.color ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
  }
  static const char* color_of(Verdict verdict) {
    return verdict == Verdict::kHelps                                          ? "32"
           : verdict == Verdict::kHurts || verdict == Verdict::kCannotBeJudged ? "31"
                                                                               : "2";
  }
  void spread(const std::string& left, const std::string& right, const char* right_color) {
    if (left.empty() && right.empty()) return;
    const std::size_t used = width(left) + width(right);
    out_ += paint(left, "1");
    if (!right.empty()) {
      out_ += std::string(used < kColumns ? kColumns - used : 1, ' ');
      out_ += *right_color == '\0' ? right : paint(right, right_color);
    }
    out_ += "\n";
  }
  void paragraph(const std::string& text) {
    if (!text.empty()) out_ += "  " + wrap(printable(text), 2);
  }
  void line(const std::string& label, const std::string& text) {
    out_ += "  " + pad_right(label, kLabel) + wrap(printable(text), kLabel + 2);
  }

  void moment(const MomentReport& report) {
    out_ += "\n";
    const std::string window = internal::say_window(report.first_exposure, report.last_exposure);
    spread(printable(internal::headline_name(report)) + (window.empty() ? "" : " · " + window),
           std::string(to_string(report.verdict)), color_of(report.verdict));
    paragraph(report.says);
    paragraph(report.hypothesis_says);
    paragraph(report.credited_says);
    paragraph(report.note);
    if (report.primary() == nullptr || report.visitors() == 0) return;
    const GoalReport& goal = *report.primary();
    if (report.verdict == Verdict::kNotEnoughData && goal.expected_at) {
      paragraph("Expected on " + internal::say_date(*goal.expected_at) + ".");
    }
    out_ += "\n";
    arms(goal);
    if (goal.effect) effect(goal, *goal.effect);
    others(report);
    health(report);
  }

  void arms(const GoalReport& goal) {
    const bool rates = goal.effect.has_value();  // side by side they would be a comparison
    const std::string name = internal::goal_name(printable(goal.goal));
    const std::size_t wide = std::max<std::size_t>(10, width(name) + 2);
    out_ += "  " + pad_right("", kLabel) + pad_left("visitors", 10) + pad_left(name, wide) +
            (rates ? pad_left("per 1,000", 12) : "") + "\n";
    const auto row = [&](const char* label, const ArmCounts& arm) {
      out_ += "  " + pad_right(label, kLabel) + pad_left(grouped(arm.visitors), 10) +
              pad_left(grouped(arm.outcomes), wide) +
              (rates ? pad_left(internal::decimal(arm.rate() * 1e3, 1), 12) : "") + "\n";
    };
    row("shown", goal.shown);
    row("held back", goal.held_back);
  }

  void effect(const GoalReport& goal, const Effect& effect) {
    line("difference", internal::per_thousand(effect.difference));
    line("relative", internal::say_lift(effect.lift));
    line("because of it",
         internal::with_interval(effect.incremental, 1.0) + " " + internal::goal_name(goal.goal));
    line("last click credits", grouped(goal.shown.attributed));
    if (goal.value) {
      line("value per visitor",
           internal::money_with_interval(goal.value->difference, reports_.minor_digits,
                                         reports_.currency));
    }
    line("at one fixed time", internal::per_thousand(effect.fixed) + ", p " +
                                  internal::power_of_ten(effect.fixed_log10_p) + ", relative " +
                                  internal::say_lift(effect.fixed_lift));
  }

  void others(const MomentReport& report) {
    for (std::size_t i = 1; i < report.goals.size(); ++i) {
      const GoalReport& goal = report.goals[i];
      const bool cost = report.cost && report.cost->goal == i;
      const auto of = [](const ArmCounts& arm) {
        return grouped(arm.outcomes) + " from " + grouped(arm.visitors);
      };
      line(cost ? "not at the cost of" : "also counted",
           internal::goal_name(goal.goal) + ": shown " + of(goal.shown) + ", held back " +
               of(goal.held_back) + "; " + internal::say_goal_difference(report, goal) +
               (cost ? " · not acted on yet" : ""));
    }
  }

  void health(const MomentReport& report) { line("health", internal::say_health(report)); }

  void unmet() {
    std::string names;
    for (const std::string& name : reports_.unmet) names += (names.empty() ? "" : ", ") + name;
    out_ += "\n";
    line("not met by anybody", names);
  }

  const Reports& reports_;
  const TextOptions& options_;
  std::string out_;
};

}  // namespace

std::string to_text(const Reports& reports, const TextOptions& options) {
  return Text(reports, options).write();
}

}  // namespace tact

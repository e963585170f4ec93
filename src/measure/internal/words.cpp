#include "measure/internal/words.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tact::internal {
namespace {

constexpr const char kPercent[] = "\u00a0%";  // never alone on a line

std::string of_visitors(const MomentReport& report) {
  if (report.moment.empty()) return "visitors Tact had something for";
  return report.need.empty() ? "visitors" : "visitors who want to " + report.need;
}

std::string more_or_fewer(double x, int digits) {
  return decimal(std::abs(x), digits) + (x < 0.0 ? " fewer" : " more");
}

int thousand_digits(const Estimate& e) { return digits_for(e.low * 1e3, e.high * 1e3); }

std::string say_effect(const MomentReport& report) {
  const GoalReport& goal = *report.primary();
  const Estimate& e = goal.effect->difference;
  const int digits = thousand_digits(e);
  const std::string name = goal_name(goal.goal);
  const std::string whom = " per 1,000 " + of_visitors(report);
  if (report.verdict == Verdict::kNoEffect) {
    const double most = std::max(std::abs(e.low), std::abs(e.high)) * 1e3;
    return "at most " + decimal(most, digits) + " " + name + " either way" + whom + ".";
  }
  if (report.verdict == Verdict::kNotClear) {
    return "anything from " + more_or_fewer(e.low * 1e3, digits) + " to " +
           more_or_fewer(e.high * 1e3, digits) + " " + name + whom + ".";
  }
  return "about " + more_or_fewer(e.estimate * 1e3, digits) + " " + name + whom + ".";
}

std::string say_waiting(const MomentReport& report, Time now) {
  if (report.visitors() == 0) return "Not enough data yet — nobody has met it so far.";
  const std::optional<Time>& when = report.primary()->expected_at;
  return when ? "Not enough data yet — " + say_remaining(*when - now) + "."
              : "Not enough data yet.";
}

std::string say_broken(const MomentReport& report) {
  const std::string start = "It cannot be judged: ";
  if (report.primary() == nullptr) return start + "no goal is set.";
  if (report.ratio.failed) return start + "the arms are not what they should be.";
  if (report.ratio.planned <= 0.0)
    return start + "nobody is held back, so nothing can be compared.";
  return start + "all visitors of both arms did the same.";
}

std::string say_verdict(const MomentReport& report, Time now) {
  const std::string subject = report.moment.empty() ? "Everything together " : "It ";
  switch (report.verdict) {
    case Verdict::kHelps:
      return subject + "helps: " + say_effect(report);
    case Verdict::kHurts:
      return subject + "hurts: " + say_effect(report);
    case Verdict::kNoEffect:
      return "No effect worth caring about: " + say_effect(report);
    case Verdict::kNotClear:
      return "Not clear yet: " + say_effect(report);
    case Verdict::kNotEnoughData:
      return say_waiting(report, now);
    case Verdict::kCannotBeJudged:
      return say_broken(report);
  }
  return {};
}

std::string say_lacking(const GoalReport& goal) {
  std::string arms;
  for (const Shortfall& arm : goal.lacking) {
    if (!arms.empty()) arms += ", ";
    arms += std::string(arm.shown ? "shown" : "held back") + " has " + grouped(arm.have) + " of " +
            grouped(arm.have + arm.missing);
  }
  return "Each arm needs visitors who " + (goal.says.empty() ? "reached the goal" : goal.says) +
         " and whose " + say_duration(goal.within) + " are over: " + arms + ".";
}

std::string say_note(const MomentReport& report) {
  if (report.ratio.failed) {
    return percent(report.ratio.planned, 1) + " of the visitors were to be held back, " +
           percent(report.ratio.observed, 1) +
           " are. Something treats the arms differently; find it before reading any number.";
  }
  if (report.verdict == Verdict::kNotEnoughData) return say_lacking(*report.primary());
  return {};
}

std::string say_hypothesis(const MomentReport& report) {
  const Hypothesis& hypothesis = report.hypothesis;
  if (!hypothesis.stated) return {};
  const std::string name = goal_name(hypothesis.goal);
  const std::string expected = (hypothesis.more ? "more " : "fewer ") + name;
  if (!hypothesis.held) return "The hypothesis, " + expected + ", is still open.";
  if (*hypothesis.held) return "The hypothesis held: " + expected + ".";
  if (report.verdict == Verdict::kHurts) {
    return "The hypothesis did not hold: " + std::string(hypothesis.more ? "fewer " : "more ") +
           name + ", not " + expected + ".";
  }
  return "The hypothesis did not hold: as many " + name + " as without it.";
}

std::string say_credited(const MomentReport& report) {
  const GoalReport& goal = *report.primary();
  const std::int64_t credited = goal.shown.attributed;
  const std::string start = "Last click would credit " +
                            std::string(report.moment.empty() ? "messages" : "it") + " with " +
                            grouped(credited) + " " + goal_name(goal.goal);
  if (!goal.effect) {
    if (credited == 0) return {};
    return start + ". How many would have come anyway cannot be said yet.";
  }
  const Estimate& extra = goal.effect->incremental;
  const auto about = static_cast<std::int64_t>(std::llround(extra.estimate));
  if (extra.high < 0.0) return start + "; in truth about " + grouped(-about) + " were lost.";
  if (extra.low <= 0.0) {
    return report.verdict == Verdict::kNoEffect
               ? start + "; as far as anybody can tell, they would have come anyway."
               : start + "; how many would have come anyway cannot be told yet.";
  }
  if (about >= credited) return start + "; about " + grouped(about) + " came because of it.";
  return start + "; about " + grouped(credited - about) + " of those would have come anyway.";
}

void append_count(std::vector<std::string>& parts, std::int64_t n, const char* one,
                  const char* many) {
  if (n > 0) parts.push_back(grouped(n) + " " + (n == 1 ? one : many));
}

}  // namespace

std::string with_interval(const Estimate& e, double scale) {
  const int digits = digits_for(e.low * scale, e.high * scale);
  return signed_decimal(e.estimate * scale, digits) + " (" + decimal(e.low * scale, digits) +
         " to " + decimal(e.high * scale, digits) + ")";
}

std::string per_thousand(const Estimate& e) { return with_interval(e, 1e3) + " per 1,000"; }

std::string say_lift(const stats::LiftSet& lift) {
  if (!lift.estimate || lift.shape != stats::LiftShape::kBounded) return "the data do not bound it";
  const int digits = digits_for(lift.ends.lower * 100.0, lift.ends.upper * 100.0);
  return signed_decimal(*lift.estimate * 100.0, digits) + kPercent + " (" +
         decimal(lift.ends.lower * 100.0, digits) + kPercent + " to " +
         decimal(lift.ends.upper * 100.0, digits) + kPercent + ")";
}

std::string money_with_interval(const Estimate& e, int minor_digits, const std::string& currency) {
  const auto say = [&](double minor) {
    return money(minor, minor_digits, currency);
  };
  return std::string(e.estimate > 0.0 ? "+" : "") + say(e.estimate) + " (" + say(e.low) + " to " +
         say(e.high) + ")";
}

std::string goal_name(std::string_view id) {
  std::string name(id);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string say_remaining(Duration rest) {
  if (rest <= Duration(0)) return "any day now";
  const auto full_days = (rest + days(1) - Duration(1)) / days(1);
  if (full_days == 1) return "about 1 more day";
  if (full_days < 100) return "about " + grouped(full_days) + " more days";
  if (full_days <= 365) return "about " + grouped((full_days + 15) / 30) + " more months";
  return "more than a year at this pace";
}

std::string headline_name(const MomentReport& report) {
  return report.moment.empty() ? "Everything together" : report.moment;
}

void put_into_words(MomentReport& report, Time now) {
  report.says = say_verdict(report, now);
  report.hypothesis_says = say_hypothesis(report);
  report.note = say_note(report);
  if (report.primary() != nullptr) report.credited_says = say_credited(report);
}

std::string say_goal_difference(const MomentReport& report, const GoalReport& goal) {
  if (goal.effect) return per_thousand(goal.effect->difference);
  if (report.ratio.failed) return "not compared";
  return goal.lacking.empty() ? "nothing varies" : "not enough data yet";
}

std::string say_health(const MomentReport& report) {
  std::string text = percent(report.ratio.observed, 1) + " held back (" +
                     percent(report.ratio.planned, 1) + " planned" +
                     (report.ratio.failed    ? ", refused: not by chance"
                      : report.ratio.checked ? ""
                                             : ", too few visitors to check") +
                     ")";
  const std::int64_t crossed = report.crossovers_shown + report.crossovers_held_back;
  if (crossed > 0) text += ", " + grouped(crossed) + " met both arms";
  const GoalReport* goal = report.primary();
  const std::int64_t open =
      goal == nullptr ? 0 : goal->shown.provisional() + goal->held_back.provisional();
  if (open > 0) {
    text += ", " + grouped(open) + " still within their " + say_duration(goal->within) +
            " and not counted yet";
  }
  return text;
}

std::string say_without_consent(const WithoutConsent& counts) {
  if (counts.answers == 0) return {};
  std::string text = "Without consent " + grouped(counts.answers) +
                     (counts.answers == 1 ? " answer was" : " answers were") +
                     " made from the page alone: ";
  std::int64_t rest = counts.answers;
  for (const WithoutConsent::Shown& shown : counts.shown) {
    text += shown.moment + " " + grouped(shown.answers) + ", ";
    rest -= shown.answers;
  }
  return text + "the default " + grouped(rest) +
         ". Nobody was held back there, so this says nothing about an effect.";
}

std::string say_left_out(const LeftOut& counts) {
  if (counts == LeftOut{}) return {};
  return "Left out were " + grouped(counts.bots) + (counts.bots == 1 ? " event" : " events") +
         " of bots, " + grouped(counts.staff) + " of staff and " + grouped(counts.pace) +
         " of programs told by their pace.";
}

std::string overview(const Reports& reports) {
  if (reports.moments.empty()) return "No moment has been met by a visitor yet.";
  std::array<std::int64_t, 6> n{};
  for (const MomentReport& report : reports.moments) ++n[static_cast<std::size_t>(report.verdict)];
  const auto of = [&](Verdict verdict) { return n[static_cast<std::size_t>(verdict)]; };
  std::vector<std::string> parts;
  append_count(parts, of(Verdict::kHelps), "helps", "help");
  append_count(parts, of(Verdict::kHurts), "hurts", "hurt");
  append_count(parts, of(Verdict::kNoEffect), "makes no difference worth caring about",
               "make no difference worth caring about");
  append_count(parts, of(Verdict::kNotClear), "is not clear yet", "are not clear yet");
  append_count(parts, of(Verdict::kNotEnoughData), "needs more data", "need more data");
  append_count(parts, of(Verdict::kCannotBeJudged), "cannot be judged", "cannot be judged");
  std::string text = "Of " + grouped(static_cast<std::int64_t>(reports.moments.size())) +
                     (reports.moments.size() == 1 ? " moment, " : " moments, ");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text + ".";
}

}  // namespace tact::internal

#include "measure/report_text.h"

#include <algorithm>
#include <utility>

#include "measure/internal/again.h"
#include "measure/internal/asked.h"
#include "measure/internal/dates.h"
#include "measure/internal/guard_words.h"
#include "measure/internal/lifetime_words.h"
#include "measure/internal/return_words.h"
#include "measure/internal/tiers.h"
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
  const std::size_t used = width(text);  // what is as wide as its column does not touch the last
  return std::string(used < columns ? columns - used : 1, ' ') + text;
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
    const bool one = reports_.moments.size() + reports_.experiments.size() + reports_.unmet.size() +
                         (reports_.universal ? 1 : 0) ==
                     1;
    if (!one) paragraph(internal::overview(reports_));
    for (const Findings& report : reports_.moments) moment(report);
    for (const Findings& report : reports_.experiments) moment(report);
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
    if (reports_.dated) {
      line("as of", internal::say_date(reports_.as_of) + " (days in UTC), " +
                        internal::percent(1.0 - reports_.alpha, 0) +
                        " intervals that may be read any day, except at one look or fixed time");
    }
    const char* label = "method";
    for (const std::string& sentence : methods()) line(std::exchange(label, ""), sentence);
    line("data", reports_.data_hash);
    return std::move(out_);
  }

 private:
  // Of all reports, each sentence once.
  std::vector<std::string> methods() const {
    std::vector<std::string> all;
    const auto add = [&](const Findings& report) {
      for (const std::string& sentence : report.method) {
        if (std::find(all.begin(), all.end(), sentence) == all.end()) all.push_back(sentence);
      }
    };
    for (const Findings& report : reports_.moments) add(report);
    for (const Findings& report : reports_.experiments) add(report);
    if (reports_.universal) add(*reports_.universal);
    return all;
  }
  std::string paint(const std::string& text, const char* code) const {
    return options_.color ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
  }
  static const char* color_of(Verdict verdict) {
    switch (verdict) {
      case Verdict::kHelps:
        return "32";
      case Verdict::kAtACost:
      case Verdict::kHurts:
      case Verdict::kCannotBeJudged:
        return "31";
      default:
        return "2";
    }
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

  void moment(const Findings& report) {
    out_ += "\n";
    const std::string window = internal::say_window(report.first_exposure, report.last_exposure);
    const bool dated = !window.empty() && reports_.dated;
    spread(printable(internal::headline_name(report)) + (dated ? " · " + window : ""),
           std::string(to_string(report.verdict)), color_of(report.verdict));
    paragraph(report.says);
    paragraph(report.hypothesis_says);
    paragraph(report.credited_says);
    paragraph(report.guardrails_says);
    paragraph(report.note);
    if (report.primary() == nullptr || !report.anybody()) return;
    const MetricFinding& primary = *report.primary();
    paragraph(report.expected_says);
    if (report.planning) paragraph(report.planning->says);
    out_ += "\n";
    arms(report, primary);
    for (const Comparison& comparison : primary.against) effect(report, primary, comparison);
    if (primary.uneven) line("uneven", primary.uneven->says);
    credit(report);
    for (const ReturnFinding& found : report.returns) money(report, found);
    if (!report.return_assumes.empty()) {
      line(report.returns.empty() ? "return" : "", report.return_assumes);
    }
    if (report.additivity) additivity(report, *report.additivity);
    if (report.tiers) tiers(*report.tiers);
    for (const SegmentFinding& segment : report.segments) segments(report, segment);
    for (const CurveFinding& curve : report.curves) {
      if (!curve.differences.empty()) line("later", curve.says);
    }
    lifetime(report);
    for (const UpliftFinding& found : report.uplift) line("persuadable", found.says);
    for (const MetricFinding& found : report.metrics) asked(report, found);
    for (const MetricFinding& found : report.metrics) again(report, found);
    others(report);
    const std::string open = internal::say_standing_open(report);
    if (!open.empty()) line("not at the cost of", open + ".");
    line("health", internal::say_health(report));
    if (report.attrition) {
      if (!report.attrition->loss.says.empty()) line("exposures lost", report.attrition->loss.says);
      line("withdrew", report.attrition->withdrawal.says);
    }
    for (const NoveltyFinding& found : report.novelty) line("novelty", found.says);
  }

  void lifetime(const Findings& report) {
    if (!report.lifetime) return;
    line("lifetime value", report.lifetime->says);
    for (const std::string& arm : internal::say_lifetime_arms(report)) line("", arm);
    if (!report.lifetime->assumes.empty()) line("", report.lifetime->assumes);
  }

  void money(const Findings& report, const ReturnFinding& found) {
    line("return", found.says);
    line("", internal::say_return_parts(report.plan, found));
  }

  // Rates stand there only where the arms may be compared.
  void arms(const Findings& report, const MetricFinding& finding) {
    const bool rates = !finding.against.empty();
    const Metric& metric = report.metric(finding);
    const std::string name = internal::goal_name(printable(metric.name));
    const std::string units = printable(report.plan.units());
    std::size_t wide = std::max<std::size_t>(12, width(name) + 2);
    for (const ArmCounts& arm : finding.arms) {
      wide = std::max(wide, width(internal::say_total(report.plan, metric, arm.total)) + 2);
    }
    const std::size_t narrow = std::max<std::size_t>(10, width(units) + 2);
    out_ += "  " + pad_right("", kLabel) + pad_left(units, narrow) + pad_left(name, wide) +
            (rates ? pad_left(metric.money ? "each" : "rate", 18) : "") + "\n";
    for (std::size_t i = finding.arms.size(); i-- > 0;) {
      const ArmCounts& arm = finding.arms[i];
      const std::string total = internal::say_total(report.plan, metric, arm.total);
      out_ += "  " + pad_right(printable(report.plan.arms[i].name), kLabel) +
              pad_left(report.all_hidden() ? "-" : grouped(arm.units), narrow) +
              pad_left(report.all_hidden() ? "-" : total, wide) +
              (rates ? pad_left(internal::say_mean(report.plan, metric, arm), 18) : "") + "\n";
    }
  }

  void effect(const Findings& report, const MetricFinding& finding, const Comparison& comparison) {
    const Metric& metric = report.metric(finding);
    const Plan& plan = report.plan;
    const auto difference = [&](const Estimate& e) {
      return internal::say_difference(plan, metric, e);
    };
    if (plan.arms.size() > 2) {
      out_ += "  " + paint(printable(plan.arms[comparison.arm].name), "1") + "\n";
    }
    line("difference",
         difference(comparison.difference) + (comparison.one_look ? ", at one look" : ""));
    line("relative", internal::say_lift(comparison.lift));
    line("because of it", internal::say_total(plan, metric, comparison.incremental) + " " +
                              internal::goal_name(metric.name));
    line("at one fixed time", difference(comparison.fixed) + ", p " +
                                  internal::power_of_ten(comparison.fixed_log10_p) + ", relative " +
                                  internal::say_lift(comparison.fixed_lift));
    if (comparison.capped) line("winsorised", difference(comparison.capped->difference));
    if (comparison.adjusted) line("with less noise", comparison.adjusted->says);
  }

  void credit(const Findings& report) {
    const CreditFinding& credit = report.credit;
    if (credit.credited.last <= 0.0) return;
    const auto whole = [](double x) { return internal::decimal(x, 0); };
    line("last click credits", whole(credit.credited.last));
    if (credit.credited.linear > 0.0) {
      line("other models credit", whole(credit.credited.linear) + " (linear), " +
                                      whole(credit.credited.position) + " (by position)");
    }
    if (credit.arms.size() > 1) {
      for (const CreditFinding::Arm& arm : credit.arms) {
        line("of " + printable(report.plan.arms[arm.arm].name),
             whole(arm.credited) + " credited; created " +
                 internal::with_interval(arm.created, 1.0) + ", captured " +
                 internal::with_interval(arm.captured, 1.0));
      }
    }
    if (!credit.captured) return;
    line("created", internal::with_interval(*credit.created, 1.0));
    line("captured",
         internal::with_interval(*credit.captured, 1.0) + ": credited, and would have come anyway");
    if (credit.strata.size() < 2) return;  // one is everybody
    line("by " + printable(credit.strata_by), "from the least likely anyway to the most");
    for (const CreditFinding::Stratum& stratum : credit.strata) {
      line("  " + printable(stratum.name),
           whole(stratum.credited) + " credited, created " +
               (stratum.created ? internal::with_interval(*stratum.created, 1.0)
                                : "not enough data yet"));
    }
  }

  void additivity(const Findings& report, const AdditivityFinding& found) {
    line("adds up?", found.says);
    const auto total = [&](const Estimate& e) { return internal::with_interval(e, 1.0); };
    for (const AdditivityFinding::Moment& moment : found.moments) {
      line("  " + printable(moment.name), total(moment.incremental) + ", " + grouped(moment.shown) +
                                              " " + report.plan.units() + " shown");
    }
    if (!found.moments.empty()) {
      line("  sum", total(found.sum));
      line("  everything", total(found.whole.incremental) + ", " + grouped(found.whole.shown) +
                               " " + report.plan.units());
      line("  sum less everything", total(found.gap));
    }
    for (const AdditivityFinding::NotCounted& one : found.not_counted) {
      line("  not in the sum", one.name + ": " + one.why);
    }
  }

  void tiers(const TierFinding& found) {
    line("by tier", found.says);
    for (const TierFinding::Group& group : found.groups) {
      std::string name = "  " + internal::tier_name(group);
      if (group.created) {
        line(std::exchange(name, ""), internal::decimal(group.credited, 0) + " credited, created " +
                                          internal::with_interval(*group.created, 1.0) +
                                          ", captured " +
                                          internal::with_interval(*group.captured, 1.0));
      }
      for (const AdditivityFinding::NotCounted& one : group.not_counted) {
        line(std::exchange(name, ""), "without " + one.name + ": " + one.why);
      }
    }
  }

  void segments(const Findings& report, const SegmentFinding& finding) {
    const auto shown = std::count_if(finding.cells.begin(), finding.cells.end(),
                                     [](const SegmentCell& cell) { return !cell.withheld; });
    if (shown < 2 || report.primary()->against.empty()) return;
    line("by " + internal::goal_name(printable(report.plan.dimensions[finding.dimension].name)),
         finding.says);
    for (const SegmentCell& cell : finding.cells) {
      if (cell.withheld) continue;
      std::string effects;
      for (std::size_t arm = 1; arm < report.plan.arms.size(); ++arm) {
        const auto& e = cell.difference[arm - 1];
        const std::string name =
            report.plan.arms.size() > 2 ? report.plan.arms[arm].name + " " : std::string();
        effects += (effects.empty() ? "" : "; ") + name +
                   (e ? internal::say_difference(report.plan, report.plan.metrics.front(), *e)
                      : "not enough data yet");
      }
      line("  " + printable(cell.name), effects);
    }
  }

  void asked(const Findings& report, const MetricFinding& finding) {
    if (!internal::is_question(report, finding)) return;
    const Metric& metric = report.metric(finding);
    line(internal::goal_name(printable(metric.name)), internal::say_asked(report, finding));
    std::string arms;
    for (const internal::AskedArm& arm : internal::asked_arms(report, finding)) {
      arms += (arms.empty() ? "" : "; ") + arm.arm + (arm.figure.empty() ? "" : " " + arm.figure) +
              " from " + arm.answered + " answers";
    }
    if (!arms.empty()) line("", arms + ".");
  }

  void again(const Findings& report, const MetricFinding& finding) {
    if (!internal::is_of_some(report, finding)) return;
    const Metric& metric = report.metric(finding);
    line(internal::goal_name(printable(metric.name)), internal::say_again(report, finding));
    std::string arms;
    for (const internal::AskedArm& arm : internal::again_arms(report, finding)) {
      arms += (arms.empty() ? "" : "; ") + arm.arm +
              (arm.figure.empty() ? " " : " " + arm.figure + " of ") + arm.answered + " who " +
              metric.of_whom;
    }
    if (!arms.empty()) line("", arms + ".");
  }

  void others(const Findings& report) {
    for (std::size_t i = 1; i < report.metrics.size(); ++i) {
      const MetricFinding& finding = report.metrics[i];
      const Metric& metric = report.metric(finding);
      const bool cost = metric.role == MetricRole::kGuardrail;
      const auto nobody = [](const ArmCounts& arm) { return arm.units == 0; };
      if (!cost && std::all_of(finding.arms.begin(), finding.arms.end(), nobody)) continue;
      if (metric.of_some()) continue;                            // by themselves
      if (metric.standing && finding.against.empty()) continue;  // one line for all of them
      std::string text = internal::goal_name(metric.name) + ": ";
      for (std::size_t arm = finding.arms.size(); arm-- > 0;) {
        text += report.plan.arms[arm].name + " " +
                internal::say_total(report.plan, metric, finding.arms[arm].total) + " from " +
                grouped(finding.arms[arm].units) + (arm > 0 ? ", " : "; ");
      }
      for (std::size_t arm = 1; arm < finding.arms.size(); ++arm) {
        const Comparison* comparison = finding.of(arm);
        if (arm > 1) text += "; ";
        if (comparison != nullptr && finding.arms.size() > 2) {
          text += report.plan.arms[arm].name + " ";
        }
        text += internal::say_metric_difference(report, finding, arm);
        if (comparison == nullptr) break;  // the same for every arm
        if (cost) text += ", " + internal::say_guard(metric, *comparison);
        if (comparison->capped) {
          text += ", winsorised " +
                  internal::say_difference(report.plan, metric, comparison->capped->difference);
        }
      }
      line(cost ? "not at the cost of" : "also counted", text);
      if (finding.uneven) line("", finding.uneven->says);
      for (const Comparison& comparison : finding.against) {
        if (comparison.adjusted && report.plan.arms.size() == 2)
          line("", comparison.adjusted->says);
      }
    }
  }

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

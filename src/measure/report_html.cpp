#include "measure/report_html.h"

#include "measure/internal/dates.h"
#include "measure/internal/html.h"
#include "measure/internal/words.h"

namespace tact {
namespace {

using internal::escape_html;
using internal::grouped;

std::string element(const char* name, const char* css, const std::string& text) {
  if (text.empty()) return {};
  return std::string("<") + name + (*css == '\0' ? "" : std::string(" class=\"") + css + "\"") +
         ">" + escape_html(text) + "</" + name + ">\n";
}

std::string join(const std::vector<std::string>& sentences) {
  std::string all;
  for (const std::string& sentence : sentences) {
    if (!sentence.empty()) all += (all.empty() ? "" : " ") + sentence;
  }
  return all;
}

std::string definition(const std::string& term, const std::string& text) {
  return "<dt>" + escape_html(term) + "</dt><dd>" + escape_html(text) + "</dd>\n";
}

std::string expected_on(const MomentReport& report) {
  const GoalReport* goal = report.primary();
  if (goal == nullptr || report.verdict != Verdict::kNotEnoughData || !goal->expected_at) return {};
  return "Expected on " + internal::say_date(*goal->expected_at) + ".";
}

// One row per goal; rates stand there only where the two arms may be compared.
std::string goals_table(const MomentReport& report) {
  const auto cell = [](const ArmCounts& arm, bool rate) {
    return grouped(arm.outcomes) + " from " + grouped(arm.visitors) +
           (rate ? " (" + internal::decimal(arm.rate() * 1e3, 1) + " per 1,000)" : "");
  };
  std::string rows;
  for (std::size_t i = 0; i < report.goals.size(); ++i) {
    const GoalReport& goal = report.goals[i];
    const bool cost = report.cost && report.cost->goal == i;
    const bool rate = goal.effect.has_value();
    const auto data = [](const char* of, const std::string& text) {
      return std::string("<td role=\"cell\" data-of=\"") + of + "\">" + escape_html(text) + "</td>";
    };
    rows += "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" +
            escape_html(internal::goal_name(goal.goal)) +
            (cost ? " <span class=\"tag sand\">not at the cost of · not acted on yet</span>" : "") +
            "</th>" + data("shown", cell(goal.shown, rate)) +
            data("held back", cell(goal.held_back, rate)) +
            data("difference", internal::say_goal_difference(report, goal)) + "</tr>\n";
  }
  std::string head;
  for (const char* name :
       {"Outcomes of visitors whose time is over", "shown", "held back", "difference"}) {
    head += std::string("<th role=\"columnheader\" scope=\"col\">") + name + "</th>";
  }
  return "<table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">" + head +
         "</tr></thead><tbody role=\"rowgroup\">\n" + rows + "</tbody></table>\n";
}

std::string details(const MomentReport& report, const Reports& reports) {
  std::string list;
  const GoalReport& goal = *report.primary();
  if (goal.effect) {
    const Effect& effect = *goal.effect;
    list += definition("relative to held back", internal::say_lift(effect.lift));
    if (goal.value) {
      list += definition("value per visitor",
                         internal::money_with_interval(goal.value->difference, reports.minor_digits,
                                                       reports.currency));
    }
    list += definition("at one fixed time",
                       internal::per_thousand(effect.fixed) +
                           ", p = " + internal::power_of_ten(effect.fixed_log10_p) + "; relative " +
                           internal::say_lift(effect.fixed_lift));
  }
  list += definition("health", internal::say_health(report));
  return "<dl class=\"rest\">" + list + "</dl>\n";
}

std::string card(const MomentReport& report, const Reports& reports) {
  const std::string window = internal::say_window(report.first_exposure, report.last_exposure);
  std::string out =
      report.moment.empty() ? "<section class=\"card universal\">\n" : "<section class=\"card\">\n";
  out += "<h2 class=\"head\"><span>" + escape_html(internal::headline_name(report)) +
         (window.empty() ? "" : " · " + escape_html(window)) + "</span> " +
         internal::verdict_tag(report) +
         (report.simulated() ? " <span class=\"tag sand\">simulated</span>" : "") + "</h2>\n";
  out += element("p", "verdict", report.says);
  out += element(
      "p", "sub",
      join({report.hypothesis_says, report.credited_says, report.note, expected_on(report)}));
  if (report.primary() == nullptr || report.visitors() == 0) return out + "</section>\n";
  if (report.primary()->effect) {
    const std::string name = escape_html(internal::goal_name(report.primary()->goal));
    out += "<div class=\"two\"><figure><figcaption>" + name +
           " per 1,000 visitors, may be read any day</figcaption>" +
           internal::interval_plot(report) + "</figure>\n<figure><figcaption>" + name +
           "</figcaption>" + internal::credit_plot(report) + "</figure></div>\n";
  }
  return out + goals_table(report) + details(report, reports) + "</section>\n";
}

// The lead: one sentence, every judged effect on one scale, and who is still waiting.
std::string summary(const Reports& reports) {
  std::string out = "<section class=\"card wide\">\n<h1 class=\"lead\">" +
                    escape_html(internal::overview(reports)) + "</h1>\n";
  std::vector<const MomentReport*> judged;
  std::string waiting;
  const auto wait = [&](const std::string& name, const std::string& why) {
    waiting += "<div class=\"waiting\"><span>" + escape_html(name) + "</span><span class=\"why\">" +
               escape_html(why) + "</span></div>\n";
  };
  for (const MomentReport& report : reports.moments) {
    if (report.primary() != nullptr && report.primary()->effect) {
      judged.push_back(&report);
    } else {
      wait(report.moment, report.says);
    }
  }
  for (const std::string& moment : reports.unmet) wait(moment, "Nobody has met it yet.");
  if (!judged.empty()) {
    if (reports.universal && reports.universal->primary() != nullptr &&
        reports.universal->primary()->effect) {
      judged.push_back(&*reports.universal);
    }
    out +=
        "<figure style=\"margin-top:16px\"><figcaption>more or fewer per 1,000 visitors, shown "
        "against held back</figcaption>" +
        internal::forest_plot(judged) + "</figure>\n";
  }
  return out + waiting + "</section>\n";
}

std::string footer(const Reports& reports) {
  const std::string level = internal::percent(1.0 - reports.alpha, 0);
  const std::string margin = internal::percent(kSmallestEffect, 0);
  std::string out = "<footer>\n<h2>Method and data</h2>\n";
  out += element(
      "p", "",
      "Compared are visitors to whom it was shown with visitors for whom it was decided at the "
      "same "
      "kind of instant and then held back by chance. A visitor counts once the goal's time after "
      "that instant is over. Each stays in the arm that came first.");
  out += element(
      "p", "",
      "The " + level +
          " intervals are asymptotic confidence sequences of the absolute difference "
          "(arXiv 2103.06476, eq. 9), so that one may look every day; relative effects by "
          "inversion. \"At one fixed time\" is Welch's interval and Fieller's for the ratio. "
          "Several moments are not adjusted for each other.");
  out += element("p", "",
                 "No interval and no verdict is given before 50 visitors of each arm reached the "
                 "goal. No effect worth caring about: the interval is within ±" +
                     margin +
                     " of the held-back arm's rate. Arms that chance would split so unevenly less "
                     "than once in 1,000 times are not judged.");
  for (const std::string& counted : {internal::say_without_consent(reports.without_consent),
                                     internal::say_left_out(reports.left_out)}) {
    if (!counted.empty()) out += element("p", "", counted);
  }
  out += "<p>As of " + escape_html(internal::say_date(reports.as_of)) +
         " (days in UTC). Data <code>" + escape_html(reports.data_hash) + "</code></p>\n";
  return out + "</footer>\n";
}

}  // namespace

std::string to_html(const Reports& reports) {
  const bool one = reports.moments.size() + reports.unmet.size() + (reports.universal ? 1 : 0) == 1;
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n";
  out += "<title>Does it help? " + escape_html(reports.site) + "</title>\n<style>";
  out += internal::style_sheet();
  out +=
      "</style></head>\n<body>\n<header><div class=\"logo\"><i></i>Tact</div><span>Does it "
      "help?</span><span class=\"about\">" +
      escape_html(reports.site) +
      (reports.simulated ? " <span class=\"tag sand\">simulated</span>" : "") +
      "</span></header>\n<main>\n";
  if (!one) out += summary(reports);
  for (const MomentReport& report : reports.moments) out += card(report, reports);
  if (one) {
    for (const std::string& moment : reports.unmet) {
      out +=
          "<section class=\"card\">" +
          element("p", "verdict", "Not enough data yet — nobody has met " + moment + " so far.") +
          "</section>\n";
    }
  }
  if (reports.universal) out += card(*reports.universal, reports);
  return out + "</main>\n" + footer(reports) + "</body></html>\n";
}

}  // namespace tact

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

std::string expected_on(const Findings& report) {
  const MetricFinding* metric = report.primary();
  if (metric == nullptr || report.verdict != Verdict::kNotEnoughData || !metric->expected_at)
    return {};
  return "Expected on " + internal::say_date(*metric->expected_at) + ".";
}

// One row per metric; means stand there only where the arms may be compared.
std::string goals_table(const Findings& report) {
  std::string rows;
  for (const MetricFinding& finding : report.metrics) {
    const Metric& metric = report.metric(finding);
    const bool cost = metric.role == MetricRole::kGuardrail;
    const auto data = [](const std::string& of, const std::string& text) {
      return "<td role=\"cell\" data-of=\"" + escape_html(of) + "\">" + escape_html(text) + "</td>";
    };
    rows += "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" +
            escape_html(internal::goal_name(metric.name)) +
            (cost ? " <span class=\"tag sand\">not at the cost of</span>" : "") + "</th>";
    for (std::size_t arm = finding.arms.size(); arm-- > 0;) {
      const ArmCounts& counts = finding.arms[arm];
      rows += data(report.plan.arms[arm].name,
                   internal::say_total(report.plan, metric, counts.total) + " from " +
                       grouped(counts.units) +
                       (finding.against.empty()
                            ? ""
                            : " (" + internal::say_mean(report.plan, metric, counts) + ")"));
    }
    std::string differences;
    for (std::size_t arm = 1; arm < finding.arms.size(); ++arm) {
      differences += (arm > 1 ? "; " : "") + internal::say_metric_difference(report, finding, arm);
    }
    rows += data("difference", differences) + "</tr>\n";
  }
  std::string head =
      "<th role=\"columnheader\" scope=\"col\">Outcomes of visitors whose time is "
      "over</th>";
  const auto column = [&](const std::string& name) {
    head += "<th role=\"columnheader\" scope=\"col\">" + escape_html(name) + "</th>";
  };
  for (std::size_t arm = report.plan.arms.size(); arm-- > 0;) column(report.plan.arms[arm].name);
  column("difference");
  return "<table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">" + head +
         "</tr></thead><tbody role=\"rowgroup\">\n" + rows + "</tbody></table>\n";
}

std::string details(const Findings& report) {
  std::string list;
  for (const Comparison& comparison : report.primary()->against) {
    const Metric& metric = report.plan.metrics.front();
    list += definition("relative", internal::say_lift(comparison.lift));
    list += definition("at one fixed time",
                       internal::say_difference(report.plan, metric, comparison.fixed) +
                           ", p = " + internal::power_of_ten(comparison.fixed_log10_p) +
                           "; relative " + internal::say_lift(comparison.fixed_lift));
  }
  list += definition("health", internal::say_health(report));
  return "<dl class=\"rest\">" + list + "</dl>\n";
}

std::string card(const Findings& report) {
  const std::string window = internal::say_window(report.first_exposure, report.last_exposure);
  std::string out = report.plan.name.empty() ? "<section class=\"card universal\">\n"
                                             : "<section class=\"card\">\n";
  out += "<h2 class=\"head\"><span>" + escape_html(internal::headline_name(report)) +
         (window.empty() ? "" : " · " + escape_html(window)) + "</span> " +
         internal::verdict_tag(report) +
         (report.simulated() ? " <span class=\"tag sand\">simulated</span>" : "") + "</h2>\n";
  out += element("p", "verdict", report.says);
  out += element("p", "sub",
                 join({report.hypothesis_says, report.credited_says, report.guardrails_says,
                       report.note, expected_on(report)}));
  if (report.primary() == nullptr || !report.anybody()) return out + "</section>\n";
  if (!report.primary()->against.empty()) {
    const std::string name = escape_html(internal::goal_name(report.plan.metrics.front().name));
    out += "<div class=\"two\"><figure><figcaption>" + name +
           " per 1,000 visitors, may be read any day</figcaption>" +
           internal::interval_plot(report) + "</figure>\n<figure><figcaption>" + name +
           "</figcaption>" + internal::credit_plot(report) + "</figure></div>\n";
  }
  return out + goals_table(report) + details(report) + "</section>\n";
}

// The lead: one sentence, every judged effect on one scale, and who is still waiting.
std::string summary(const Reports& reports) {
  std::string out = "<section class=\"card wide\">\n<h1 class=\"lead\">" +
                    escape_html(internal::overview(reports)) + "</h1>\n";
  std::vector<const Findings*> judged;
  std::string waiting;
  const auto wait = [&](const std::string& name, const std::string& why) {
    waiting += "<div class=\"waiting\"><span>" + escape_html(name) + "</span><span class=\"why\">" +
               escape_html(why) + "</span></div>\n";
  };
  for (const Findings& report : reports.moments) {
    if (report.primary() != nullptr && !report.primary()->against.empty()) {
      judged.push_back(&report);
    } else {
      wait(report.plan.name, report.says);
    }
  }
  for (const std::string& moment : reports.unmet) wait(moment, "Nobody has met it yet.");
  if (!judged.empty()) {
    if (reports.universal && reports.universal->primary() != nullptr &&
        !reports.universal->primary()->against.empty()) {
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
  for (const Findings& report : reports.moments) out += card(report);
  if (one) {
    for (const std::string& moment : reports.unmet) {
      out +=
          "<section class=\"card\">" +
          element("p", "verdict", "Not enough data yet — nobody has met " + moment + " so far.") +
          "</section>\n";
    }
  }
  if (reports.universal) out += card(*reports.universal);
  return out + "</main>\n" + footer(reports) + "</body></html>\n";
}

}  // namespace tact

#include "measure/internal/dates.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"
#include "measure/internal/words.h"

namespace tact::internal::page {
namespace {

using charts::escape;

constexpr std::size_t kArmsInHeadline = 2;

std::string expected_on(const Findings& findings) {
  const MetricFinding* primary = findings.primary();
  if (primary == nullptr || findings.verdict != Verdict::kNotEnoughData || !primary->expected_at) {
    return {};
  }
  return "Expected on " + say_date(*primary->expected_at) + ".";
}

std::string by_arm(const Findings& findings) {
  std::string out;
  for (const ArmVerdict& arm : findings.verdicts) {
    out += "<li><span>" + escape(arm_name(findings, arm.arm)) + "</span> " +
           verdict_tag(arm.verdict) + " <span class=\"why\">" + escape(arm.says) + "</span></li>\n";
  }
  return "<ul class=\"arms\">\n" + out + "</ul>\n";
}

// With many arms the first that the verdict is of; the list below has them all.
std::string headline(const Findings& findings) {
  if (findings.verdicts.size() <= kArmsInHeadline) return findings.says;
  for (const ArmVerdict& arm : findings.verdicts) {
    if (arm.verdict == findings.verdict && !arm.says.empty()) return arm.says;
  }
  return findings.says;
}

}  // namespace

std::string verdict_part(const Findings& findings, const std::string& id) {
  const std::string window = say_window(findings.first_exposure, findings.last_exposure);
  std::string out =
      "<h2 class=\"head\" id=\"" + escape(id) + "-h\"><span>" + escape(headline_name(findings)) +
      (window.empty() ? "" : " · " + escape(window)) + "</span> " + verdict_tag(findings.verdict) +
      (findings.simulated() ? " " + tag("credit", "simulated") : "") + "</h2>\n";
  out += element("p", "verdict", headline(findings));
  if (findings.verdicts.size() > kArmsInHeadline) out += by_arm(findings);
  out += element("p", "sub",
                 joined({findings.hypothesis_says, findings.credited_says, findings.guardrails_says,
                         findings.note, expected_on(findings),
                         findings.planning ? findings.planning->says : std::string()}));
  if (!findings.hypothesis.because.empty()) {
    out += "<p class=\"because\">Tried because: " + escape(findings.hypothesis.because) + "</p>\n";
  }
  return out;
}

}  // namespace tact::internal::page

#include <algorithm>

#include "measure/internal/dates.h"
#include "measure/internal/numbers.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"
#include "measure/internal/words.h"

namespace tact::internal::page {
namespace {

using charts::escape;

constexpr std::size_t kArmsInHeadline = 2;

// The arm's name stands beside it already.
std::string without_name(const std::string& says, const std::string& name) {
  if (!says.starts_with(name)) return says;
  std::string rest = says.substr(name.size());
  rest.erase(0, std::min(rest.find_first_not_of(": "), rest.size()));
  if (rest.empty()) return says;
  if (rest.front() >= 'a' && rest.front() <= 'z') rest.front() -= 'a' - 'A';
  return rest;
}

std::string by_arm(const Findings& findings) {
  std::string out;
  for (const ArmVerdict& arm : findings.verdicts) {
    const std::string name = arm_name(findings, arm.arm);
    out += "<li><span>" + escape(name) + "</span> " + verdict_tag(arm.verdict) +
           " <span class=\"why\">" + escape(without_name(arm.says, name)) + "</span></li>\n";
  }
  return "<ul class=\"arms\">\n" + out + "</ul>\n";
}

const char* several_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHelps:
      return "help";
    case Verdict::kAtACost:
      return "help, but at a cost";
    case Verdict::kHurts:
      return "hurt";
    case Verdict::kNoEffect:
      return "have no effect worth caring about";
    default:
      return "are not clear yet";
  }
}

// With many arms the one that the verdict is of, or how many; the list below has them all.
std::string headline(const Findings& findings) {
  const bool judged =
      findings.verdict != Verdict::kNotEnoughData && findings.verdict != Verdict::kCannotBeJudged;
  if (findings.verdicts.size() <= kArmsInHeadline || !judged) return findings.says;
  const auto is_it = [&](const ArmVerdict& arm) { return arm.verdict == findings.verdict; };
  const auto count = std::count_if(findings.verdicts.begin(), findings.verdicts.end(), is_it);
  if (count == 1) {
    return std::find_if(findings.verdicts.begin(), findings.verdicts.end(), is_it)->says;
  }
  const auto all = static_cast<std::int64_t>(findings.verdicts.size());
  return (count == all ? "All " + grouped(all) : grouped(count) + " of " + grouped(all)) +
         " arms " + several_words(findings.verdict) + ".";
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
                         findings.note, findings.expected_says}));
  if (findings.planning) out += element("p", "sub", findings.planning->says);
  if (!findings.hypothesis.because.empty()) {
    out += "<p class=\"because\">Tried because: " + escape(findings.hypothesis.because) + "</p>\n";
  }
  return out;
}

}  // namespace tact::internal::page

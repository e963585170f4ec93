#include "measure/internal/page/markup.h"

namespace tact::internal::page {

using charts::escape;

std::string element(std::string_view name, std::string_view css, const std::string& text) {
  if (text.empty()) return {};
  const std::string tag(name);
  return "<" + tag + (css.empty() ? "" : " class=\"" + std::string(css) + "\"") + ">" +
         escape(text) + "</" + tag + ">\n";
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string all;
  for (const std::string& sentence : sentences) {
    if (!sentence.empty()) all += (all.empty() ? "" : " ") + sentence;
  }
  return all;
}

charts::Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHelps:
      return charts::Tone::kHelps;
    case Verdict::kAtACost:
      return charts::Tone::kCredit;
    case Verdict::kHurts:
    case Verdict::kCannotBeJudged:
      return charts::Tone::kHurts;
    case Verdict::kNoEffect:
    case Verdict::kNotClear:
      return charts::Tone::kOpen;
    case Verdict::kNotEnoughData:
      return charts::Tone::kPlain;
  }
  return charts::Tone::kPlain;
}

std::string tag(std::string_view css, const std::string& text) {
  return "<span class=\"tag " + std::string(css) + "\">" + escape(text) + "</span>";
}

std::string verdict_tag(Verdict verdict) {
  return tag(charts::css_of(tone_of(verdict)), std::string(to_string(verdict)));
}

std::string definitions(const Definitions& list) {
  std::string out;
  for (const auto& [term, text] : list) {
    if (!text.empty()) out += "<dt>" + escape(term) + "</dt><dd>" + escape(text) + "</dd>\n";
  }
  return out.empty() ? out : "<dl class=\"rest\">\n" + out + "</dl>\n";
}

namespace {

std::string part_under(const std::string& heading, const std::string& says,
                       const std::string& body) {
  if (body.empty() && says.empty()) return {};
  return "<div class=\"part\">\n" + heading + element("p", "says", says) + body + "</div>\n";
}

}  // namespace

std::string part(const std::string& question, const std::string& says, const std::string& body) {
  return part_under(element("h3", "", question), says, body);
}

std::string one_look_part(const std::string& question, const std::string& says,
                          const std::string& body) {
  return part_under("<h3>" + escape(question) + " " + tag("plain", "at one look") + "</h3>\n", says,
                    body);
}

std::string closed_part(const std::string& question, const std::string& body) {
  if (body.empty()) return {};
  return "<details class=\"part more\"><summary><h3>" + escape(question) + "</h3></summary>\n" +
         body + "</details>\n";
}

std::string laid_out(const std::vector<Part>& parts) {
  std::vector<const Part*> there;
  for (const Part& part : parts) {
    if (!part.markup.empty()) there.push_back(&part);
  }
  std::string out;
  for (std::size_t i = 0; i < there.size(); ++i) {
    if (!there[i]->wide && i + 1 < there.size() && !there[i + 1]->wide) {
      out += "<div class=\"two\">\n" + there[i]->markup + there[i + 1]->markup + "</div>\n";
      ++i;
    } else {
      out += there[i]->markup;
    }
  }
  return out;
}

std::string beside(const std::vector<std::string>& drawings) {
  std::vector<Part> parts;
  for (const std::string& drawing : drawings) parts.push_back({drawing, false});
  return laid_out(parts);
}

std::string arm_name(const Findings& findings, std::size_t arm) {
  return arm < findings.plan.arms.size() ? findings.plan.arms[arm].name : std::string();
}

bool several(const Findings& findings) { return findings.plan.arms.size() > 2; }

std::string shaded(const Findings& findings) {
  return findings.smallest_effect > 0.0 ? "; shaded: not worth caring about" : "";
}

}  // namespace tact::internal::page

// The small change of the page: elements, tags, headings. Texts are escaped here.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "measure/findings.h"
#include "measure/internal/charts/svg.h"

namespace tact::internal::page {

std::string element(std::string_view name, std::string_view css,
                    const std::string& text);                   // empty: ""
std::string joined(const std::vector<std::string>& sentences);  // with spaces, without empty ones
charts::Tone tone_of(Verdict verdict);
std::string verdict_tag(Verdict verdict);
std::string tag(std::string_view css, const std::string& text);

// <dl>; entries without a text are left out, and so is an empty list.
using Definitions = std::vector<std::pair<std::string, std::string>>;
std::string definitions(const Definitions& list);

// A part of a report under its question; nothing if there is neither `says` nor `body` (markup).
std::string part(const std::string& question, const std::string& says, const std::string& body);
// The same of figures that are for one look on a planned day, which a tag beside the question says.
std::string one_look_part(const std::string& question, const std::string& says,
                          const std::string& body);
// The same, one click below; open on paper.
std::string closed_part(const std::string& question, const std::string& body);

// Parts in order, two beside each other where the page is wide and neither wants it all.
struct Part {
  std::string markup;
  bool wide = false;
};
std::string laid_out(const std::vector<Part>& parts);
// Several drawings beside each other.
std::string beside(const std::vector<std::string>& drawings);

std::string arm_name(const Findings& findings, std::size_t arm);
bool several(const Findings& findings);  // treatment arms
// "; shaded: not worth caring about", of drawings with the band of the smallest effect.
std::string shaded(const Findings& findings);

}  // namespace tact::internal::page

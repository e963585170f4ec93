#include "measure/report_html.h"

#include "measure/internal/dates.h"
#include "measure/internal/page/page.h"
#include "measure/internal/words.h"

namespace tact {
std::string to_html(const Reports& reports) {
  internal::page::Page page;
  page.about = reports.site;
  page.simulated = reports.simulated;
  page.lead = internal::overview(reports);
  for (const Findings& report : reports.moments) page.reports.push_back(&report);
  for (const Findings& report : reports.experiments) page.reports.push_back(&report);
  if (reports.universal) page.reports.push_back(&*reports.universal);
  const bool alone = page.reports.empty() && reports.unmet.size() == 1;
  for (const std::string& moment : reports.unmet) {
    page.waiting.push_back(
        {moment, alone ? "Not enough data yet — nobody has met " + moment + " so far."
                       : "Nobody has met it yet."});
  }
  for (const std::string& note : {internal::say_without_consent(reports.without_consent),
                                  internal::say_left_out(reports.left_out)}) {
    if (!note.empty()) page.notes.push_back(note);
  }
  if (page.reports.size() > 1)
    page.notes.push_back("Several moments are not adjusted for each other.");
  if (reports.dated) page.as_of = internal::say_date(reports.as_of) + " (days in UTC)";
  page.data_hash = reports.data_hash;
  return document(page);
}

}  // namespace tact

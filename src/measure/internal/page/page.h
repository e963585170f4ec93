// The whole page around the reports: what it is about, an index of verdicts where there are
// several, one card each, and what holds for all of them. No script, nothing loaded.
#pragma once

#include <string>
#include <vector>

#include "measure/findings.h"

namespace tact::internal::page {

struct Waiting {
  std::string name, why;  // "gift-note", "Nobody has met it yet."
};

struct Page {
  std::string about;  // the site, or the table
  bool simulated = false;
  std::string lead;                      // one sentence over all reports; shown with the index
  std::vector<const Findings*> reports;  // in order
  std::vector<Waiting> waiting;          // what there is no report of
  std::vector<std::string> notes;        // beside the numbers, never part of one
  std::string as_of;                     // "12 Nov 2026 (days in UTC)"
  std::string data_hash;
};

// The same page gives the same bytes. O(everything in it).
std::string document(const Page& page);

// One report without the page; `id` starts with a letter and is unique. `indexed`: with a way back
// to the index.
std::string card(const Findings& findings, const std::string& id, bool indexed);

}  // namespace tact::internal::page

// The topics that are sensitive everywhere, until a playbook says why not.
#pragma once

#include <vector>

#include "playbook/playbook.h"

namespace tact::playbook_internal {

// GDPR Art. 9 (1), and what lets it be inferred (CJEU C-184/20; for orders of a pharmacy C-21/23):
// words in English and German. Each is looked for in categories, paths and searches alike.
std::vector<SensitiveTopic> built_in_sensitive_topics();

}  // namespace tact::playbook_internal

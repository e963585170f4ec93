// Members of properties, traits and context that are dropped before anything reads or stores them.
#pragma once

#include "collect/collect.h"

namespace tact::internal {

// Drops, and counts in `notes`:
//   - what the playbook's `privacy:` leaves out (drop_properties, keep_properties);
//   - value, values and input of events named "Form …", whatever the playbook says;
//   - texts and whole numbers that hold personal data, unless the playbook expects them there.
// The member goes, with its name; an item of a list goes as well. URL members are to be minimised
// before. As deep as the parser lets through (kMaxJsonDepth); O(size of the event · patterns).
void drop_members(RawEvent& raw, const Privacy& privacy, CollectNotes& notes);

}  // namespace tact::internal

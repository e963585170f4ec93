// The member `rejected` of an answer: events that were not taken, and why.
#pragma once

#include <vector>

#include "base/json.h"
#include "event/parse.h"

namespace tact::routes {

// Puts [{index, code, message, messageId?, where?} …], by index, into `answer`; nothing where all
// events were taken.
void list_rejected(std::vector<RejectedEvent> rejected, json::object& answer);

}  // namespace tact::routes

// What messages cost, where a report could not tell what was spent.
#include <algorithm>

#include "playbook/internal/compiler.h"

namespace tact::playbook_internal {
namespace {

const Message& message_at(const Compiler& c, int index) {
  return c.playbook.messages[static_cast<std::size_t>(index)];
}

void check_alike(Compiler& c, const std::string& what, const std::vector<int>& messages,
                 const SourcePosition& position) {
  const auto other = std::find_if(messages.begin(), messages.end(), [&](int message) {
    return message_at(c, message).costs != message_at(c, messages.front()).costs;
  });
  if (other == messages.end()) return;
  c.report.warning(position, "costs-differ",
                   what + " shows \"" + message_at(c, messages.front()).id + "\" and \"" +
                       message_at(c, *other).id +
                       "\", which cost differently: its report cannot tell what was spent",
                   "one message each in the arms of an experiment");
}

}  // namespace

void check_costs(Compiler& c) {
  for (const Moment& moment : c.playbook.moments) {
    check_alike(c, "\"" + moment.id + "\"", moment.messages, moment.position);
  }
  for (const ExperimentPlan& plan : c.playbook.experiments) {
    for (const Arm& arm : plan.arms) {
      // Said of the moment already.
      const Moment* moment = c.playbook.find_moment(plan.moment);
      if (moment == nullptr || arm.moment.messages == moment->messages) continue;
      check_alike(c, "arm \"" + arm.id + "\"", arm.moment.messages, plan.position);
    }
  }
  if (c.playbook.site.margin) return;
  for (const Message& message : c.playbook.messages) {
    if (!message.costs.any()) continue;
    c.report.warning(
        message.position, "margin-missing",
        "\"" + message.id + "\" says what it costs, but no margin is known to set it against",
        "margin: 40%, in playbook.yaml");
    return;
  }
}

}  // namespace tact::playbook_internal

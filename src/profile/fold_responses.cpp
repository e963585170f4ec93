// What reached the visitor, and whether they answered (responses.h).
#include <algorithm>
#include <array>
#include <tuple>

#include "profile/internal/fold_parts.h"

namespace tact {
namespace {

// Events of Segment's e-mail and mobile specifications.
struct Outreach {
  std::string_view event;
  Channel channel;
  bool answer;
};
constexpr std::array<Outreach, 4> kOutreach = {
    {{"Email Delivered", Channel::kEmail, false},
     {"Email Link Clicked", Channel::kEmail, true},
     {"Push Notification Received", Channel::kPush, false},
     {"Push Notification Tapped", Channel::kPush, true}}};

}  // namespace

void Core::note(const Delivery& delivery) {
  deliveries.push_back(delivery);
  std::stable_sort(deliveries.begin(), deliveries.end(), [](const Delivery& a, const Delivery& b) {
    return std::tie(a.at, a.channel) < std::tie(b.at, b.channel);
  });
  if (deliveries.size() > kMaxDeliveries) deliveries.erase(deliveries.begin());
}

namespace fold_parts {

bool delivery(Core& core, const Event& event, Time at) {
  if (event.type != EventType::kTrack) return false;
  for (const Outreach& kind : kOutreach) {
    if (event.name != kind.event) continue;
    if (kind.answer) {
      answered(core, kind.channel, at);
    } else {
      const std::uint8_t hour = hour_of(event.where);
      core.responses.note(kind.channel, hour, true, false);
      core.note(Delivery{.channel = kind.channel, .hour = hour, .at = at});
    }
    return !kind.answer;
  }
  return false;
}

// An answer to what nobody said was sent is no rate of anything, and is not counted.
void answered(Core& core, Channel channel, Time at) {
  for (auto sent = core.deliveries.rbegin(); sent != core.deliveries.rend(); ++sent) {
    if (sent->channel != channel || sent->at > at) continue;
    if (sent->answered || at - sent->at > kAnsweredWithin) return;
    sent->answered = true;
    core.responses.note(channel, sent->hour, false, true);
    return;
  }
}

void saw(Core& core, Contact& contact) {
  if (contact.seen) return;
  contact.seen = true;
  if (!contact.withheld) core.responses.note(Channel::kWeb, contact.hour, true, contact.acted);
}

void acted(Core& core, Contact& contact) {
  if (contact.acted) return;
  contact.acted = true;
  if (contact.seen && !contact.withheld)
    core.responses.note(Channel::kWeb, contact.hour, false, true);
}

}  // namespace fold_parts
}  // namespace tact

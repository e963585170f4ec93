// A raw event → the record to store: checked, minimised, and with everything worked out that
// depends on the outside world. Pure: the same input gives the same record on every machine with
// the same time zone data.
#pragma once

#include <optional>
#include <string>

#include "collect/source.h"
#include "event/event.h"
#include "event/parse.h"
#include "playbook/playbook.h"

namespace tact {

inline constexpr std::size_t kMaxIdBytes =
    256;  // anonymousId, userId, previousId, groupId, product ids
inline constexpr std::size_t kMaxNameBytes = 256;  // an event's or page's name
inline constexpr std::size_t kMaxTextBytes =
    256;  // typed texts; longer ones are cut, properties keep all
inline constexpr std::size_t kMaxPathBytes = 1024;
inline constexpr Duration kMaxEventAge = days(30);  // of live events

// What is known of the request besides its events.
struct RequestInfo {
  const Source* source = nullptr;  // never null when collecting
  Time now{};                      // when the request came
  std::optional<Time> sent_at;     // of the batch, by the client's clock
  std::string user_agent;          // header; of the visitor only if the key is a write key
  std::string identity_token;      // of the request; an event's own context.token comes first
  bool gpc = false;                // Sec-GPC: 1
  bool simulated = false;
  bool imported = false;
};

// The record has received_at = info.now (the shard sets the final one) and an Event as body.
// Consent is only read here (Event::consent); the gate is the engine's. Errors reject this event:
//   kInvalid   no anonymousId and no userId, an id or name too long, a negative or absurd amount
//   kTooLarge  over kMaxProducts products
// `where` names the member: "properties.products[2].price".
Result<Record> collect_event(RawEvent raw, const RequestInfo& info, const Playbook& playbook);

}  // namespace tact

// A raw event → the record to store: checked, minimised, and with everything worked out that
// depends on the outside world. Pure: the same input gives the same record on every machine with
// the same time zone data.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/json.h"
#include "collect/region.h"
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
  std::string remote_address;      // same; what is asked of it is stored, it never is
  const RegionDatabase* regions = nullptr;  // which region an address is in; null = not known
  bool gpc = false;                         // Sec-GPC: 1
  const InstallKey* key = nullptr;  // null: further ids cannot be told apart and are left out
  bool simulated = false;
  bool imported = false;
};

// Why a value of properties, traits or context was not kept.
enum class Dropped : std::uint8_t { kEmail, kCard, kIban, kNationalId, kFormValue, kLeftOut };
inline constexpr std::size_t kDroppedKinds = 6;
std::string_view to_string(Dropped kind);  // "email", "card", …: the label in /metrics

// What collecting did besides the record. Counts only: no value is in here.
struct CollectNotes {
  std::array<std::uint32_t, kDroppedKinds> dropped{};  // indexed by Dropped
};

// Reads the time zones of this machine, some 50 ms once in a program: before the first visitor has
// to wait for it. Warns of a zone that is not among them.
void prepare_time_zone(std::string_view zone);
bool knows_time_zone(std::string_view zone);  // this machine does; as long the first time

// record_flags::kBot, kStaff or 0: does this come from a program or from the site's own people? Of
// requests by a write key the request tells, of servers and imports only what the event's context
// says of its visitor.
std::uint8_t nobody_flags(const json::object& context, const RequestInfo& info,
                          const Traffic& traffic);

// The record has received_at = info.now (the shard sets the final one) and an Event as body.
// Consent is only read here (Event::consent); the gate is the engine's. Errors reject this event:
//   kInvalid   no anonymousId and no userId, an id or name too long, a negative or absurd amount
//   kTooLarge  over kMaxProducts products
// `where` names the member: "properties.products[2].price". `notes`, where given, is added to.
Result<Record> collect_event(RawEvent raw, const RequestInfo& info, const Playbook& playbook,
                             CollectNotes* notes = nullptr);

}  // namespace tact

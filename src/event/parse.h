// Segment-shaped JSON → raw events, one by one, so that a bad event costs only itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "event/event.h"

namespace tact {

inline constexpr std::size_t kMaxEventBytes = 32 * 1024;
inline constexpr std::size_t kMaxMessageIdChars = 99;
inline constexpr std::size_t kMaxBatchBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxBatchEvents = 10'000;
// Batch-level context × events: what merging it into each event may cost.
inline constexpr std::size_t kMaxMergedContextBytes = 16 * 1024 * 1024;
inline constexpr int kMaxJsonDepth = 16;  // of one event; the event's own braces are depth 1

// An event as sent, after type checks only; `collect` turns it into an Event. Wrong types of
// optional members are an error of that event; unknown members of properties, traits and context
// stay, those of the event itself (integrations, _metadata, …) go. An id sent as an integer (as
// analytics.identify(42) does) is taken as its digits. Of duplicate members the last counts.
struct RawEvent {
  EventType type = EventType::kTrack;
  std::string message_id, anonymous_id, user_id, previous_id, group_id, name;
  std::optional<Time> timestamp, sent_at, original_timestamp;
  json::object properties, traits, context;  // empty objects where absent
  bool operator==(const RawEvent&) const = default;
};

struct RejectedEvent {
  std::size_t index = 0;   // position in the batch, from 0
  std::string message_id;  // where it could be read
  Error error;             // `where` names the member: "properties.price"
};

// One request body of a Segment route.
struct ParsedBatch {
  std::string write_key;        // from the body; may be empty
  std::optional<Time> sent_at;  // batch level
  std::vector<RawEvent>
      events;  // in the order sent, each with batch-level `context` merged under its own
  std::vector<std::size_t> positions;   // of `events`, in the batch as sent
  std::vector<RejectedEvent> rejected;  // by index
};

// body: the (already decompressed) request body. type: the route's call, or nullopt for /v1/batch.
// A form-urlencoded body (RudderStack's node SDK sends JSON under that content type, some send
// data=BASE64) is recognised by its first byte. kInvalid only if nothing can be salvaged at all;
// kTooLarge over kMaxBatchBytes. A lone surrogate, an integer over 64 bits, depth over 16, or over
// 32 KB in one event rejects that event and no other. Where the array or the body breaks off, or
// text follows its end, the events before stay and the rest is one rejected entry behind them; so
// is what is no JSON beside the events, where an event's limits do not hold. A missing messageId is
// no error: `collect` then makes one from the content's hash. `userId: null` and other nulls count
// as absent. A batch-level `context` that is unreadable, doubled, or may stand in what cannot be
// read refuses the batch, as does one behind a single event's end: consent may stand in it.
Result<ParsedBatch> parse_batch(std::string_view body, std::optional<EventType> type);

// A JSON request that has events among other members (POST /v1/decide).
struct ParsedRequest {
  json::object members;  // all others, as sent; each at most kMaxEventBytes
  std::vector<RawEvent> events;
  std::vector<RejectedEvent> rejected;
};

// As parse_batch, but the events are the array `events_member` (absent or null: none) and the rest
// of the body must be valid JSON, with nothing behind it: kInvalid or kTooLarge with the member's
// name otherwise, since what is asked, and consent, may stand in what cannot be read; so for two
// of `context`, or one that crooked brackets may hide. The body's `context` is merged under each
// event's own. JSON of a small and sound request lies in `memory`, which must outlive it: an arena
// of the caller's saves a hundred allocations.
Result<ParsedRequest> parse_request(std::string_view body, std::string_view events_member,
                                    const json::storage_ptr& memory = {});

// One JSON line (tact import of Segment JSONL): `type` is in the line.
Result<RawEvent> parse_event_line(std::string_view line);

}  // namespace tact

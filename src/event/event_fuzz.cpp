// Any request body: parsing never crashes, gives the same twice, and every event lies in the
// limits. Byte 0 chooses the route.
#include "event/codec.h"
#include "event/parse.h"

namespace {

void check_event(const tact::RawEvent& raw) {
  CHECK(raw.type >= tact::EventType::kTrack && raw.type <= tact::EventType::kAlias);
  CHECK(raw.message_id.size() <= 4 * tact::kMaxMessageIdChars);
  tact::Event event;
  event.type = raw.type;
  event.message_id = raw.message_id;
  event.user_id = raw.user_id;
  event.anonymous_id = raw.anonymous_id;
  event.name = raw.name;
  event.properties = tact::to_string(tact::json::value(raw.properties));
  // What was parsed can be stored and read again.
  const auto properties = tact::parse_json(event.properties);
  CHECK(properties.has_value());
  const tact::Record record{tact::Time{}, tact::Time{}, 1, 0, event};
  const auto decoded = tact::decode_record(tact::encode_record(record));
  CHECK(decoded.has_value() && *decoded == record);
}

// Read in one go into an arena or, behind 32 KB of white space, piece by piece: the same.
void check_request(std::string_view body) {
  if (!body.starts_with('{') || body.size() > tact::kMaxEventBytes) return;
  tact::json::monotonic_resource memory;
  const auto whole = tact::parse_request(body, "events", &memory);
  const auto pieces = tact::parse_request(std::string(33'000, ' ') + std::string(body), "events");
  CHECK(whole.has_value() == pieces.has_value());
  if (whole.has_value()) CHECK(whole->events == pieces->events);
}

// What is taken without a word is JSON to its end: nothing was passed over.
void check_whole(std::string_view body, const tact::ParsedBatch& batch) {
  if (!body.starts_with('{') || !batch.rejected.empty()) return;
  boost::system::error_code error;
  (void)tact::json::parse(body, error, {}, {.max_depth = body.size()});
  CHECK(!error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  std::optional<tact::EventType> route;
  if (const int type = data[0] % 7; type != 0) route = static_cast<tact::EventType>(type);
  const auto first = tact::parse_batch(body, route);
  const auto second = tact::parse_batch(body, route);
  CHECK(first.has_value() == second.has_value());
  (void)tact::parse_event_line(body);
  check_request(body);
  if (!first.has_value()) return 0;
  CHECK(first->events == second->events);
  CHECK(first->rejected.size() == second->rejected.size());
  check_whole(body, *first);
  for (const tact::RawEvent& event : first->events) check_event(event);
  return 0;
}

// Any body: what is collected can be stored, read again, and says the same when collected twice.
#include "collect/collect.h"
#include "collect/request.h"
#include "event/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  static const tact::Source kSource;
  static const tact::Playbook kPlaybook;
  tact::RequestInfo info;
  info.source = &kSource;
  info.now = tact::time_from_ms(1'795'255'323'123);
  (void)tact::parse_decide_body(body, kPlaybook.site);
  const auto batch = tact::parse_batch(body, std::nullopt);
  if (!batch.has_value()) return 0;
  for (const tact::RawEvent& raw : batch->events) {
    const auto record = tact::collect_event(raw, info, kPlaybook);
    if (!record.has_value()) continue;
    CHECK(record->event_time <= info.now && record->event_time >= info.now - tact::kMaxEventAge);
    const auto decoded = tact::decode_record(tact::encode_record(*record));
    CHECK(decoded.has_value() && *decoded == *record);
    CHECK(*tact::collect_event(raw, info, kPlaybook) == *record);
    const auto& event = std::get<tact::Event>(record->body);
    CHECK(event.context.find("\"ip\":") == std::string::npos);  // inside texts quotes are escaped
    CHECK(event.where.path.size() <= tact::kMaxPathBytes);
  }
  return 0;
}

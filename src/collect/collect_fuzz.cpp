// Any body: what is collected can be stored, read again, and says the same when collected twice.
#include "collect/collect.h"
#include "collect/request.h"
#include "event/codec.h"

namespace {

// What is collected out of an arena is the same without it.
void check_question(std::string_view body, const tact::RequestInfo& info,
                    const tact::Playbook& playbook) {
  const auto plain = tact::parse_decide_body(body, playbook.site);
  std::vector<tact::Record> records;
  {
    tact::json::monotonic_resource memory;
    const auto question = tact::parse_decide_body(body, playbook.site, &memory);
    CHECK(question.has_value() == plain.has_value());
    if (!question.has_value()) return;
    for (const tact::RawEvent& raw : question->events) {
      auto record = tact::collect_event(raw, info, playbook);
      if (record.has_value()) records.push_back(std::move(*record));
    }
  }
  std::size_t next = 0;
  for (const tact::RawEvent& raw : plain->events) {
    const auto record = tact::collect_event(raw, info, playbook);
    if (record.has_value()) CHECK(next < records.size() && records[next++] == *record);
  }
  CHECK(next == records.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  static const tact::Source kSource;
  static const tact::Playbook kPlaybook;
  tact::RequestInfo info;
  info.source = &kSource;
  info.now = tact::time_from_ms(1'795'255'323'123);
  check_question(body, info, kPlaybook);
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

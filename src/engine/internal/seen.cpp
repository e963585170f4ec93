#include "engine/internal/seen.h"

#include "base/hash.h"
#include "log/log.h"

namespace tact {

Result<SeenMessages> SeenMessages::load(const Store& store, const VisitorId& visitor,
                                        std::uint64_t seen_next, Time now) {
  SeenMessages messages;
  std::uint64_t number = seen_next;
  TACT_TRY(read_visitor_back(store, visitor, [&](Offset, const Record& record) {
    const auto* event = std::get_if<Event>(&record.body);
    if (event != nullptr) --number;
    const SeenMessage seen{number, record.received_at};
    if (!matters(seen, seen_next, now)) return false;
    if (event != nullptr) messages.by_hash_.try_emplace(hash64(event->message_id), seen);
    return true;
  }));
  return messages;
}

void SeenMessages::note(std::uint64_t message, SeenMessage seen) {
  by_hash_[message] = seen;
  if (seen.number % (kSeenMessages / 4) != 0) return;
  auto rows = by_hash_.extract_sequence();
  std::erase_if(rows, [&](const auto& row) { return !matters(row.second, seen.number, seen.at); });
  by_hash_.adopt_sequence(boost::container::ordered_unique_range, std::move(rows));
}

}  // namespace tact

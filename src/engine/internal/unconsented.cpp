#include "engine/internal/unconsented.h"

#include "base/bytes.h"
#include "store/keys.h"

namespace tact {
namespace {
constexpr auto kInterval = std::chrono::seconds(1);
constexpr std::int64_t kDayMs = 86'400'000;
}  // namespace

Status UnconsentedCounts::open(const Store& store) {
  const std::lock_guard lock(mutex_);
  return store.scan(Family::kMeta, keys::unconsented_prefix(), {},
                    [&](std::string_view key, std::string_view value) {
                      ByteReader in(value);
                      rows_[std::string(key)].answers = in.varint();
                      return true;
                    });
}

void UnconsentedCounts::note(Time now, std::string_view moment) {
  const auto day = static_cast<std::uint64_t>(to_ms(now) / kDayMs);
  const std::lock_guard lock(mutex_);
  Row& row = rows_[keys::unconsented(day, moment)];
  ++row.answers;
  row.changed = changed_ = true;
}

void UnconsentedCounts::stage(Batch& batch, bool now_too) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (!changed_ || (!now_too && now - staged_ < kInterval)) return;
  for (auto& [key, row] : rows_) {
    if (!row.changed) continue;
    ByteWriter value;
    value.varint(row.answers);
    batch.put(Family::kMeta, key, value.take());
    row.changed = false;
  }
  changed_ = false;
  staged_ = now;
}

}  // namespace tact

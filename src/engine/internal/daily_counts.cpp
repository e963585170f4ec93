#include "engine/internal/daily_counts.h"

#include "base/bytes.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr auto kInterval = std::chrono::seconds(1);
constexpr std::int64_t kDayMs = 86'400'000;

std::uint64_t day_of(Time now) { return static_cast<std::uint64_t>(to_ms(now) / kDayMs); }

}  // namespace

Status DailyCounts::open(const Store& store) {
  const std::lock_guard lock(mutex_);
  for (const std::string& prefix :
       {keys::unconsented_prefix(), keys::consented_prefix(), keys::left_out_prefix()}) {
    TACT_TRY(
        store.scan(Family::kMeta, prefix, {}, [&](std::string_view key, std::string_view value) {
          ByteReader in(value);
          rows_[std::string(key)].count = in.varint();
          return true;
        }));
  }
  return ok();
}

void DailyCounts::note_unconsented(Time now, std::string_view moment) {
  note(keys::unconsented(day_of(now), moment));
}

void DailyCounts::note_consented(Time now) {
  const std::uint64_t day = day_of(now);
  const std::lock_guard lock(mutex_);
  if (consented_ == nullptr || day_ != day) {
    day_ = day;
    consented_ = &rows_[keys::consented(day)];  // a map's rows stay where they are
  }
  ++consented_->count;
  consented_->changed = changed_ = true;
}

void DailyCounts::note_left_out(Time now, std::string_view who) {
  note(keys::left_out(day_of(now), who));
}

void DailyCounts::note(std::string key) {
  const std::lock_guard lock(mutex_);
  Row& row = rows_[std::move(key)];
  ++row.count;
  row.changed = changed_ = true;
}

void DailyCounts::stage(Batch& batch, bool now_too) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (!changed_ || (!now_too && now - staged_ < kInterval)) return;
  for (auto& [key, row] : rows_) {
    if (!row.changed) continue;
    ByteWriter value;
    value.varint(row.count);
    batch.put(Family::kMeta, key, value.take());
    row.changed = false;
  }
  changed_ = false;
  staged_ = now;
}

}  // namespace tact

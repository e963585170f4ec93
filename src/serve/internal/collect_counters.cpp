#include "serve/internal/collect_counters.h"

#include <string_view>

namespace tact {
namespace {

void append_head(std::string& out, std::string_view name, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" counter\n");
}

void append_sample(std::string& out, std::string_view name, std::string_view kind,
                   const std::atomic<std::uint64_t>& value) {
  out.append(name).append("{kind=\"").append(kind).append("\"} ");
  out.append(std::to_string(value.load(std::memory_order_relaxed))).append("\n");
}

}  // namespace

void CollectCounters::Nobody::note(std::uint8_t flags) {
  if ((flags & record_flags::kBot) != 0) {
    bots.fetch_add(1, std::memory_order_relaxed);
  } else if ((flags & record_flags::kStaff) != 0) {
    staff.fetch_add(1, std::memory_order_relaxed);
  }
}

void CollectCounters::add(const CollectNotes& notes) {
  for (std::size_t i = 0; i < kDroppedKinds; ++i) {
    if (notes.dropped[i] != 0) dropped_[i].fetch_add(notes.dropped[i], std::memory_order_relaxed);
  }
}

void CollectCounters::note_event(std::uint8_t flags) { events_.note(flags); }
void CollectCounters::note_decide(std::uint8_t flags) { decides_.note(flags); }

void CollectCounters::append_to(std::string& out) const {
  constexpr std::string_view kDropped = "tact_personal_data_dropped_total";
  append_head(out, kDropped, "Values taken out of events before storing.");
  for (std::size_t i = 0; i < kDroppedKinds; ++i) {
    append_sample(out, kDropped, to_string(static_cast<Dropped>(i)), dropped_[i]);
  }
  const auto add = [&out](std::string_view name, std::string_view help, const Nobody& nobody) {
    append_head(out, name, help);
    append_sample(out, name, "bot", nobody.bots);
    append_sample(out, name, "staff", nobody.staff);
  };
  add("tact_events_nobody_total", "Events of bots and staff: in no profile and no report.",
      events_);
  add("tact_decides_nobody_total", "Requests of bots and staff, answered with the default.",
      decides_);
}

}  // namespace tact

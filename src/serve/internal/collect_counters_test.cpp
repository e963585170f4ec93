#include "serve/internal/collect_counters.h"

#include <gmock/gmock.h>

namespace tact {
namespace {

using testing::HasSubstr;

TEST(CollectCounters, ShowsEveryKindFromTheBeginning) {
  std::string out;
  CollectCounters().append_to(out);
  for (const std::string_view kind :
       {"email", "card", "iban", "national_id", "form_value", "left_out"}) {
    EXPECT_THAT(out, HasSubstr("\ntact_personal_data_dropped_total{kind=\"" + std::string(kind) +
                               "\"} 0\n"));
  }
  EXPECT_THAT(out, HasSubstr("\n# TYPE tact_events_nobody_total counter\n"));
}

TEST(CollectCounters, AddsUp) {
  CollectCounters counters;
  CollectNotes notes;
  notes.dropped[static_cast<std::size_t>(Dropped::kIban)] = 2;
  counters.add(notes);
  counters.add(notes);
  counters.note_event(record_flags::kBot | record_flags::kStaff);  // one event, one count
  counters.note_event(record_flags::kStaff);
  counters.note_event(record_flags::kGpc);
  counters.note_decide(record_flags::kBot);
  std::string out;
  counters.append_to(out);
  EXPECT_THAT(out, HasSubstr("dropped_total{kind=\"iban\"} 4\n"));
  EXPECT_THAT(out, HasSubstr("dropped_total{kind=\"email\"} 0\n"));
  EXPECT_THAT(out, HasSubstr("tact_events_nobody_total{kind=\"bot\"} 1\n"));
  EXPECT_THAT(out, HasSubstr("tact_events_nobody_total{kind=\"staff\"} 1\n"));
  EXPECT_THAT(out, HasSubstr("tact_decides_nobody_total{kind=\"bot\"} 1\n"));
  EXPECT_THAT(out, HasSubstr("tact_decides_nobody_total{kind=\"staff\"} 0\n"));
}

}  // namespace
}  // namespace tact

#include "consent/consent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/rng.h"

namespace tact {
namespace {

constexpr auto kPersonalization = Purpose::kPersonalization;

ConsentChoices choose(Purpose purpose, ConsentState state) {
  ConsentChoices choices{};
  choices[static_cast<std::size_t>(purpose)] = state;
  return choices;
}

TEST(Consent, UnknownIsNoUnlessTheSourceHasItsOwnBasis) {
  const ConsentLedger ledger;
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {}));
  EXPECT_TRUE(consent_allows(ledger, kPersonalization, {.basis_granted = true}));
}

TEST(Consent, ARefusalBeatsTheSourcesBasis) {
  ConsentLedger ledger;
  ledger.apply(choose(kPersonalization, ConsentState::kRefused), time_from_ms(10));
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {.basis_granted = true}));
}

TEST(Consent, ALaterGrantWorksAndATieIsStrict) {
  ConsentLedger ledger;
  ledger.apply(choose(kPersonalization, ConsentState::kRefused), time_from_ms(10));
  ledger.apply(choose(kPersonalization, ConsentState::kGranted), time_from_ms(10));
  EXPECT_EQ(ledger.state(kPersonalization), ConsentState::kRefused);
  ledger.apply(choose(kPersonalization, ConsentState::kGranted), time_from_ms(11));
  EXPECT_EQ(ledger.state(kPersonalization), ConsentState::kGranted);
}

TEST(Consent, GpcDeniesUnlessALaterExplicitGrantExists) {
  ConsentLedger ledger;
  ledger.apply(choose(kPersonalization, ConsentState::kGranted), time_from_ms(5));
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {.gpc = true, .now = time_from_ms(10)}));
  ledger.note_gpc(time_from_ms(10));
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {.now = time_from_ms(11)}));
  ledger.apply(choose(kPersonalization, ConsentState::kGranted), time_from_ms(12));
  EXPECT_TRUE(consent_allows(ledger, kPersonalization, {.gpc = true, .now = time_from_ms(13)}));
}

TEST(Consent, GpcDoesNotTouchAnalytics) {
  EXPECT_TRUE(consent_allows({}, Purpose::kAnalytics, {.basis_granted = true, .gpc = true}));
  EXPECT_FALSE(consent_allows({}, Purpose::kSharing, {.basis_granted = true, .gpc = true}));
}

TEST(Consent, TheOrderOfChangesDoesNotMatter) {
  Rng rng(3);
  for (int round = 0; round < 500; ++round) {
    struct Change {
      ConsentChoices choices;
      Time at;
    };
    std::vector<Change> changes;
    for (int i = 0; i < 8; ++i) {
      changes.push_back({choose(static_cast<Purpose>(rng.below(kPurposes)),
                                static_cast<ConsentState>(1 + rng.below(3))),
                         time_from_ms(static_cast<std::int64_t>(1 + rng.below(6)))});
    }
    ConsentLedger in_order, left, right;
    for (const Change& change : changes) in_order.apply(change.choices, change.at);
    for (std::size_t i = changes.size(); i-- > 0;) {
      (i % 2 == 0 ? left : right).apply(changes[i].choices, changes[i].at);
    }
    right.merge(left);
    EXPECT_EQ(in_order, right);
  }
}

TEST(Consent, TheStricterAnswerIsTakenForEachPurpose) {
  using enum ConsentState;
  EXPECT_EQ(stricter(ConsentChoices{kUnknown, kGranted, kRefused, kObjected, kGranted, kUnknown},
                     ConsentChoices{kGranted, kRefused, kObjected, kUnknown, kGranted, kUnknown}),
            (ConsentChoices{kGranted, kRefused, kObjected, kObjected, kGranted, kUnknown}));
  EXPECT_TRUE(stricter(ConsentSignal{.gpc = true}, ConsentSignal{}).gpc);
  EXPECT_TRUE(stricter(ConsentSignal{}, ConsentSignal{.gpc = true}).gpc);
}

struct GateCase {
  const char* says;
  ConsentState personalization_before, analytics_before;
  ConsentState personalization_now, analytics_now;
  bool basis, gpc;
  Kept kept;
};

TEST(Gate, KeepsWhatTheLedgerWithTheEventsOwnChoicesAllows) {
  using enum ConsentState;
  const GateCase cases[] = {
      {"nothing known", kUnknown, kUnknown, kUnknown, kUnknown, false, false, Kept::kNothing},
      {"the source's own basis", kUnknown, kUnknown, kUnknown, kUnknown, true, false, Kept::kAll},
      {"granted before", kGranted, kUnknown, kUnknown, kUnknown, false, false, Kept::kAll},
      {"granted with it", kUnknown, kUnknown, kGranted, kUnknown, false, false, Kept::kAll},
      {"for reports", kUnknown, kGranted, kUnknown, kUnknown, false, false, Kept::kReportOnly},
      {"withdrawn with it", kGranted, kUnknown, kRefused, kUnknown, false, false, Kept::kChoice},
      {"withdrawn before", kRefused, kUnknown, kUnknown, kUnknown, false, false, Kept::kNothing},
      {"refused, the basis is for reports", kRefused, kUnknown, kRefused, kUnknown, true, false,
       Kept::kReportOnly},
      {"both refused", kRefused, kRefused, kRefused, kRefused, true, false, Kept::kNothing},
      {"first GPC after a grant", kGranted, kUnknown, kUnknown, kUnknown, false, true,
       Kept::kChoice},
      {"GPC against the basis", kUnknown, kUnknown, kUnknown, kUnknown, true, true,
       Kept::kReportOnly},
      {"GPC, for reports", kUnknown, kGranted, kUnknown, kUnknown, false, true, Kept::kReportOnly},
      {"GPC and a grant with it", kUnknown, kUnknown, kGranted, kUnknown, false, true, Kept::kAll}};
  for (const GateCase& c : cases) {
    ConsentLedger before;
    before.apply(choose(kPersonalization, c.personalization_before), time_from_ms(10));
    before.apply(choose(Purpose::kAnalytics, c.analytics_before), time_from_ms(10));
    Event event;
    event.consent = choose(kPersonalization, c.personalization_now);
    event.consent[static_cast<std::size_t>(Purpose::kAnalytics)] = c.analytics_now;
    const ConsentContext context{.basis_granted = c.basis, .gpc = c.gpc, .now = time_from_ms(20)};
    EXPECT_EQ(kept_of(event, before, context), c.kept) << c.says;
    event.name = kConsentEvent;
    EXPECT_EQ(kept_of(event, before, context), Kept::kChoice) << c.says;
  }
}

TEST(Gate, AChoiceIsWhoAndWhatAndNothingElse) {
  Event event;
  event.message_id = "m-1";
  event.anonymous_id = "a-1";
  event.user_id = "u-1";
  event.query = "pregnancy test";
  event.properties = R"({"query":"pregnancy test"})";
  event.consent = choose(kPersonalization, ConsentState::kRefused);
  Event expected;
  expected.message_id = "m-1";
  expected.anonymous_id = "a-1";
  expected.name = kConsentEvent;
  expected.consent = event.consent;
  EXPECT_EQ(choice_of(event), expected);
}

TEST(Consent, EncodesAndDecodes) {
  ConsentLedger ledger;
  ledger.apply(choose(Purpose::kEmail, ConsentState::kObjected), time_from_ms(77));
  ledger.note_gpc(time_from_ms(5));
  ByteWriter out;
  ledger.encode(out);
  ByteReader in(out.str());
  EXPECT_EQ(ConsentLedger::decode(in), ledger);
  EXPECT_TRUE(in.at_end());
}

}  // namespace
}  // namespace tact

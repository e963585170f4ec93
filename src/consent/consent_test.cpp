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

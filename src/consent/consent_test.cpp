#include "consent/consent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/rng.h"

namespace tact {
namespace {

constexpr auto kPersonalization = Purpose::kPersonalization;

using enum ConsentState;

ConsentChoices choose(Purpose purpose, ConsentState state) {
  ConsentChoices choices{};
  set_choice(choices, purpose, state);
  return choices;
}

Event carrying(Purpose purpose, ConsentState state) {
  Event event;
  event.consent = choose(purpose, state);
  return event;
}

Event choice(Purpose purpose, ConsentState state, std::uint64_t text = 0) {
  Event event = carrying(purpose, state);
  event.name = kConsentEvent;
  event.consent_text = text;
  return event;
}

TEST(Consent, UnknownIsNoUnlessTheSourceHasItsOwnBasis) {
  const ConsentLedger ledger;
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {}));
  EXPECT_TRUE(consent_allows(ledger, kPersonalization, {.basis_granted = true}));
}

TEST(Consent, ARefusalBeatsTheSourcesBasis) {
  ConsentLedger ledger;
  ledger.apply(choice(kPersonalization, kRefused), time_from_ms(10));
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {.basis_granted = true}));
}

TEST(Consent, ALaterGrantWorksAndATieIsStrict) {
  ConsentLedger ledger;
  ledger.apply(choice(kPersonalization, kRefused), time_from_ms(10));
  ledger.apply(choice(kPersonalization, kGranted), time_from_ms(10));
  EXPECT_EQ(ledger.state(kPersonalization), kRefused);
  ledger.apply(choice(kPersonalization, kGranted), time_from_ms(11));
  EXPECT_EQ(ledger.state(kPersonalization), kGranted);
}

TEST(Consent, GpcDeniesUnlessALaterExplicitGrantExists) {
  ConsentLedger ledger;
  ledger.apply(choice(kPersonalization, kGranted), time_from_ms(5));
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {.gpc = true, .now = time_from_ms(10)}));
  ledger.note_gpc(time_from_ms(10));
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {.now = time_from_ms(11)}));
  ledger.apply(choice(kPersonalization, kGranted), time_from_ms(12));
  EXPECT_TRUE(consent_allows(ledger, kPersonalization, {.gpc = true, .now = time_from_ms(13)}));
}

TEST(Consent, SinceWhenTheAnswerIsNo) {
  const auto since = [](const ConsentLedger& ledger) {
    return ledger.denied_since(kPersonalization);
  };
  ConsentLedger ledger;
  EXPECT_EQ(since(ledger), std::nullopt);
  ledger.apply(choice(kPersonalization, kAsked), time_from_ms(1));
  EXPECT_EQ(since(ledger), std::nullopt) << "no answer yet";
  ledger.apply(choice(kPersonalization, kRefused), time_from_ms(5));
  EXPECT_EQ(since(ledger), time_from_ms(5));
  ledger.apply(choice(kPersonalization, kObjected), time_from_ms(7));
  EXPECT_EQ(since(ledger), time_from_ms(7));
  EXPECT_EQ(ledger.denied_since(Purpose::kAnalytics), std::nullopt);
  ledger.apply(choice(kPersonalization, kGranted), time_from_ms(8));
  EXPECT_EQ(since(ledger), std::nullopt);
  ledger.note_gpc(time_from_ms(9));
  EXPECT_EQ(since(ledger), time_from_ms(9));
  EXPECT_EQ(ledger.denied_since(Purpose::kAnalytics), std::nullopt) << "GPC is not about that";
  ledger.apply(choice(kPersonalization, kGranted), time_from_ms(10));
  EXPECT_EQ(since(ledger), std::nullopt);
}

TEST(Consent, GpcDoesNotTouchAnalytics) {
  EXPECT_TRUE(consent_allows({}, Purpose::kAnalytics, {.basis_granted = true, .gpc = true}));
  EXPECT_FALSE(consent_allows({}, Purpose::kSharing, {.basis_granted = true, .gpc = true}));
}

TEST(Consent, AskedIsNoAnswerAndEndsNone) {
  ConsentLedger ledger;
  ledger.apply(choice(kPersonalization, kAsked, 7), time_from_ms(5));
  EXPECT_EQ(ledger.state(kPersonalization), kAsked);
  EXPECT_EQ(ledger.of(kPersonalization).asked, (ConsentLedger::Told{time_from_ms(5), 7}));
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {.basis_granted = true}));
  for (const ConsentState answer : {kGranted, kRefused, kObjected}) {
    ledger = {};
    ledger.apply(choice(kPersonalization, answer), time_from_ms(5));
    ledger.apply(choice(kPersonalization, kAsked), time_from_ms(6));
    EXPECT_EQ(ledger.state(kPersonalization), answer);
  }
}

TEST(Consent, TheTextShownIsKeptWithTheAnswer) {
  ConsentLedger ledger;
  ledger.apply(choice(kPersonalization, kGranted, 7), time_from_ms(5));
  ledger.apply(choice(kPersonalization, kRefused, 8), time_from_ms(6));
  ledger.apply(choice(kPersonalization, kGranted, 9), time_from_ms(4));
  EXPECT_EQ(ledger.of(kPersonalization).granted, (ConsentLedger::Told{time_from_ms(5), 7}));
  EXPECT_EQ(ledger.of(kPersonalization).refused, (ConsentLedger::Told{time_from_ms(6), 8}));
}

// `printf abc | b2sum -l 256`
TEST(Consent, ATextIsKnownByTheBeginningOfItsHash) {
  const std::uint64_t hash = consent_text_hash("abc");
  EXPECT_EQ(consent_text_hex(hash), "bddd813c63423972");
  EXPECT_EQ(parse_consent_text_hash("bddd813c63423972"), hash);
  EXPECT_EQ(parse_consent_text_hash("BDDD813C634239723171EF3F"), hash);
  for (const char* none : {"", "bddd", "bddd813c6342397", "no hash at all", "-ddd813c63423972"}) {
    EXPECT_EQ(parse_consent_text_hash(none), 0U) << none;
  }
}

// What a second device repeats with every event is not news.
TEST(Consent, AGrantThatIsCarriedAlongEndsNoRefusal) {
  ConsentLedger ledger;
  ledger.apply(carrying(kPersonalization, kGranted), time_from_ms(5));
  EXPECT_EQ(ledger.state(kPersonalization), kGranted);
  ledger.apply(choice(kPersonalization, kRefused), time_from_ms(6));
  ledger.apply(carrying(kPersonalization, kGranted), time_from_ms(7));
  EXPECT_EQ(ledger.state(kPersonalization), kRefused);
  ledger.apply(choice(kPersonalization, kGranted), time_from_ms(8));
  EXPECT_EQ(ledger.state(kPersonalization), kGranted);
  ledger.apply(carrying(kPersonalization, kRefused), time_from_ms(9));
  EXPECT_EQ(ledger.state(kPersonalization), kRefused) << "a no counts however it is told";
}

TEST(Consent, AGrantThatIsCarriedAlongIsNoneUnderGpcNorForEmail) {
  ConsentLedger ledger;
  ledger.note_gpc(time_from_ms(5));
  ledger.apply(carrying(kPersonalization, kGranted), time_from_ms(6));
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, {.now = time_from_ms(7)}));
  EXPECT_TRUE(gpc_holds(ledger, kPersonalization, {.now = time_from_ms(7)}));
  ledger.apply(carrying(Purpose::kEmail, kGranted), time_from_ms(6));
  EXPECT_EQ(ledger.state(Purpose::kEmail), kUnknown);
  ledger.apply(choice(Purpose::kEmail, kGranted), time_from_ms(7));
  EXPECT_TRUE(consent_allows(ledger, Purpose::kEmail, {}));
}

TEST(Consent, NoBasisStandsInForConsentToEmailOrSensitiveTopics) {
  ConsentContext context{.basis_granted = true};
  context.bases.fill(Basis::kLegitimateInterest);
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const auto purpose = static_cast<Purpose>(i);
    EXPECT_EQ(consent_allows({}, purpose, context),
              purpose != Purpose::kEmail && purpose != Purpose::kSensitive)
        << to_string(purpose);
  }
}

TEST(Consent, TheBasisDecidesWhereNothingWasSaid) {
  ConsentContext context;
  context.bases.fill(Basis::kLegitimateInterest);
  EXPECT_TRUE(consent_allows({}, kPersonalization, context));
  ConsentLedger ledger;
  ledger.apply(choice(kPersonalization, kRefused), time_from_ms(5));
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, context));
  ledger.apply(choice(kPersonalization, kGranted), time_from_ms(6));
  context.bases.fill(Basis::kConsent);
  EXPECT_TRUE(consent_allows(ledger, kPersonalization, context));
  context.bases.fill(Basis::kNever);
  context.basis_granted = true;
  EXPECT_FALSE(consent_allows(ledger, kPersonalization, context));
}

struct Change {
  Event event;
  Time at;
  bool gpc;
};

Change random_change(Rng& rng) {
  Event event = rng.chance(0.5) ? choice(kPersonalization, kUnknown) : Event{};
  set_choice(event.consent, static_cast<Purpose>(rng.below(kPurposes)),
             static_cast<ConsentState>(1 + rng.below(4)));
  event.consent_text = rng.below(3);
  return {std::move(event), time_from_ms(static_cast<std::int64_t>(1 + rng.below(6))),
          rng.chance(0.1)};
}

void add(ConsentLedger& ledger, const Change& change) {
  if (change.gpc) ledger.note_gpc(change.at);
  ledger.apply(change.event, change.at);
}

ConsentLedger joined(ConsentLedger left, const ConsentLedger& right) {
  left.merge(right);
  return left;
}

TEST(ConsentProperty, AnyOrderAndAnyMergeGiveTheSameLedger) {
  Rng rng(3);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<Change> changes;
    for (int i = 0; i < 12; ++i) changes.push_back(random_change(rng));
    ConsentLedger in_order, shuffled;
    std::array<ConsentLedger, 3> parts;
    for (const Change& change : changes) add(in_order, change);
    for (std::size_t i = changes.size(); i > 1; --i) {
      std::swap(changes[i - 1], changes[rng.below(i)]);
    }
    for (const Change& change : changes) {
      add(shuffled, change);
      add(parts[rng.below(3)], change);
      if (rng.chance(0.2)) add(parts[rng.below(3)], change);  // told to two
    }
    EXPECT_EQ(shuffled, in_order);
    const auto& [a, b, c] = parts;
    EXPECT_EQ(joined(joined(a, b), c), in_order);
    EXPECT_EQ(joined(a, joined(c, b)), in_order);
    EXPECT_EQ(joined(in_order, a), in_order) << "what is known already changes nothing";
  }
}

// Nobody is granted by a merge what neither allowed.
TEST(ConsentProperty, AMergeGrantsNothingThatNeitherGranted) {
  Rng rng(4);
  for (int round = 0; round < 2'000; ++round) {
    std::array<ConsentLedger, 2> parts;
    for (int i = 0; i < 12; ++i) add(parts[rng.below(2)], random_change(rng));
    const ConsentLedger both = joined(parts[0], parts[1]);
    for (std::size_t i = 0; i < kPurposes; ++i) {
      const auto purpose = static_cast<Purpose>(i);
      const ConsentState left = parts[0].state(purpose), right = parts[1].state(purpose);
      if (both.state(purpose) == kGranted) {
        EXPECT_TRUE(left == kGranted || right == kGranted);
      }
      if (left == right) {
        EXPECT_EQ(both.state(purpose), left);
      }
    }
  }
}

TEST(Consent, TheStricterAnswerIsTakenForEachPurpose) {
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
      {"GPC and a grant carried along", kUnknown, kUnknown, kGranted, kUnknown, false, true,
       Kept::kChoice},
      {"asked, no answer", kUnknown, kUnknown, kAsked, kUnknown, true, false, Kept::kReportOnly}};
  for (const GateCase& c : cases) {
    ConsentLedger before;
    before.apply(choice(kPersonalization, c.personalization_before), time_from_ms(10));
    before.apply(choice(Purpose::kAnalytics, c.analytics_before), time_from_ms(10));
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
  event.consent = choose(kPersonalization, kRefused);
  event.consent_text = 7;
  Event expected;
  expected.message_id = "m-1";
  expected.anonymous_id = "a-1";
  expected.name = kConsentEvent;
  expected.consent = event.consent;
  expected.consent_text = 7;
  expected.consent_carried = true;
  EXPECT_EQ(choice_of(event), expected);
  event.name = kConsentEvent;
  expected.consent_carried = false;
  EXPECT_EQ(choice_of(event), expected);
}

TEST(Consent, EncodesAndDecodes) {
  Rng rng(5);
  for (int round = 0; round < 500; ++round) {
    ConsentLedger ledger;
    for (std::uint64_t i = rng.below(12); i > 0; --i) add(ledger, random_change(rng));
    ByteWriter out;
    ledger.encode(out);
    ByteReader in(out.str());
    EXPECT_EQ(ConsentLedger::decode(in, 3), ledger);
    EXPECT_TRUE(in.at_end());
  }
}

// As profiles of version 1 and 2 have it, for ever: e-mail objected to at 77 ms, GPC since 5 ms.
TEST(Consent, DecodesTheBytesOfEarlierVersions) {
  const std::string bytes("\x04\x00\x00\x9a\x01\x0a", 6);
  ConsentLedger expected;
  expected.apply(choice(Purpose::kEmail, kObjected), time_from_ms(77));
  expected.note_gpc(time_from_ms(5));
  for (const std::uint8_t version : {1, 2}) {
    ByteReader in(bytes);
    EXPECT_EQ(ConsentLedger::decode(in, version), expected);
    EXPECT_TRUE(in.at_end());
  }
}

}  // namespace
}  // namespace tact

// Consent end to end in the engine: devices of one person, merges, regions, what is shown of it.
#include "consent/consent.h"

#include <mutex>

#include "engine/engine_test_util.h"
#include "engine/export.h"

namespace tact {
namespace {

using enum ConsentState;
constexpr auto kPersonalization = Purpose::kPersonalization;

class ConsentTest : public EngineTest {
 protected:
  // The source has no basis of its own: everything hangs on what the visitor said.
  static Record asking(Record record) {
    record.flags &= static_cast<std::uint8_t>(~record_flags::kBasisGranted);
    return record;
  }

  Record choice(const std::string& visitor, ConsentState state,
                Purpose purpose = kPersonalization) {
    Event body;
    body.message_id = "c-" + std::to_string(++choices_);
    body.anonymous_id = visitor;
    body.name = kConsentEvent;
    set_choice(body.consent, purpose, state);
    later();
    return asking(record_of(std::move(body)));
  }

  // A tie is strict, so a later answer has a later time.
  void later() {
    const Time before = engine_->now();
    while (engine_->now() == before) {
    }
  }

  void tell(Record record) { ASSERT_TRUE(track({std::move(record)}).has_value()); }

  void is_unsure(const std::string& visitor) {
    for (Record& record : unsure_of(visitor, "p7")) tell(asking(std::move(record)));
  }

  void log_in(const std::string& visitor, const std::string& user) {
    tell(asking(identify(visitor, user)));
  }

  // Under a yes to analytics: kept, and so it joins, whatever is said about personalization.
  void log_in_for_reports(const std::string& visitor, const std::string& user) {
    Record login = asking(identify(visitor, user));
    set_choice(std::get<Event>(login.body).consent, Purpose::kAnalytics, kGranted);
    tell(std::move(login));
  }

  json::object ask(const std::string& visitor, ConsentState carried = kUnknown,
                   std::string request_id = {}, std::string region = {}) {
    DecideRequest request = question(visitor, "p7");
    request.flags = 0;
    request.request_id = std::move(request_id);
    request.where.region = std::move(region);
    set_choice(request.consent, kPersonalization, carried);
    return decide(std::move(request));
  }

  std::string shown(const json::object& answer) {
    const bool recorded = first(answer).contains("id");
    EXPECT_EQ(answer.at("consent").at("personalization").get_bool(), recorded);
    return recorded ? message_of(first(answer)) : "nobody: " + message_of(first(answer));
  }

  // Whatever the limits on messages say: by what they did.
  static bool decided_by_behaviour(const json::object& answer) {
    return first(answer).contains("id");
  }

  json::object ledger(const NamedId& who) {
    const auto picture = engine_->show_visitor(who);
    EXPECT_TRUE(picture.has_value());
    return picture.has_value() ? picture->at("ledger").get_object() : json::object{};
  }

  static std::string state(const json::object& ledger, std::string_view purpose) {
    const json::value* entry = ledger.if_contains(purpose);
    return entry == nullptr ? "unknown" : std::string(entry->at("state").get_string());
  }

 private:
  int choices_ = 0;
};

// A phone and a laptop of one person, both with a yes that their browsers repeat.
TEST_F(ConsentTest, AWithdrawalHoldsOnEveryDeviceFromTheNextDecisionOn) {
  for (const std::string device : {"phone", "laptop"}) {
    tell(choice(device, kGranted));
    log_in(device, "u-1");
    EXPECT_TRUE(decided_by_behaviour(ask(device, kGranted)));
  }
  is_unsure("laptop");
  tell(choice("phone", kRefused));
  EXPECT_EQ(shown(ask("laptop")), "nobody: default");
  later();
  EXPECT_EQ(shown(ask("laptop", kGranted)), "nobody: default") << "what it repeats is no new yes";
  Record repeats = asking(event("laptop", "page", "p7"));
  set_choice(std::get<Event>(repeats.body).consent, kPersonalization, kGranted);
  EXPECT_EQ(track({repeats})->stored, 0U);
  EXPECT_EQ(shown(ask("laptop", kGranted)), "nobody: default");
  tell(choice("laptop", kGranted));
  is_unsure("laptop");
  EXPECT_EQ(shown(ask("phone")), "fit-guide") << "a later explicit grant works, for the person";
  closed_and_verified();
}

TEST_F(ConsentTest, ARepeatedRequestAfterAWithdrawalIsAnsweredWithoutConsent) {
  tell(choice("a-1", kGranted));
  is_unsure("a-1");
  EXPECT_EQ(shown(ask("a-1", kUnknown, "r-1")), "fit-guide");
  EXPECT_EQ(shown(ask("a-1", kUnknown, "r-1")), "fit-guide");
  tell(choice("a-1", kRefused));
  EXPECT_EQ(shown(ask("a-1", kUnknown, "r-1")), "nobody: default");
  closed_and_verified();
}

TEST_F(ConsentTest, TheLiveViewSaysNothingMoreOfWhoWithdrew) {
  std::mutex mutex;
  json::object picture;
  const auto handle = engine_->live().subscribe("a-1", [&](const LiveUpdate& update) {
    if (update.event != "visitor") return;
    const std::lock_guard lock(mutex);
    picture = parse_json(update.data)->get_object();
  });
  const auto seen = [&] {
    const std::lock_guard lock(mutex);
    return picture;
  };
  tell(choice("a-1", kGranted));
  is_unsure("a-1");
  EXPECT_TRUE(seen().at("consent").at("personalization").get_bool());
  EXPECT_FALSE(seen().at("signals").get_array().empty());
  tell(choice("a-1", kObjected));
  engine_->live().unsubscribe(handle);
  EXPECT_FALSE(seen().at("consent").at("personalization").get_bool());
  for (const char* list : {"signals", "intents", "happened"}) {
    EXPECT_TRUE(seen().at(list).get_array().empty()) << list;
  }
}

TEST_F(ConsentTest, NobodyIsSentTheOldPictureOfAnotherDeviceOfWhoWithdrew) {
  const auto first = engine_->live().subscribe("", [](const LiveUpdate&) {});
  for (const std::string device : {"phone", "laptop"}) {
    tell(choice(device, kGranted));
    log_in(device, "u-1");
    is_unsure(device);
  }
  tell(choice("laptop", kRefused));
  int pictures = 0;
  const auto second = engine_->live().subscribe("", [&](const LiveUpdate& update) {
    const json::object picture = parse_json(update.data)->get_object();
    EXPECT_TRUE(picture.at("signals").get_array().empty()) << update.anonymous_id;
    ++pictures;
  });
  EXPECT_EQ(pictures, 1);
  engine_->live().unsubscribe(first);
  engine_->live().unsubscribe(second);
}

TEST_F(ConsentTest, ALoginThatMayNotBeKeptJoinsNobody) {
  tell(choice("phone", kGranted));
  log_in("phone", "u-1");
  is_unsure("phone");
  const std::size_t before = engine_->status().events_dropped;
  tell(asking(identify("laptop", "u-1")));
  EXPECT_EQ(engine_->status().events_dropped, before + 1);
  EXPECT_FALSE(engine_->show_visitor(named("laptop")).has_value()) << "nothing is known of it";
  tell(choice("laptop", kRefused));
  tell(asking(identify("laptop", "u-1")));
  EXPECT_EQ(state(ledger(named("laptop")), "personalization"), "refused") << "of the device alone";
  EXPECT_EQ(state(ledger(named("", "u-1")), "personalization"), "granted");
  tell(choice("laptop", kGranted));
  tell(asking(identify("laptop", "u-1")));
  EXPECT_EQ(engine_->show_visitor(named("laptop"))->at("visitor"),
            engine_->show_visitor(named("", "u-1"))->at("visitor"));
  closed_and_verified();
}

// By a server whose key asks first: it carries no consent of its own. Whichever of the two ids the
// link leads to, and whichever allowed it.
TEST_F(ConsentTest, AnAliasJoinsTwoUsersIfOneOfThemAllowsIt) {
  const auto person = [&](const std::string& user) {
    const auto picture = engine_->show_visitor(named("", user));
    return picture.has_value() ? std::string(picture->at("visitor").get_string()) : "nobody";
  };
  for (int pair = 0; pair < 8; ++pair) {
    const std::string number = std::to_string(pair), device = "device-" + number;
    const std::string one = "one-" + number, other = "other-" + number;
    tell(asking(alias(one, other)));
    EXPECT_EQ(person(one), "nobody");
    EXPECT_EQ(person(other), "nobody");
    log_in_for_reports(device, pair % 2 == 0 ? one : other);
    tell(asking(alias(one, other)));
    EXPECT_NE(person(one), "nobody") << number;
    EXPECT_EQ(person(one), person(other)) << number;
  }
  EXPECT_EQ(engine_->status().events_dropped, 8U) << "the aliases of whom nothing may be kept";
  closed_and_verified();
}

struct MergeCase {
  const char* says;
  ConsentState device_first, person, device_last;  // told in this order
  const char* after;
};

TEST_F(ConsentTest, AMergeTakesTheLatestAnswerAndALaterGrantWorks) {
  const MergeCase cases[] = {
      {"the person refused after the device granted", kGranted, kRefused, kUnknown, "refused"},
      {"the person granted after the device refused", kRefused, kGranted, kUnknown, "granted"},
      {"the device granted after the person refused", kUnknown, kRefused, kGranted, "granted"},
      {"the device refused after the person granted", kUnknown, kGranted, kRefused, "refused"},
      {"the person objected", kGranted, kObjected, kUnknown, "objected"},
      {"only the device said anything", kUnknown, kUnknown, kGranted, "granted"},
      {"the person was only asked", kRefused, kAsked, kUnknown, "refused"}};
  int number = 0;
  for (const MergeCase& c : cases) {
    const std::string name = std::to_string(++number);
    const std::string device = "device-" + name, other = "other-" + name, user = "user-" + name;
    log_in_for_reports(other, user);
    if (c.device_first != kUnknown) tell(choice(device, c.device_first));
    if (c.person != kUnknown) tell(choice(other, c.person));
    if (c.device_last != kUnknown) tell(choice(device, c.device_last));
    log_in_for_reports(device, user);
    EXPECT_EQ(state(ledger(named(device)), "personalization"), c.after) << c.says;
    tell(choice(device, kGranted));
    EXPECT_EQ(state(ledger(named("", user)), "personalization"), "granted")
        << c.says << ": a later explicit grant works";
  }
  closed_and_verified();
}

TEST_F(ConsentTest, ADeviceThatOnlyRepeatsItsYesDoesNotUndoThePersonsNo) {
  log_in_for_reports("phone", "u-1");
  tell(choice("phone", kRefused));
  Record first_page = asking(event("laptop", "page", "p7"));
  set_choice(std::get<Event>(first_page.body).consent, kPersonalization, kGranted);
  tell(first_page);
  EXPECT_EQ(state(ledger(named("laptop")), "personalization"), "granted");
  log_in_for_reports("laptop", "u-1");
  EXPECT_EQ(state(ledger(named("laptop")), "personalization"), "refused");
}

TEST_F(ConsentTest, ConsentOfADeviceNeverBecomesConsentToEmail) {
  Record banner = asking(event("a-1", "page", "p7"));
  std::get<Event>(banner.body).consent.fill(kGranted);
  tell(banner);
  log_in("a-1", "u-1");
  EXPECT_EQ(state(ledger(named("a-1")), "personalization"), "granted");
  EXPECT_EQ(state(ledger(named("a-1")), "email"), "unknown");
  tell(choice("a-1", kGranted, Purpose::kEmail));
  EXPECT_EQ(state(ledger(named("a-1")), "email"), "granted");
}

TEST_F(ConsentTest, AnObjectionToDirectMarketingStopsItsProfilingUntilALaterGrant) {
  tell(choice("a-1", kGranted));
  is_unsure("a-1");
  Record objection = choice("a-1", kUnknown);
  std::get<Event>(objection.body).consent = objects_to_direct_marketing();
  tell(objection);
  EXPECT_EQ(shown(ask("a-1", kGranted)), "nobody: default");
  EXPECT_EQ(state(ledger(named("a-1")), "personalization"), "objected");
  tell(choice("a-1", kGranted));
  EXPECT_EQ(shown(ask("a-1")), "fit-guide");
  EXPECT_EQ(state(ledger(named("a-1")), "email"), "objected");
  EXPECT_EQ(state(ledger(named("a-1")), "sharing"), "objected");
}

TEST_F(ConsentTest, ThePlaybookSaysOnWhatGroundAndWhere) {
  files_["guards.yaml"] +=
      "purposes:\n  personalization:\n    basis: consent\n    in:\n      US: legitimate interest\n"
      "      CN: never\n";
  ASSERT_TRUE(engine_->publish(files_).has_value());
  const auto from = [](Record record, const std::string& region) {
    std::get<Event>(record.body).where.region = region;
    return record;
  };
  for (const std::string region : {"US-TX", "DE", "", "CN"}) {
    for (Record& record : unsure_of("a-" + region, "p7")) {
      const auto counts = track({from(asking(std::move(record)), region)});
      EXPECT_EQ(counts->stored, region == "US-TX" ? 1U : 0U) << region;
    }
    EXPECT_EQ(shown(ask("a-" + region, kUnknown, {}, region)),
              region == "US-TX" ? "fit-guide" : "nobody: default");
  }
  EXPECT_EQ(shown(ask("a-US-TX")), "nobody: default") << "asked from a region nobody knows";
  tell(choice("a-US-TX", kRefused));
  EXPECT_EQ(shown(ask("a-US-TX", kUnknown, {}, "US-TX")), "nobody: default");
  tell(choice("a-CN", kGranted));
  EXPECT_EQ(shown(ask("a-CN", kGranted, {}, "CN")), "nobody: default") << "never is never";
  closed_and_verified();
}

TEST_F(ConsentTest, TheVisitorIsToldOfGlobalPrivacyControl) {
  DecideRequest request = question("a-1", "p7");
  request.flags |= record_flags::kGpc;
  const json::object denied = decide(request);
  EXPECT_EQ(shown(denied), "nobody: default");
  EXPECT_TRUE(denied.at("consent").at("gpc").get_bool());
  EXPECT_NE(denied.at("consent").at("says").get_string().find("Global Privacy Control"),
            std::string::npos);
  request.identity = {};
  EXPECT_TRUE(decide(request).at("consent").as_object().contains("gpc")) << "without an id too";
  Record grant = choice("a-1", kGranted);
  grant.flags |= record_flags::kGpc;
  tell(grant);
  request = question("a-1", "p7");
  request.flags |= record_flags::kGpc;
  EXPECT_EQ(to_string(decide(request).at("consent").get_object()), R"({"personalization":true})");
}

TEST_F(ConsentTest, TheLedgerIsShownAndExportedWithTimesAndTexts) {
  Record asked = choice("a-1", kAsked);
  std::get<Event>(asked.body).consent_text = consent_text_hash("May we?");
  tell(asked);
  json::object entry = ledger(named("a-1")).at("personalization").get_object();
  EXPECT_EQ(entry.at("state").get_string(), "asked");
  Record granted = choice("a-1", kGranted);
  std::get<Event>(granted.body).consent_text = consent_text_hash("We may.");
  tell(granted);
  entry = ledger(named("a-1")).at("personalization").get_object();
  EXPECT_EQ(entry.at("state").get_string(), "granted");
  EXPECT_EQ(entry.at("asked").at("textHash").get_string(),
            consent_text_hex(consent_text_hash("May we?")));
  EXPECT_EQ(entry.at("granted").at("textHash").get_string(),
            consent_text_hex(consent_text_hash("We may.")));
  EXPECT_TRUE(parse_time(entry.at("granted").at("at").get_string()).has_value());
  const auto exported = export_visitor(engine_->store(), key_, named("a-1"));
  ASSERT_TRUE(exported.has_value());
  const json::array& records = exported->at("records").get_array();
  EXPECT_EQ(records.at(0).at("consent").at("personalization").get_string(), "asked");
  EXPECT_EQ(records.at(1).at("consent").at("textHash").get_string(),
            consent_text_hex(consent_text_hash("We may.")));
  EXPECT_FALSE(records.at(1).at("consent").as_object().contains("carried"));
}

}  // namespace
}  // namespace tact

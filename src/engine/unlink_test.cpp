// Undoing a link: both are what they would be had it never been, whatever came before and after.
#include <algorithm>
#include <tuple>

#include "base/rng.h"
#include "engine/engine_test_util.h"
#include "engine/export.h"

namespace tact {
namespace {

class Unlink : public EngineTest {
 protected:
  Record order(const std::string& visitor, const std::string& id) {
    Record record = event(visitor, "Order Completed", "p7");
    std::get<Event>(record.body).order_id = id;
    std::get<Event>(record.body).value_minor = 1'000;
    return record;
  }

  Result<VisitorId> unlink(const std::string& device, const std::string& reason = "wrong person") {
    std::promise<Result<VisitorId>> done;
    engine_->unlink(named(device), reason,
                    [&](Result<VisitorId> result) { done.set_value(std::move(result)); });
    return done.get_future().get();
  }

  Profile profile_of(const std::string& device, const std::string& user = {}) {
    const auto shown = engine_->show_visitor(named(device, user));
    EXPECT_TRUE(shown.has_value()) << device << user;
    if (!shown.has_value()) return {};
    const auto id = VisitorId::parse(shown->at("visitor").get_string());
    const auto bytes = engine_->store().get(Family::kProfile, keys::profile(*id));
    return *Profile::decode(**bytes);
  }

  std::vector<std::string> exported(const std::string& device, const std::string& user = {}) {
    std::vector<std::string> out;
    const auto all = export_visitor(engine_->store(), key_, named(device, user));
    EXPECT_TRUE(all.has_value());
    for (const json::value& record : all->at("records").as_array()) {
      if (const auto* id = record.as_object().if_contains("messageId"))
        out.emplace_back(id->get_string());
    }
    return out;
  }
};

TEST_F(Unlink, GivesEachTheirOwnHistoryBack) {
  ASSERT_TRUE(track(unsure_of("tablet", "p7")).has_value());
  ASSERT_TRUE(track({identify("phone", "anna"), order("phone", "o-1")}).has_value());
  const Profile tablet = profile_of("tablet"), anna = profile_of("", "anna");
  ASSERT_TRUE(track({identify("tablet", "anna")}).has_value());
  ASSERT_TRUE(track({order("tablet", "o-2")}).has_value());
  EXPECT_EQ(profile_of("", "anna").core.events, 7U);

  ASSERT_TRUE(unlink("tablet").has_value());
  const Profile again = profile_of("tablet"), rest = profile_of("", "anna");
  EXPECT_EQ(again.core.events, tablet.core.events);
  EXPECT_EQ(again.core.bucket_id, tablet.core.bucket_id);
  EXPECT_EQ(again.derived, tablet.derived);
  EXPECT_EQ(rest.core.orders_total, 2U) << "what came while they were one stays with the user";
  EXPECT_EQ(rest.core.events, anna.core.events + 2);
  EXPECT_EQ(exported("tablet"), (std::vector<std::string>{"m-1", "m-2", "m-3"}));
  EXPECT_EQ(exported("", "anna"), (std::vector<std::string>{"m-4", "m-5", "m-6", "m-7"}));

  ASSERT_TRUE(track({order("tablet", "o-3")}).has_value());
  EXPECT_EQ(profile_of("tablet").core.orders_total, 1U) << "nobody's but its own from here on";
  closed_and_verified();
}

TEST_F(Unlink, SaysWhatCannotBeUndone) {
  ASSERT_TRUE(track({event("tablet", "page", "p7")}).has_value());
  EXPECT_EQ(unlink("tablet").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(unlink("never-seen").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(track({identify("tablet", "anna")}).has_value());
  EXPECT_TRUE(unlink("tablet").has_value());
  EXPECT_EQ(unlink("tablet").error().code, ErrorCode::kNotFound) << "once";
  closed_and_verified();
}

TEST_F(Unlink, ARetriedLoginDoesNotLinkAgainAndANewOneDoes) {
  const Record login = identify("tablet", "anna");
  ASSERT_TRUE(track({login}).has_value());
  ASSERT_TRUE(unlink("tablet").has_value());
  EXPECT_EQ(track({login})->duplicate, 1U);
  EXPECT_EQ(unlink("tablet").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(track({event("tablet", "page", "p9"), identify("tablet", "ben")}).has_value());
  EXPECT_EQ(profile_of("", "ben").core.pages, 1U);
  EXPECT_EQ(profile_of("", "anna").core.pages, 0U);
  ASSERT_TRUE(unlink("tablet").has_value());
  EXPECT_EQ(profile_of("", "ben").core.pages, 0U);
  EXPECT_EQ(profile_of("tablet").core.pages, 1U);
  closed_and_verified();
}

TEST_F(Unlink, ReachesThroughAChainAndLeavesTheOtherLinks) {
  ASSERT_TRUE(track({order("a-1", "o-1"), identify("a-1", "old")}).has_value());
  ASSERT_TRUE(track({order("a-2", "o-2"), identify("a-2", "old")}).has_value());
  Record join = identify("", "new");
  std::get<Event>(join.body).type = EventType::kAlias;
  std::get<Event>(join.body).previous_id = "old";
  ASSERT_TRUE(track({order("a-3", "o-3"), identify("a-3", "new"), join}).has_value());
  ASSERT_EQ(profile_of("", "new").core.orders_total, 3U);
  ASSERT_TRUE(unlink("a-1").has_value());
  EXPECT_EQ(profile_of("", "new").core.orders_total, 2U);
  EXPECT_EQ(profile_of("", "old").core.orders_total, 2U);
  EXPECT_EQ(profile_of("a-1").core.orders_total, 1U);
  ASSERT_TRUE(unlink("a-3").has_value());
  EXPECT_EQ(profile_of("", "new").core.orders_total, 1U);
  EXPECT_EQ(profile_of("a-2").core.orders_total, 1U);
  closed_and_verified();
}

TEST_F(Unlink, AWithdrawalGivenMeanwhileHoldsForBoth) {
  ASSERT_TRUE(track({event("tablet", "page", "p7"), identify("tablet", "anna")}).has_value());
  Record no = event("tablet", std::string(kConsentEvent));
  set_choice(std::get<Event>(no.body).consent, Purpose::kPersonalization, ConsentState::kRefused);
  ASSERT_TRUE(track({no}).has_value());
  ASSERT_TRUE(unlink("tablet").has_value());
  for (const Profile& profile : {profile_of("tablet"), profile_of("", "anna")}) {
    EXPECT_EQ(profile.core.consent.state(Purpose::kPersonalization), ConsentState::kRefused);
  }
  closed_and_verified();
}

TEST_F(Unlink, HoldsUnderAChangedPlaybookAndAfterARestart) {
  ASSERT_TRUE(track(unsure_of("tablet", "p7")).has_value());
  ASSERT_TRUE(track({identify("tablet", "anna"), event("tablet", "page", "p9")}).has_value());
  ASSERT_TRUE(unlink("tablet").has_value());
  replace(files_["signals.yaml"], "half in 2d", "half in 3d");
  ASSERT_TRUE(engine_->publish(files_).has_value());
  ASSERT_TRUE(track({event("tablet", "page", "p9"), identify("phone", "anna")}).has_value());
  engine_.reset();
  open();
  EXPECT_EQ(profile_of("tablet").core.pages, 2U);
  const auto message = message_of(first(decide(question("tablet", "p7"))));
  EXPECT_EQ(message, "fit-guide") << "the evidence is its own again";
  EXPECT_EQ(message_of(first(decide(question("phone", "p7")))), "default");
  closed_and_verified();
}

TEST_F(Unlink, OfADeviceThatChangedHandsGivesBackNothingOfTheFirstUser) {
  ASSERT_TRUE(track({event("tablet", "page", "p7"), identify("tablet", "anna")}).has_value());
  ASSERT_TRUE(track({identify("tablet", "ben")}).has_value());
  ASSERT_TRUE(unlink("tablet").has_value());
  ASSERT_TRUE(track({event("tablet", "page", "p9"), identify("tablet", "carl")}).has_value());
  EXPECT_EQ(exported("", "anna"), (std::vector<std::string>{"m-1", "m-2"}));
  EXPECT_EQ(exported("", "ben"), (std::vector<std::string>{"m-3"}));
  EXPECT_EQ(exported("", "carl"), (std::vector<std::string>{"m-4", "m-5"}));
  EXPECT_EQ(profile_of("", "carl").core.pages, 1U);
  EXPECT_EQ(profile_of("", "anna").core.pages, 1U);
  closed_and_verified();
}

TEST_F(Unlink, ARetryOfWhatCameMeanwhileIsTheEventItWas) {
  ASSERT_TRUE(track({event("tablet", "page", "p7"), identify("tablet", "anna")}).has_value());
  const Record meanwhile = order("tablet", "o-1");
  ASSERT_TRUE(track({meanwhile}).has_value());
  ASSERT_TRUE(unlink("tablet").has_value());
  EXPECT_EQ(track({meanwhile, event("tablet", "page", "p9")})->duplicate, 1U);
  EXPECT_EQ(profile_of("tablet").core.orders_total, 0U);
  EXPECT_EQ(profile_of("tablet").core.pages, 2U);
  ASSERT_TRUE(track({identify("tablet", "ben")}).has_value());
  EXPECT_EQ(track({meanwhile})->duplicate, 1U) << "also by another user's device";
  closed_and_verified();
}

TEST_F(Unlink, TheHistoryTellsWhatWasUndoneAndWhy) {
  ASSERT_TRUE(track({event("tablet", "page", "p7"), identify("tablet", "anna")}).has_value());
  ASSERT_TRUE(unlink("tablet", "the neighbour's tablet").has_value());
  const auto types = [&](const std::string& device, const std::string& user) {
    std::string out;
    const auto all = export_visitor(engine_->store(), key_, named(device, user));
    for (const json::value& record : all->at("records").as_array())
      out += std::string(record.at("type").get_string()) + " ";
    EXPECT_NE(json::serialize(*all).find("the neighbour's tablet"), std::string::npos);
    return out;
  };
  EXPECT_EQ(types("tablet", ""), "page link_out unlink ");
  EXPECT_EQ(types("", "anna"), "absorb identify detach ");
}

// --- rows of `facts`
// --------------------------------------------------------------------------------

// A shop whose server tells of orders at what price, of refunds, and of firms.
class UnlinkFacts : public Unlink {
 protected:
  Record group(const std::string& device, const std::string& firm, std::uint64_t key) {
    Record record = event(device, "");
    auto& body = std::get<Event>(record.body);
    body.type = EventType::kGroup;
    body.group_id = firm;
    body.account = key;
    record.flags |= record_flags::kTrustedIdentity;
    return record;
  }

  Record refund(const std::string& device, std::int64_t minor) {
    Record record = event(device, "Order Refunded");
    std::get<Event>(record.body).value_minor = minor;
    return record;
  }

  Record sold(const std::string& device, const std::string& id, OrderPrice price) {
    Record record = order(device, id);
    auto& body = std::get<Event>(record.body);
    body.price = price;
    body.has_margin = true;
    body.margin_minor = 250;
    return record;
  }

  // Somebody unsure of the size is shown the guide.
  void expose(const std::string& device) {
    ASSERT_TRUE(track(unsure_of(device, "p7")).has_value());
    DecideRequest request = question(device, "p7");
    request.where.region = "DE-BY";
    ASSERT_EQ(message_of(first(decide(std::move(request)))), "fit-guide");
  }

  VisitorId id_of(const std::string& device, const std::string& user = {}) {
    const auto shown = engine_->show_visitor(named(device, user));
    EXPECT_TRUE(shown.has_value()) << device << user;
    return *VisitorId::parse(shown->at("visitor").get_string());
  }

  // All rows the store holds of the visitor, each as its profile has it.
  std::vector<Exposure> rows_of(const std::string& device, const std::string& user = {}) {
    const VisitorId id = id_of(device, user);
    std::vector<Exposure> rows;
    for (const auto& [key, experiment] : engine_->playbook()->experiments.all()) {
      const auto bytes = engine_->store().get(Family::kFacts, keys::facts(key, id));
      if (!bytes.has_value() || !*bytes) continue;
      ByteReader in(**bytes);
      rows.push_back(Exposure::decode(in));
      EXPECT_TRUE(in.at_end() && !in.failed());
    }
    EXPECT_EQ(rows, profile_of(device, user).core.exposures);
    return rows;
  }
};

TEST_F(UnlinkFacts, GivesEachTheirRowsBackAsTheyWere) {
  expose("tablet");
  ASSERT_TRUE(track({sold("tablet", "o-1", OrderPrice::kFull), group("tablet", "acme", 11)}));
  ASSERT_TRUE(track({identify("phone", "anna")}));
  expose("phone");
  ASSERT_TRUE(track({sold("phone", "o-2", OrderPrice::kDiscounted)}));
  const std::vector<Exposure> tablet = rows_of("tablet"), anna = rows_of("", "anna");
  ASSERT_EQ(tablet.size(), 2U) << "the moment's and the universal one";
  ASSERT_EQ(anna.size(), 2U);
  for (const Exposure& row : tablet) {
    EXPECT_EQ(row.covariates.intent, "unsure_about_fit");
    EXPECT_GE(row.covariates.intent_level, IntentLevel::kLikely);
    EXPECT_EQ(row.covariates.region, "DE-BY");
    EXPECT_EQ(row.covariates.language, "en");
    EXPECT_EQ(row.follow_up.margin_minor, 250);
    EXPECT_EQ(row.follow_up.next_price, OrderPrice::kFull);
    EXPECT_EQ(row.account, 11U);
  }
  for (const Exposure& row : anna) EXPECT_EQ(row.account, 0U);

  ASSERT_TRUE(track({identify("tablet", "anna"), refund("tablet", 400)}));
  for (const Exposure& row : rows_of("", "anna")) {
    EXPECT_EQ(row.follow_up.orders, 2U);
    EXPECT_EQ(row.follow_up.refund_minor, 400);
    EXPECT_EQ(row.follow_up.next_price, OrderPrice::kFull) << "the earlier of the two";
    EXPECT_EQ(row.account, 11U) << "the firm anybody named last";
    EXPECT_EQ(row.goals.at(0).count, 2U);
  }

  ASSERT_TRUE(unlink("tablet").has_value());
  EXPECT_EQ(rows_of("tablet"), tablet);
  std::vector<Exposure> rest = rows_of("", "anna");
  ASSERT_EQ(rest.size(), 2U);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    EXPECT_EQ(rest[i].covariates, anna[i].covariates);
    EXPECT_EQ(rest[i].account, 0U);
    EXPECT_EQ(rest[i].follow_up.orders, 1U);
    EXPECT_EQ(rest[i].follow_up.refund_minor, 400) << "what came while they were one stays here";
    EXPECT_EQ(rest[i].follow_up.next_price, OrderPrice::kDiscounted);
  }
  ASSERT_TRUE(track({refund("tablet", 90), group("phone", "other", 12)}));
  for (const Exposure& row : rows_of("tablet")) {
    EXPECT_EQ(row.follow_up.refund_minor, 90) << "its own from here on";
    EXPECT_EQ(row.account, 11U);
  }
  for (const Exposure& row : rows_of("", "anna")) EXPECT_EQ(row.account, 12U);
  EXPECT_EQ(closed_and_verified().facts, 4U);
}

// One that had none of its own gives back the rows that came with the link.
TEST_F(UnlinkFacts, TakesTheRowsOfWhoHadNoneAway) {
  expose("tablet");
  ASSERT_TRUE(track({identify("phone", "anna"), sold("phone", "o-1", OrderPrice::kFull)}));
  const std::vector<Exposure> tablet = rows_of("tablet");
  ASSERT_TRUE(track({identify("tablet", "anna"), sold("tablet", "o-2", OrderPrice::kFull)}));
  ASSERT_EQ(rows_of("", "anna").size(), 2U);
  EXPECT_EQ(rows_of("", "anna").at(0).follow_up.orders, 1U) << "o-1 was before its exposure";
  ASSERT_TRUE(unlink("tablet").has_value());
  EXPECT_EQ(rows_of("", "anna").size(), 0U);
  EXPECT_EQ(rows_of("tablet"), tablet);
  EXPECT_EQ(closed_and_verified().facts, 2U);
}

TEST_F(Unlink, ManyAtOnceInAnyOrder) {
  constexpr int kDevices = 30;
  std::vector<Record> events;
  for (int i = 0; i < kDevices; ++i) {
    const std::string device = "d-" + std::to_string(i);
    events.push_back(order(device, "o-" + std::to_string(i)));
    events.push_back(identify(device, "anna"));
  }
  ASSERT_TRUE(track(std::move(events)).has_value());
  std::vector<std::future<void>> sent;
  for (int i = 0; i < kDevices; i += 2) {
    sent.push_back(std::async(std::launch::async, [this, i] {
      EXPECT_TRUE(unlink("d-" + std::to_string(i)).has_value());
    }));
  }
  for (auto& one : sent) one.get();
  EXPECT_EQ(profile_of("", "anna").core.orders_total, kDevices / 2);
  closed_and_verified();
}

// Cubic when what a device was before each of its links was looked through again for each.
TEST_F(Unlink, ADeviceLinkedAgainAndAgainIsWhatItWouldHaveBeen) {
  constexpr int kTimes = 200;
  ASSERT_TRUE(track({identify("phone", "anna"), order("phone", "o-1")}).has_value());
  ASSERT_TRUE(track({order("tablet", "o-2")}).has_value());
  for (int i = 0; i < kTimes; ++i) {
    ASSERT_TRUE(track({identify("tablet", "anna")}).has_value());
    ASSERT_TRUE(unlink("tablet").has_value()) << "time " << i;
  }
  EXPECT_EQ(profile_of("", "anna").core.orders_total, 1U);
  EXPECT_EQ(profile_of("tablet").core.orders_total, 1U);
  closed_and_verified();
}

// Told in two ways, linked and unlinked again or never linked: what each is must be the same.
class UnlinkWorlds : public Unlink {
 protected:
  static constexpr int kDevices = 4, kUsers = 2;
  struct World {
    int number = 0;
    std::vector<int> owner;                      // of each device
    std::vector<bool> undone;                    // its link
    std::vector<std::pair<int, int>> behaviour;  // device, what
    bool joined = false;                         // the two users
  };
  enum class Way { kUnlinked, kNeverLinked };

  static World random_world(Rng& rng, int number) {
    World world{.number = number, .owner = {}, .undone = {}, .behaviour = {}};
    for (int d = 0; d < kDevices; ++d) {
      world.owner.push_back(static_cast<int>(rng.below(kUsers)));
      world.undone.push_back(rng.chance(0.5));
    }
    for (int i = 0; i < 10; ++i) {
      world.behaviour.emplace_back(static_cast<int>(rng.below(kDevices)),
                                   static_cast<int>(rng.below(3)));
    }
    world.joined = rng.chance(0.5);
    return world;
  }

  static std::string name(const char* kind, const World& world, Way way, int i) {
    return kind + std::to_string(world.number) + (way == Way::kUnlinked ? ".a." : ".b.") +
           std::to_string(i);
  }

  Record behave(const std::string& device, int what, std::size_t number) {
    if (what == 0) return event(device, "page", "p7");
    if (what == 1) return event(device, "Size Guide Opened", "p7");
    return order(device, "o-" + std::to_string(number));
  }

  void tell(const World& world, Way way) {
    std::vector<Record> events;
    for (std::size_t i = 0; i < world.behaviour.size(); ++i) {
      const auto& [device, what] = world.behaviour[i];
      events.push_back(behave(name("d", world, way, device), what, i));
    }
    for (std::size_t d = 0; d < kDevices; ++d) {
      const bool links = way == Way::kUnlinked || !world.undone[d];
      events.push_back(identify(links ? name("d", world, way, static_cast<int>(d)) : std::string(),
                                name("u", world, way, world.owner[d])));
    }
    if (world.joined) {
      Record join = identify("", name("u", world, way, 1));
      std::get<Event>(join.body).type = EventType::kAlias;
      std::get<Event>(join.body).previous_id = name("u", world, way, 0);
      events.push_back(std::move(join));
    }
    for (Record& record : events) record.event_time = now_;
    ASSERT_TRUE(track(std::move(events)).has_value());
  }

  using What = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::int64_t,
                          std::vector<std::int64_t>>;
  What what_is(const std::string& device, const std::string& user = {}) {
    if (!engine_->show_visitor(named(device, user)).has_value()) return {};
    const Profile profile = profile_of(device, user);
    std::vector<std::int64_t> sums;
    for (const SignalState& state : profile.derived.signals)
      sums.push_back(state.strength.strength_milli(now_, days(2)));
    std::sort(sums.begin(), sums.end());
    const Core& core = profile.core;
    return {core.events, core.pages, core.orders_total, core.value_total_minor, sums};
  }

  const Time now_ = WallClock().now() - days(1);
};

TEST_F(UnlinkWorlds, LeaveWhatWouldBeWithoutTheLink) {
  Rng rng(20261122);
  for (int number = 0; number < 40; ++number) {
    const World world = random_world(rng, number);
    tell(world, Way::kUnlinked);
    tell(world, Way::kNeverLinked);
    for (int d = 0; d < kDevices; ++d) {
      if (!world.undone[static_cast<std::size_t>(d)]) continue;
      ASSERT_TRUE(unlink(name("d", world, Way::kUnlinked, d)).has_value());
    }
    for (int d = 0; d < kDevices; ++d) {
      EXPECT_EQ(what_is(name("d", world, Way::kUnlinked, d)),
                what_is(name("d", world, Way::kNeverLinked, d)))
          << "world " << number << ", device " << d;
    }
    for (int u = 0; u < kUsers; ++u) {
      EXPECT_EQ(what_is("", name("u", world, Way::kUnlinked, u)),
                what_is("", name("u", world, Way::kNeverLinked, u)))
          << "world " << number << ", user " << u;
    }
  }
  closed_and_verified();
}

}  // namespace
}  // namespace tact

// Who is one person: devices, second users, aliases, chains and cycles, in any order.
#include <algorithm>
#include <map>
#include <set>

#include "base/rng.h"
#include "engine/engine_test_util.h"
#include "engine/export.h"
#include "log/log.h"

namespace tact {
namespace {

class Identities : public EngineTest {
 protected:
  Record at(Record record, Time time) {
    record.event_time = time;
    return record;
  }

  Record order(const std::string& visitor, const std::string& id) {
    Record record = event(visitor, "Order Completed", "p7");
    auto& body = std::get<Event>(record.body);
    body.order_id = id;
    body.value_minor = 1'000;
    return record;
  }

  std::string visitor_of(const std::string& anonymous, const std::string& user = {}) {
    const auto shown = engine_->show_visitor(named(anonymous, user));
    return shown.has_value() ? std::string(shown->at("visitor").get_string())
                             : std::string("nobody");
  }

  Profile profile_of(const std::string& visitor) {
    const auto id = VisitorId::parse(visitor);
    EXPECT_TRUE(id.has_value()) << visitor;
    const auto bytes = engine_->store().get(Family::kProfile, keys::profile(*id));
    return *Profile::decode(**bytes);
  }
};

TEST_F(Identities, ASecondUserOfATabletIsAnotherPersonFromThereOn) {
  ASSERT_TRUE(track(unsure_of("tablet", "p7")).has_value());
  ASSERT_TRUE(track({identify("tablet", "anna")}).has_value());
  ASSERT_TRUE(track({order("tablet", "o-1")}).has_value());
  ASSERT_TRUE(track({identify("tablet", "ben")}).has_value());
  ASSERT_TRUE(track({event("tablet", "page", "p9")}).has_value());
  const Core anna = profile_of(visitor_of("", "anna")).core;
  const Core ben = profile_of(visitor_of("", "ben")).core;
  EXPECT_EQ(anna.orders_total, 1U);
  EXPECT_EQ(anna.events, 5U);
  EXPECT_EQ(ben.orders_total, 0U);
  EXPECT_EQ(ben.events, 2U) << "the login and one page";
  EXPECT_EQ(visitor_of("tablet"), visitor_of("", "ben"));
  closed_and_verified();
}

TEST_F(Identities, AndBackAgain) {
  ASSERT_TRUE(track({identify("tablet", "anna")}).has_value());
  ASSERT_TRUE(track({identify("tablet", "ben")}).has_value());
  ASSERT_TRUE(track({identify("tablet", "anna")}).has_value());
  ASSERT_TRUE(track({order("tablet", "o-1")}).has_value());
  EXPECT_EQ(profile_of(visitor_of("", "anna")).core.orders_total, 1U);
  EXPECT_EQ(profile_of(visitor_of("", "ben")).core.orders_total, 0U);
  closed_and_verified();
}

TEST_F(Identities, AnExportHoldsWhatWasTheirsAndEachRecordOnce) {
  ASSERT_TRUE(track({event("tablet", "page", "p7"), identify("tablet", "anna")}).has_value());
  ASSERT_TRUE(track({identify("tablet", "ben"), event("tablet", "page", "p9")}).has_value());
  ASSERT_TRUE(track({identify("tablet", "anna")}).has_value());
  const auto messages = [this](const std::string& user) {
    std::vector<std::string> out;
    const auto exported = export_visitor(engine_->store(), key_, named("", user));
    EXPECT_TRUE(exported.has_value());
    for (const json::value& record : exported->at("records").as_array()) {
      if (const auto* id = record.as_object().if_contains("messageId"))
        out.emplace_back(id->get_string());
    }
    return out;
  };
  EXPECT_EQ(messages("anna"), (std::vector<std::string>{"m-1", "m-2", "m-5"}));
  EXPECT_EQ(messages("ben"), (std::vector<std::string>{"m-3", "m-4"}));
}

TEST_F(Identities, LoginsOfTheSameMillisecondCountInTheOrderTheyCame) {
  const Record anna = identify("tablet", "anna");
  const Record ben = at(identify("tablet", "ben"), anna.event_time);
  ASSERT_TRUE(track({anna}).has_value());
  ASSERT_TRUE(track({ben}).has_value());
  EXPECT_EQ(visitor_of("tablet"), visitor_of("", "ben"));
  EXPECT_EQ(track({anna})->duplicate, 1U);
  EXPECT_EQ(visitor_of("tablet"), visitor_of("", "ben"));
  // Sent again by a client that gives no times: it seems to happen now.
  EXPECT_EQ(track({at(anna, anna.event_time + Duration{5'000})})->duplicate, 1U);
  EXPECT_EQ(visitor_of("tablet"), visitor_of("", "ben"));
  closed_and_verified();
}

TEST_F(Identities, WhatTheFirstUserDidComesLateAndIsStillTheirs) {
  const Record anna = identify("tablet", "anna");
  const Time begin = anna.event_time;
  ASSERT_TRUE(track({anna}).has_value());
  const Record page = at(event("tablet", "page", "p7"), begin + Duration{10'000});
  ASSERT_TRUE(track({page}).has_value());
  ASSERT_TRUE(track({at(identify("tablet", "ben"), begin + Duration{20'000})}).has_value());
  const auto both = track({page, at(order("tablet", "o-1"), begin + Duration{11'000}),
                           at(event("tablet", "page", "p9"), begin + Duration{30'000})});
  EXPECT_EQ(both->duplicate, 1U) << "sent again, over the other owner's link";
  EXPECT_EQ(both->stored, 2U);
  EXPECT_EQ(profile_of(visitor_of("", "anna")).core.orders_total, 1U);
  EXPECT_EQ(profile_of(visitor_of("", "ben")).core.orders_total, 0U);
  EXPECT_EQ(profile_of(visitor_of("", "ben")).core.pages, 1U);
  closed_and_verified();
}

TEST_F(Identities, ARepeatedOrLateLoginMovesNothing) {
  const Record anna = identify("tablet", "anna");
  ASSERT_TRUE(track({anna}).has_value());
  const Record ben = at(identify("tablet", "ben"), anna.event_time + Duration{60'000});
  ASSERT_TRUE(track({ben}).has_value());
  EXPECT_EQ(track({anna})->duplicate, 1U) << "a retry is the event it was";
  Record late = at(identify("tablet", "carl"), anna.event_time + Duration{30'000});
  EXPECT_EQ(track({late})->stored, 1U);
  EXPECT_EQ(visitor_of("tablet"), visitor_of("", "ben"));
  EXPECT_EQ(profile_of(visitor_of("", "carl")).core.events, 1U) << "it is carl's all the same";
  closed_and_verified();
}

TEST_F(Identities, AnAliasJoinsTwoUsersWhicheverIsOld) {
  ASSERT_TRUE(track({identify("a-1", "old"), order("a-1", "o-1")}).has_value());
  ASSERT_TRUE(track({identify("a-2", "new"), order("a-2", "o-2")}).has_value());
  ASSERT_TRUE(track({alias("old", "new")}).has_value());
  ASSERT_TRUE(track({order("a-1", "o-3"), order("a-2", "o-4")}).has_value());
  EXPECT_EQ(visitor_of("", "old"), visitor_of("", "new"));
  EXPECT_EQ(visitor_of("a-1"), visitor_of("a-2"));
  EXPECT_EQ(profile_of(visitor_of("a-1")).core.orders_total, 4U);
  closed_and_verified();
}

TEST_F(Identities, AnAliasOfAnAnonymousIdIsALogin) {
  ASSERT_TRUE(track(unsure_of("a-1", "p7")).has_value());
  ASSERT_TRUE(track({alias("a-1", "anna")}).has_value());
  EXPECT_EQ(visitor_of("a-1"), visitor_of("", "anna"));
  EXPECT_EQ(profile_of(visitor_of("a-1")).core.events, 4U);
  closed_and_verified();
}

TEST_F(Identities, CyclesAndChainsOfAliasesEnd) {
  std::vector<Record> events;
  constexpr int kUsers = 40;
  const auto user = [](int i) { return "u-" + std::to_string(i % kUsers); };
  for (int i = 0; i < kUsers; ++i) {
    events.push_back(identify("a-" + std::to_string(i), user(i)));
    events.push_back(order("a-" + std::to_string(i), "o-" + std::to_string(i)));
  }
  ASSERT_TRUE(track(std::move(events)).has_value());
  // A ring, all at once, and each link in the other direction too.
  std::vector<std::future<void>> sent;
  for (int i = 0; i < kUsers; ++i) {
    sent.push_back(std::async(std::launch::async,
                              [this, records = std::vector<Record>{alias(user(i), user(i + 1)),
                                                                   alias(user(i + 1), user(i))}] {
                                EXPECT_TRUE(track(records).has_value());
                              }));
  }
  for (auto& one : sent) one.get();
  std::set<std::string> visitors;
  for (int i = 0; i < kUsers; ++i) {
    visitors.insert(visitor_of("", user(i)));
    visitors.insert(visitor_of("a-" + std::to_string(i)));
  }
  ASSERT_EQ(visitors.size(), 1U);
  EXPECT_EQ(profile_of(*visitors.begin()).core.orders_total, kUsers);
  closed_and_verified();
}

TEST_F(Identities, AnAliasOfABrowserKeyJoinsNobody) {
  ASSERT_TRUE(track({identify("a-1", "anna"), identify("a-2", "ben")}).has_value());
  Record claim = alias("anna", "ben");
  claim.flags = record_flags::kBasisGranted;
  ASSERT_TRUE(track({claim}).has_value());
  EXPECT_NE(visitor_of("a-1"), visitor_of("a-2"));
  closed_and_verified();
}

// Links, counters, order totals and signal sums do not depend on the order in which the log has the
// events, as long as no anonymous id carries two user ids (ARCHITECTURE.md, truth 2). Each world is
// told in three orders under names of its own; what its people are in the end must be the same.
class AnyOrder : public Identities {
 protected:
  struct Told {
    enum class What { kPage, kSizeGuide, kOrder, kIdentify, kAlias } what;
    int device = 0, user = 0, other = 0;
    Duration when{};
  };

  static std::vector<Told> world(Rng& rng) {
    const int devices = 2 + static_cast<int>(rng.below(4));
    const int users = 1 + static_cast<int>(rng.below(3));
    std::vector<int> owner;  // one user a device, or none
    for (int i = 0; i < devices; ++i) owner.push_back(static_cast<int>(rng.below(users + 1)) - 1);
    std::vector<Told> events;
    for (int i = 0; i < 14; ++i) {
      Told told{.what = static_cast<Told::What>(rng.below(5)),
                .device = static_cast<int>(rng.below(devices)),
                .user = static_cast<int>(rng.below(users)),
                .other = static_cast<int>(rng.below(users)),
                .when = Duration{static_cast<std::int64_t>(rng.below(3'600'000))}};
      if (told.what == Told::What::kIdentify)
        told.user = owner[static_cast<std::size_t>(told.device)];
      if (told.what == Told::What::kIdentify && told.user < 0) told.what = Told::What::kPage;
      if (told.what == Told::What::kAlias && rng.chance(0.5)) told.what = Told::What::kSizeGuide;
      events.push_back(told);
    }
    return events;
  }

  Record record_for(const Told& told, const std::string& name, std::size_t number) {
    const std::string device = name + "-a" + std::to_string(told.device);
    const std::string user = name + "-u" + std::to_string(told.user);
    const auto make = [&] {
      switch (told.what) {
        case Told::What::kPage:
          return event(device, "page", "p7");
        case Told::What::kSizeGuide:
          return event(device, "Size Guide Opened", "p7");
        case Told::What::kOrder:
          return order(device, "o-" + std::to_string(number));
        case Told::What::kIdentify:
          return identify(device, user);
        case Told::What::kAlias:
          return alias(name + "-u" + std::to_string(told.other), user);
      }
      return Record{};
    };
    return at(make(), kBegin + told.when);
  }

  // Who is together with whom, and what each of them is, without the names.
  using Person = std::tuple<std::vector<std::string>, std::uint32_t, std::uint32_t, std::uint32_t,
                            std::int64_t, std::vector<std::int64_t>>;
  std::set<Person> people(const std::string& name) {
    std::map<std::string, std::vector<std::string>> together;
    for (int i = 0; i < 6; ++i) {
      const std::string device = "a" + std::to_string(i), user = "u" + std::to_string(i);
      together[visitor_of(name + "-" + device)].push_back(device);
      together[visitor_of("", name + "-" + user)].push_back(user);
    }
    together.erase("nobody");
    std::set<Person> out;
    for (auto& [visitor, names] : together) {
      const Profile profile = profile_of(visitor);
      std::vector<std::int64_t> sums;
      for (const SignalState& state : profile.derived.signals) {
        sums.push_back(state.strength.strength_milli(kBegin + days(1), days(2)));
      }
      std::sort(names.begin(), names.end());
      std::sort(sums.begin(), sums.end());
      out.insert({names, profile.core.events, profile.core.pages, profile.core.orders_total,
                  profile.core.value_total_minor, sums});
    }
    return out;
  }

  const Time kBegin = WallClock().now() - days(2);
};

TEST_F(AnyOrder, GivesTheSamePeople) {
  constexpr int kWorlds = 700;
  Rng rng(20261122);
  std::vector<std::vector<Told>> worlds;
  for (int w = 0; w < kWorlds; ++w) worlds.push_back(world(rng));
  for (int version = 0; version < 3; ++version) {
    std::vector<Record> records;
    for (int w = 0; w < kWorlds; ++w) {
      const std::string name = std::to_string(w) + "." + std::to_string(version);
      std::vector<std::size_t> sequence(worlds[static_cast<std::size_t>(w)].size());
      for (std::size_t i = 0; i < sequence.size(); ++i) sequence[i] = i;
      for (std::size_t i = sequence.size(); i > 1 && version > 0; --i)
        std::swap(sequence[i - 1], sequence[rng.below(i)]);
      for (const std::size_t i : sequence)
        records.push_back(record_for(worlds[static_cast<std::size_t>(w)][i], name, i));
    }
    ASSERT_TRUE(track(std::move(records)).has_value());
  }
  for (int w = 0; w < kWorlds; ++w) {
    const auto first_told = people(std::to_string(w) + ".0");
    for (int version = 1; version < 3; ++version) {
      ASSERT_EQ(people(std::to_string(w) + "." + std::to_string(version)), first_told)
          << "world " << w;
    }
  }
  closed_and_verified();
}

}  // namespace
}  // namespace tact

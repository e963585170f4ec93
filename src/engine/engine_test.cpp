// The engine on a real store: one writer, reads its own writes, dedupe, consent, merges, replay.
#include <mutex>

#include "engine/derive.h"
#include "engine/engine_test_util.h"
#include "log/log.h"
#include "profile/fold.h"
#include "store/keys.h"

namespace tact {
namespace {

TEST_F(EngineTest, BehaviourBecomesOneHelpfulDecisionInTheSameRequest) {
  DecideRequest request = question("a-1", "p7");
  request.events = unsure_of("a-1", "p7");
  const json::object answer = decide(std::move(request));
  EXPECT_EQ(message_of(first(answer)), "fit-guide") << answer;
  EXPECT_EQ(first(answer).at("why").at("moment").get_string(), "fit-help");
  EXPECT_NEAR(first(answer).at("why").at("intents").at(0).at("p").to_number<double>(), 0.65, 0.005);
  EXPECT_EQ(closed_and_verified().records, 4U);
}

TEST_F(EngineTest, ExplainDerivesTheDecisionAgainAlsoAfterAReopen) {
  DecideRequest request = question("a-1", "p7");
  request.events = unsure_of("a-1", "p7");
  const json::object answer = decide(std::move(request));
  const auto id = DecisionId::parse(std::string_view(first(answer).at("id").get_string()));
  ASSERT_TRUE(id.has_value());
  ASSERT_TRUE(track({event("a-1", "Order Completed", "p7")}).has_value());
  engine_.reset();
  open();
  const auto explained = engine_->explain(*id);
  ASSERT_TRUE(explained.has_value()) << explained.error().to_text();
  EXPECT_TRUE(explained->at("agrees").get_bool());
  EXPECT_EQ(explained->at("why"), first(answer).at("why"));
  DecisionId forged = *id;
  ++forged.mac;
  EXPECT_EQ(engine_->explain(forged).error().code, ErrorCode::kNotFound);
}

TEST_F(EngineTest, ExplainStillAgreesUnderANewPlaybook) {
  DecideRequest request = question("a-1", "p7");
  request.events = unsure_of("a-1", "p7");
  const json::object answer = decide(std::move(request));
  PlaybookFiles changed = files_;
  replace(changed.at("signals.yaml"), "half in 2d", "half in 5d");
  ASSERT_NE(changed, files_);
  const auto published = engine_->publish(changed);
  ASSERT_TRUE(published.has_value()) << published.error().to_text();
  const json::object after = decide(question("a-1", "p7"));
  EXPECT_EQ(message_of(first(after)), "fit-guide") << "signals were refolded: " << after;
  const auto id = DecisionId::parse(std::string_view(first(answer).at("id").get_string()));
  const auto explained = engine_->explain(*id);
  ASSERT_TRUE(explained.has_value());
  EXPECT_TRUE(explained->at("agrees").get_bool());
  files_ = changed;
  closed_and_verified();
}

TEST_F(EngineTest, ABrokenPlaybookLeavesTheOldOne) {
  const ContentHash before = engine_->playbook()->playbook->hash;
  PlaybookFiles broken = files_;
  broken.at("signals.yaml") += "\nsize_guide:\n  says: twice\n";
  EXPECT_EQ(engine_->publish(broken).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(engine_->playbook()->playbook->hash, before);
}

TEST_F(EngineTest, ARetryCountsOnce) {
  const std::vector<Record> events = unsure_of("a-1", "p7");
  EXPECT_EQ(track(events)->stored, 3U);
  const auto again = track(events);
  EXPECT_EQ(again->stored, 0U);
  EXPECT_EQ(again->duplicate, 3U);
  engine_.reset();
  open();
  EXPECT_EQ(track(events)->duplicate, 3U) << "also after a restart";
  EXPECT_EQ(closed_and_verified().records, 3U);
}

TEST_F(EngineTest, DedupeForgetsAfterAThousandMessagesAndReplaysAlike) {
  const Record early = event("a-1", "early");
  ASSERT_TRUE(track({early}).has_value());
  std::vector<Record> many;
  for (int i = 0; i < 1'100; ++i) many.push_back(event("a-1", "filler"));
  EXPECT_EQ(track(many)->stored, 1'100U);
  EXPECT_EQ(track({many.back()})->duplicate, 1U);
  EXPECT_EQ(track({early})->stored, 1U);
  closed_and_verified();
}

// Read again from the history, the same messages count: neither one more nor one less.
TEST_F(EngineTest, AfterARestartDedupeKnowsTheLastThousandMessages) {
  std::vector<Record> events;
  for (int i = 0; i < 1'003; ++i) events.push_back(event("a-1", "filler"));
  EXPECT_EQ(track(events)->stored, 1'003U);
  decide(question("a-1", "p7"));  // a decision is no message
  engine_.reset();
  open();
  EXPECT_EQ(track({events[3]})->duplicate, 1U);
  EXPECT_EQ(track({events[2]})->stored, 1U);
}

TEST_F(EngineTest, AfterARestartDedupeKnowsThirtyDays) {
  const Record old = event("a-1", "old"), recent = event("a-1", "recent");
  const auto received = [](Record record, Duration earlier) {
    record.received_at -= earlier;
    return record;
  };
  EXPECT_EQ(track({received(old, days(31)), received(recent, days(29))})->stored, 2U);
  engine_.reset();
  open();
  EXPECT_EQ(track({recent})->duplicate, 1U);
  EXPECT_EQ(track({old})->stored, 1U);
}

TEST_F(EngineTest, TheSameRequestIdGivesTheSameDecisions) {
  DecideRequest request = question("a-1", "p7");
  request.request_id = "r-1";
  request.events = unsure_of("a-1", "p7");
  DecideRequest retry = request;
  const json::object before = decide(std::move(request));
  const json::object after = decide(std::move(retry));
  EXPECT_EQ(first(before).at("id"), first(after).at("id"));
  EXPECT_EQ(first(before).at("show"), first(after).at("show"));
  EXPECT_EQ(closed_and_verified().records, 4U) << "nothing was stored twice";
}

// How many events were left out, as of whom.
std::map<std::string, std::uint64_t> left_out(const Store& store) {
  std::map<std::string, std::uint64_t> counts;
  EXPECT_TRUE(store
                  .scan(Family::kMeta, keys::left_out_prefix(), {},
                        [&](std::string_view key, std::string_view value) {
                          counts[std::string(keys::parse_left_out(key)->who)] +=
                              ByteReader(value).varint();
                          return true;
                        })
                  .has_value());
  return counts;
}

TEST_F(EngineTest, WhoIsTooFastForAPersonGetsTheDefaultAndIsCounted) {
  std::vector<Record> crawl;
  for (std::uint32_t i = 0; i < kPacePages + 5; ++i) crawl.push_back(event("a-1", "page", "p7"));
  for (Record& record : crawl) record.event_time = crawl.front().event_time;
  ASSERT_TRUE(track(crawl).has_value());
  ASSERT_TRUE(track(unsure_of("a-1", "p7")).has_value());
  EXPECT_FALSE(first(decide(question("a-1", "p7"))).contains("id"));
  ASSERT_TRUE(track(unsure_of("a-2", "p7")).has_value());
  EXPECT_EQ(message_of(first(decide(question("a-2", "p7")))), "fit-guide");
  engine_.reset();
  open();
  EXPECT_EQ(left_out(engine_->store()), (std::map<std::string, std::uint64_t>{{"pace", 5 + 3}}));
  EXPECT_FALSE(first(decide(question("a-1", "p7"))).contains("id")) << "also after a restart";
  closed_and_verified();
}

TEST_F(EngineTest, EventsOfBotsAndStaffAreCountedWithConsentOrWithout) {
  std::vector<Record> events = unsure_of("a-1", "p7");
  events[0].flags |= record_flags::kBot;
  events[1].flags = record_flags::kBot;  // no basis, no consent
  events[2].flags |= record_flags::kStaff;
  ASSERT_TRUE(track(events).has_value());
  EXPECT_EQ(track({events[0]})->duplicate, 1U);
  engine_.reset();
  open();
  EXPECT_EQ(left_out(engine_->store()),
            (std::map<std::string, std::uint64_t>{{"bots", 2}, {"staff", 1}}));
}

TEST_F(EngineTest, ABlockForWhatIsSensitiveIsExplainedAgain) {
  DecideRequest request = question("a-1", "p7");
  request.events = unsure_of("a-1", "p7");
  request.where.sensitive = true;
  const json::object answer = decide(std::move(request));
  EXPECT_EQ(message_of(first(answer)), "default");
  EXPECT_NE(to_string(first(answer).at("why")).find("sensitive topic"), std::string::npos);
  const auto id = DecisionId::parse(std::string_view(first(answer).at("id").get_string()));
  engine_.reset();
  open();
  const auto explained = engine_->explain(*id);
  ASSERT_TRUE(explained.has_value()) << explained.error().to_text();
  EXPECT_TRUE(explained->at("agrees").get_bool());
  EXPECT_EQ(explained->at("why"), first(answer).at("why"));
  closed_and_verified();
}

TEST_F(EngineTest, WithoutConsentNothingIsStoredOfAVisitor) {
  std::vector<Record> events = unsure_of("a-1", "p7");
  for (Record& record : events) record.flags = 0;
  const auto counts = track(events);
  EXPECT_EQ(counts->stored, 0U);
  EXPECT_EQ(counts->dropped_without_consent, 3U);
  DecideRequest request = question("a-1", "p7");
  request.flags = 0;
  const json::object answer = decide(std::move(request));
  EXPECT_EQ(message_of(first(answer)), "default");
  EXPECT_FALSE(first(answer).contains("id"));
  EXPECT_FALSE(answer.at("consent").at("personalization").get_bool());
  EXPECT_EQ(closed_and_verified().records, 0U);
}

TEST_F(EngineTest, BotsAndStaffGetTheDefaultAndNothingIsRecorded) {
  ASSERT_TRUE(track(unsure_of("a-1", "p7")).has_value());
  for (const std::uint8_t flag : {record_flags::kBot, record_flags::kStaff}) {
    DecideRequest request = question("a-1", "p7");
    request.flags |= flag;
    const json::object answer = decide(std::move(request));
    EXPECT_EQ(message_of(first(answer)), "default");
    EXPECT_FALSE(first(answer).contains("id"));
    EXPECT_TRUE(answer.at("consent").at("personalization").get_bool());
    DecideRequest unknown = question("", "p7");  // without an id: not even counted
    unknown.flags |= flag;
    EXPECT_EQ(message_of(first(decide(std::move(unknown)))), "default");
  }
  EXPECT_EQ(message_of(first(decide(question("a-1", "p7")))), "fit-guide");
  EXPECT_EQ(closed_and_verified().records, 4U) << "three events and one decision";
}

TEST_F(EngineTest, WhatABotDidIsStoredAndIsNoEvidence) {
  std::vector<Record> events = unsure_of("a-1", "p7");
  for (Record& record : events) record.flags |= record_flags::kBot;
  EXPECT_EQ(track(events)->stored, 3U);
  EXPECT_EQ(track(events)->duplicate, 3U);
  EXPECT_EQ(message_of(first(decide(question("a-1", "p7")))), "default");
  EXPECT_EQ(closed_and_verified().records, 4U);
}

TEST_F(EngineTest, TheLiveViewSaysWhoIsTakenForNobody) {
  std::mutex mutex;
  json::value taken_for;
  const auto handle = engine_->live().subscribe("", [&](const LiveUpdate& update) {
    if (update.event != "visitor") return;
    const std::lock_guard lock(mutex);
    taken_for = parse_json(update.data)->at("taken_for");
  });
  const auto told = [&] {
    const std::lock_guard lock(mutex);
    return taken_for.is_null() ? "a person" : std::string(taken_for.get_string());
  };
  const auto happens = [&](std::uint8_t flag, std::uint32_t pages) {
    std::vector<Record> events;
    for (std::uint32_t i = 0; i < pages; ++i) events.push_back(event("a-1", "page", "p7"));
    for (Record& record : events) record.flags |= flag;
    ASSERT_TRUE(track(std::move(events)).has_value());
  };
  happens(record_flags::kBot, 1);
  EXPECT_EQ(told(), "bot");
  happens(record_flags::kStaff, 1);
  EXPECT_EQ(told(), "staff");
  happens(0, 1);
  EXPECT_EQ(told(), "a person");
  decide(question("a-1", "p7"));
  EXPECT_EQ(told(), "a person");
  happens(0, kPacePages);
  EXPECT_EQ(told(), "pace");
  engine_->live().unsubscribe(handle);
}

TEST_F(EngineTest, AWithdrawalWorksFromTheNextDecisionOn) {
  ASSERT_TRUE(track(unsure_of("a-1", "p7")).has_value());
  EXPECT_EQ(message_of(first(decide(question("a-1", "p7")))), "fit-guide");
  Event withdrawal;
  withdrawal.message_id = "w-1";
  withdrawal.anonymous_id = "a-1";
  withdrawal.name = kConsentEvent;
  withdrawal.consent[static_cast<std::size_t>(Purpose::kPersonalization)] = ConsentState::kRefused;
  ASSERT_TRUE(track({record_of(withdrawal)}).has_value());
  EXPECT_EQ(message_of(first(decide(question("a-1", "p7")))), "default");
}

TEST_F(EngineTest, LoggingInKeepsHistoryAndBucket) {
  ASSERT_TRUE(track(unsure_of("a-1", "p7")).has_value());
  ASSERT_TRUE(track({identify("a-1", "u-1")}).has_value());
  const auto shown = engine_->show_visitor(named("a-1"));
  ASSERT_TRUE(shown.has_value());
  EXPECT_EQ(shown->at("visitor").get_string(), key_.visitor_id("user", "u-1").to_text());
  EXPECT_EQ(message_of(first(decide(question("a-1", "p7")))), "fit-guide");
  closed_and_verified();
}

TEST_F(EngineTest, TwoDevicesOfOneUserAreOneVisitor) {
  ASSERT_TRUE(
      track({event("phone", "page", "p7"), event("phone", "Size Guide Opened", "p7")}).has_value());
  ASSERT_TRUE(track({identify("phone", "u-1")}).has_value());
  ASSERT_TRUE(track({event("laptop", "page", "p7"), event("laptop", "Size Guide Opened", "p7"),
                     identify("laptop", "u-1")})
                  .has_value());
  EXPECT_EQ(message_of(first(decide(question("laptop", "p7")))), "fit-guide")
      << "once on each device is twice";
  closed_and_verified();
}

TEST_F(EngineTest, AMergeCutInHalfIsFinishedAtTheNextOpen) {
  ASSERT_TRUE(track(unsure_of("a-1", "p7")).has_value());
  engine_.reset();
  {  // The first half alone, as a crash between the two commits leaves it.
    auto store = Store::open(directory_.string());
    const VisitorId loser = key_.visitor_id("anonymous", "a-1");
    const VisitorId winner = key_.visitor_id("user", "u-1");
    const auto bytes = (*store)->get(Family::kProfile, keys::profile(loser));
    const auto profile = Profile::decode(**bytes);
    auto log = PartitionLog::open(**store, loser.partition());
    Record record;
    record.received_at = log->state().last_received;
    record.event_time = record.received_at;
    record.body = LinkOutRecord{winner, profile->core.encode(), profile->derived.encode()};
    Batch batch;
    const Offset offset = log->append(loser, record, batch);
    log->stage_state(batch);
    ByteWriter pending;
    pending.raw(std::string_view(reinterpret_cast<const char*>(winner.bytes.data()), 16));
    batch.put(Family::kMeta, keys::pending_link(loser, offset), pending.take());
    auto playbook = Playbooks::open(**store);
    Batch ignored;
    (*playbook)->make_current(*(*playbook)->prepare(files_, ignored));
    const FoldContext context{*(*playbook)->current()->playbook,
                              (*playbook)->current()->experiments};
    Profile folded = *profile;
    FoldEffects effects;
    fold(folded, loser, offset, record, context, effects);
    batch.put(Family::kProfile, keys::profile(loser), folded.encode());
    ASSERT_TRUE((*store)->commit(batch).has_value());
  }
  open();
  EXPECT_EQ(message_of(first(decide(question("a-1", "p7")))), "fit-guide");
  closed_and_verified();
}

TEST_F(EngineTest, AnUnsignedUserIdOfABrowserLinksNothing) {
  ASSERT_TRUE(track({identify("mine", "u-1")}).has_value());
  Record claim = identify("attacker", "u-1");
  claim.flags = record_flags::kBasisGranted;
  ASSERT_TRUE(track({claim}).has_value());
  const auto attacker = engine_->show_visitor(named("attacker"));
  ASSERT_TRUE(attacker.has_value());
  EXPECT_NE(attacker->at("visitor").get_string(), key_.visitor_id("user", "u-1").to_text());
}

TEST_F(EngineTest, VerifyFindsATamperedProfileAndRebuildMendsIt) {
  ASSERT_TRUE(track(unsure_of("a-1", "p7")).has_value());
  engine_.reset();
  auto store = Store::open(directory_.string());
  const std::string row = keys::profile(key_.visitor_id("anonymous", "a-1"));
  auto profile = Profile::decode(**(*store)->get(Family::kProfile, row));
  profile->core.orders_total = 99;  // well-formed and wrong
  Batch batch;
  batch.put(Family::kProfile, row, profile->encode());
  ASSERT_TRUE((*store)->commit(batch).has_value());
  auto playbooks = Playbooks::open(**store);
  Batch unused;
  (*playbooks)->make_current(*(*playbooks)->prepare(files_, unused));
  EXPECT_FALSE(verify(**store, **playbooks, {})->ok());
  ASSERT_TRUE(rebuild(**store, **playbooks, {}).has_value());
  EXPECT_TRUE(verify(**store, **playbooks, {})->ok());
}

// With room for one visitor a shard, nearly every turn reads another one from the store.
TEST_F(EngineTest, WhoWasForgottenIsReadAgain) {
  constexpr int kVisitors = 12, kRounds = 3;
  engine_.reset();
  open({.cached_visitors = 1});
  const auto name = [](int i) { return "v-" + std::to_string(i); };
  std::vector<Record> first_pages;
  for (int i = 0; i < kVisitors; ++i) {
    first_pages.push_back(event(name(i), "page", "p7"));
    EXPECT_EQ(track({first_pages.back()})->stored, 1U);
  }
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kVisitors; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const auto counts = track({event(name(i), "Size Guide Opened", "p7"), first_pages[at]});
      EXPECT_EQ(counts->stored, 1U);
      EXPECT_EQ(counts->duplicate, 1U) << "what was sent before it was forgotten";
    }
  }
  for (int i = 0; i < kVisitors; ++i) {
    EXPECT_NE(message_of(first(decide(question(name(i), "p7")))), "default");
  }
  EXPECT_EQ(closed_and_verified().records, static_cast<std::uint64_t>(kVisitors * (kRounds + 2)));
}

TEST_F(EngineTest, ManyVisitorsAtOnceLoseNothing) {
  constexpr int kBatches = 200;
  std::atomic<int> done{0};
  std::promise<void> all;
  for (int i = 0; i < kBatches; ++i) {
    std::vector<Record> events;
    for (int v = 0; v < 10; ++v)
      events.push_back(event("v-" + std::to_string((i + v) % 50), "page", "p7"));
    engine_->track(std::move(events), [&](const Result<TrackCounts>& counts) {
      EXPECT_TRUE(counts.has_value());
      if (++done == kBatches) all.set_value();
    });
  }
  all.get_future().wait();
  EXPECT_EQ(engine_->status().events_stored, static_cast<std::uint64_t>(kBatches * 10));
  EXPECT_EQ(closed_and_verified().records, static_cast<std::uint64_t>(kBatches * 10));
}

}  // namespace
}  // namespace tact

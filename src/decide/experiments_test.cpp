// Experiments in a decision: which arm, what it shows, and that all arms enter at the same
// instants.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "assign/assign.h"
#include "base/hash.h"
#include "base/rng.h"
#include "decide/decide.h"
#include "playbook/compile.h"

namespace tact {
namespace {

const Time kNow = *parse_time("2026-11-21T10:00:00Z");

// fit-help (priority 5, nobody held back unless said) over page-help, in one slot.
PlaybookFiles files_with(const std::string& experiments, const std::string& hold_back = "0%",
                         const std::string& universal = "0%") {
  PlaybookFiles files;
  files["playbook.yaml"] =
      "site: Test\ncurrency: EUR\nhold_back: " + universal + "\nlocales: [en]\n";
  files["signals.yaml"] =
      "guide:\n  says: opened the size guide\n  seen: track Guide\n  about: product\n"
      "  fades: half in 2d\n"
      "search:\n  says: searched\n  seen: track Search\n  fades: half in 2d\n";
  files["intents.yaml"] =
      "fit:\n  means: is unsure\n  about: product\n  usually: 20%\n  for:\n"
      "    - guide repeatedly: strong\n    - guide: moderate\n    - search: moderate\n";
  files["goals.yaml"] = "orders:\n  says: ordered\n  seen: track Order Completed\n";
  files["messages/all.yaml"] = R"(
note:
  reveals: history
  variants:
    plain:
      title: "Between two sizes?"
    warm:
      title: "Order both, and keep what you like better."
page-note:
  reveals: page
  variants:
    plain:
      title: "Something else that is on this page."
product-note:
  about: product
  reveals: history
  variants:
    plain:
      title: "This very product runs rather small."
table:
  reveals: nothing
  because: "From our shop"
  variants:
    plain:
      title: "Every product has a table of its sizes."
)";
  files["moments/all.yaml"] =
      "fit-help:\n  need: a\n  because: b\n  at: slot\n  when: page type product\n  show: note\n"
      "  without_a_sale: more\n  priority: 5\n  at_most: 3 per visit\n  expect: more orders\n"
      "  owner: t\n  hold_back: " +
      hold_back +
      "\n"
      "page-help:\n  need: a\n  because: b\n  at: slot\n  when: device mobile\n  show: page-note\n"
      "  without_a_sale: more\n  hold_back: 0%\n  expect: more orders\n  owner: t\n"
      "before-all:\n  need: a\n  because: b\n  at: slot\n  when: page /checkout\n  show: "
      "page-note\n"
      "  without_a_sale: more\n  priority: 9\n  hold_back: 0%\n  expect: more orders\n  owner: t\n";
  files["experiments/all.yaml"] = experiments;
  return files;
}

std::shared_ptr<const Playbook> compile(const PlaybookFiles& files) {
  const Compilation compilation = compile_playbook(files);
  if (compilation.ok()) return compilation.playbook;
  ADD_FAILURE() << compilation.first_error().to_text();
  return std::make_shared<const Playbook>();
}

std::string experiment(const std::string& id, const std::string& more) {
  return id + ":\n  asks: does it help\n  because: it may\n  expect: more orders\n  owner: t\n" +
         (more.find("moment:") == std::string::npos ? "  moment: fit-help\n" : "") + more;
}

const std::string kTone = experiment("tone",
                                     "  arms:\n    plain: {variants: plain}\n"
                                     "    warm: {variants: warm}\n");
const std::string kWhat =
    experiment("what",
               "  arms:\n    note: as written\n    none: default\n"
               "    general: {generic: table}\n    other: {show: page-note}\n");
const std::string kWhen = experiment("when",
                                     "  arms:\n    always: as written\n"
                                     "    late:\n      when: likely fit\n");

struct Scene {
  std::shared_ptr<const Playbook> playbook;
  Profile profile;
  Surroundings where;
  Product product{.id = "p7", .category = "shoes"};
  std::string bucket = "a-1";
  bool anonymous = false;

  explicit Scene(const PlaybookFiles& files) : playbook(compile(files)) {
    Visit& visit = profile.core.visit;
    visit.number = 2;
    visit.started = kNow - 1h;
    visit.last_event = kNow;
    visit.pages = 4;
    where.page_type = "product";
    where.device = Device::kMobile;
    where.locale = "en-GB";
  }
  void saw(const char* signal, const char* subject) {
    SignalState& state = profile.derived.get_or_add(hash64(signal), subject);
    state.strength.add(kNow - 1min, days(2));
    state.seen.add(kNow - 1min);
    state.visits = 1;
  }
  View view() const {
    return {.profile = profile,
            .playbook = *playbook,
            .now = kNow,
            .where = where,
            .product = product,
            .consent = {.basis_granted = true, .now = kNow},
            .bucket_id = bucket,
            .anonymous_request = anonymous};
  }
  Decision decide() const { return tact::decide(view(), "slot"); }
  DecisionRecord record() const { return record_of(decide(), view(), "slot"); }
  // Becomes somebody who is in this arm, or ("") in none.
  void enter(std::string_view name, std::string_view arm) {
    const ExperimentPlan* plan = playbook->find_experiment(name);
    ASSERT_NE(plan, nullptr) << name;
    for (int i = 0; i < 10'000; ++i) {
      bucket = "visitor-" + std::to_string(i);
      const int in = arm_of(*plan, bucket);
      if ((in < 0 ? "" : plan->arms[static_cast<std::size_t>(in)].id) == arm) return;
    }
    FAIL() << "nobody is in " << name << "/" << arm;
  }
};

std::string said(const Assignment& assignment) {
  return assignment.experiment.empty() ? "" : assignment.experiment + "/" + assignment.arm;
}

TEST(Experiments, EachVisitorSeesTheirArm) {
  Scene scene(files_with(kTone));
  for (const char* arm : {"plain", "warm"}) {
    scene.enter("tone", arm);
    const DecisionRecord record = scene.record();
    EXPECT_EQ(record.outcome, Outcome::kShown);
    EXPECT_EQ(record.variant, arm);
    EXPECT_EQ(said(record.assignment), std::string("tone/") + arm);
    EXPECT_EQ(record.propensity_ppm, 1'000'000U) << "within the arm";
    EXPECT_TRUE(record.triggered.empty());
  }
}

TEST(Experiments, WhoTakesNoPartSeesTheMomentAsWritten) {
  Scene scene(files_with(kTone + "  traffic: 30%\n"));
  scene.enter("tone", "");
  const DecisionRecord record = scene.record();
  EXPECT_EQ(record.message, "note");
  EXPECT_EQ(record.variant, "plain");
  EXPECT_EQ(said(record.assignment), "");
  EXPECT_EQ(explain(scene.decide(), scene.view()).if_contains("experiments"), nullptr);
}

TEST(Experiments, AnArmMayShowNothingAndTheRunnerUpIsNotPromoted) {
  Scene scene(files_with(kWhat));
  scene.enter("what", "none");
  const DecisionRecord record = scene.record();
  EXPECT_EQ(record.outcome, Outcome::kWithheld);
  EXPECT_EQ(record.moment, "fit-help");
  EXPECT_EQ(record.message, "note") << "what would have shown";
  EXPECT_FALSE(record.held_out_universal || record.held_out_moment);
  EXPECT_EQ(said(record.assignment), "what/none");
  EXPECT_TRUE(show(scene.decide(), scene.view()).is_null());
}

TEST(Experiments, AGenericMessageGivesItsOwnReason) {
  Scene scene(files_with(kWhat));
  scene.enter("what", "general");
  EXPECT_EQ(scene.record().message, "table");
  EXPECT_EQ(visitor_sees(scene.decide(), scene.view()), "From our shop");
  scene.enter("what", "other");
  EXPECT_EQ(scene.record().message, "page-note");
  EXPECT_EQ(scene.record().moment, "fit-help");
}

TEST(Experiments, HoldoutsComeFirstAndKeepTheArm) {
  for (const auto& [moment, universal] : {std::pair("90%", "0%"), std::pair("0%", "90%")}) {
    Scene scene(files_with(kTone, moment, universal));
    int held = 0;
    for (int i = 0; i < 200; ++i) {
      scene.bucket = "v-" + std::to_string(i);
      const DecisionRecord record = scene.record();
      const bool out = record.held_out_universal || record.held_out_moment;
      held += out;
      EXPECT_EQ(record.outcome, out ? Outcome::kWithheld : Outcome::kShown);
      const int arm = arm_of(scene.playbook->experiments[0], scene.bucket);
      EXPECT_EQ(said(record.assignment), arm == 0 ? "tone/plain" : "tone/warm");
      EXPECT_EQ(record.variant, arm == 0 ? "plain" : "warm") << "also what would have shown";
    }
    EXPECT_GT(held, 150);
  }
}

TEST(Experiments, WithoutConsentThereIsNone) {
  Scene scene(files_with(kWhat));
  scene.enter("what", "none");
  scene.anonymous = true;
  const Decision decision = scene.decide();
  EXPECT_EQ(decision.outcome, Outcome::kShown);
  EXPECT_EQ(decision.assignment, InArm{});
}

// --- arms that differ in the condition --------------------------------------------------------

TEST(Experiments, ALaterConditionEntersWhereTheEarlierOneShows) {
  Scene scene(files_with(kWhen));
  scene.enter("when", "always");
  EXPECT_EQ(scene.record().moment, "fit-help");
  EXPECT_EQ(said(scene.record().assignment), "when/always");

  scene.enter("when", "late");
  const DecisionRecord early = scene.record();
  EXPECT_EQ(early.moment, "page-help") << "as it would be were the arm the moment";
  EXPECT_EQ(early.outcome, Outcome::kShown);
  EXPECT_EQ(said(early.assignment), "");
  ASSERT_EQ(early.triggered.size(), 1U);
  EXPECT_EQ(said(early.triggered[0]), "when/late");

  scene.saw("guide", "p7");
  scene.saw("guide", "p7");
  const DecisionRecord now = scene.record();
  EXPECT_EQ(now.moment, "fit-help");
  EXPECT_EQ(said(now.assignment), "when/late");
  EXPECT_TRUE(now.triggered.empty());
}

TEST(Experiments, NobodyEntersWhereTheMomentWouldNotHaveWon) {
  Scene scene(files_with(kWhen));
  scene.where.path = "/checkout";
  for (const char* arm : {"always", "late"}) {
    scene.enter("when", arm);
    const DecisionRecord record = scene.record();
    EXPECT_EQ(record.moment, "before-all");
    EXPECT_EQ(said(record.assignment), "");
    EXPECT_TRUE(record.triggered.empty()) << arm;
  }
}

TEST(Experiments, WhoIsHeldBackDoesNotEnterByAnotherArm) {
  for (const auto& [moment, universal] : {std::pair("90%", "0%"), std::pair("0%", "90%")}) {
    Scene scene(files_with(kWhen, moment, universal));
    int triggered = 0, held = 0;
    for (int i = 0; i < 300; ++i) {
      scene.bucket = "v-" + std::to_string(i);
      if (arm_of(scene.playbook->experiments[0], scene.bucket) != 1) continue;
      const bool out = held_out(kUniversalSeed, scene.bucket, scene.playbook->site.hold_back) ||
                       held_out("moment:fit-help", scene.bucket,
                                scene.playbook->find_moment("fit-help")->hold_back);
      held += out;
      triggered += !scene.record().triggered.empty();
      EXPECT_EQ(scene.record().triggered.empty(), out) << scene.bucket;
    }
    EXPECT_GT(held, 80);
    EXPECT_GT(triggered, 3);
  }
}

TEST(Experiments, WithoutARunnerUpTheDefaultStaysAndIsRecorded) {
  Scene scene(files_with(kWhen));
  scene.where.device = Device::kDesktop;
  scene.enter("when", "late");
  const DecisionRecord record = scene.record();
  EXPECT_EQ(record.outcome, Outcome::kDefault);
  EXPECT_TRUE(record.moment.empty());
  ASSERT_EQ(record.triggered.size(), 1U);
}

// Silence about what was bought concerns messages about products only: the other arm still shows.
TEST(Experiments, AGuardThatLooksAtTheMessageStopsNoArmFromEntering) {
  Scene scene(files_with(
      experiment("about", "  arms:\n    note: as written\n    product: {show: product-note}\n")));
  scene.profile.core.orders.push_back(
      {.at = kNow - days(2), .id = "o-1", .products = {{.id = "p7", .category = "shoes"}}});
  scene.enter("about", "note");
  EXPECT_EQ(said(scene.record().assignment), "about/note");
  scene.enter("about", "product");
  const DecisionRecord record = scene.record();
  EXPECT_EQ(record.moment, "page-help");
  ASSERT_EQ(record.triggered.size(), 1U);
  EXPECT_EQ(said(record.triggered[0]), "about/product");
}

// Which experiments a visitor enters now, in whatever arm.
std::set<std::string> entered(const DecisionRecord& record) {
  std::set<std::string> out;
  if (record.outcome == Outcome::kShown || !(record.held_out_universal || record.held_out_moment))
    out.insert(record.assignment.experiment);
  for (const Assignment& one : record.triggered) out.insert(one.experiment);
  out.erase("");
  return out;
}

// The heart of it: two visitors with the same history enter at the same instants whatever their
// arms. The arms are replaced, so that nothing else of the visitor differs.
TEST(ExperimentsProperty, TheInstantOfEnteringDoesNotDependOnTheArm) {
  const std::string arms =
      "  arms:\n    always: as written\n    late:\n      when: likely fit\n"
      "    mobile:\n      when: device mobile\n      unless: first visit\n    none: default\n"
      "    product:\n      show: product-note\n      when: [page type product, guide]\n";
  const PlaybookFiles files = files_with(experiment("when", arms));
  Scene base(files);
  const auto playbook = base.playbook;
  int entries = 0, shown_in_some = 0;
  for (int round = 0; round < 400; ++round) {
    Rng rng(static_cast<std::uint64_t>(round));
    Scene scene(files);
    scene.bucket = "someone";
    scene.where.device = rng.chance(0.5) ? Device::kMobile : Device::kDesktop;
    scene.where.page_type = rng.chance(0.7) ? "product" : "other";
    if (rng.chance(0.2)) scene.where.path = "/checkout";
    if (rng.chance(0.2)) scene.profile.core.visit.number = 1;
    for (std::uint64_t i = rng.below(4); i > 0; --i) scene.saw("guide", "p7");
    if (rng.chance(0.3)) scene.saw("search", "");
    if (rng.chance(0.3)) {
      scene.profile.core.orders.push_back(
          {.at = kNow - days(2), .id = "o-1", .products = {{.id = "p7", .category = "shoes"}}});
    }
    for (std::uint64_t i = rng.below(5); i > 0; --i) {
      scene.profile.core.contacts.push_back(
          {.at = kNow - 30min, .moment = hash64("fit-help"), .page = 1});
    }
    std::set<std::set<std::string>> ways;
    std::set<Outcome> outcomes;
    for (std::size_t arm = 0; arm < 5; ++arm) {
      Playbook fixed = *playbook;
      for (std::size_t other = 0; other < 5; ++other)
        fixed.experiments[0].arms[other].weight = {other == arm ? 1'000'000 : 0};
      scene.playbook = std::make_shared<const Playbook>(std::move(fixed));
      const DecisionRecord record = scene.record();
      ways.insert(entered(record));
      outcomes.insert(record.outcome);
    }
    ASSERT_EQ(ways.size(), 1U) << "round " << round;
    entries += !ways.begin()->empty();
    shown_in_some += outcomes.size() > 1;
  }
  EXPECT_GT(entries, 100) << "the rounds show something";
  EXPECT_GT(shown_in_some, 100);
}

// --- beside others
// --------------------------------------------------------------------------------

TEST(Experiments, OfOneLayerShareNobody) {
  Scene scene(files_with(kTone + "  layer: fit\n  traffic: 0% to 40%\n" + kWhat +
                         "  layer: fit\n  traffic: 40% to 90%\n"));
  std::map<std::string, int> counts;
  constexpr int kVisitors = 4'000;
  for (int i = 0; i < kVisitors; ++i) {
    scene.bucket = "v-" + std::to_string(i);
    ++counts[scene.record().assignment.experiment];
  }
  EXPECT_NEAR(counts["tone"], 0.4 * kVisitors, 155);
  EXPECT_NEAR(counts["what"], 0.5 * kVisitors, 159);
  EXPECT_NEAR(counts[""], 0.1 * kVisitors, 95);
}

TEST(Experiments, ComingEndingAndOtherSplitsMoveNobodyElse) {
  const std::string first = kTone + "  layer: fit\n  traffic: 0% to 40%\n";
  const std::string second = kWhat + "  layer: fit\n  traffic: 40% to 90%\n";
  const std::string elsewhere =
      experiment("other", "  moment: page-help\n  arms:\n    now: as written\n    none: default\n");
  const std::vector<std::string> worlds = {
      first,
      elsewhere + first,
      second + first + elsewhere,
      second + "  split:\n    note: 10%\n    none: 20%\n    general: 30%\n    other: 40%\n" + first,
      second + "  status: ended\n" + first,
      kWhat + "  layer: fit\n  traffic: 40% to 100%\n" + first};
  std::vector<Scene> scenes;
  for (const std::string& world : worlds) scenes.emplace_back(files_with(world));
  int in = 0;
  for (int i = 0; i < 2'000; ++i) {
    std::string before;
    for (Scene& scene : scenes) {
      scene.bucket = "v-" + std::to_string(i);
      const DecisionRecord record = scene.record();
      const std::string now =
          record.assignment.experiment == "tone" ? said(record.assignment) + record.variant : "";
      if (&scene == &scenes.front()) before = now;
      ASSERT_EQ(now, before) << scene.bucket;
    }
    in += !before.empty();
  }
  EXPECT_GT(in, 600);
}

// --- what is told
// ---------------------------------------------------------------------------------

std::set<std::string> keys(const json::value& object) {
  std::set<std::string> out;
  for (const auto& [key, value] : object.as_object()) out.insert(std::string(key));
  return out;
}

TEST(Experiments, TheReasonNamesThemAndTheVisitorNeverReadsThem) {
  Scene scene(files_with(kTone + "  layer: fit\n"));
  scene.enter("tone", "warm");
  const json::object why = explain(scene.decide(), scene.view());
  const json::array& experiments = why.at("experiments").as_array();
  ASSERT_EQ(experiments.size(), 1U);
  EXPECT_EQ(keys(experiments[0]),
            (std::set<std::string>{"id", "moment", "asks", "layer", "arm", "share", "shows"}));
  EXPECT_EQ(experiments[0].at("arm"), "warm");
  EXPECT_EQ(experiments[0].at("share"), 0.5);
  EXPECT_EQ(experiments[0].at("shows"), "message");
  const std::string shown = json::serialize(show(scene.decide(), scene.view()));
  EXPECT_EQ(shown.find("tone"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("experiment"), std::string::npos) << shown;
}

TEST(Experiments, TheReasonTellsWhoHasEnteredAndSeesNothingYet) {
  Scene scene(files_with(kWhen));
  scene.enter("when", "late");
  const json::object why = explain(scene.decide(), scene.view());
  EXPECT_EQ(why.at("moment"), "page-help");
  ASSERT_EQ(why.at("experiments").as_array().size(), 1U);
  EXPECT_EQ(why.at("experiments").at(0).at("id"), "when");
  EXPECT_EQ(why.at("experiments").at(0).at("shows"), "not yet");
  const auto& not_shown = why.at("not_shown").as_array();
  EXPECT_TRUE(std::any_of(not_shown.begin(), not_shown.end(), [](const json::value& one) {
    return one.at("moment") == "fit-help" && one.at("condition") == "likely fit";
  })) << "the arm's own condition";
}

// --- the intent that led, for reports
// --------------------------------------------------------

// The levels as docs/playbook.md has them, from 30, 50 and 75 %.
IntentLevel level_at(std::int32_t ppm) {
  if (ppm >= 750'000) return IntentLevel::kSure;
  if (ppm >= 500'000) return IntentLevel::kLikely;
  return ppm >= 300'000 ? IntentLevel::kMaybe : IntentLevel::kUnclear;
}

TEST(LeadingIntent, IsToldWithItsLevel) {
  std::map<IntentLevel, int> seen;
  int clear = 0;
  for (int usually = 1; usually < 60; usually += 2) {
    PlaybookFiles files = files_with(kTone);
    std::string& intents = files["intents.yaml"];
    intents.replace(intents.find("20%"), 3, std::to_string(usually) + "%");
    Scene scene(files);
    scene.saw("guide", "p7");
    scene.saw("search", "");
    const DecisionRecord record = scene.record();
    ASSERT_EQ(record.moment, "fit-help");
    const json::object why = explain(scene.decide(), scene.view());
    clear += why.at("clear").as_bool();
    const IntentLevel level = level_at(scene.decide().picture.scores[0].p.ppm);
    ++seen[level];
    EXPECT_EQ(record.intent_level, level) << usually;
    EXPECT_EQ(record.intent, level == IntentLevel::kUnclear ? "" : "fit") << usually;
    EXPECT_EQ(record.stage, "") << "nothing infers one";
    EXPECT_EQ(why.at("intents").at(0).at("id"), "fit") << "the same one leads in the explanation";
    EXPECT_EQ(why.at("intents").at(0).at("level").as_string(),
              level == IntentLevel::kUnclear ? "" : to_string(level));
  }
  EXPECT_EQ(seen.size(), 4U) << "every level was seen";
  EXPECT_GT(clear,
            seen[IntentLevel::kMaybe] + seen[IntentLevel::kLikely] + seen[IntentLevel::kSure])
      << "one may lead clearly and still be below all levels";
}

TEST(LeadingIntent, IsUnclearWhereNoneLeadsClearly) {
  PlaybookFiles files = files_with(kTone);
  std::string& intents = files["intents.yaml"];
  intents.replace(intents.find("20%"), 3, "80%");
  Scene scene(files);
  ASSERT_EQ(scene.decide().picture.scores[0].p.ppm, 800'000);
  EXPECT_EQ(scene.record().intent_level, IntentLevel::kUnclear)
      << "without evidence of this visitor";
  EXPECT_EQ(scene.record().intent, "");
  for (const char* signal : {"guide", "search"}) scene.saw(signal, signal[0] == 'g' ? "p7" : "");
  ASSERT_EQ(scene.record().intent_level, IntentLevel::kSure);

  files["intents.yaml"] +=
      "gift:\n  means: looks for a gift\n  about: product\n  usually: 80%\n  for:\n"
      "    - guide: moderate\n    - search: moderate\n";
  Scene torn(files);
  for (const char* signal : {"guide", "search"}) torn.saw(signal, signal[0] == 'g' ? "p7" : "");
  const DecisionRecord record = torn.record();
  EXPECT_EQ(record.moment, "fit-help");
  EXPECT_EQ(record.intent_level, IntentLevel::kUnclear) << "two are as likely as one another";
  EXPECT_EQ(record.intent, "");
  EXPECT_FALSE(explain(torn.decide(), torn.view()).at("clear").as_bool());
}

TEST(LeadingIntent, IsToldOfWhoEntersByAnotherArmAndOfWhoIsHeldBack) {
  Scene waiting(files_with(kWhen));
  waiting.where.device = Device::kDesktop;
  waiting.enter("when", "late");
  const DecisionRecord entered = waiting.record();
  ASSERT_TRUE(entered.moment.empty());
  ASSERT_EQ(entered.triggered.size(), 1U);
  EXPECT_EQ(entered.intent_level, IntentLevel::kUnclear);

  Scene held(files_with(kTone, "90%"));
  held.saw("guide", "p7");
  held.saw("guide", "p7");
  int out = 0;
  for (int i = 0; i < 50; ++i) {
    held.bucket = "v-" + std::to_string(i);
    const DecisionRecord record = held.record();
    out += record.held_out_moment;
    EXPECT_EQ(record.intent, "fit") << "alike in both arms";
    EXPECT_EQ(record.intent_level, IntentLevel::kSure);
  }
  EXPECT_GT(out, 30);
  EXPECT_LT(out, 50);
}

TEST(LeadingIntent, IsNotToldWhereNothingIsEntered) {
  Scene scene(files_with(kTone));
  scene.where.page_type = "other";
  scene.where.device = Device::kDesktop;
  scene.saw("guide", "p7");
  scene.saw("guide", "p7");
  const DecisionRecord record = scene.record();
  EXPECT_TRUE(record.moment.empty());
  ASSERT_TRUE(scene.decide().picture.clear) << "though one leads";
  EXPECT_EQ(record.intent_level, IntentLevel::kUntold);
  EXPECT_EQ(record.intent, "");
}

TEST(LeadingIntent, IsNotToldOfWhatMayBeSensitive) {
  Scene scene(files_with(kTone));
  scene.saw("guide", "p7");
  scene.saw("guide", "p7");
  scene.profile.core.consent.purposes[static_cast<std::size_t>(Purpose::kSensitive)].granted.at =
      kNow;
  ASSERT_EQ(scene.record().intent, "fit");
  for (const bool on_the_page : {true, false}) {
    scene.where.sensitive = on_the_page;
    scene.profile.core.holds_sensitive = !on_the_page;
    const DecisionRecord record = scene.record();
    EXPECT_EQ(record.moment, "fit-help") << "the visitor allowed its use, for this";
    EXPECT_EQ(record.intent_level, IntentLevel::kUntold) << on_the_page;
    EXPECT_EQ(record.intent, "") << on_the_page;
  }
}

TEST(Experiments, TheDigestCoversTheArm) {
  Scene scene(files_with(kWhen));
  Decision decision = scene.decide();
  decision.assignment = {};
  decision.triggered.clear();
  std::set<std::uint64_t> digests = {decision.digest()};
  decision.assignment = {0, 0};
  digests.insert(decision.digest());
  decision.assignment = {0, 1};
  digests.insert(decision.digest());
  decision.triggered = {{0, 1}};
  digests.insert(decision.digest());
  decision.assignment = {};
  digests.insert(decision.digest());
  EXPECT_EQ(digests.size(), 5U);
}

}  // namespace
}  // namespace tact

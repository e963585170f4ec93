// Whether the hesitation of an exposure is there again: asked of later visits, told with the
// decision, and the intent with it only where it is.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "decide/decide.h"
#include "playbook/compile.h"

namespace tact {
namespace {

const Time kNow = *parse_time("2026-11-21T10:00:00Z");

PlaybookFiles files() {
  PlaybookFiles files;
  files["playbook.yaml"] = "site: Test\ncurrency: EUR\nhold_back: 0%\nlocales: [en]\n";
  files["signals.yaml"] =
      "guide:\n  says: opened the size guide\n  seen: track Guide\n  about: product\n"
      "  fades: half in 2d\n"
      "search:\n  says: searched\n  seen: track Search\n  fades: half in 2d\n"
      "clicked:\n  says: clicked a message\n  seen: builtin clicked_message\n  fades: half in 2d\n"
      "clicked_it:\n  says: clicked it\n  seen: track Message Clicked\n  fades: half in 2d\n"
      "answered:\n  says: said so\n  seen: answer size = unsure\n  fades: half in 2d\n";
  files["intents.yaml"] =
      "fit:\n  means: is unsure\n  about: product\n  usually: 20%\n  for:\n"
      "    - guide within 7d: strong\n    - search within 7d: moderate\n"
      "    - clicked within 7d: weak\n    - clicked_it within 7d: weak\n"
      "    - answered within 7d: weak\n"
      "gift:\n  means: looks for a gift\n  usually: 10%\n  for:\n    - search repeatedly: weak\n";
  files["goals.yaml"] = "orders:\n  says: ordered\n  seen: track Order Completed\n";
  files["messages/all.yaml"] =
      "note:\n  reveals: history\n  variants:\n    plain:\n      title: \"Between two sizes?\"\n";
  files["messages/question.yaml"] =
      "size:\n  kind: question\n  reveals: nothing\n  variants:\n    plain:\n      title: "
      "\"Sure?\"\n"
      "      options:\n        - {value: unsure, text: \"No\"}\n        - {value: sure, text: "
      "\"Yes\"}\n";
  files["moments/all.yaml"] =
      "fit-help:\n  need: a\n  because: b\n  at: slot\n  when: page type product\n  show: note\n"
      "  without_a_sale: more\n  expect: more orders\n  owner: t\n  hold_back: 0%\n";
  return files;
}

// On the second page of a visit that began an hour ago; a page on which nothing is shown.
struct Scene {
  std::shared_ptr<const Playbook> playbook;
  Profile profile;
  Surroundings where;

  Scene() {
    const Compilation compilation = compile_playbook(files());
    if (!compilation.ok()) ADD_FAILURE() << compilation.first_error().to_text();
    playbook = compilation.playbook;
    Visit& visit = profile.core.visit;
    visit.number = 2;
    visit.started = kNow - 1h;
    visit.last_event = kNow;
    visit.pages = 2;
    where.page_type = "other";
  }
  void saw(const char* signal, Duration ago, const char* subject = "") {
    SignalState& state = profile.derived.get_or_add(hash64(signal), subject);
    state.strength.add(kNow - ago, days(2));
    state.seen.add(kNow - ago);
    state.visits = 1;
  }
  Exposure& hesitated(Duration ago, const char* intent = "fit",
                      IntentLevel level = IntentLevel::kLikely) {
    Exposure exposure;
    exposure.experiment = profile.core.exposures.size() + 1;
    exposure.at = kNow - ago;
    exposure.covariates.intent = intent;
    exposure.covariates.intent_level = level;
    profile.core.exposures.push_back(exposure);
    return profile.core.exposures.back();
  }
  DecisionRecord record() const {
    const View view{.profile = profile,
                    .playbook = *playbook,
                    .now = kNow,
                    .where = where,
                    .product = {.id = "p7", .category = "shoes"},
                    .consent = {.basis_granted = true, .now = kNow},
                    .bucket_id = "a-1"};
    return record_of(decide(view, "slot"), view, "slot");
  }
  Hesitation told() const { return record().hesitation; }
};

Scene doubting() {
  Scene scene;
  scene.saw("guide", 5min, "p7");
  scene.saw("search", 4min);
  return scene;
}

TEST(HesitatesAgain, IsToldWithItsIntentWhereNothingIsEntered) {
  Scene scene = doubting();
  EXPECT_EQ(scene.told(), Hesitation::kUntold) << "nobody asks";
  EXPECT_EQ(scene.record().intent_level, IntentLevel::kUntold);
  scene.hesitated(days(2));
  const DecisionRecord record = scene.record();
  EXPECT_TRUE(record.moment.empty());
  EXPECT_EQ(record.hesitation, Hesitation::kAgain);
  EXPECT_EQ(record.intent, "fit");
  EXPECT_GE(record.intent_level, IntentLevel::kLikely);
}

TEST(HesitatesAgain, IsToldWhereAMomentWinsToo) {
  Scene scene = doubting();
  scene.where.page_type = "product";
  EXPECT_EQ(scene.told(), Hesitation::kUntold);
  EXPECT_EQ(scene.record().intent, "fit");
  scene.hesitated(days(2));
  EXPECT_EQ(scene.record().moment, "fit-help");
  EXPECT_EQ(scene.told(), Hesitation::kAgain);
}

// Where it is not, a page tells nothing more of the visitor than that.
TEST(HesitatesAgain, AnotherIntentIsNotTold) {
  Scene scene = doubting();
  scene.hesitated(days(2), "gift");
  EXPECT_EQ(scene.told(), Hesitation::kNotAgain);
  EXPECT_EQ(scene.record().intent, "");
  EXPECT_EQ(scene.record().intent_level, IntentLevel::kUntold);
  scene.hesitated(days(2), "fit");
  EXPECT_EQ(scene.told(), Hesitation::kAgain) << "one of several asks for it";
  Scene calm;
  calm.hesitated(days(2));
  EXPECT_EQ(calm.told(), Hesitation::kNotAgain);
}

TEST(HesitatesAgain, IsAskedOfLaterVisitsForAMonth) {
  const auto told = [](Duration ago) {
    Scene scene = doubting();
    scene.hesitated(ago);
    return scene.told();
  };
  EXPECT_EQ(told(Duration(0)), Hesitation::kUntold) << "the same page";
  EXPECT_EQ(told(1h), Hesitation::kUntold) << "the same visit";
  EXPECT_EQ(told(90min), Hesitation::kUntold) << "no visit begins so soon after the last";
  EXPECT_EQ(told(90min + 1ms), Hesitation::kAgain);
  EXPECT_EQ(told(days(30) - 1ms), Hesitation::kAgain);
  EXPECT_EQ(told(days(30)), Hesitation::kUntold);
}

TEST(HesitatesAgain, IsAskedOfWhatWasLikely) {
  Scene maybe = doubting();
  maybe.hesitated(days(2), "fit", IntentLevel::kMaybe);
  EXPECT_EQ(maybe.told(), Hesitation::kUntold);
  Scene none = doubting();
  none.hesitated(days(2), "", IntentLevel::kLikely);
  EXPECT_EQ(none.told(), Hesitation::kUntold);
}

// As likely as before, but by nothing of this visit: it is still there, and did not come back.
TEST(HesitatesAgain, WhatIsLeftOverFromBeforeIsNotAgain) {
  Scene scene;
  scene.saw("guide", days(2), "p7");
  scene.saw("search", days(2));
  scene.where.page_type = "product";
  scene.hesitated(days(2) - 1min);
  ASSERT_EQ(scene.record().intent, "fit");
  ASSERT_GE(scene.record().intent_level, IntentLevel::kLikely);
  EXPECT_EQ(scene.told(), Hesitation::kNotAgain);
  for (const char* reaction : {"clicked", "clicked_it", "answered"}) scene.saw(reaction, 5min);
  EXPECT_EQ(scene.told(), Hesitation::kNotAgain) << "who is held back has nothing to click";
  scene.saw("search", 5min);
  EXPECT_EQ(scene.told(), Hesitation::kAgain);
}

TEST(HesitatesAgain, IsNotToldOfWhatMayBeSensitive) {
  for (const bool on_the_page : {true, false}) {
    Scene scene = doubting();
    scene.hesitated(days(2));
    scene.profile.core.consent.purposes[static_cast<std::size_t>(Purpose::kSensitive)].granted.at =
        kNow;
    scene.where.sensitive = on_the_page;
    scene.profile.core.holds_sensitive = !on_the_page;
    EXPECT_EQ(scene.told(), Hesitation::kUntold);
    EXPECT_EQ(scene.record().intent, "");
  }
}

}  // namespace
}  // namespace tact

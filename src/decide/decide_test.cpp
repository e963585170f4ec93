// What golden cases cannot see: that decide() is a function, that the digest covers every reason,
// and that the JSON is what docs/http.md says. What is decided: tests/golden.
#include "decide/decide.h"

#include <gtest/gtest.h>

#include <set>

#include "base/hash.h"
#include "playbook/compile.h"

namespace tact {
namespace {

const Time kNow = *parse_time("2026-11-21T10:00:00Z");

std::string moment_yaml(const std::string& id, const std::string& slot, const std::string& when,
                        const std::string& more) {
  return id + ":\n  need: know more\n  because: a test\n  at: " + slot + "\n  when: " + when +
         "\n  show: note\n  expect: more orders\n  owner: tests\n" + more;
}

std::shared_ptr<const Playbook> compile(const std::string& guards, const std::string& moments) {
  PlaybookFiles files;
  files["playbook.yaml"] = "site: Test\ncurrency: EUR\nhold_back: 0%\nlocales: [en]\n";
  files["signals.yaml"] =
      "guide:\n  says: opened the size guide\n  seen: track Guide\n  about: product\n"
      "  fades: half in 2d\n"
      "search:\n  says: searched\n  seen: track Search\n  fades: half in 2d\n";
  files["intents.yaml"] =
      "fit:\n  means: is unsure\n  about: product\n  usually: 20%\n  for:\n"
      "    - guide repeatedly: strong\n    - search: moderate\n"
      "idle:\n  means: is only looking\n  usually: 10%\n  for:\n    - search: weak\n"
      "    - first visit: weak\n";
  files["goals.yaml"] = "orders:\n  says: ordered\n  seen: track Order Completed\n";
  files["guards.yaml"] = guards.empty() ? "rest: 7d after 3 ignored\n" : guards;
  files["messages/note.yaml"] =
      "note:\n  kind: reassurance\n  reveals: history\n  variants:\n    plain:\n      locale: en\n"
      "      title: \"A note\"\n      body: \"One of two ways to say it.\"\n"
      "      link: {text: \"More\", to: /more}\n    warm:\n      locale: en\n"
      "      title: \"Another note\"\n      items: [\"Quite different words\", \"and a list\"]\n";
  files["moments/all.yaml"] = moments;
  const Compilation compilation = compile_playbook(files);
  for (const Finding& finding : compilation.findings) {
    if (finding.severity == Severity::kError) ADD_FAILURE() << finding.to_text();
  }
  return compilation.playbook;
}

const std::string kMoments =
    moment_yaml("fit-help", "slot", "likely fit",
                "  pick: split evenly\n  hold_back: 0%\n  without_a_sale: more\n"
                "  at_most: 1 per visit\n  rest: 14d after 2 ignored\n  priority: 5\n") +
    moment_yaml("page-help", "slot", "page type product",
                "  hold_back: 0%\n  without_a_sale: more\n") +
    moment_yaml("sells", "slot", "page type product", "  hold_back: 0%\n") +
    moment_yaml("sure-help", "slot", "sure fit", "  hold_back: 0%\n  without_a_sale: more\n");

struct Scene {
  std::shared_ptr<const Playbook> playbook;
  Profile profile;
  Surroundings where;
  Product product{.id = "p7", .category = "shoes"};
  bool basis = true, anonymous = false;

  explicit Scene(std::shared_ptr<const Playbook> book = compile("", kMoments))
      : playbook(std::move(book)) {
    profile.core.bucket_id = "a-1";
    Visit& visit = profile.core.visit;
    visit.number = 2;
    visit.started = kNow - 1h;
    visit.last_event = kNow;
    visit.pages = 4;
    where.page_type = "product";
    where.locale = "en-GB";
  }
  void saw(const char* signal, Duration ago, const char* subject = "") {
    SignalState& state = profile.derived.get_or_add(hash64(signal), subject);
    state.strength.add(kNow - ago, days(2));
    state.seen.add(kNow - ago);
    state.visits = 1;
  }
  void saw_guide_twice() {
    saw("guide", 2min, "p7");
    saw("guide", 5min, "p7");
  }
  void contact(const char* moment, Duration ago) {
    profile.core.contacts.push_back({.at = kNow - ago, .moment = hash64(moment), .page = 1});
    ++profile.core.totals_of(hash64(moment)).ever;
  }
  void set_audience(Audience audience) {
    Playbook other = *playbook;
    other.site.audience = audience;
    playbook = std::make_shared<const Playbook>(std::move(other));
  }
  void allow_sensitive() {
    profile.core.consent.purposes[static_cast<std::size_t>(Purpose::kSensitive)].granted.at = kNow;
  }
  View view() const {
    return {.profile = profile,
            .playbook = *playbook,
            .now = kNow,
            .where = where,
            .product = product,
            .consent = {.basis_granted = basis, .now = kNow},
            .bucket_id = profile.core.bucket_id,
            .anonymous_request = anonymous};
  }
  Decision decide() const { return tact::decide(view(), "slot"); }
};

const NotShown* reason_of(const Decision& decision, const Scene& scene, const char* moment) {
  for (const NotShown& reason : decision.not_shown) {
    if (scene.playbook->moments[static_cast<std::size_t>(reason.moment)].id == moment) {
      return &reason;
    }
  }
  return nullptr;
}

std::string says_of(const Scene& scene, const char* moment) {
  const Decision decision = scene.decide();
  const NotShown* reason = reason_of(decision, scene, moment);
  return reason == nullptr ? "shown" : says(*reason, *scene.playbook);
}

TEST(Decide, IsAFunction) {
  Scene scene;
  scene.saw_guide_twice();
  const Decision first = scene.decide();
  const std::string bytes = to_string(explain(first, scene.view()));
  const std::string shown = json::serialize(show(first, scene.view()));
  for (int i = 0; i < 1'000; ++i) {
    // Other addresses, the same values.
    const Scene again = scene;  // NOLINT(performance-unnecessary-copy-initialization)
    const Decision decision = again.decide();
    ASSERT_EQ(decision.digest(), first.digest());
    ASSERT_EQ(to_string(explain(decision, again.view())), bytes);
    ASSERT_EQ(json::serialize(show(decision, again.view())), shown);
  }
}

// A digest that changes with every reason: else explain would agree with what was not said.
TEST(Digest, ChangesWithEverythingAnExplanationSays) {
  Scene scene;
  scene.saw_guide_twice();
  const Decision base = scene.decide();
  ASSERT_GE(base.moment, 0);
  ASSERT_FALSE(base.not_shown.empty());
  ASSERT_EQ(base.not_shown[0].kind, NotShown::Kind::kCondition);
  ASSERT_FALSE(base.because.empty());
  std::set<std::uint64_t> digests = {base.digest()};
  int changes = 0;
  const auto differs = [&](const char* what, auto change) {
    Decision other = base;
    change(other);
    ++changes;
    EXPECT_TRUE(digests.insert(other.digest()).second) << what;
  };
  differs("outcome", [](Decision& d) { d.outcome = Outcome::kWithheld; });
  differs("moment", [](Decision& d) { ++d.moment; });
  differs("message", [](Decision& d) { ++d.message; });
  differs("variant", [](Decision& d) { d.variant ^= 1; });
  differs("universal", [](Decision& d) { d.held_out_universal = true; });
  differs("held back", [](Decision& d) { d.held_out_moment = true; });
  differs("selling", [](Decision& d) { d.selling = !d.selling; });
  differs("clear", [](Decision& d) { d.picture.clear = !d.picture.clear; });
  differs("leading", [](Decision& d) { ++d.picture.leading; });
  differs("propensity", [](Decision& d) { ++d.choice.propensity_ppm; });
  differs("choice by", [](Decision& d) { d.choice.by = Pick::kWhatWorks; });
  differs("choice of", [](Decision& d) { d.choice.of.pop_back(); });
  differs("p", [](Decision& d) { ++d.picture.scores[0].p.ppm; });
  differs("applicable", [](Decision& d) { d.picture.scores[0].applicable = false; });
  differs("a hit less", [](Decision& d) { d.picture.scores[0].hits.pop_back(); });
  differs("count", [](Decision& d) { ++d.picture.scores[0].hits[0].tally.count; });
  differs("last", [](Decision& d) { d.picture.scores[0].hits[0].tally.last += 1ms; });
  const auto reason = [&](const char* what, auto change) {
    differs(what, [&](Decision& d) { change(d.not_shown[0]); });
  };
  reason("reason's moment", [](NotShown& r) { ++r.moment; });
  reason("kind", [](NotShown& r) { r.kind = NotShown::Kind::kShadow; });
  reason("clause", [](NotShown& r) { r.clause = nullptr; });
  reason("negated", [](NotShown& r) { r.negated = !r.negated; });
  reason("unknown", [](NotShown& r) { r.unknown = !r.unknown; });
  reason("reason's p", [](NotShown& r) { ++r.p.ppm; });
  reason("guard", [](NotShown& r) { r.guard = Guard::kRest; });
  reason("have", [](NotShown& r) { ++r.have; });
  reason("limit", [](NotShown& r) { ++r.limit; });
  reason("period", [](NotShown& r) { r.period = NotShown::Period::kWeek; });
  reason("over all", [](NotShown& r) { r.over_all = !r.over_all; });
  reason("ago", [](NotShown& r) { r.ago += 1ms; });
  reason("rest", [](NotShown& r) { r.rest += 1ms; });
  reason("category", [](NotShown& r) { r.about_category = !r.about_category; });
  reason("dismissed", [](NotShown& r) { r.dismissed = !r.dismissed; });
  reason("fact", [](NotShown& r) { ++r.fact; });
  reason("winner", [](NotShown& r) { ++r.winner; });
  differs("a reason less", [](Decision& d) { d.not_shown.pop_back(); });
  EXPECT_EQ(digests.size(), static_cast<std::size_t>(changes) + 1);
}

// --- guards' order and edges
// ----------------------------------------------------------------------

TEST(Guards, AreAskedInTheirOrder) {
  Scene scene(compile("after_dismissal: 30d\n", kMoments));
  scene.saw_guide_twice();
  EXPECT_EQ(says_of(scene, "fit-help"), "shown");
  scene.profile.core.totals_of(hash64("fit-help")).dismissed_at = kNow - 1min;
  EXPECT_NE(says_of(scene, "fit-help").find("said no"), std::string::npos);
  scene.contact("fit-help", 5min);
  EXPECT_NE(says_of(scene, "fit-help").find("shown 1 of 1"), std::string::npos);
  scene.profile.core.visit.number = 1;
  scene.saw("search", 1min);
  scene.playbook = [&] {
    Playbook lead = *scene.playbook;
    lead.guards.ahead_by = Probability{900'000};
    return std::make_shared<const Playbook>(std::move(lead));
  }();
  EXPECT_NE(says_of(scene, "fit-help").find("does not tell"), std::string::npos);
  scene.profile.core.orders = {{.at = kNow - 2min, .id = "o", .products = {{.id = "p7"}}}};
  EXPECT_NE(says_of(scene, "fit-help").find("bought this product"), std::string::npos);
  scene.where.sensitive = true;
  EXPECT_NE(says_of(scene, "fit-help").find("sensitive topic"), std::string::npos);
  scene.set_audience(Audience::kMixed);
  EXPECT_NE(says_of(scene, "fit-help").find("known to be an adult"), std::string::npos);
  scene.basis = false;
  EXPECT_NE(says_of(scene, "fit-help").find("not agreed"), std::string::npos);
}

TEST(Guards, OfWhoMayBeAChildOnlyThisPageCounts) {
  for (const Audience audience : {Audience::kMixed, Audience::kChildren}) {
    Scene scene;
    scene.saw_guide_twice();
    scene.set_audience(audience);
    for (const Adult adult : {Adult::kUnknown, Adult::kNo}) {
      scene.profile.core.adult = adult;
      const Decision decision = scene.decide();
      EXPECT_EQ(reason_of(decision, scene, "fit-help")->guard, Guard::kAudience);
      EXPECT_EQ(scene.playbook->moments[static_cast<std::size_t>(decision.moment)].id, "page-help");
      for (const IntentScore& score : decision.picture.scores) EXPECT_FALSE(score.applicable);
      EXPECT_TRUE(decision.recorded);
    }
    scene.profile.core.adult = Adult::kYes;
    EXPECT_EQ(says_of(scene, "fit-help"), "shown");
  }
}

// The visit's campaign and first search are behaviour; this request's campaign is not.
TEST(Guards, OfWhoMayBeAChildEvenTheCampaignIsThatOfThisPage) {
  Scene scene(compile("", moment_yaml("ad-help", "slot", "came from campaign summer",
                                      "  hold_back: 0%\n  without_a_sale: more\n")));
  scene.profile.core.visit.source = TrafficSource::kCampaign;
  scene.profile.core.visit.campaign.name = "summer";
  EXPECT_EQ(says_of(scene, "ad-help"), "shown");
  scene.set_audience(Audience::kMixed);
  EXPECT_NE(says_of(scene, "ad-help"), "shown");
  scene.where.source = TrafficSource::kCampaign;
  scene.where.campaign.name = "summer";
  EXPECT_EQ(says_of(scene, "ad-help"), "shown");
}

TEST(Guards, WhereThePageIsSensitiveNothingIsShownWithoutTheVisitorsWord) {
  Scene scene;
  scene.saw_guide_twice();
  scene.where.sensitive = true;
  for (const bool anonymous : {false, true}) {
    scene.anonymous = anonymous;
    const Decision decision = scene.decide();
    EXPECT_EQ(decision.moment, -1);
    EXPECT_EQ(reason_of(decision, scene, "page-help")->guard, Guard::kSensitive);
  }
  scene.anonymous = false;
  EXPECT_EQ(says_of(scene, "page-help"),
            "this page is about a sensitive topic, and the visitor has not allowed its use");
  scene.allow_sensitive();
  EXPECT_EQ(says_of(scene, "fit-help"), "shown");
}

// Neither what the visitor reads nor what the console lists may tell what led here.
TEST(Explain, NamesNothingThatMayBeSensitive) {
  Scene scene;
  scene.saw_guide_twice();
  scene.allow_sensitive();
  ASSERT_FALSE(scene.decide().because.empty());
  for (const bool on_the_page : {true, false}) {
    scene.where.sensitive = on_the_page;
    scene.profile.core.holds_sensitive = !on_the_page;
    const Decision decision = scene.decide();
    ASSERT_EQ(says_of(scene, "fit-help"), "shown");
    EXPECT_TRUE(decision.because.empty());
    EXPECT_EQ(visitor_sees(decision, scene.view()), "Because of what you agreed to");
    EXPECT_EQ(to_string(explain(decision, scene.view())).find("size guide"), std::string::npos);
  }
}

// "N ever" may be written for every message together and for selling; it must hold.
TEST(Guards, EverHoldsForEveryMessageTogetherAndForSelling) {
  Scene all(compile("all: 2 ever\n", kMoments));
  all.contact("page-help", days(50));
  EXPECT_EQ(says_of(all, "page-help"), "shown");
  all.contact("fit-help", days(40));
  EXPECT_EQ(says_of(all, "page-help"), "messages shown 2 of 2 times in all");

  const std::string two =
      moment_yaml("page-help", "other", "page type product", "  without_a_sale: more\n") +
      moment_yaml("sells", "slot", "page type product", "  hold_back: 0%\n");
  Scene selling(compile("selling: 2 ever\n", two));
  selling.contact("page-help", days(50));
  selling.contact("page-help", days(40));
  selling.contact("sells", days(30));
  EXPECT_EQ(says_of(selling, "sells"), "shown");
  selling.contact("sells", days(20));
  EXPECT_EQ(says_of(selling, "sells"), "messages shown 2 of 2 times in all");
}

TEST(Guards, AnonymousRequestsGetOnlyWhatAsksForThePage) {
  Scene scene;
  scene.saw_guide_twice();
  scene.anonymous = true;
  const Decision decision = scene.decide();
  EXPECT_FALSE(decision.recorded);
  EXPECT_EQ(scene.playbook->moments[static_cast<std::size_t>(decision.moment)].id, "page-help");
  EXPECT_EQ(reason_of(decision, scene, "fit-help")->guard, Guard::kConsent);
}

TEST(Variants, SplitEvenlyIsStickyAndEven) {
  Scene scene;
  scene.saw_guide_twice();
  int warm = 0;
  for (int i = 0; i < 2'000; ++i) {
    scene.profile.core.bucket_id = "visitor-" + std::to_string(i);
    const Decision decision = scene.decide();
    ASSERT_EQ(decision.choice.propensity_ppm, 500'000U);
    ASSERT_EQ(decision.variant, scene.decide().variant);
    warm += decision.variant;
  }
  EXPECT_NEAR(warm, 1'000, 100);  // 4.5 standard deviations
}

TEST(Variants, NoCopyInTheVisitorsLanguageIsSaid) {
  auto book = std::make_shared<Playbook>(*compile("", kMoments));
  for (Variant& variant : book->messages[0].variants) variant.locale = "de";
  Scene scene(book);
  scene.where.locale = "fr";
  EXPECT_EQ(scene.decide().moment, -1);
  EXPECT_EQ(says_of(scene, "page-help"), "no copy in the visitor's language");
  scene.where.locale = "de-CH";
  EXPECT_GE(scene.decide().moment, 0);
}

// --- the JSON of docs/http.md -------------------------------------------------------------------

std::set<std::string> keys(const json::object& object) {
  std::set<std::string> out;
  for (const auto& [key, value] : object) out.insert(std::string(key));
  return out;
}
using Keys = std::set<std::string>;

TEST(Explain, HasTheKeysOfTheManualAndNoOthers) {
  Scene scene;
  scene.saw_guide_twice();
  const Decision decision = scene.decide();
  const json::object why = explain(decision, scene.view());
  EXPECT_EQ(keys(why), (Keys{"moment", "need", "because", "intents", "clear", "holdout", "choice",
                             "not_shown", "visitor_sees", "playbook"}));
  EXPECT_EQ(keys(why.at("because").at(0).as_object()), (Keys{"says", "count", "last", "points"}));
  EXPECT_EQ(keys(why.at("intents").at(0).as_object()), (Keys{"id", "p", "level"}));
  EXPECT_EQ(keys(why.at("holdout").as_object()), (Keys{"universal", "moment"}));
  EXPECT_EQ(keys(why.at("choice").as_object()), (Keys{"by", "propensity", "of"}));
  EXPECT_EQ(why.at("because").at(0).at("last"), "PT2M");
  EXPECT_EQ(why.at("visitor_sees"), "Because you opened the size guide on this visit");
  const json::value shown = show(decision, scene.view());
  EXPECT_EQ(keys(shown.as_object()), (Keys{"kind", "message", "variant", "content", "because"}));
  for (const auto& [key, value] : shown.at("content").as_object()) {
    EXPECT_TRUE(
        (Keys{"title", "body", "link", "image", "items", "options"}.contains(std::string(key))));
  }
}

TEST(Explain, EachNotShownHasExactlyOneReason) {
  Scene scene;
  scene.saw_guide_twice();
  scene.contact("page-help", 5min);
  for (const bool anonymous : {false, true}) {
    scene.anonymous = anonymous;
    const json::object why = explain(scene.decide(), scene.view());
    EXPECT_FALSE(why.at("not_shown").as_array().empty());
    for (const json::value& item : why.at("not_shown").as_array()) {
      const json::object& reason = item.as_object();
      EXPECT_EQ(reason.contains("guard") + reason.contains("condition") + reason.contains("lost"),
                1)
          << to_string(reason);
      for (const std::string& key : keys(reason)) {
        EXPECT_TRUE((Keys{"message", "moment", "guard", "condition", "lost", "says"}.contains(key)))
            << key;
      }
      EXPECT_FALSE(reason.at("says").as_string().empty());
    }
  }
}

TEST(Explain, ADefaultHasNoMomentAndShowsNull) {
  Scene scene;
  scene.where.page_type = "cart";
  const Decision decision = scene.decide();
  const json::object why = explain(decision, scene.view());
  EXPECT_EQ(decision.outcome, Outcome::kDefault);
  EXPECT_TRUE(show(decision, scene.view()).is_null());
  EXPECT_TRUE(why.at("moment").is_null());
  EXPECT_FALSE(why.contains("visitor_sees"));
  EXPECT_EQ(why.at("not_shown").as_array().size(), 4U);
}

// The reason a visitor reads addresses them: "Because you are …", never "Because you is …".
TEST(Explain, WhatTheVisitorReadsAddressesThem) {
  auto book = std::make_shared<Playbook>(*compile("", kMoments));
  Intent& fit = book->intents[0];
  const ClauseNames names{.signals = &book->signals,
                          .intents = &book->intents,
                          .dayparts = &book->dayparts,
                          .keyword_groups = &book->keyword_groups};
  for (const char* text : {"page type product", "first visit", "cart has tents", "weekend"}) {
    fit.in_favour = {{.clause = *parse_clause(text, names), .points = {4000}, .decisive = true}};
    Scene scene(book);
    scene.profile.core.visit.number = 1;
    scene.profile.core.cart = {{.id = "x", .category = "tents"}};
    scene.where.local_minute_of_week = 6 * 24 * 60;
    const std::string read = visitor_sees(scene.decide(), scene.view());
    EXPECT_EQ(read.find("you is "), std::string::npos) << read;
    EXPECT_EQ(read.find("you has "), std::string::npos) << read;
  }
}

}  // namespace
}  // namespace tact

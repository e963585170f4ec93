// Every kind of clause true, false and — where it can be — unknown; then what evidence amounts to.
#include "intent/intent.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/hash.h"
#include "playbook/compile.h"

namespace tact {
namespace {

const Time kNow = *parse_time("2026-11-21T10:00:00Z");  // a Saturday
constexpr std::uint16_t kSaturday = 5 * 24 * 60 + 1;    // 00:00, see local_minute_of_week

const Playbook& playbook() {
  static const std::shared_ptr<const Playbook> compiled = [] {
    PlaybookFiles files;
    files["playbook.yaml"] = "site: Test\ntime_zone: Europe/Berlin\ncurrency: EUR\n";
    files["content.yaml"] =
        "dayparts:\n  morning: 06:00 to 11:00\n  late_night: 22:00 to 02:00\n"
        "keyword_groups:\n  trail_running: [trail running]\n";
    files["signals.yaml"] =
        "guide:\n  says: opened the guide\n  seen: track Guide\n  about: product\n"
        "  fades: half in 2d\n"
        "search:\n  says: searched\n  seen: track Search\n  fades: half in 2d\n"
        "reviews:\n  says: read reviews\n  seen: track Reviews\n  fades: half in 2d\n"
        "answer:\n  says: answered\n  seen: track Question Answered\n  fades: half in 2d\n";
    files["intents.yaml"] =
        "fit:\n  means: is unsure\n  about: product\n  usually: 20%\n  for:\n"
        "    - guide repeatedly: strong\n    - search: moderate\n    - search within 7d: moderate\n"
        "    - reviews: decisive\n"
        "  against:\n    - bought this category before: strong\n"
        "price:\n  means: wants a price\n  usually: 40%\n  for:\n    - search this visit: strong\n"
        "    - first visit: weak\n";
    const Compilation compilation = compile_playbook(files);
    for (const Finding& finding : compilation.findings) {
      if (finding.severity == Severity::kError) ADD_FAILURE() << finding.to_text();
    }
    return compilation.playbook;
  }();
  return *compiled;
}

// A visitor one hour into their third visit, and the page they are on.
struct Scene {
  Profile profile;
  Surroundings where;
  Product product{.id = "p7", .category = "shoes/trail"};
  std::string category, weather;
  ConsentContext consent{.basis_granted = true, .now = kNow};
  bool anonymous = false;

  Scene() {
    Visit& visit = profile.core.visit;
    visit.number = 3;
    visit.started = kNow - 1h;
    visit.last_event = kNow;
    visit.pages = 4;
    profile.core.previous_visit_ended = kNow - days(3);
  }
  View view() const {
    return {.profile = profile,
            .playbook = playbook(),
            .now = kNow,
            .where = where,
            .product = product,
            .category = category,
            .weather = weather,
            .consent = consent,
            .bucket_id = "a-1",
            .anonymous_request = anonymous};
  }
  void saw(const char* signal, Duration ago, const char* subject = "", std::uint32_t visits = 1) {
    SignalState& state = profile.derived.get_or_add(hash64(signal), subject);
    const int index = playbook().find_signal(signal);
    state.strength.add(kNow - ago, playbook().signals[static_cast<std::size_t>(index)].half_life);
    state.seen.add(kNow - ago);
    state.visits = visits;
  }
  void bought(const char* product_id, const char* of, Duration ago) {
    profile.core.orders.push_back(
        {.at = kNow - ago, .id = "o", .products = {{.id = product_id, .category = of}}});
  }
  void viewed(const char* of, int times, Duration ago) {
    Interest interest{.name = of};
    for (int i = 0; i < times; ++i) interest.viewed.add(kNow - ago);
    profile.core.interests = {interest};
  }
  Truth is(const char* text) const {
    const Playbook& book = playbook();
    const auto clause = parse_clause(text, {.signals = &book.signals,
                                            .intents = &book.intents,
                                            .dayparts = &book.dayparts,
                                            .keyword_groups = &book.keyword_groups});
    if (!clause.has_value()) {
      ADD_FAILURE() << text << ": " << clause.error().to_text();
      return Truth::kUnknown;
    }
    const View now = view();
    const IntentPicture picture = infer(now);
    return evaluate(*clause, now, &picture);
  }
};

struct Row {
  const char* clause;
  Truth expected;
  std::function<void(Scene&)> given;
};

void check(const std::vector<Row>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Scene scene;
    rows[i].given(scene);
    EXPECT_EQ(to_string(scene.is(rows[i].clause)), to_string(rows[i].expected))
        << "row " << i << ": " << rows[i].clause;
  }
}

void nothing(Scene&) {}
constexpr Truth T = Truth::kTrue, F = Truth::kFalse, U = Truth::kUnknown;

// What this visit added to, of clauses that are true.
TEST(Clause, IsOfThisVisit) {
  const auto of_this_visit = [](const char* text, const std::function<void(Scene&)>& given) {
    Scene scene;
    given(scene);
    const Playbook& book = playbook();
    const auto clause = parse_clause(text, {.signals = &book.signals,
                                            .intents = &book.intents,
                                            .dayparts = &book.dayparts,
                                            .keyword_groups = &book.keyword_groups});
    EXPECT_TRUE(clause.has_value()) << text;
    EXPECT_EQ(to_string(evaluate(*clause, scene.view(), nullptr)), "true") << text;
    return is_of_this_visit(*clause, scene.view());
  };
  const auto now_and_before = [](Scene& s) {
    for (const Duration ago : {Duration(5min), days(3)}) {
      s.saw("search", ago);
      s.saw("reviews", ago + 1min);
    }
  };
  const auto before = [](Scene& s) {
    s.saw("search", days(1), "", 2);
    s.saw("reviews", days(1) + 1min);
  };
  for (const char* text : {"search", "search within 7d", "search repeatedly within 7d",
                           "reviews then search within 1h"}) {
    EXPECT_TRUE(of_this_visit(text, now_and_before)) << text;
  }
  for (const char* text : {"search", "search within 7d", "reviews then search within 1h"}) {
    EXPECT_FALSE(of_this_visit(text, before)) << text;
  }
  const auto asked_and_searched = [](Scene& s) {
    s.saw("answer", 20min);
    s.saw("search", 5min);
  };
  EXPECT_FALSE(of_this_visit("answer then search within 1h", asked_and_searched))
      << "without a message there is no answer";
  const auto half_of_a_pair = [](Scene& s) {
    s.saw("reviews", days(1) + 1min);
    s.saw("search", days(1));
    s.saw("search", 5min);
  };
  EXPECT_FALSE(of_this_visit("reviews then search within 1h", half_of_a_pair));
  const auto viewed = [](Duration ago) { return [ago](Scene& s) { s.viewed("shoes", 2, ago); }; };
  EXPECT_TRUE(of_this_visit("viewed category shoes within 7d", viewed(5min)));
  EXPECT_FALSE(of_this_visit("viewed category shoes within 7d", viewed(days(3))));
  const auto in_cart = [](Duration ago) {
    return [ago](Scene& s) {
      s.profile.core.cart = {s.product};
      s.profile.core.cart_changed = kNow - ago;
    };
  };
  for (const char* text : {"cart has shoes", "product added to cart"}) {
    EXPECT_TRUE(of_this_visit(text, in_cart(5min))) << text;
    EXPECT_FALSE(of_this_visit(text, in_cart(days(3)))) << text << ": it still lies there";
  }
  const auto at_night = [](Scene& s) {
    s.where.local_minute_of_week = kSaturday + 23 * 60;
    s.where.page_type = "product";
    s.where.device = Device::kMobile;
  };
  EXPECT_TRUE(of_this_visit("page type product", at_night));
  for (const char* circumstance : {"device mobile", "weekend", "late_night"})
    EXPECT_FALSE(of_this_visit(circumstance, at_night)) << circumstance;
  EXPECT_FALSE(of_this_visit("returned within 2d to 7d", nothing)) << "that alone is no doubt";
  EXPECT_FALSE(of_this_visit("bought this category before",
                             [](Scene& s) { s.bought("p1", "shoes", days(9)); }));
}

TEST(Clause, Signals) {
  check({
      {"guide", F, nothing},
      {"guide", T, [](Scene& s) { s.saw("guide", 5min, "p7"); }},
      {"guide", F, [](Scene& s) { s.saw("guide", 5min, "p8"); }},
      {"guide", F, [](Scene& s) { s.saw("guide", 2h, "p7"); }},
      {"guide", F,
       [](Scene& s) {
         s.saw("guide", 2h, "p7", 2);
         s.product.id = "p8";
       }},
      {"guide", T, [](Scene& s) { s.saw("guide", 2h, "p7", 2); }},
      {"guide", F, [](Scene& s) { s.saw("guide", days(3), "p7", 2); }},  // faded: 0.35
      {"guide", T,
       [](Scene& s) {
         s.saw("guide", 5min, "p8");
         s.product = {};
       }},
      {"guide this visit", T, [](Scene& s) { s.saw("guide", 5min, "p7"); }},
      {"guide this visit", F, [](Scene& s) { s.saw("guide", 2h, "p7", 2); }},
      {"guide repeatedly", F, [](Scene& s) { s.saw("guide", 5min, "p7"); }},
      {"guide repeatedly", T,
       [](Scene& s) {
         s.saw("guide", 5min, "p7");
         s.saw("guide", 9min, "p7");
       }},
      {"guide repeatedly", F,
       [](Scene& s) {
         s.saw("guide", 5min, "p7");
         s.saw("guide", 2h, "p7");
       }},
      {"guide within 3h", T, [](Scene& s) { s.saw("guide", 3h, "p7"); }},
      {"guide within 3h", F, [](Scene& s) { s.saw("guide", 3h + 1ms, "p7"); }},
      {"guide", U, [](Scene& s) { s.anonymous = true; }},
  });
}

TEST(Clause, SequencesOfSignals) {
  check({
      {"guide then search within 2h", T,
       [](Scene& s) {
         s.saw("guide", 2h, "p7");
         s.saw("search", 5min);
       }},
      {"guide then search within 1h", F,
       [](Scene& s) {
         s.saw("guide", 2h, "p7");
         s.saw("search", 5min);
       }},
      {"guide then search within 2h", F,
       [](Scene& s) {
         s.saw("guide", 5min, "p7");
         s.saw("search", 2h);
       }},
      {"guide then search within 2h", U, [](Scene& s) { s.anonymous = true; }},
      {"guide and no search for 1h", T, [](Scene& s) { s.saw("guide", 1h, "p7"); }},
      {"guide and no search for 1h", F, [](Scene& s) { s.saw("guide", 30min, "p7"); }},
      {"guide and no search for 1h", F,
       [](Scene& s) {
         s.saw("guide", 2h, "p7");
         s.saw("search", 5min);
       }},
      {"guide and no search for 1h", F, nothing},
  });
}

TEST(Clause, Commerce) {
  const auto in_cart = [](const char* id, const char* of) {
    return [=](Scene& s) {
      s.profile.core.cart = {{.id = id, .category = of, .price_minor = 3000, .quantity = 2}};
      s.profile.core.cart_changed = kNow - days(3);
    };
  };
  check({
      {"bought this product", T, [](Scene& s) { s.bought("p7", "shoes", 5min); }},
      {"bought this product", F, [](Scene& s) { s.bought("p8", "shoes", 5min); }},
      {"bought this product", U, [](Scene& s) { s.product = {}; }},
      {"bought this product before", F, [](Scene& s) { s.bought("p7", "shoes", 5min); }},
      {"bought this product before", T, [](Scene& s) { s.bought("p7", "shoes", 2h); }},
      {"bought this product within 90d", F, [](Scene& s) { s.bought("p7", "shoes", days(91)); }},
      {"bought this category", T, [](Scene& s) { s.bought("p8", "shoes/road", 5min); }},
      {"bought this category", F, [](Scene& s) { s.bought("p8", "tents", 5min); }},
      {"bought this category", U, [](Scene& s) { s.product = {}; }},
      {"bought this category", T,
       [](Scene& s) {
         s.product = {};
         s.category = "tents/dome";
         s.bought("p8", "tents", 2h);
       }},
      {"viewed category tents 3 times within 7d", T,
       [](Scene& s) { s.viewed("tents", 3, days(6)); }},
      {"viewed category tents 3 times within 7d", F,
       [](Scene& s) { s.viewed("tents", 2, days(6)); }},
      {"viewed this category 2 times", T, [](Scene& s) { s.viewed("shoes", 2, 5min); }},
      {"viewed this category 2 times", F, [](Scene& s) { s.viewed("shoes", 2, 2h); }},
      {"cart has tents", T, in_cart("p1", "outdoor/tents")},
      {"cart has tents", F, in_cart("p1", "tents-old")},
      {"cart lacks tents", T, in_cart("p1", "shoes")},
      {"cart lacks tents", F, in_cart("p1", "tents/dome")},
      {"cart lacks tents", U, [](Scene& s) { s.anonymous = true; }},
      {"cart over 59", T, in_cart("p1", "shoes")},
      {"cart over 60", F, in_cart("p1", "shoes")},
      {"product added to cart", T, in_cart("p7", "shoes")},
      {"product added to cart", F, in_cart("p8", "shoes")},
      {"left a cart within 14d", T, in_cart("p1", "shoes")},
      {"left a cart within 2d", F, in_cart("p1", "shoes")},
      {"left a cart within 14d", F, nothing},
      {"left a cart within 14d", F,
       [=](Scene& s) {
         in_cart("p1", "x")(s);
         s.profile.core.cart_changed = kNow - 5min;
       }},
      // Prices come from outside.
      {"cart over 50", T,
       [](Scene& s) {
         s.profile.core.cart.assign(
             50, {.id = "p", .price_minor = 999'999'999'999'999'999, .quantity = 1'000'000});
       }},
  });
}

TEST(Clause, TheVisit) {
  check({
      {"first visit", F, nothing},
      {"first visit", T, [](Scene& s) { s.profile.core.visit.number = 1; }},
      {"first visit", U, [](Scene& s) { s.anonymous = true; }},
      {"first page", F, nothing},
      {"first page", T, [](Scene& s) { s.profile.core.visit.pages = 1; }},
      {"returned within 2d to 7d", T, nothing},
      {"returned within 4d to 7d", F, nothing},
      {"returned within 7d", F, [](Scene& s) { s.profile.core.previous_visit_ended = {}; }},
      {"signed in", F, nothing},
      {"signed in", T, [](Scene& s) { s.profile.core.known = true; }},
      {"consent for personalization", T, nothing},
      {"consent for sensitive", F, nothing},  // a basis of the source is none for it
      {"consent for sensitive", T,
       [](Scene& s) {
         const auto sensitive = static_cast<std::size_t>(Purpose::kSensitive);
         s.profile.core.consent.purposes[sensitive].granted.at = time_from_ms(1);
       }},
      {"consent for email", F, [](Scene& s) { s.consent.basis_granted = false; }},
      {"consent for email", U, [](Scene& s) { s.anonymous = true; }},
  });
}

TEST(Clause, ThePageRequestIsKnownWithoutConsent) {
  const std::vector<Row> rows = {
      {"came from search", T, [](Scene& s) { s.where.source = TrafficSource::kSearch; }},
      {"came from search", F, [](Scene& s) { s.where.source = TrafficSource::kAd; }},
      {"came from search", U, nothing},
      {"came from campaign Spring", T, [](Scene& s) { s.where.campaign.name = "spring"; }},
      {"came from campaign Spring", F, [](Scene& s) { s.where.campaign.name = "summer"; }},
      {"keyword group trail_running", T,
       [](Scene& s) { s.where.campaign.term = "Trail Running shoes"; }},
      {"keyword group trail_running", F, [](Scene& s) { s.where.campaign.term = "trailrunning"; }},
      {"morning", T, [](Scene& s) { s.where.local_minute_of_week = kSaturday + 6 * 60; }},
      {"morning", F, [](Scene& s) { s.where.local_minute_of_week = kSaturday + 11 * 60; }},
      {"morning", U, nothing},
      {"late night", T, [](Scene& s) { s.where.local_minute_of_week = kSaturday + 119; }},
      {"late night", F, [](Scene& s) { s.where.local_minute_of_week = kSaturday + 120; }},
      {"weekend", T, [](Scene& s) { s.where.local_minute_of_week = kSaturday; }},
      {"weekend", F, [](Scene& s) { s.where.local_minute_of_week = kSaturday - 1; }},
      {"weekend", U, nothing},
      {"weather rain", T, [](Scene& s) { s.weather = "Light Rain"; }},
      {"weather rain", F, [](Scene& s) { s.weather = "sun"; }},
      {"weather rain", U, nothing},
      {"weather below 8 C", T, [](Scene& s) { s.weather = "-3 C"; }},
      {"weather below 8 C", F, [](Scene& s) { s.weather = "8 C"; }},
      {"weather below 8 C", F, [](Scene& s) { s.weather = "2147484 C"; }},  // in an int: below
      {"weather above 8 C", T, [](Scene& s) { s.weather = "9"; }},
      {"weather below 8 C", U, [](Scene& s) { s.weather = "rain"; }},
      {"page type product", T, [](Scene& s) { s.where.page_type = "product"; }},
      {"page type product", F, nothing},
      {"page /sale/*", T, [](Scene& s) { s.where.path = "/sale/x"; }},
      {"page /sale/*", F, [](Scene& s) { s.where.path = "/sales/x"; }},
      {"locale de", T, [](Scene& s) { s.where.locale = "de-AT"; }},
      {"locale de-AT", F, [](Scene& s) { s.where.locale = "de-DE"; }},
      {"locale de", U, nothing},
      {"device mobile", T, [](Scene& s) { s.where.device = Device::kMobile; }},
      {"device mobile", F, [](Scene& s) { s.where.device = Device::kDesktop; }},
      {"device mobile", U, nothing},
  };
  check(rows);
  std::vector<Row> anonymous = rows;
  for (Row& row : anonymous) {
    row.given = [given = row.given](Scene& s) {
      given(s);
      s.anonymous = true;
    };
  }
  check(anonymous);
}

TEST(Clause, IntentsByLevel) {
  const auto twice = [](Scene& s) {
    s.saw("guide", 5min, "p7");
    s.saw("guide", 9min, "p7");
  };
  check({
      {"maybe fit", F, nothing},
      {"likely fit", T, twice},
      {"fit", T, twice},
      {"sure fit", F, twice},
      {"maybe fit", F,
       [=](Scene& s) {
         twice(s);
         s.product = {};
       }},
      {"likely fit", U, [](Scene& s) { s.anonymous = true; }},
  });
}

// Kleene: one true part is enough; without one, an unknown part leaves it open.
TEST(Clause, AnyOfIsKleene) {
  const auto truth = [](const std::vector<const char*>& parts) {
    Scene scene;
    scene.where.page_type = "product";  // T: page type product; F: page type cart; U: morning
    Clause any;
    any.kind = Clause::Kind::kAnyOf;
    const Playbook& book = playbook();
    for (const char* text : parts) {
      any.parts.push_back(*parse_clause(text, {.signals = &book.signals,
                                               .intents = &book.intents,
                                               .dayparts = &book.dayparts,
                                               .keyword_groups = &book.keyword_groups}));
    }
    return evaluate(any, scene.view(), nullptr);
  };
  const char *yes = "page type product", *no = "page type cart", *open = "morning";
  EXPECT_EQ(truth({yes, no}), T);
  EXPECT_EQ(truth({open, yes}), T);
  EXPECT_EQ(truth({no, open}), U);
  EXPECT_EQ(truth({open, no}), U);
  EXPECT_EQ(truth({no, no}), F);
  EXPECT_EQ(truth({}), F);
}

// --- intents ------------------------------------------------------------------------------------

const IntentScore& score(const IntentPicture& picture, const char* intent) {
  return picture.scores[static_cast<std::size_t>(playbook().find_intent(intent))];
}

TEST(Infer, TheWorkedExampleToThePercent) {
  Scene scene;
  EXPECT_EQ(score(infer(scene.view()), "fit").p.percent(), 20);
  scene.saw("guide", 5min, "p7");
  scene.saw("guide", 9min, "p7");
  EXPECT_EQ(score(infer(scene.view()), "fit").p.percent(), 65);
  scene.bought("p8", "shoes", days(30));
  EXPECT_EQ(score(infer(scene.view()), "fit").p.percent(), 20);
  EXPECT_EQ(score(infer(scene.view()), "fit").hits.size(), 2U);
}

TEST(Infer, WhatIsAboutAProductNeedsOne) {
  Scene scene;
  scene.product = {};
  const IntentPicture picture = infer(scene.view());
  EXPECT_FALSE(score(picture, "fit").applicable);
  EXPECT_EQ(score(picture, "fit").p.ppm, 0);
  EXPECT_EQ(picture.leading, playbook().find_intent("price"));
}

TEST(Infer, TwoLinesOfOneSignalAreOnePieceOfEvidence) {
  Scene scene;
  scene.saw("search", 5min);  // both lines of `fit` are about it
  EXPECT_EQ(score(infer(scene.view()), "fit").hits.size(), 2U);
  EXPECT_FALSE(score(infer(scene.view()), "fit").enough_evidence);
  EXPECT_FALSE(score(infer(scene.view()), "price").enough_evidence);
  scene.profile.core.visit.number = 1;  // `price` also asks for the first visit
  EXPECT_TRUE(score(infer(scene.view()), "price").enough_evidence);
}

TEST(Infer, DecisiveOrRepeatedEvidenceIsEnoughByItself) {
  Scene decisive, repeated;
  decisive.saw("reviews", 5min);
  EXPECT_TRUE(score(infer(decisive.view()), "fit").enough_evidence);
  EXPECT_TRUE(infer(decisive.view()).clear);
  repeated.saw("guide", 5min, "p7");
  repeated.saw("guide", 9min, "p7");
  EXPECT_TRUE(score(infer(repeated.view()), "fit").enough_evidence);
}

TEST(Infer, ClearOnlyWhenAheadOfTheNext) {
  Scene scene;
  scene.saw("guide", 5min, "p7");
  scene.saw("guide", 9min, "p7");  // fit 65 %, price 40 %
  EXPECT_TRUE(infer(scene.view()).acts_on(playbook().find_intent("fit")));
  EXPECT_FALSE(infer(scene.view()).acts_on(playbook().find_intent("price")));
  scene.profile.core.visit.number = 1;  // price 52 %: 13 points behind
  EXPECT_EQ(score(infer(scene.view()), "price").p.percent(), 52);
  EXPECT_FALSE(infer(scene.view()).clear);
}

TEST(Infer, WithoutConsentNothingIsInferred) {
  Scene scene;
  scene.saw("reviews", 5min);
  scene.anonymous = true;
  const IntentPicture picture = infer(scene.view());
  EXPECT_EQ(picture.leading, -1);
  EXPECT_FALSE(picture.clear);
}

TEST(Infer, LevelsBeginExactlyAtTheirThresholds) {
  EXPECT_EQ(level_name({299'999}), "");
  EXPECT_EQ(level_name({300'000}), "maybe");
  EXPECT_EQ(level_name({500'000}), "likely");
  EXPECT_EQ(level_name({750'000}), "sure");
}

}  // namespace
}  // namespace tact

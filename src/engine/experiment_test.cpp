// Experiments through the whole engine: arms that stay across logins, crossovers, explanations.
#include "assign/assign.h"
#include "engine/engine_test_util.h"
#include "engine/export.h"
#include "profile/core.h"

namespace tact {
namespace {

constexpr std::string_view kTone = R"(
fit-tone:
  asks: does a warmer tone help people who are unsure of the size
  because: people between sizes want permission to order two
  moment: fit-help
  arms:
    plain: {variants: [plain, plain-de]}
    warm: {variants: [warm, warm-de]}
  expect: more orders
  owner: merchandising
)";

constexpr std::string_view kWhen = R"(
fit-when:
  asks: is it better to wait until they are sure to be unsure
  because: one look may be plain curiosity
  moment: fit-help
  arms:
    likely: as written
    sure:
      when: sure unsure_about_fit
  expect: more orders
  owner: merchandising
)";

class Experiments : public EngineTest {
 protected:
  void run(std::string_view experiments) {
    for (auto& [name, text] : files_)
      replace(text, "at_most: 1 per visit, 3 per week, 6 ever", "at_most: 20 per visit");
    files_["experiments/all.yaml"] = experiments;
    const auto published = engine_->publish(files_);
    ASSERT_TRUE(published.has_value()) << published.error().to_text();
  }

  const ExperimentPlan& plan() { return engine_->playbook()->playbook->experiments.at(0); }

  // The nth id that falls into this arm.
  std::string id_in(const std::string& arm, int nth = 0) {
    for (int i = 0; i < 10'000; ++i) {
      std::string id = "device-" + std::to_string(i);
      const int in = arm_of(plan(), id);
      if (in >= 0 && plan().arms[static_cast<std::size_t>(in)].id == arm && nth-- == 0) return id;
    }
    ADD_FAILURE() << "nobody is in " << arm;
    return {};
  }

  std::string arm_shown(const std::string& visitor) {
    const json::object answer = decide(question(visitor, "p7"));
    const json::value& show = first(answer).at("show");
    return show.is_null() ? "default" : std::string(show.at("variant").get_string());
  }

  // What `facts` says of the experiment, by the visitor an id names now.
  Exposure row_of(const std::string& anonymous, const std::string& user = {}) {
    const auto shown = engine_->show_visitor(named(anonymous, user));
    EXPECT_TRUE(shown.has_value());
    const auto visitor = VisitorId::parse(shown->at("visitor").get_string());
    const auto state = engine_->playbook();
    const Experiment* experiment =
        state->experiments.of_experiment(state->playbook->hash, plan().id);
    EXPECT_NE(experiment, nullptr);
    const auto bytes = engine_->store().get(Family::kFacts, keys::facts(experiment->id, *visitor));
    if (!bytes.has_value() || !*bytes) return {};
    ByteReader in(**bytes);
    return Exposure::decode(in);
  }
};

TEST_F(Experiments, AVisitorStaysInTheArmAcrossALogin) {
  run(kTone);
  for (const char* arm : {"plain", "warm"}) {
    const std::string device = id_in(arm), user = std::string("user-of-") + arm;
    ASSERT_TRUE(track(unsure_of(device, "p7")).has_value());
    EXPECT_EQ(arm_shown(device), arm);
    ASSERT_TRUE(track({identify(device, user), event(device, "page", "p7")}).has_value());
    EXPECT_EQ(arm_shown(device), arm);
    const Exposure row = row_of("", user);
    EXPECT_EQ(row.variant, arm);
    EXPECT_TRUE(row.is_arm);
    EXPECT_EQ(row.treated, std::string_view(arm) == "warm");
    EXPECT_FALSE(row.crossover);
  }
  closed_and_verified();
}

TEST_F(Experiments, ASecondDeviceGetsThePersonsArmAndACrossoverIsFlagged) {
  run(kTone);
  const std::string first_device = id_in("plain"), second = id_in("warm");
  ASSERT_TRUE(track({identify(first_device, "anna")}).has_value());
  ASSERT_TRUE(track(unsure_of(second, "p7")).has_value());
  EXPECT_EQ(arm_shown(second), "warm") << "nobody knows yet whose device it is";
  ASSERT_TRUE(track({identify(second, "anna"), event(second, "page", "p7")}).has_value());
  EXPECT_EQ(arm_shown(second), "plain");
  const Exposure row = row_of("", "anna");
  EXPECT_EQ(row.variant, "warm") << "the arm of the earliest exposure counts";
  EXPECT_TRUE(row.crossover);
  closed_and_verified();
}

TEST_F(Experiments, ADeviceInThePersonsArmIsNoCrossover) {
  run(kTone);
  const std::string first_device = id_in("warm"), second = id_in("warm", 1);
  ASSERT_TRUE(track({identify(first_device, "anna")}).has_value());
  ASSERT_TRUE(track(unsure_of(second, "p7")).has_value());
  EXPECT_EQ(arm_shown(second), "warm");
  ASSERT_TRUE(track({identify(second, "anna"), event(second, "page", "p7")}).has_value());
  EXPECT_EQ(arm_shown(second), "warm");
  EXPECT_FALSE(row_of("", "anna").crossover);
  closed_and_verified();
}

TEST_F(Experiments, ExplainDerivesTheArmAgainAlsoAfterAReopenAndTheEnd) {
  run(kTone);
  const std::string device = id_in("warm");
  DecideRequest request = question(device, "p7");
  request.events = unsure_of(device, "p7");
  const json::object answer = decide(std::move(request));
  const json::object& decision = first(answer);
  const json::value& in = decision.at("why").at("experiments").at(0);
  EXPECT_EQ(in.at("id"), "fit-tone");
  EXPECT_EQ(in.at("arm"), "warm");
  EXPECT_EQ(json::serialize(decision.at("show")).find("fit-tone"), std::string::npos);
  replace(files_["experiments/all.yaml"], "owner:", "status: ended\n  owner:");
  ASSERT_TRUE(engine_->publish(files_).has_value());
  engine_.reset();
  open();
  const auto id = DecisionId::parse(std::string_view(decision.at("id").get_string()));
  ASSERT_TRUE(id.has_value());
  const auto explained = engine_->explain(*id);
  ASSERT_TRUE(explained.has_value()) << explained.error().to_text();
  EXPECT_TRUE(explained->at("agrees").get_bool());
  EXPECT_EQ(explained->at("why"), decision.at("why"));
  const json::object after = decide(question(device, "p7"));
  EXPECT_EQ(first(after).at("why").as_object().if_contains("experiments"), nullptr)
      << "nobody is assigned any more";
  ASSERT_TRUE(track({event(device, "Order Completed", "p7")}).has_value());
  EXPECT_EQ(row_of(device).goals.at(0).count, 1U) << "what they do still counts";
  closed_and_verified();
}

TEST_F(Experiments, WhoWaitsForAnotherConditionHasEnteredAndIsExplained) {
  run(kWhen);
  const std::string now = id_in("likely"), later = id_in("sure");
  for (const std::string& device : {now, later})
    ASSERT_TRUE(track(unsure_of(device, "p7")).has_value());
  EXPECT_NE(arm_shown(now), "default");
  const json::object answer = decide(question(later, "p7"));
  EXPECT_TRUE(first(answer).at("show").is_null());
  EXPECT_EQ(row_of(now).variant, "likely");
  EXPECT_EQ(row_of(later).variant, "sure");
  const auto id = DecisionId::parse(std::string_view(first(answer).at("id").get_string()));
  const auto explained = engine_->explain(*id);
  ASSERT_TRUE(explained.has_value()) << explained.error().to_text();
  EXPECT_TRUE(explained->at("agrees").get_bool());
  EXPECT_EQ(explained->at("why").at("experiments").at(0).at("shows"), "not yet");
  closed_and_verified();
}

TEST_F(Experiments, AnExportTellsTheVisitorsArms) {
  run(kTone);
  const std::string device = id_in("warm");
  ASSERT_TRUE(track(unsure_of(device, "p7")).has_value());
  EXPECT_EQ(arm_shown(device), "warm");
  const auto exported = export_visitor(engine_->store(), key_, named(device));
  ASSERT_TRUE(exported.has_value());
  const json::value& decision = exported->at("records").as_array().back();
  EXPECT_EQ(decision.at("experiments").at(0).at("experiment"), "fit-tone");
  EXPECT_EQ(decision.at("experiments").at(0).at("arm"), "warm");
}

}  // namespace
}  // namespace tact

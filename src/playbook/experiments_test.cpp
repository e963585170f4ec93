// What experiments/*.yaml becomes. What is refused: testdata/experiments.case.
#include <gtest/gtest.h>

#include <algorithm>

#include "playbook/compile.h"

namespace tact {
namespace {

constexpr std::string_view kTone = R"(
fit-tone:
  asks: does a warmer tone help
  because: it may
  moment: fit-help
  layer: tone
  traffic: 20% to 80%
  arms:
    plain:
      variants: plain
    warm:
      variants: warm
  split:
    plain: 12.5%
    warm: 87.5%
  expect: more orders
  owner: merchandising
)";

constexpr std::string_view kMessages = R"(
fit-guide:
  reveals: visit
  variants:
    plain:
      title: "Between sizes?"
    warm:
      title: "Order both sizes, and send one back for nothing."
fit-product:
  about: product
  reveals: visit
  variants:
    plain:
      title: "This one runs small, so take the larger size."
size-table:
  reveals: nothing
  because: "From our shop"
  variants:
    plain:
      title: "All sizes are in the table below every product."
)";

PlaybookFiles files_with(std::string_view experiments) {
  PlaybookFiles files = *read_playbook_folder("src/playbook/testdata/base");
  files["messages/fit.yaml"] = kMessages;
  files["experiments/a.yaml"] = experiments;
  return files;
}

std::shared_ptr<const Playbook> compiled(std::string_view experiments) {
  const Compilation compilation = compile_playbook(files_with(experiments));
  if (compilation.ok()) return compilation.playbook;
  ADD_FAILURE() << compilation.first_error().to_text() << "\n" << experiments;
  return std::make_shared<const Playbook>();
}

// `kTone` with one passage replaced.
std::string with(std::string_view passage, std::string_view by) {
  std::string text(kTone);
  const std::size_t at = text.find(passage);
  EXPECT_NE(at, std::string::npos) << passage;
  return text.replace(at, passage.size(), by);
}

// With these arms, evenly split.
std::string with_arms(std::string_view arms) {
  return "fit-arms:\n  asks: a\n  because: b\n  moment: fit-help\n  arms:\n" + std::string(arms);
}

TEST(Experiments, AreTyped) {
  const auto playbook = compiled(kTone);
  ASSERT_EQ(playbook->experiments.size(), 1U);
  const ExperimentPlan& plan = playbook->experiments[0];
  EXPECT_EQ(playbook->find_experiment("fit-tone"), &plan);
  EXPECT_EQ(playbook->find_experiment("tone"), nullptr);
  EXPECT_EQ(plan.asks, "does a warmer tone help");
  EXPECT_EQ(plan.because, "it may");
  EXPECT_EQ(plan.moment, "fit-help");
  EXPECT_EQ(plan.layer, "tone");
  EXPECT_EQ(plan.from.ppm, 200'000);
  EXPECT_EQ(plan.to.ppm, 800'000);
  EXPECT_EQ(plan.status, ExperimentStatus::kLive);
  EXPECT_TRUE(plan.expect.more);
  EXPECT_EQ(plan.expect.goal, 0);
  EXPECT_EQ(plan.owner, "merchandising");
  EXPECT_FALSE(plan.triggers_differ);
  ASSERT_EQ(plan.arms.size(), 2U);
  EXPECT_EQ(plan.arms[0].id, "plain");
  EXPECT_EQ(plan.arms[0].weight.ppm, 125'000);
  EXPECT_EQ(plan.arms[1].weight.ppm, 875'000);
  EXPECT_EQ(plan.arms[1].moment.messages, playbook->moments[0].messages);
  EXPECT_TRUE(plan.arms[1].allows("warm"));
  EXPECT_FALSE(plan.arms[1].allows("plain"));
  EXPECT_EQ(playbook->moments[0].experiments, std::vector<int>{0});
}

TEST(Experiments, ArmsAreTheMomentWithWhatDiffers) {
  const auto playbook =
      compiled(with_arms("    now: as written\n"
                         "    product: {show: fit-product}\n"
                         "    general: {generic: size-table}\n"
                         "    early:\n      when: maybe unsure_about_fit\n      unless: weekend\n"
                         "    nothing: default\n"));
  ASSERT_EQ(playbook->experiments.size(), 1U);
  const auto& arms = playbook->experiments[0].arms;
  ASSERT_EQ(arms.size(), 5U);
  const auto message = [&](std::size_t arm) {
    return playbook->messages[static_cast<std::size_t>(arms[arm].moment.messages.at(0))].id;
  };
  EXPECT_EQ(message(0), "fit-guide");
  EXPECT_EQ(message(1), "fit-product");
  EXPECT_EQ(message(2), "size-table");
  EXPECT_EQ(arms[2].kind, Arm::Kind::kGeneric);
  EXPECT_EQ(arms[3].kind, Arm::Kind::kMoment);
  EXPECT_EQ(message(3), "fit-guide");
  ASSERT_EQ(arms[3].moment.when.size(), 1U);
  EXPECT_EQ(arms[3].moment.when[0].level, Level::kMaybe);
  EXPECT_EQ(arms[3].moment.unless.size(), 1U);
  EXPECT_EQ(arms[4].kind, Arm::Kind::kDefault);
  EXPECT_EQ(message(4), "fit-guide") << "what would have shown";
  for (const Arm& arm : arms) {
    EXPECT_EQ(arm.moment.id, "fit-help");
    EXPECT_EQ(arm.moment.key, playbook->moments[0].key);
    EXPECT_EQ(arm.weight.ppm, 200'000);
  }
}

TEST(Experiments, AnEvenSplitAddsUpAndDiffersByOneTenThousandth) {
  for (int n = 2; n <= 20; ++n) {
    std::string arms;
    for (int i = 0; i < n; ++i) {
      arms += "    arm" + std::to_string(i) + ":\n      when: returned within " +
              std::to_string(i + 1) + "d\n      show: size-table\n";
    }
    std::string text = with_arms(arms);
    PlaybookFiles files = files_with(text);
    files["messages/fit.yaml"].replace(files["messages/fit.yaml"].find("reveals: nothing"), 16,
                                       "reveals: history");
    const Compilation compilation = compile_playbook(files);
    ASSERT_TRUE(compilation.ok()) << compilation.first_error().to_text();
    std::int32_t sum = 0;
    for (const Arm& arm : compilation.playbook->experiments[0].arms) {
      sum += arm.weight.ppm;
      EXPECT_NEAR(arm.weight.ppm, 1e6 / n, 100);
      EXPECT_EQ(arm.weight.ppm % 100, 0);
    }
    EXPECT_EQ(sum, 1'000'000) << n;
  }
}

TEST(Experiments, TriggersDifferByConditionOrByWhatTheGuardsLookAt) {
  const auto differ = [](const char* arms) {
    return compiled(with_arms(arms))->experiments.at(0).triggers_differ;
  };
  EXPECT_FALSE(differ("    now: as written\n    nothing: default\n"));
  EXPECT_FALSE(differ("    now: as written\n    general: {generic: size-table}\n"));
  EXPECT_FALSE(differ("    now: as written\n    same: {when: unsure about fit, variants: warm}\n"));
  EXPECT_TRUE(differ("    now: as written\n    early: {when: maybe unsure_about_fit}\n"));
  EXPECT_TRUE(differ("    now: as written\n    late: {unless: first visit}\n"));
  EXPECT_TRUE(differ("    now: as written\n    product: {show: fit-product}\n"))
      << "silence about a product that was bought";
}

TEST(Experiments, OtherArmsAreAnotherDefinition) {
  const auto definition = [](std::string_view text) {
    return compiled(text)->experiments.at(0).definition;
  };
  const std::uint64_t as_it_is = definition(kTone);
  EXPECT_NE(as_it_is, 0U);
  for (const auto& [passage, by] : std::initializer_list<std::pair<const char*, const char*>>{
           {"does a warmer tone help", "is warm better"},
           {"20% to 80%", "10%"},
           {"layer: tone", "layer: other"},
           {"owner: merchandising", "owner: sales"},
           {"variants: plain", "variants: [plain]"}}) {
    const bool same = std::string_view(passage) != "variants: plain";  // as written, not as meant
    EXPECT_EQ(definition(with(passage, by)) == as_it_is, same) << passage << " -> " << by;
  }
  EXPECT_NE(
      definition(with("87.5%", "87.4%").replace(with("87.5%", "87.4%").find("12.5%"), 5, "12.6%")),
      as_it_is);
  EXPECT_NE(definition(with("      variants: warm\n", "      when: first visit\n")), as_it_is);
  // The same, however the split is written.
  const std::string shares = with("plain: 12.5%\n    warm: 87.5%", "plain: 50%\n    warm: 50%");
  const std::string evenly = with("split:\n    plain: 12.5%\n    warm: 87.5%", "split: evenly");
  EXPECT_EQ(definition(shares), definition(evenly));
  // An end changes nothing for those who are in it.
  EXPECT_EQ(definition(with("owner: merchandising", "status: ended\n  owner: merchandising")),
            as_it_is);
}

TEST(Experiments, OnlyLiveOnesAreEntered) {
  for (const char* status : {"draft", "ended"}) {
    const auto playbook = compiled(with("owner: merchandising", "status: " + std::string(status)));
    EXPECT_EQ(to_string(playbook->experiments.at(0).status), status);
    EXPECT_TRUE(playbook->moments[0].experiments.empty()) << status;
  }
}

TEST(Experiments, AreNoPartOfDerivedState) {
  EXPECT_EQ(compiled(kTone)->derived_hash, compiled("")->derived_hash);
}

TEST(Experiments, HaveAtMostTwentyArms) {
  std::string arms = "    now: as written\n";
  for (int i = 0; i < 20; ++i) arms += "    a" + std::to_string(i) + ": default\n";
  const Compilation compilation = compile_playbook(files_with(with_arms(arms)));
  ASSERT_FALSE(compilation.ok());
  const auto& found = compilation.findings;
  EXPECT_TRUE(std::any_of(found.begin(), found.end(),
                          [](const Finding& finding) { return finding.rule == "too-many"; }));
}

}  // namespace
}  // namespace tact

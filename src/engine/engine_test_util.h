// The engine on a real store in a directory of its own, and short ways to speak with it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "engine/check.h"
#include "engine/engine.h"
#include "engine/engine_test_events.h"
#include "store/keys.h"

namespace tact {

namespace fs = std::filesystem;

class EngineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::temp_directory_path() /
                 ("tact_engine_" + std::to_string(::getpid()) + "_" +
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    auto files = engine_test::shop_without_hold_backs();
    ASSERT_TRUE(files.has_value()) << files.error().to_text();
    files_ = *files;
    open();
  }
  void TearDown() override {
    engine_.reset();
    fs::remove_all(directory_);
  }

  static void replace(std::string& text, const std::string& from, const std::string& to) {
    engine_test::replace_all(text, from, to);
  }

  void open(EngineOptions options = {}) {
    options.data_directory = directory_.string();
    auto engine = Engine::open(options, key_, files_);
    ASSERT_TRUE(engine.has_value()) << engine.error().to_text();
    engine_ = std::move(*engine);
  }

  Record event(const std::string& visitor, const std::string& name,
               const std::string& product = {}) {
    return made_.event(visitor, name, product, engine_->now());
  }

  Record record_of(Event body) { return engine_test::record_of(std::move(body), engine_->now()); }

  Record identify(const std::string& visitor, const std::string& user) {
    return made_.identify(visitor, user, engine_->now());
  }
  Record alias(const std::string& previous, const std::string& user) {
    return made_.alias(previous, user, engine_->now());
  }

  static NamedId named(const std::string& anonymous, const std::string& user = {}) {
    return anonymous.empty() ? NamedId{std::string(kUserKind), user}
                             : NamedId{std::string(kAnonymousKind), anonymous};
  }

  Result<TrackCounts> track(std::vector<Record> events) {
    std::promise<Result<TrackCounts>> done;
    engine_->track(std::move(events),
                   [&](Result<TrackCounts> counts) { done.set_value(std::move(counts)); });
    return done.get_future().get();
  }

  DecideRequest question(const std::string& visitor, const std::string& product) {
    DecideRequest request = engine_test::question(visitor, product);
    request.explain = true;
    return request;
  }

  json::object decide(DecideRequest request) {
    std::promise<Result<std::string>> done;
    engine_->decide(std::move(request),
                    [&](Result<std::string> answer) { done.set_value(std::move(answer)); });
    auto answer = done.get_future().get();
    EXPECT_TRUE(answer.has_value()) << answer.error().to_text();
    return answer.has_value() ? parse_json(*answer)->get_object() : json::object{};
  }

  static const json::object& first(const json::object& answer) {
    return answer.at("decisions").at(0).get_object();
  }
  static std::string message_of(const json::object& decision) {
    const json::value& show = decision.at("show");
    return show.is_null() ? "default" : std::string(show.at("message").get_string());
  }

  std::vector<Record> unsure_of(const std::string& visitor, const std::string& product) {
    return {event(visitor, "page", product), event(visitor, "Size Guide Opened", product),
            event(visitor, "Size Guide Opened", product)};
  }

  CheckReport closed_and_verified() {
    engine_.reset();
    auto store = Store::open(directory_.string());
    EXPECT_TRUE(store.has_value());
    auto playbooks = Playbooks::open(**store);
    Batch batch;
    const auto hash = (*playbooks)->prepare(files_, batch);
    (*playbooks)->make_current(*hash);
    auto report = verify(**store, **playbooks, {});
    EXPECT_TRUE(report.has_value());
    for (const std::string& problem : report->problems) ADD_FAILURE() << problem;
    return *report;
  }

  fs::path directory_;
  InstallKey key_ = *InstallKey::from_hex(std::string(64, '7'));
  PlaybookFiles files_;
  std::unique_ptr<Engine> engine_;
  engine_test::EventMaker made_;
};

}  // namespace tact

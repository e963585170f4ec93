// Reports over many visitors through HTTP: what they hold up, and what stops them.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <random>

#include "base/bytes.h"
#include "playbook/compile.h"
#include "profile/core.h"
#include "serve/api.h"
#include "serve/internal/test_client.h"
#include "store/keys.h"

namespace tact {
namespace {

namespace fs = std::filesystem;
using internal::TestClient;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kVisitors = 80'000;

// Half are held back, and some tenths buy: enough that models are fitted and judged.
std::string row(std::mt19937_64& random, const Experiment& experiment, Time now) {
  Exposure exposure;
  exposure.experiment = experiment.id;
  exposure.at = now - days(20 + static_cast<int>(random() % 60));
  exposure.treated = random() % 2 != 0;
  exposure.device = static_cast<Device>(1 + random() % 3);
  exposure.visit_number = static_cast<std::uint32_t>(1 + random() % 4);
  exposure.prior_orders = static_cast<std::uint32_t>(random() % 4);
  exposure.covariates.language = random() % 8 == 0 ? "en" : "de";
  exposure.covariates.page_type = random() % 3 == 0 ? "home" : "product";
  exposure.covariates.hour_of_week = static_cast<std::uint8_t>(1 + random() % 168);
  if (random() % 10 < 1 + exposure.prior_orders) {
    GoalTally tally;
    tally.goal = experiment.goals.front().key;
    tally.count = 1;
    tally.value_minor = static_cast<std::int64_t>(1'000 + random() % 9'000);
    exposure.goals.push_back(tally);
  }
  ByteWriter out;
  exposure.encode(out);
  return out.take();
}

class Reporting : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::temp_directory_path() /
                 ("tact_serve_" + std::to_string(::getpid()) + "_" +
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    auto keys = KeyRing::open(directory_);
    ASSERT_TRUE(keys.has_value()) << keys.error().to_text();
    keys_ = std::move(*keys);
    open();
    fill(*engine_->playbook()->experiments.of_moment(engine_->playbook()->playbook->hash,
                                                     "fit-help"));
    open();
    api_ = std::make_unique<Api>(*engine_, keys_, ApiOptions{});
    server_ = internal::start(api_->handler());
  }
  void TearDown() override {
    server_.reset();
    api_.reset();
    engine_.reset();
    fs::remove_all(directory_);
  }

  void open() {
    engine_.reset();
    auto files = read_playbook_folder("playbooks/shop");
    ASSERT_TRUE(files.has_value()) << files.error().to_text();
    std::string& fit = files->at("moments/fit.yaml");
    const std::string held_back = "hold_back: 10%";
    ASSERT_NE(fit.find(held_back), std::string::npos);
    fit.replace(fit.find(held_back), held_back.size(), "hold_back: 50%");
    EngineOptions options;
    options.data_directory = directory_.string();
    auto engine = Engine::open(options, keys_.install_key(), *files);
    ASSERT_TRUE(engine.has_value()) << engine.error().to_text();
    engine_ = std::move(*engine);
  }

  void fill(const Experiment& experiment) {
    const Experiment kept = experiment;
    const Time now = engine_->now();
    engine_.reset();
    auto store = Store::open(directory_.string());
    ASSERT_TRUE(store.has_value()) << store.error().to_text();
    std::mt19937_64 random(1);
    for (int i = 0; i < kVisitors;) {
      Batch batch;
      for (const int end = std::min(kVisitors, i + 20'000); i < end; ++i) {
        VisitorId visitor;
        for (auto& byte : visitor.bytes) byte = static_cast<std::uint8_t>(random());
        batch.put(Family::kFacts, keys::facts(kept.id, visitor), row(random, kept, now));
      }
      ASSERT_TRUE((*store)->commit(batch).has_value());
    }
  }

  const std::string& key(KeyKind kind) const {
    for (const Source& source : keys_.sources()) {
      if (source.kind == kind) return source.key;
    }
    ADD_FAILURE() << "no such key";
    return keys_.sources().front().key;
  }
  std::string get(const std::string& target) const {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
           key(KeyKind::kSecret) + "\r\n\r\n";
  }
  std::string decide(int visitor) const {
    const std::string body = R"({"writeKey":")" + key(KeyKind::kSecret) +
                             R"(","visitor":{"anonymousId":"a-)" + std::to_string(visitor) +
                             R"("},"page":{"url":"https://shop.example/p/p7"},"slots":["top"]})";
    return "POST /v1/decide HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  // A report of its own for each `i`, that takes a while: its models are fitted.
  static std::string report(int i) {
    return "/v1/reports/fit-help?as_of=2030-01-0" + std::to_string(1 + i);
  }
  static milliseconds since(steady_clock::time_point start) {
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
  }

  fs::path directory_;
  KeyRing keys_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(Reporting, DecisionsAreAnsweredMeanwhile) {
  std::vector<TestClient> reports;
  for (int i = 0; i < 6; ++i) {
    reports.emplace_back(server_->port());
    reports.back().send(get(report(i)));
  }
  TestClient decisions(server_->port());
  for (int i = 0; i < 5; ++i) {
    decisions.send(decide(i));
    const std::string answer = decisions.read_response();
    EXPECT_EQ(internal::status_of(answer), 200) << answer.substr(0, 500);
  }
  EXPECT_TRUE(reports.back().read_response(0).empty());  // they are not all made yet
  for (int i = 0; i < 6; ++i) {
    const std::string answer = reports[static_cast<std::size_t>(i)].read_response(60'000);
    EXPECT_EQ(internal::status_of(answer), 200);
    EXPECT_NE(answer.find("\"as_of\":\"2030-01-0" + std::to_string(1 + i)), std::string::npos);
  }
}

TEST_F(Reporting, AServerThatStopsDoesNotWaitForThem) {
  TestClient runs(server_->port()), waits(server_->port());
  runs.send(get("/v1/reports/fit-help?uplift=show"));
  ASSERT_TRUE(runs.read_response(300).empty());  // it runs, and for long
  waits.send(get("/v1/reports"));
  ASSERT_EQ(waits.read_response(100), "");
  const auto start = steady_clock::now();
  api_->stop();
  server_->stop();
  server_.reset();
  api_.reset();  // joins the thread
  EXPECT_LT(since(start), milliseconds(2'000));
  for (TestClient* client : {&runs, &waits}) {
    const std::string answer = client->read_response();
    EXPECT_EQ(internal::status_of(answer), 503) << answer.substr(0, 500);
    EXPECT_NE(answer.find("Retry-After: "), std::string::npos);
  }
}

TEST_F(Reporting, WhoLeavesStopsHisReport) {
  std::vector<TestClient> leave;
  for (int i = 0; i < 4; ++i) {  // one runs, the others wait
    leave.emplace_back(server_->port());
    leave.back().send(get(report(i) + "&uplift=show"));
  }
  ASSERT_TRUE(leave.front().read_response(300).empty());
  TestClient stays(server_->port());
  const auto start = steady_clock::now();
  stays.send(get("/v1/reports/fit-help/plan"));
  leave.clear();
  EXPECT_EQ(internal::status_of(stays.read_response(60'000)), 200);
  EXPECT_LT(since(start), milliseconds(3'000));
}

TEST_F(Reporting, WhatCannotBeAnsweredIsRefusedAtOnce) {
  TestClient runs(server_->port()), other(server_->port());
  runs.send(get("/v1/reports/fit-help?uplift=show"));
  ASSERT_TRUE(runs.read_response(100).empty());
  const auto status = [&](const std::string& request) {
    other.send(request);
    return internal::status_of(other.read_response());
  };
  EXPECT_EQ(status("GET /v1/reports HTTP/1.1\r\nHost: x\r\n\r\n"), 401);
  EXPECT_EQ(status("GET /v1/freshness?token=wrong HTTP/1.1\r\nHost: x\r\n\r\n"), 401);
  EXPECT_EQ(status("POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"), 405);
  EXPECT_EQ(status(get("/v1/reports?as_of=soon")), 400);
  EXPECT_EQ(status(get("/v1/reports?uplift=show")), 400);
  EXPECT_EQ(status(get("/v1/reports/fit-help/decisions?reward=fame")), 400);
  EXPECT_EQ(status(get("/v1/reports/")), 404);
}

TEST_F(Reporting, AHeadHasTheHeadOfTheReport) {
  TestClient client(server_->port());
  std::string head = get("/v1/reports?format=text&as_of=2030-01-01");
  client.send(head);
  const std::string whole = client.read_response(60'000);
  EXPECT_EQ(internal::status_of(whole), 200);
  head.replace(0, 3, "HEAD");
  client.send(head);
  const std::string answer = client.read_until("\r\n\r\n", 60'000);
  EXPECT_EQ(internal::status_of(answer), 200);
  const auto length = [](const std::string& text) {
    const std::size_t at = text.find("Content-Length: ");
    return text.substr(at, text.find('\r', at) - at);
  };
  EXPECT_EQ(length(answer), length(whole));
  EXPECT_EQ(client.read_response(100), "");
}

}  // namespace
}  // namespace tact

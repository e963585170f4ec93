// One at a time, all of them, nobody's twice, and none that keeps a server from stopping.
#include "serve/internal/slow_lane.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <vector>

namespace tact::routes {
namespace {

HttpResponse status(int code) {
  HttpResponse response;
  response.status = code;
  return response;
}

HttpRequest asking(const std::string& path, const std::string& query = {},
                   std::stop_token gone = {}) {
  HttpRequest request;
  request.path = path;
  request.query = query;
  request.gone = std::move(gone);
  return request;
}

bool waits_for_stop(const std::stop_token& stop) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!stop.stop_requested() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return stop.stop_requested();
}

// One who asks, and the answer.
struct Asker {
  std::shared_ptr<std::promise<HttpResponse>> promise =
      std::make_shared<std::promise<HttpResponse>>();
  std::future<HttpResponse> answer = promise->get_future();
  Respond respond = [to = promise](HttpResponse response) { to->set_value(std::move(response)); };
  int code() { return answer.get().status; }
};

// A lane whose thread is busy until go().
class Busy {
 public:
  Busy() {
    std::promise<void> started;
    lane_.run(
        asking("/busy"),
        [&started, gone = go_.get_future().share()](const std::stop_token&) {
          started.set_value();
          gone.wait();
          return status(200);
        },
        first_.respond);
    started.get_future().wait();
  }
  SlowLane& lane() { return lane_; }
  void go() { go_.set_value(); }

 private:
  Asker first_;
  std::promise<void> go_;
  SlowLane lane_;  // last: its thread uses the rest
};

TEST(SlowLane, AnswersInOrderAndOneAtATime) {
  std::atomic<int> running = 0, most = 0;
  std::vector<Asker> askers(5);
  SlowLane lane;
  for (int i = 0; i < 5; ++i) {
    lane.run(
        asking("/" + std::to_string(i)),
        [&, i](const std::stop_token&) {
          most = std::max(most.load(), ++running);
          --running;
          return status(200 + i);
        },
        askers[static_cast<std::size_t>(i)].respond);
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(askers[static_cast<std::size_t>(i)].code(), 200 + i);
  EXPECT_EQ(most, 1);
}

TEST(SlowLane, WhoWaitsForTheSameGetsOneAnswer) {
  std::atomic<int> made = 0;
  const auto job = [&](const std::stop_token&) {
    HttpResponse response = status(200);
    response.body = std::to_string(++made);
    return response;
  };
  std::vector<Asker> same(12);
  Asker other;
  Busy busy;
  for (std::size_t i = 0; i < same.size(); ++i) {
    const std::string token = "token=t" + std::to_string(i);
    busy.lane().run(
        asking("/v1/reports", i % 2 == 0 ? token + "&format=text" : "format=text&" + token), job,
        same[i].respond);
  }
  busy.lane().run(asking("/v1/reports", "format=html"), job, other.respond);
  busy.go();
  for (Asker& asker : same) EXPECT_EQ(asker.answer.get().body, "1");
  EXPECT_EQ(other.answer.get().body, "2");
}

TEST(SlowLane, NobodyJoinsWhatRunsAlready) {
  std::atomic<int> made = 0;
  std::promise<void> started, go;
  Asker first, second;
  SlowLane lane;
  const auto job = [&, gone = go.get_future().share()](const std::stop_token&) {
    if (++made == 1) {
      started.set_value();
      gone.wait();
    }
    return status(200 + made);
  };
  lane.run(asking("/v1/reports"), job, first.respond);
  started.get_future().wait();
  lane.run(asking("/v1/reports"), job, second.respond);
  go.set_value();
  EXPECT_EQ(first.code(), 201);
  EXPECT_EQ(second.code(), 202);
}

TEST(SlowLane, TurnsAwayWhomItCannotServeSoon) {
  std::vector<Asker> waiting(SlowLane::kMostWaiting);
  Asker refused, joined;
  Busy busy;
  const auto ask = [&](std::size_t i, const Respond& respond) {
    busy.lane().run(
        asking("/" + std::to_string(i)), [](const std::stop_token&) { return status(200); },
        respond);
  };
  for (std::size_t i = 0; i < waiting.size(); ++i) ask(i, waiting[i].respond);
  ask(waiting.size(), refused.respond);
  ask(0, joined.respond);
  const HttpResponse answer = refused.answer.get();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.back(), std::pair(std::string("Retry-After"), std::string("10")));
  busy.go();
  for (Asker& asker : waiting) EXPECT_EQ(asker.code(), 200);
  EXPECT_EQ(joined.code(), 200);
}

TEST(SlowLane, WhatNobodyWaitsForIsNotBegunAndTakesNoPlace) {
  std::atomic<int> made = 0;
  const auto job = [&](const std::stop_token&) { return status(200 + ++made); };
  std::vector<Asker> left(SlowLane::kMostWaiting);
  std::vector<std::stop_source> gone(SlowLane::kMostWaiting);
  Asker stays, late;
  Busy busy;
  for (std::size_t i = 0; i < left.size(); ++i) {
    busy.lane().run(asking("/" + std::to_string(i), {}, gone[i].get_token()), job, left[i].respond);
  }
  busy.lane().run(asking("/0"), job, stays.respond);
  for (std::stop_source& one : gone) one.request_stop();
  busy.lane().run(asking("/1"), job,
                  late.respond);  // no place is taken, and what was left not joined
  busy.go();
  EXPECT_EQ(stays.code(), 201);
  EXPECT_EQ(late.code(), 202);
  for (std::size_t i = 1; i < left.size(); ++i) EXPECT_EQ(left[i].code(), 503);
}

TEST(SlowLane, TheJobThatRunsIsStoppedWhenAllHaveLeft) {
  std::array<std::stop_source, 2> gone;
  std::promise<void> started;
  std::array<Asker, 2> askers;
  Busy busy;
  for (std::size_t i = 0; i < 2; ++i) {
    busy.lane().run(
        asking("/v1/reports", {}, gone[i].get_token()),
        [&](const std::stop_token& stop) {
          started.set_value();
          return status(waits_for_stop(stop) ? 503 : 200);
        },
        askers[i].respond);
  }
  busy.go();
  started.get_future().wait();
  gone[0].request_stop();
  EXPECT_EQ(askers[0].answer.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  gone[1].request_stop();
  EXPECT_EQ(askers[0].code(), 503);
}

TEST(SlowLane, TheEndStopsTheJobAndAnswersTheRest) {
  std::promise<void> started;
  std::array<Asker, 3> askers;
  Asker late;
  {
    SlowLane lane;
    for (std::size_t i = 0; i < 3; ++i) {
      lane.run(
          asking("/" + std::to_string(i)),
          [&](const std::stop_token& stop) {
            started.set_value();
            return status(waits_for_stop(stop) ? 503 : 200);
          },
          askers[i].respond);
    }
    started.get_future().wait();
    lane.stop();
    lane.run(asking("/late"), [](const std::stop_token&) { return status(200); }, late.respond);
  }
  EXPECT_EQ(askers[0].code(), 503);
  for (Asker* asker : {&askers[1], &askers[2], &late}) {
    const HttpResponse answer = asker->answer.get();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.headers.back().first, "Retry-After");
  }
}

}  // namespace
}  // namespace tact::routes

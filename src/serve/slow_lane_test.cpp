// One at a time, all of them, and none that keeps a server from stopping.
#include "serve/internal/slow_lane.h"

#include <gtest/gtest.h>

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

TEST(SlowLane, AnswersInOrderAndOneAtATime) {
  std::atomic<int> running = 0, most = 0;
  std::vector<std::future<int>> answers;
  SlowLane lane;  // last: its thread uses the rest
  for (int i = 0; i < 5; ++i) {
    auto answer = std::make_shared<std::promise<int>>();
    answers.push_back(answer->get_future());
    lane.run(
        [&, i](const std::atomic<bool>&) {
          most = std::max(most.load(), ++running);
          --running;
          return status(200 + i);
        },
        [answer](const HttpResponse& response) { answer->set_value(response.status); });
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(answers[static_cast<std::size_t>(i)].get(), 200 + i);
  EXPECT_EQ(most, 1);
}

TEST(SlowLane, TurnsAwayWhomItCannotServeSoon) {
  std::promise<void> go;
  const std::shared_future<void> gone = go.get_future().share();
  std::atomic<int> refused = 0, answered = 0;
  SlowLane lane;
  for (std::size_t i = 0; i < 2 * SlowLane::kMostWaiting; ++i) {
    lane.run(
        [gone](const std::atomic<bool>&) {
          gone.wait();
          return status(200);
        },
        [&](const HttpResponse& response) { ++(response.status == 503 ? refused : answered); });
  }
  EXPECT_GE(refused, static_cast<int>(SlowLane::kMostWaiting) - 1);
  go.set_value();
}

TEST(SlowLane, TheEndStopsTheJobAndForgetsTheRest) {
  std::atomic<int> answered = 0;
  {
    std::promise<void> started;
    SlowLane lane;
    for (int i = 0; i < 3; ++i) {
      lane.run(
          [&, i](const std::atomic<bool>& stop) {
            if (i == 0) started.set_value();
            while (!stop) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return status(503);
          },
          [&](const HttpResponse&) { ++answered; });
    }
    started.get_future().wait();
  }
  EXPECT_EQ(answered, 1);
}

}  // namespace
}  // namespace tact::routes

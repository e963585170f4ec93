// Many at once on the same few people, and clocks that jump: nothing is lost, everything ends.
#include <future>
#include <mutex>
#include <thread>

#include "base/rng.h"
#include "engine/engine_test_util.h"
#include "event/codec.h"

namespace tact {
namespace {

using namespace std::chrono_literals;

class Storms : public EngineTest {
 protected:
  static constexpr int kThreads = 4, kEach = 600, kDevices = 6, kUsers = 3;

  // What one thread sends: mostly logins and aliases, all over the same devices and users.
  std::vector<Record> calls(int thread) {
    Rng rng(static_cast<std::uint64_t>(thread) + 1);
    std::vector<Record> out;
    const auto device = [&] { return "d-" + std::to_string(rng.below(kDevices)); };
    const auto user = [&] { return "u-" + std::to_string(rng.below(kUsers)); };
    for (int i = 0; i < kEach; ++i) {
      switch (rng.below(4)) {
        case 0:
          out.push_back(event(device(), "page", "p7"));
          break;
        case 1:
          out.push_back(alias(user(), user()));
          break;
        default:
          out.push_back(identify(device(), user()));
      }
    }
    return out;
  }

  // Every message of `sent` is stored once, whosever it is now.
  void expect_each_once(const std::vector<std::vector<Record>>& sent) {
    std::map<std::string, int> times;
    for (const auto& records : sent) {
      for (const Record& record : records) times[std::get<Event>(record.body).message_id] = 0;
    }
    auto store = Store::open(directory_.string());
    ASSERT_TRUE(store.has_value());
    ASSERT_TRUE((*store)
                    ->scan(Family::kHistory, {}, {},
                           [&](std::string_view, std::string_view bytes) {
                             const auto record = decode_record(bytes);
                             EXPECT_TRUE(record.has_value());
                             if (record.has_value() && std::holds_alternative<Event>(record->body))
                               ++times[std::get<Event>(record->body).message_id];
                             return true;
                           })
                    .has_value());
    for (const auto& [message, count] : times) EXPECT_EQ(count, 1) << message;
  }
};

TEST_F(Storms, LoginsAndAliasesOfTheSamePeopleFromAllSidesEnd) {
  std::vector<std::vector<Record>> sent;
  for (int t = 0; t < kThreads; ++t) sent.push_back(calls(t));
  std::atomic<int> waiting{kThreads * kEach};
  std::promise<void> all;
  std::vector<std::thread> threads;
  for (const auto& records : sent) {
    threads.emplace_back([&] {
      for (const Record& record : records) {
        engine_->track({record}, [&](const Result<TrackCounts>& counts) {
          EXPECT_TRUE(counts.has_value());
          if (--waiting == 0) all.set_value();
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(all.get_future().wait_for(120s), std::future_status::ready) << waiting << " wait still";
  EXPECT_EQ(engine_->status().events_stored, static_cast<std::uint64_t>(kThreads * kEach));
  closed_and_verified();
  expect_each_once(sent);
}

TEST_F(Storms, AClockThatJumpsLosesNothingAndNeverRunsBackwards) {
  const Time now = engine_->now();
  const Duration jumps[] = {Duration{0}, days(3650),   -days(3650),
                            days(1),     -days(36500), Duration{1}};
  std::vector<Record> sent;
  for (const Duration jump : jumps) {
    Record record = event("a-1", "page", "p7");
    record.received_at = now + jump;
    record.event_time = record.received_at;
    sent.push_back(record);
    const auto counts = track({record});
    ASSERT_TRUE(counts.has_value());
    EXPECT_EQ(counts->stored, 1U);
  }
  EXPECT_FALSE(decide(question("a-1", "p7")).empty());
  closed_and_verified();
  expect_each_once({sent});
  auto store = Store::open(directory_.string());
  Time last{};
  (void)(*store)->scan(Family::kHistory, {}, {}, [&](std::string_view, std::string_view bytes) {
    const auto record = decode_record(bytes);
    EXPECT_GE(record->received_at, last);
    last = record->received_at;
    return true;
  });
  EXPECT_GE(last, now + days(3650));
}

}  // namespace
}  // namespace tact

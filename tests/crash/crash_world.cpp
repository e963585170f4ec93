#include "crash_world.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "engine/check.h"
#include "engine/derive.h"
#include "log/log.h"
#include "store/keys.h"

namespace tact::crash {
namespace {

constexpr char kDirectory[] = "/data";
constexpr char kProduct[] = "p7";

int pending_in(const Store& store) {
  int rows = 0;
  for (const std::string& prefix : {keys::pending_link_prefix(), keys::pending_unlink_prefix()}) {
    const Status scanned = store.scan(Family::kMeta, prefix, {}, [&](auto, auto) {
      ++rows;
      return true;
    });
    EXPECT_TRUE(scanned.has_value());
  }
  return rows;
}

}  // namespace

struct World::InFlight {
  std::mutex mutex;  // guards waiting and every Request in flight
  std::condition_variable ended;
  std::size_t waiting = 0;

  void end() {
    --waiting;
    if (waiting == 0) ended.notify_all();
  }
};

World::World() : in_flight_(std::make_shared<InFlight>()) {
  set_log_level(LogLevel::kError);
  auto read = engine_test::shop_without_hold_backs();
  if (!read.has_value()) {
    ADD_FAILURE() << read.error().to_text();
    return;
  }
  files = std::move(*read);
}

StoreOptions World::store_options() {
  StoreOptions options;
  options.block_cache_bytes = 1 << 20;
  options.write_buffer_bytes = 1 << 20;
  options.env = disk.env();
  return options;
}

void World::open(int shards, std::size_t cached_visitors) {
  EngineOptions options;
  options.data_directory = kDirectory;
  options.shards = shards;
  options.cached_visitors = cached_visitors;
  options.store = store_options();
  auto opened = Engine::open(options, key, files);
  ASSERT_TRUE(opened.has_value()) << opened.error().to_text();
  engine_ = std::move(*opened);
}

void World::power_fails(bool torn, std::uint64_t seed) {
  disk.cut_power();
  wait();
  close();
  disk.clear_faults();
  if (torn) {
    disk.tear_unsynced(seed);
  } else {
    disk.drop_unsynced();
  }
}

bool World::becomes_ready() const {
  for (int i = 0; i < 1000 && !engine_->status().ready; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return engine_->status().ready;
}

// ---- requests

Record World::event(const std::string& visitor, const std::string& name) {
  // These people are in a hurry: with more pages they would be programs (profile/pace.h).
  const bool one_page_too_many = name == "page" && ++pages_[visitor] > 2;
  return made_.event(visitor, one_page_too_many ? "Product Viewed" : name, kProduct,
                     engine_->now());
}

RequestPtr World::track(const std::string& visitor, int events) {
  auto request = std::make_shared<Request>();
  for (int i = 0; i < events; ++i) {
    request->events.push_back(event(visitor, i == 0 ? "page" : "Size Guide Opened"));
  }
  requests.push_back(request);
  return request;
}

RequestPtr World::identify(const std::string& visitor, const std::string& user, int events_around) {
  auto request = track(visitor, events_around);
  request->events.push_back(made_.identify(visitor, user, engine_->now()));
  for (int i = 0; i < events_around; ++i) request->events.push_back(event(visitor, "page"));
  return request;
}

RequestPtr World::alias(const std::string& previous, const std::string& user) {
  auto request = std::make_shared<Request>();
  request->events.push_back(made_.alias(previous, user, engine_->now()));
  requests.push_back(request);
  return request;
}

RequestPtr World::decide(const std::string& visitor, int events) {
  auto request = std::make_shared<Request>();
  DecideRequest question = engine_test::question(visitor, kProduct);
  question.request_id = "r-" + std::to_string(requests.size());
  for (int i = 0; i < events; ++i) {
    question.events.push_back(event(visitor, i == 0 ? "page" : "Size Guide Opened"));
  }
  request->question = std::move(question);
  requests.push_back(request);
  return request;
}

RequestPtr World::random(Rng& rng) {
  const std::string visitor = "a-" + std::to_string(rng.below(60));
  const double kind = rng.uniform();
  if (kind < 0.5) return track(visitor, 1 + static_cast<int>(rng.below(4)));
  if (kind < 0.8) return decide(visitor, static_cast<int>(rng.below(4)));
  return identify(visitor, "u-" + std::to_string(rng.below(12)), static_cast<int>(rng.below(3)));
}

void World::post(const std::vector<RequestPtr>& some) {
  {
    const std::lock_guard lock(in_flight_->mutex);
    in_flight_->waiting += some.size();
  }
  for (const RequestPtr& request : some) {
    const auto note = [flight = in_flight_, request](const Status& status, auto keep) {
      const std::lock_guard lock(flight->mutex);
      request->acknowledged = status.has_value();
      request->error = status.has_value() ? std::nullopt : std::optional(status.error());
      if (status.has_value()) keep();
      flight->end();
    };
    if (request->question) {
      engine_->decide(*request->question, [request, note](Result<std::string> answer) {
        note(answer.has_value() ? ok() : Status(answer.error()),
             [&] { request->answer = parse_json(*answer)->get_object(); });
      });
    } else {
      engine_->track(request->events, [request, note](Result<TrackCounts> counts) {
        note(counts.has_value() ? ok() : Status(counts.error()),
             [&] { request->counts = *counts; });
      });
    }
  }
}

void World::wait() {
  std::unique_lock lock(in_flight_->mutex);
  in_flight_->ended.wait(lock, [&] { return in_flight_->waiting == 0; });
  for (const RequestPtr& request : requests) {
    if (request->error) {
      EXPECT_EQ(request->error->code, ErrorCode::kUnavailable) << request->error->to_text();
    }
  }
}

std::vector<RequestPtr> World::unacknowledged() const {
  std::vector<RequestPtr> left;
  for (const RequestPtr& request : requests) {
    if (!request->acknowledged) left.push_back(request);
  }
  return left;
}

// ---- the truth

std::unique_ptr<Store> World::open_store() {
  auto opened = Store::open(kDirectory, store_options());
  EXPECT_TRUE(opened.has_value()) << opened.error().to_text();
  return opened.has_value() ? std::move(*opened) : nullptr;
}

std::unique_ptr<Playbooks> World::open_playbooks(const Store& store) {
  auto playbooks = Playbooks::open(store);
  EXPECT_TRUE(playbooks.has_value());
  Batch unused;
  (*playbooks)->make_current(*(*playbooks)->prepare(files, unused));
  return std::move(*playbooks);
}

std::string World::person(const std::string& device, const std::string& user) const {
  const NamedId id = device.empty() ? NamedId{std::string(kUserKind), user}
                                    : NamedId{std::string(kAnonymousKind), device};
  const auto shown = engine_->show_visitor(id);
  return shown.has_value() ? std::string(shown->at("visitor").get_string()) : "nobody of " + user;
}

int World::pending_merges() const { return pending_in(engine_->store()); }

Census World::census() {
  Census census;
  const auto store = open_store();
  if (store == nullptr) return census;
  for (int p = 0; p < kPartitions; ++p) {
    const Status read =
        read_partition(*store, Partition{static_cast<std::uint8_t>(p)}, Offset{1},
                       [&](const VisitorId& visitor, Offset offset, const Record& record) {
                         if (const auto* event = std::get_if<Event>(&record.body)) {
                           ++census.messages[event->message_id];
                         } else if (std::holds_alternative<LinkOutRecord>(record.body)) {
                           ++census.links[{visitor, offset.value}];
                         } else if (const auto* absorb = std::get_if<AbsorbRecord>(&record.body)) {
                           ++census.absorbs[{absorb->loser, absorb->loser_offset.value}];
                         }
                         return true;
                       });
    EXPECT_TRUE(read.has_value()) << read.error().to_text();
  }
  census.pending = pending_in(*store);
  return census;
}

void World::expect_truth() {
  Census found = census();
  EXPECT_EQ(found.pending, 0) << "a merge is not finished";
  EXPECT_EQ(found.links, found.absorbs) << "every merge has its two halves, once";
  for (const RequestPtr& request : requests) {
    for (const Record& record : request->records()) {
      const std::string& message = std::get<Event>(record.body).message_id;
      const int times = found.messages[message];
      EXPECT_LE(times, 1) << message << " is stored twice";
      if (request->acknowledged) {
        EXPECT_GE(times, 1) << message << " was acknowledged and is lost";
      }
    }
  }
  const auto store = open_store();
  ASSERT_NE(store, nullptr);
  const auto playbooks = open_playbooks(*store);
  const auto report = verify(*store, *playbooks, {});
  ASSERT_TRUE(report.has_value()) << report.error().to_text();
  for (const std::string& problem : report->problems) ADD_FAILURE() << problem;
  expect_decisions_agree(*store, *playbooks);
}

// The last twenty: deriving one folds the visitor's whole history.
void World::expect_decisions_agree(const Store& store, const Playbooks& playbooks) {
  int left = 20;
  for (auto request = requests.rbegin(); request != requests.rend() && left > 0; ++request) {
    if (!(*request)->acknowledged || !(*request)->question) continue;
    const json::object& decision = (*request)->answer.at("decisions").at(0).get_object();
    const auto id = DecisionId::parse(string_at(decision, "id"));
    ASSERT_TRUE(id.has_value());
    const auto explained = explain_decision(store, playbooks, key, *id);
    ASSERT_TRUE(explained.has_value()) << explained.error().to_text();
    EXPECT_TRUE(explained->at("agrees").get_bool());
    --left;
  }
}

}  // namespace tact::crash

// An engine on a disk that can lose power, the clients that use it, and what must be true after.
//
// A typical test:
//   World world;                  // an empty disk in memory, the shop's playbook
//   world.open();
//   world.send(requests);         // all in flight at once; remembers which were acknowledged
//   world.power_fails(torn, seed);
//   world.open(); world.send(world.unacknowledged());
//   world.close(); world.expect_truth();
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "engine/engine.h"
#include "engine/engine_test_events.h"
#include "store/testing/fault_env.h"

namespace tact::crash {

// One request of a client, sent again until it is acknowledged.
struct Request {
  std::vector<Record> events;             // what /v1/batch carries
  std::optional<DecideRequest> question;  // or a question with events before it
  bool acknowledged = false;
  std::optional<Error> error;  // of the last answer
  TrackCounts counts;
  json::object answer;

  const std::vector<Record>& records() const { return question ? question->events : events; }
};
using RequestPtr = std::shared_ptr<Request>;

// What is in the log, counted.
struct Census {
  std::map<std::string, int> messages;                                // messageId → records
  std::map<std::pair<VisitorId, std::uint64_t>, int> links, absorbs;  // by loser and offset
  int pending = 0;  // merges begun, and undoings of them, not ended
};

class World {
 public:
  World();

  void open(int shards = 2, std::size_t cached_visitors = 20'000);
  void close() { engine_.reset(); }
  // Cuts the power, ends the process, restores the power with what was synced (torn: and random
  // beginnings of the rest).
  void power_fails(bool torn, std::uint64_t seed);
  // False if the engine is not ready within ten seconds.
  bool becomes_ready() const;

  // Requests, made and remembered.
  RequestPtr track(const std::string& visitor, int events);
  RequestPtr identify(const std::string& visitor, const std::string& user, int events_around = 0);
  RequestPtr alias(const std::string& previous, const std::string& user);
  RequestPtr decide(const std::string& visitor, int events);
  RequestPtr random(Rng& rng);

  // Posts them without waiting; wait() returns once each has its answer.
  void post(const std::vector<RequestPtr>& some);
  void wait();
  void send(const std::vector<RequestPtr>& some) {
    post(some);
    wait();
  }
  std::vector<RequestPtr> unacknowledged() const;

  // On the closed directory. Every acknowledged event is in the log once, none twice; every merge
  // that began has ended once; verify() is content; decisions agree with the log.
  void expect_truth();
  Census census();
  int pending_merges() const;  // and undoings of them, of the open engine

  std::unique_ptr<Store> open_store();
  std::unique_ptr<Playbooks> open_playbooks(const Store& store);

  testing::FaultEnv disk;
  const InstallKey key = *InstallKey::from_hex(std::string(64, '7'));
  PlaybookFiles files;
  std::vector<RequestPtr> requests;
  Engine& engine() { return *engine_; }
  // Whose visitor a device is, or (without one) a user, of the open engine.
  std::string person(const std::string& device, const std::string& user = {}) const;

 private:
  Record event(const std::string& visitor, const std::string& name);
  StoreOptions store_options();
  void expect_decisions_agree(const Store& store, const Playbooks& playbooks);

  std::unique_ptr<Engine> engine_;
  engine_test::EventMaker made_;
  std::map<std::string, int> pages_;  // by visitor

  struct InFlight;
  std::shared_ptr<InFlight> in_flight_;
};

}  // namespace tact::crash

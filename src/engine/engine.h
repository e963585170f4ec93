// The engine: one writer per visitor, one log, one answer. Start reading here, then
// internal/shard.h.
//
// Operation: a request is posted to the shard that owns the visitor's partition; the shard appends
// the request's events, folds them, decides and stages everything into one batch; the committer
// writes the batches of all waiting shards with one synced write; only then are the callbacks
// called. Concurrency: every public method may be called from any thread. Callbacks run on the
// committer's thread (or the caller's, for what needs no commit) and must not block. Limitations:
// one process per data directory.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "decide/decide.h"
#include "engine/decisions.h"
#include "engine/live.h"
#include "engine/playbooks.h"
#include "event/event.h"
#include "event/named_id.h"
#include "store/store.h"

namespace tact {

struct EngineOptions {
  std::string data_directory;
  int shards = 2;                        // threads; 256 partitions are spread over them
  std::size_t cached_visitors = 50'000;  // per shard; each about 2 KB
  bool simulated = false;                // takes the simulator's clock; only for a new directory
  StoreOptions store;
};

// Who a request speaks for, as sent.
struct Identity {
  std::string anonymous_id;
  std::string user_id;
  bool trusted = false;  // by a secret key: the user id may be believed
};

struct TrackCounts {
  std::uint32_t stored = 0, duplicate = 0, dropped_without_consent = 0;
};
using TrackDone = std::function<void(Result<TrackCounts>)>;

struct DecideRequest {
  Identity identity;           // both ids empty: no consent, this page request is all there is
  std::vector<Record> events;  // seen before deciding, in order
  std::vector<std::string> slots;
  std::string request_id;
  Surroundings where;
  Product product;
  std::string category, weather;
  std::uint16_t source = 0;
  std::uint8_t flags = 0;          // record_flags of the decisions
  ConsentChoices consent{};        // what this request says the visitor chose
  std::uint64_t consent_text = 0;  // Event::consent_text
  bool explain = false;
  std::string beside{};  // members of the answer behind those that are decided, as JSON: "\"a\":1"
};
// {"decisions": […], "consent": {…}, DecideRequest::beside} as in docs/http.md. Written where it
// was decided, before it is durable: the one thread that commits only passes it on (but derives the
// answer to a repeated request again).
using DecideDone = std::function<void(Result<std::string>)>;

using UnlinkDone = std::function<void(Result<VisitorId>)>;  // the id's own visitor again

struct EngineStatus {
  bool ready = false;
  std::uint64_t events_stored = 0, events_duplicate = 0, events_dropped = 0;
  std::uint64_t decisions = 0, decisions_shown = 0, decisions_withheld = 0;
  std::uint64_t commits = 0;
};

class Engine {
 public:
  // Opens the store, sends missing absorb records again, and starts the threads. `key` must be the
  // one the directory was made with (kConflict otherwise). The playbook is stored under its hash.
  static Result<std::unique_ptr<Engine>> open(EngineOptions options, const InstallKey& key,
                                              const PlaybookFiles& playbook);
  virtual ~Engine() = default;  // drains, commits, closes

  // Stores events (any visitors, in order per visitor). Done once all of them are durable;
  // kUnavailable if any is not, and then the whole batch should be sent again.
  virtual void track(std::vector<Record> events, TrackDone done) = 0;
  // Of a bot or of staff (flags): the default everywhere, and only the events are stored.
  virtual void decide(DecideRequest request, DecideDone done) = 0;

  // Compiles, stores and uses another playbook from the next request on; kInvalid leaves the old
  // one.
  virtual Result<ContentHash> publish(const PlaybookFiles& files) = 0;
  virtual std::shared_ptr<const PlaybookState> playbook() const = 0;

  // What the visitor an external id belongs to is known for; kNotFound.
  virtual Result<json::object> show_visitor(const NamedId& id) = 0;
  // Undoes the link of this id to another visitor: both are what they would be without it, and what
  // came while they were one stays with the other. kNotFound if it is linked to none. Folds the
  // other's whole history on its shard.
  virtual void unlink(const NamedId& id, std::string reason, UnlinkDone done) = 0;
  // Derives a past decision again from the log: {"decision", "why", "agrees"}. kNotFound, kCorrupt.
  virtual Result<json::object> explain(const DecisionId& id) = 0;
  virtual Result<DecisionTable> decisions(const DecisionsAsked& asked) = 0;  // decisions.h

  virtual Time now() const = 0;
  // Simulated directories only: moves the clock forwards, never past the wall clock.
  virtual Status set_simulated_time(Time time) = 0;
  virtual bool simulated() const = 0;

  virtual EngineStatus status() const = 0;
  virtual LiveHub& live() = 0;
  virtual const Store& store() const = 0;
  virtual const InstallKey& key() const = 0;
};

}  // namespace tact

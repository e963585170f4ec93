#include "engine/engine.h"

#include <algorithm>
#include <atomic>
#include <map>

#include "base/log.h"
#include "engine/derive.h"
#include "engine/internal/committer.h"
#include "engine/internal/job.h"
#include "engine/internal/shard.h"
#include "engine/population.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr std::string_view kInstallRow = "install";  // pseudonym of a constant: is it the same key?
constexpr std::string_view kSimulatedRow = "simulated";  // present in simulated directories
constexpr std::string_view kPlaybookRow = "playbook";    // hash of the one in use
constexpr std::string_view kSignalsRow = "signals";      // its derived_hash

constexpr int kMaxHops = 10'000;  // links lead upwards, so only damage can make more

// Checks or writes what a data directory is: made with which key, simulated or not.
Status check_directory(Store& store, const InstallKey& key, bool& simulated) {
  const std::string fingerprint = key.pseudonym("install", "tact");
  TACT_ASSIGN(const auto known, store.get(Family::kMeta, keys::meta(kInstallRow)));
  if (!known) {
    Batch batch;
    batch.put(Family::kMeta, keys::meta(kInstallRow), fingerprint);
    if (simulated) batch.put(Family::kMeta, keys::meta(kSimulatedRow), "1");
    return store.commit(batch);
  }
  if (*known != fingerprint) {
    return make_error(ErrorCode::kConflict,
                      "this data directory was made with another install key; put back "
                      "the `keys` file it was made with");
  }
  TACT_ASSIGN(const auto is_simulated, store.get(Family::kMeta, keys::meta(kSimulatedRow)));
  if (simulated && !is_simulated) {
    return make_error(ErrorCode::kConflict,
                      "this data directory holds real data; simulate into a new one");
  }
  simulated = is_simulated.has_value();
  return ok();
}

// Notes in `batch` that this playbook is the one in use from now on, and what there is to fold
// again if its signals are not those of the one before.
Status stage_playbook(const Store& store, const Playbooks& playbooks, const ContentHash& hash,
                      Batch& batch) {
  TACT_ASSIGN(const auto playbook, playbooks.find(hash));
  ByteWriter signals;
  signals.u64_be(playbook->derived_hash);
  TACT_ASSIGN(const auto before, store.get(Family::kMeta, keys::meta(kSignalsRow)));
  if (before && *before != signals.str()) stage_refold(batch);
  batch.put(Family::kMeta, keys::meta(kSignalsRow), signals.take());
  batch.put(Family::kMeta, keys::meta(kPlaybookRow), hash.to_text());
  return ok();
}

class EngineImpl final : public Engine {
 public:
  EngineImpl(EngineOptions options, const InstallKey& key, std::unique_ptr<Store> store,
             std::unique_ptr<Playbooks> playbooks)
      : options_(std::move(options)),
        store_(std::move(store)),
        playbooks_(std::move(playbooks)),
        committer_(*store_),
        shared_{.store = *store_, .key = key, .playbooks = *playbooks_, .live = live_} {
    shared_.committer = &committer_;
    shared_.shards = &shards_;
    shared_.simulated = options_.simulated;
    shared_.now = [this] { return now(); };
  }

  ~EngineImpl() override {
    drain();
    shards_.clear();
    Stage last{.batch = {}, .completions = {}, .generation = committer_.generation()};
    shared_.daily.stage(last.batch, true);
    if (!last.batch.empty()) committer_.submit(std::move(last));
  }

  Status start() {
    const int count = std::clamp(options_.shards, 1, 16);
    for (int s = 0; s < count; ++s) {
      std::vector<Partition> partitions;
      for (int p = s; p < kPartitions; p += count)
        partitions.push_back({static_cast<std::uint8_t>(p)});
      shards_.push_back(
          std::make_unique<Shard>(shared_, std::move(partitions), options_.cached_visitors));
    }
    TACT_TRY(shared_.daily.open(*store_));
    for (const auto& shard : shards_) TACT_TRY(shard->open());
    for (const auto& shard : shards_) shard->start();
    TACT_TRY(resend_absorbs(shared_));
    return resend_unlinks(shared_);
  }

  void track(std::vector<Record> events, TrackDone done) override;
  void decide(DecideRequest request, DecideDone done) override;
  Result<ContentHash> publish(const PlaybookFiles& files) override;
  std::shared_ptr<const PlaybookState> playbook() const override { return playbooks_->current(); }
  Result<json::object> show_visitor(const NamedId& named) override;
  void unlink(const NamedId& id, std::string reason, UnlinkDone done) override;
  Result<json::object> explain(const DecisionId& id) override;
  Result<DecisionTable> decisions(const DecisionsAsked& asked) override {
    return decision_table(*store_, *playbooks_, asked);
  }

  Time now() const override {
    return options_.simulated ? time_from_ms(simulated_ms_.load(std::memory_order_relaxed))
                              : wall_.now();
  }
  Status set_simulated_time(Time time) override;
  bool simulated() const override { return options_.simulated; }
  EngineStatus status() const override;
  LiveHub& live() override { return live_; }
  const Store& store() const override { return *store_; }
  const InstallKey& key() const override { return shared_.key; }

 private:
  std::vector<JobPtr> jobs_of(std::vector<Record> events) const;
  void begin(const JobPtr& job);
  void run_everywhere_and_wait(const std::function<void(Shard&)>& task);
  void drain();

  EngineOptions options_;
  WallClock wall_;
  std::atomic<std::int64_t> simulated_ms_{0};
  LiveHub live_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Playbooks> playbooks_;
  Population population_;
  std::atomic<int> under_way_{0};  // jobs
  Committer committer_;
  Shared shared_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

// Joins the results of the jobs one request was split into.
struct Joined {
  std::atomic<std::size_t> waiting;
  std::mutex mutex;  // guards counts, problem
  TrackCounts counts;
  Status problem = ok();
  TrackDone done;

  void finish(const Status& status, const Job& job) {
    {
      const std::lock_guard lock(mutex);
      counts.stored += job.counts.stored;
      counts.duplicate += job.counts.duplicate;
      counts.dropped_without_consent += job.counts.dropped_without_consent;
      if (!status.has_value()) problem = status;
    }
    if (waiting.fetch_sub(1) != 1) return;
    if (problem.has_value()) {
      done(counts);
    } else {
      done(problem.error());
    }
  }
};

// In order for each visitor. An event that joins visitors goes alone: it may lead elsewhere than
// those around it.
std::vector<JobPtr> EngineImpl::jobs_of(std::vector<Record> events) const {
  constexpr std::size_t kAtOnce = 16;  // records are large: moving them as a vector grows shows
  const std::size_t room = std::min(events.size(), kAtOnce);
  std::vector<JobPtr> jobs;
  std::map<VisitorId, JobPtr> open;
  for (Record& record : events) {
    const bool trusted = record.has(record_flags::kTrustedIdentity);
    const bool alone = joins_visitors(record);
    const VisitorId visitor = first_visitor(shared_.key, std::get<Event>(record.body), trusted);
    JobPtr& job = open[visitor];
    if (job == nullptr || alone) {
      job = std::make_shared<Job>();
      job->visitor = visitor;
      job->events.reserve(alone ? 1 : room);
      jobs.push_back(job);
    }
    if (options_.simulated) record.flags |= record_flags::kSimulated;
    job->events.push_back(std::move(record));
    if (alone) open.erase(visitor);
  }
  return jobs;
}

void EngineImpl::track(std::vector<Record> events, TrackDone done) {
  if (events.empty()) return done(TrackCounts{});
  const std::vector<JobPtr> jobs = jobs_of(std::move(events));
  auto joined = std::make_shared<Joined>();
  joined->waiting = jobs.size();
  joined->done = std::move(done);
  for (const JobPtr& job : jobs) {
    job->done = [joined](const Status& status, Job& finished) { joined->finish(status, finished); };
    begin(job);
  }
}

void EngineImpl::decide(DecideRequest request, DecideDone done) {
  if (options_.simulated) request.flags |= record_flags::kSimulated;
  const Identity& who = request.identity;
  if (who.anonymous_id.empty() && !(who.trusted && !who.user_id.empty())) {
    return done(answer_text(answer_anonymously(shared_, request, {}, now()), request));
  }
  Event asker;
  asker.anonymous_id = who.anonymous_id;
  asker.user_id = who.user_id;
  auto job = std::make_shared<Job>();
  job->visitor = first_visitor(shared_.key, asker, who.trusted && who.anonymous_id.empty());
  job->events = std::move(request.events);
  if (options_.simulated) {
    for (Record& record : job->events) record.flags |= record_flags::kSimulated;
  }
  job->question = std::move(request);
  job->done = [done = std::move(done)](const Status& status, Job& finished) {
    if (status.has_value()) {
      done(std::move(finished.answer));
    } else {
      done(status.error());
    }
  };
  begin(job);
}

// Counted until it is done, so that drain() waits for those on their way between shards.
void EngineImpl::begin(const JobPtr& job) {
  ++under_way_;
  job->done = [this, done = std::move(job->done)](const Status& status, Job& finished) {
    done(status, finished);
    --under_way_;
  };
  post_job(shared_, job);
}

void EngineImpl::run_everywhere_and_wait(const std::function<void(Shard&)>& task) {
  std::mutex mutex;
  std::condition_variable ended;
  std::size_t waiting = shards_.size();
  for (const auto& shard : shards_) {
    shard->post([&](Shard& here) {
      if (task) task(here);
      here.when_durable([&](const Status&) {
        const std::lock_guard lock(mutex);
        --waiting;
        ended.notify_one();
      });
    });
  }
  std::unique_lock lock(mutex);
  ended.wait(lock, [&] { return waiting == 0; });
}

// Twice in the end: the second half of a merge that was sent again has no job.
void EngineImpl::drain() {
  while (under_way_ > 0) run_everywhere_and_wait({});
  for (std::size_t i = 0; i < 2 * shards_.size(); ++i) run_everywhere_and_wait({});
}

Result<ContentHash> EngineImpl::publish(const PlaybookFiles& files) {
  Batch batch;
  TACT_ASSIGN(const ContentHash hash, playbooks_->prepare(files, batch));
  TACT_TRY(stage_playbook(*store_, *playbooks_, hash, batch));
  std::mutex mutex;
  std::condition_variable ended;
  std::optional<Status> result;
  Stage stage{.batch = std::move(batch), .completions = {}, .generation = committer_.generation()};
  stage.completions.push_back([&](const Status& status) {
    const std::lock_guard lock(mutex);
    result = status;
    ended.notify_one();
  });
  committer_.submit(std::move(stage));
  std::unique_lock lock(mutex);
  ended.wait(lock, [&] { return result.has_value(); });
  TACT_TRY(*result);
  playbooks_->make_current(hash);
  return hash;
}

Status EngineImpl::set_simulated_time(Time time) {
  if (!options_.simulated) {
    return make_error(ErrorCode::kForbidden,
                      "this data directory holds real data; its clock is the wall's");
  }
  if (time > wall_.now())
    return make_error(ErrorCode::kInvalid, "simulated time may not pass the wall clock");
  std::int64_t before = simulated_ms_.load();
  while (before < to_ms(time) && !simulated_ms_.compare_exchange_weak(before, to_ms(time))) {
  }
  return ok();
}

EngineStatus EngineImpl::status() const {
  const Counters& counters = shared_.counters;
  return {.ready = committer_.healthy(),
          .events_stored = counters.stored,
          .events_duplicate = counters.duplicate,
          .events_dropped = counters.dropped,
          .decisions = counters.decisions,
          .decisions_shown = counters.shown,
          .decisions_withheld = counters.withheld,
          .commits = committer_.commits()};
}

Result<json::object> EngineImpl::explain(const DecisionId& id) {
  return explain_decision(*store_, *playbooks_, shared_.key, id);
}

void EngineImpl::unlink(const NamedId& id, std::string reason, UnlinkDone done) {
  ++under_way_;
  tact::unlink(shared_, visitor_named(shared_.key, id.kind, id.id), std::move(reason),
               [this, done = std::move(done)](Result<VisitorId> result) {
                 done(std::move(result));
                 --under_way_;
               });
}

Result<json::object> EngineImpl::show_visitor(const NamedId& named) {
  VisitorId id = visitor_named(shared_.key, named.kind, named.id);
  for (int hops = 0; hops < kMaxHops; ++hops) {
    TACT_ASSIGN(const auto bytes, store_->get(Family::kProfile, keys::profile(id)));
    if (!bytes) return make_error(ErrorCode::kNotFound, "nothing is known of this id");
    TACT_ASSIGN(Profile profile, Profile::decode(*bytes));
    if (profile.core.merged_into == VisitorId{}) {
      Visitor visitor;
      visitor.id = id;
      visitor.profile = std::move(profile);
      const auto state = playbooks_->current();
      json::object picture = picture_of(visitor, *state->playbook, nullptr, now());
      TACT_ASSIGN(const ResponseSums everybody, population_.read(*store_));
      add_known(picture, visitor, *state, now());
      add_learned(picture, visitor.profile.core, everybody, now());
      picture["ledger"] = ledger_json(visitor.profile.core.consent);
      return picture;
    }
    id = profile.core.merged_into;
  }
  return make_error(ErrorCode::kCorrupt, "a chain of merges does not end");
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options, const InstallKey& key,
                                             const PlaybookFiles& playbook) {
  TACT_ASSIGN(auto store, Store::open(options.data_directory, options.store));
  TACT_TRY(check_directory(*store, key, options.simulated));
  TACT_ASSIGN(auto playbooks, Playbooks::open(*store));
  Batch batch;
  TACT_ASSIGN(const ContentHash hash, playbooks->prepare(playbook, batch));
  TACT_TRY(stage_playbook(*store, *playbooks, hash, batch));
  TACT_TRY(store->commit(batch));
  playbooks->make_current(hash);
  log_info("playbook " + hash.to_text());
  auto engine =
      std::make_unique<EngineImpl>(std::move(options), key, std::move(store), std::move(playbooks));
  TACT_TRY(engine->start());
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace tact

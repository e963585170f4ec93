// One request as it walks through the shards: its events in order, then perhaps a question.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "consent/consent.h"
#include "engine/engine.h"
#include "engine/internal/shard.h"
#include "profile/response_rates.h"

namespace tact {

// Two visitors that an event says are one person.
struct Join {
  // A device, and a further id (e-mail, card, …), loses to the person it is said to be of, and may
  // be given to another one later. Of two users, the smaller id loses.
  enum class Kind { kDevice, kFurther, kUser };
  VisitorId from;
  Kind kind = Kind::kDevice;
  VisitorId to;
};

// How far the joins of one event are.
struct Walk {
  std::size_t done = 0;                // joins
  bool begun = false;                  // the next one: on the way to `from`, or further
  std::optional<VisitorId> partner{};  // the other end of the two
  bool allowed = false;                // by one met on the way: something of the event may be kept
};

struct Job {
  VisitorId visitor;  // whose shard it is at
  std::vector<Record> events;
  std::size_t next = 0;  // the first event not handled yet
  Walk walk;             // of that event
  // Through a device that changed hands: its owners are asked first whether they had these events.
  std::vector<VisitorId> ask{};
  std::optional<VisitorId> asked_for{};  // the device; set once it has begun
  TrackCounts counts;
  std::optional<DecideRequest> question;
  std::string answer;                             // to the question, once decided
  std::optional<RecentRequest> repeated;          // answered before: derived again after the commit
  std::function<void(const Status&, Job&)> done;  // after the commit
};
using JobPtr = std::shared_ptr<Job>;

// Runs the job as far as it goes here; forwards it to the shard of the visitor this one was merged
// into.
void run_job(Shard& shard, const JobPtr& job);
// Posts it to the shard of its visitor.
void post_job(Shared& shared, JobPtr job);

// --- ingest.cpp ---

// What may be kept of an event of this visitor that arrives now.
Kept kept_here(const Shard& shard, const Visitor& visitor, const Record& record);

// Applies the consent gate and dedupe; appends and folds what may be stored of the record.
void ingest(Shard& shard, Visitor& visitor, Record& record, TrackCounts& counts);
// A question may say what the visitor chose: recorded if it changes the ledger.
void note_consent(Shard& shard, Visitor& visitor, const DecideRequest& question);
bool is_duplicate(const Visitor& visitor, const Event& event, Time now);

// --- answer.cpp ---

// Fills job.answer, or job.repeated if this requestId was answered within ten minutes.
void answer(Shard& shard, Visitor& visitor, Job& job);
// The decisions of a repeated request, from the log; they must be durable.
Result<json::object> repeat_answer(const Shared& shared, const VisitorId& visitor,
                                   const RecentRequest& request);
// As DecideDone gives it.
std::string answer_text(const json::object& decided, const DecideRequest& request);
// Without consent: from the page request alone; stores nothing but that a moment was shown.
// `ledger`: why there is none.
json::object answer_anonymously(Shared& shared, const DecideRequest& request,
                                const ConsentLedger& ledger, Time now);

// --- join.cpp ---

// The visitor whose shard an event goes to first.
VisitorId first_visitor(const InstallKey& key, const Event& event, bool trusted);
// Does it say that two visitors are one person? Such an event has a job of its own.
bool joins_visitors(const Record& record);
// Joins what the job's next event says, if that may be kept. True: the job went elsewhere,
// `visitor` may have ended.
bool join_first(Shard& shard, Visitor& visitor, const JobPtr& job);
// True: the job went to ask those who had this visitor before whether they have its events.
bool ask_first(Shard& shard, const Visitor& visitor, const JobPtr& job);
// While owners are asked: drops what this one has seen.
void ask_here(Shard& shard, const Visitor& visitor, const JobPtr& job);
// At a visitor that was merged: where the job goes on. A device whose next event names another user
// belongs to that one from here on.
void go_on(Shard& shard, Visitor& visitor, const JobPtr& job);

// --- link.cpp ---

// First half of a merge: ends `visitor` here (or, if it has ended, leads to another winner) and,
// once that is durable, goes on at the winner with the second half and then the rest of the job.
struct Login {
  Time at;                // of the event
  std::uint64_t message;  // hash64 of its messageId
};
void link_out(Shard& shard, Visitor& visitor, const VisitorId& winner, const Login& said_by,
              JobPtr job);
// Sends again the second halves that a crash or a failed commit left out: of all losers, or of
// those that one shard owns. One that is under way already does no harm.
Status resend_absorbs(Shared& shared, const Shard* owner = nullptr);

// --- unlink.cpp ---

// Undoes the link of an ended visitor, if it has one (Engine::unlink). `done` is called once all of
// it is durable.
void unlink(Shared& shared, const VisitorId& visitor, std::string reason, UnlinkDone done);
// Goes on with those that a crash or a failed commit cut in two; as resend_absorbs.
Status resend_unlinks(Shared& shared, Shard* owner = nullptr);

// --- picture.cpp ---

json::object picture_of(const Visitor& visitor, const Playbook& playbook, const Record* happened,
                        Time now);
// What the live view does not show, and an operator asks for by name: ids, facts, orders, tickets.
void add_known(json::object& picture, const Visitor& visitor, const PlaybookState& state, Time now);
// What their behaviour adds up to: affinities, and what they answer to beside everybody.
void add_learned(json::object& picture, const Core& core, const ResponseSums& everybody, Time now);
void show_live(Shard& shard, Visitor& visitor, const Record* happened);
// Each purpose anything was told of: its state, when, and the hash of the text shown.
json::object ledger_json(const ConsentLedger& ledger);

}  // namespace tact

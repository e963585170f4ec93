// Which visitors an event says are one person, and the way a job walks to join them.
//
// Links lead upwards: from devices to further ids (e-mail, card, …) and users, from further ids to
// users, and between users from the smaller id to the larger, whatever the event calls the old and
// the new: so there is no cycle, however many arrive at once. Both ends of a chain are looked up by
// walking there, each on its own shard.
#include <algorithm>
#include <mutex>

#include "engine/internal/job.h"

namespace tact {
namespace {

// The visitor of whom the event says it is: its user's, else its first further id's.
std::optional<VisitorId> person_of(const InstallKey& key, const Event& event) {
  if (!event.user_id.empty()) return key.visitor_id(kUserKind, event.user_id);
  if (!event.further_ids.empty()) return event.further_ids.front().visitor;
  return std::nullopt;
}

// In order. identify joins its anonymous id and its further ids to its person; alias joins the
// previous id, which may be an anonymous or a user id: Segment's protocol does not say which.
std::vector<Join> joins_of(const InstallKey& key, const Record& record) {
  if (!joins_visitors(record)) return {};
  const auto& event = std::get<Event>(record.body);
  const VisitorId person = *person_of(key, event);
  const bool alias = event.type == EventType::kAlias;
  const std::string& other = alias ? event.previous_id : event.anonymous_id;
  std::vector<Join> joins;
  if (!other.empty())
    joins.push_back({key.visitor_id(kAnonymousKind, other), Join::Kind::kDevice, person});
  if (alias && other != event.user_id) {
    joins.push_back({key.visitor_id(kUserKind, other), Join::Kind::kUser, person});
  }
  if (event.user_id.empty()) return joins;  // only a user joins further ids: links lead upwards
  for (const FurtherId& id : event.further_ids)
    joins.push_back({id.visitor, Join::Kind::kFurther, person});
  return joins;
}

void send(Shard& shard, const JobPtr& job, const VisitorId& to) {
  job->visitor = to;
  post_job(shard.shared(), job);
}

Login login_of(const Job& job) {
  const Record& record = job.events[job.next];
  return {record.event_time, hash64(std::get<Event>(record.body).message_id)};
}

// One step of joining two known visitors. Each is met at the end of its chain; the one with the
// smaller id ends there. True: the job went on its way.
bool join_known(Shard& shard, Visitor& visitor, const Join& join, const JobPtr& job) {
  Walk& walk = job->walk;
  if (!walk.begun) {
    walk.begun = true;
    send(shard, job, join.from);
    return true;
  }
  if (!walk.partner) {
    walk.partner = visitor.id;
    send(shard, job, join.to);
    return true;
  }
  const VisitorId partner = *walk.partner;
  if (visitor.id > partner) {
    walk.partner = visitor.id;
    send(shard, job, partner);
    return true;
  }
  walk = {.done = walk.done + 1, .allowed = walk.allowed};
  if (visitor.id == partner) return false;
  if (!walk.allowed) {  // neither lets anything be kept of it
    send(shard, job, join.to);
    return true;
  }
  link_out(shard, visitor, partner, login_of(*job), job);
  return true;
}

// Events that came here before the merge were stored here: their repetition is no event of the
// winner.
void drop_what_was_seen_here(const Visitor& visitor, Job& job, Shard& shard) {
  std::vector<Record> rest;
  for (std::size_t i = job.next; i < job.events.size(); ++i) {
    if (is_duplicate(visitor, std::get<Event>(job.events[i].body), job.events[i].received_at)) {
      ++job.counts.duplicate;
      ++shard.shared().counters.duplicate;
      if (i == job.next) job.walk = {};
    } else {
      rest.push_back(std::move(job.events[i]));
    }
  }
  job.events = std::move(rest);
  job.next = 0;
}

// The user that the job's next event gives this ended device or further id to, if it is another
// one. An event without a user gives nothing away.
std::optional<VisitorId> other_user(const Shard& shard, const Visitor& visitor, const Job& job) {
  if (job.next >= job.events.size()) return std::nullopt;
  const Record& record = job.events[job.next];
  const auto& event = std::get<Event>(record.body);
  if (event.type != EventType::kIdentify || event.user_id.empty()) return std::nullopt;
  for (const Join& join : joins_of(shard.shared().key, record)) {
    const bool here = join.kind != Join::Kind::kUser && join.from == visitor.id;
    if (here && join.to != visitor.profile.core.merged_into) return join.to;
  }
  return std::nullopt;
}

// Not before the link is durable: else the winner could keep, and acknowledge, what came by a link
// that a crash undoes.
void follow_link(Shard& shard, const Visitor& visitor, const JobPtr& job) {
  if (shard.is_durable(visitor)) return post_job(shard.shared(), job);
  shard.when_durable([&shared = shard.shared(), job](const Status& status) {
    if (status.has_value()) {
      post_job(shared, job);
    } else {
      job->done(status, *job);
    }
  });
}

}  // namespace

namespace {

// What is left to do of a job that was split.
struct Parts {
  std::mutex mutex;  // guards the rest
  std::size_t waiting = 0;
  Status problem = ok();
  JobPtr whole;

  void finish(const Status& status, Job& part) {
    {
      const std::lock_guard lock(mutex);
      whole->counts.stored += part.counts.stored;
      whole->counts.duplicate += part.counts.duplicate;
      whole->counts.dropped_without_consent += part.counts.dropped_without_consent;
      if (part.question) whole->answer = std::move(part.answer);
      if (!status.has_value()) problem = status;
      if (--waiting > 0) return;
    }
    whole->done(problem, *whole);
  }
};

// The events of a device that changed hands, one job for each run of the same owner's; a question
// is the present owner's.
std::vector<JobPtr> by_owner(const Core& core, const JobPtr& whole) {
  std::vector<JobPtr> jobs;
  const auto job_for = [&](const VisitorId& owner) {
    if (jobs.empty() || jobs.back()->visitor != owner) {
      jobs.push_back(std::make_shared<Job>());
      jobs.back()->visitor = owner;
      if (jobs.size() == 1) jobs.back()->walk = whole->walk;  // of the next event
    }
    return jobs.back();
  };
  for (std::size_t i = whole->next; i < whole->events.size(); ++i) {
    Record& record = whole->events[i];
    job_for(core.owner_at(record.event_time))->events.push_back(std::move(record));
  }
  if (whole->question) job_for(core.merged_into)->question = std::move(whole->question);
  return jobs;
}

// A repetition may have been stored by another owner than the one its time names now: a login that
// came late moves the border.
void ask_owners(Shard& shard, const Visitor& visitor, const JobPtr& job) {
  const Core& core = visitor.profile.core;
  job->asked_for = visitor.id;
  for (const EarlierOwner& owner : core.earlier_owners) job->ask.push_back(owner.visitor);
  if (core.merged_into != VisitorId{}) job->ask.push_back(core.merged_into);
  job->visitor = job->ask.back();
  follow_link(shard, visitor, job);
}

void follow_to_owners(Shard& shard, const Visitor& visitor, const JobPtr& job) {
  const auto jobs = by_owner(visitor.profile.core, job);
  auto parts = std::make_shared<Parts>();
  parts->waiting = jobs.size();
  parts->whole = job;
  for (const JobPtr& one : jobs) {
    one->done = [parts](const Status& status, Job& part) { parts->finish(status, part); };
    follow_link(shard, visitor, one);
  }
}

}  // namespace

// One that was unlinked lives on; what came by it meanwhile is elsewhere. A login asks too, or it
// would overtake what was sent before it.
bool ask_first(Shard& shard, const Visitor& visitor, const JobPtr& job) {
  const bool asked = visitor.profile.core.earlier_owners.empty() || job->asked_for == visitor.id;
  if (asked || job->next >= job->events.size()) return false;
  ask_owners(shard, visitor, job);
  return true;
}

void ask_here(Shard& shard, const Visitor& visitor, const JobPtr& job) {
  drop_what_was_seen_here(visitor, *job, shard);
  const VisitorId& winner = visitor.profile.core.merged_into;
  if (winner == VisitorId{}) job->ask.pop_back();
  job->visitor = winner != VisitorId{} ? winner
                 : job->ask.empty()    ? *job->asked_for
                                       : job->ask.back();
  follow_link(shard, visitor, job);
}

bool joins_visitors(const Record& record) {
  const auto& event = std::get<Event>(record.body);
  if (!record.has(record_flags::kTrustedIdentity)) return false;
  if (event.type == EventType::kAlias) return !event.user_id.empty() && !event.previous_id.empty();
  if (event.type != EventType::kIdentify) return false;
  const bool has_further = !event.further_ids.empty();
  return event.user_id.empty() ? has_further && !event.anonymous_id.empty()
                               : has_further || !event.anonymous_id.empty();
}

VisitorId first_visitor(const InstallKey& key, const Event& event, bool trusted) {
  const auto person = trusted ? person_of(key, event) : std::nullopt;
  if (person) {
    const bool alias = event.type == EventType::kAlias && !event.previous_id.empty();
    if (alias && !event.user_id.empty()) return key.visitor_id(kAnonymousKind, event.previous_id);
    const bool joins = event.type == EventType::kIdentify && !event.anonymous_id.empty();
    if (!joins) return *person;
  }
  if (!event.anonymous_id.empty()) return key.visitor_id(kAnonymousKind, event.anonymous_id);
  return key.visitor_id(trusted ? kUserKind : kClaimedKind, event.user_id);
}

namespace {

// A repetition of an earlier login, or a late one, is that user's event and moves nothing.
bool moves_nothing(const Core& core, const Login& login) {
  return std::find(core.logins.begin(), core.logins.end(), login.message) != core.logins.end() ||
         (core.merged_into != VisitorId{} && login.at < core.last_seen);
}

// One step of joining a device or a further id to its person. True: the job went on its way.
bool join_lower(Shard& shard, Visitor& visitor, const Join& join, const JobPtr& job) {
  Walk& walk = job->walk;
  // A job begins at its device; further ids are gone to.
  if (join.kind == Join::Kind::kFurther && !walk.begun) {
    walk.begun = true;
    send(shard, job, join.from);
    return true;
  }
  walk = {.done = walk.done + 1, .allowed = walk.allowed};
  if (join.kind == Join::Kind::kDevice && !walk.allowed) return false;
  if (visitor.id != join.from) return false;  // it ended before: the link was followed here
  const Login login = login_of(*job);
  if (moves_nothing(visitor.profile.core, login)) {  // the link was undone since
    send(shard, job, join.to);
    return true;
  }
  link_out(shard, visitor, join.to, login, job);
  return true;
}

}  // namespace

// What may not be kept at all says nothing about who is who either (docs/decisions/0007). A login
// is asked where it arrives, before its first step. An alias mostly arrives at an id that nobody
// has as a device: of it, the two who would be joined are asked on the way.
bool join_first(Shard& shard, Visitor& visitor, const JobPtr& job) {
  const Record& record = job->events[job->next];
  const auto joins = joins_of(shard.shared().key, record);
  Walk& walk = job->walk;
  if (walk.done >= joins.size()) return false;
  const bool arrives = !walk.begun && !walk.partner && walk.done == 0;
  const bool alias = std::get<Event>(record.body).type == EventType::kAlias;
  walk.allowed = walk.allowed || kept_here(shard, visitor, record) != Kept::kNothing;
  if (arrives && !walk.allowed && !alias) return false;
  while (walk.done < joins.size()) {
    const Join& join = joins[walk.done];
    const bool went = join.kind == Join::Kind::kUser ? join_known(shard, visitor, join, job)
                                                     : join_lower(shard, visitor, join, job);
    if (went) return true;
  }
  return false;
}

void go_on(Shard& shard, Visitor& visitor, const JobPtr& job) {
  drop_what_was_seen_here(visitor, *job, shard);
  const Core& core = visitor.profile.core;
  const auto user = other_user(shard, visitor, *job);
  if (!user) {
    const bool waits = job->next < job->events.size() || job->question;
    if (!core.earlier_owners.empty() && waits) {
      const bool asked = job->asked_for == visitor.id;
      return asked ? follow_to_owners(shard, visitor, job) : ask_owners(shard, visitor, job);
    }
    job->visitor = core.merged_into;
    return follow_link(shard, visitor, job);
  }
  const Login login = login_of(*job);
  const bool nothing = moves_nothing(core, login);
  if (!nothing && shard.is_unlinking(visitor.id)) {
    return shard.when_durable([job](const Status&) {
      job->done(make_error(ErrorCode::kUnavailable, "this id is being unlinked; retry"), *job);
    });
  }
  job->walk = {.done = job->walk.done + 1};
  if (nothing) return send(shard, job, *user);
  link_out(shard, visitor, *user, login, job);
}

}  // namespace tact

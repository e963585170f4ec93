#include "engine/internal/job.h"

namespace tact {
namespace {

void finish(Shard& shard, const JobPtr& job, Status early = ok()) {
  shard.when_durable([job, early, &shared = shard.shared()](const Status& committed) {
    Status status = early.has_value() ? committed : early;
    if (status.has_value() && job->repeated) {
      auto again = repeat_answer(shared, job->visitor, *job->repeated);
      if (again.has_value()) {
        job->answer = std::move(*again);
      } else {
        status = again.error();
      }
    }
    job->done(status, *job);
  });
}

// Events that came here before the merge were stored here: their repetition is no event of the
// winner.
void drop_what_was_seen_here(const Visitor& visitor, Job& job, Shard& shard) {
  std::vector<Record> rest;
  for (std::size_t i = job.next; i < job.events.size(); ++i) {
    if (is_duplicate(visitor, std::get<Event>(job.events[i].body), job.events[i].received_at)) {
      ++job.counts.duplicate;
      ++shard.shared().counters.duplicate;
    } else {
      rest.push_back(std::move(job.events[i]));
    }
  }
  job.events = std::move(rest);
  job.next = 0;
}

// To the winner. Not before the link is durable: else the winner could keep, and acknowledge, what
// came by a link that a crash undoes.
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

void post_job(Shared& shared, JobPtr job) {
  shared.shard_of(job->visitor).post([job = std::move(job)](Shard& shard) { run_job(shard, job); });
}

void run_job(Shard& shard, const JobPtr& job) {
  if (!shard.accepts()) {
    return finish(shard, job, make_error(ErrorCode::kUnavailable, "the store is not ready; retry"));
  }
  auto found = shard.visitor(job->visitor);
  if (!found.has_value()) return finish(shard, job, found.error());
  Visitor& visitor = **found;
  if (visitor.profile.core.merged_into != VisitorId{}) {
    drop_what_was_seen_here(visitor, *job, shard);
    job->visitor = visitor.profile.core.merged_into;
    return follow_link(shard, visitor, job);
  }
  for (; job->next < job->events.size(); ++job->next) {
    Record& record = job->events[job->next];
    if (const auto winner = joins(shard.shared().key, visitor, record)) {
      return link_out(shard, visitor, *winner, job);
    }
    ingest(shard, visitor, record, job->counts);
  }
  if (job->question) {
    note_consent(shard, visitor, *job->question);
    answer(shard, visitor, *job);
  }
  finish(shard, job);
}

}  // namespace tact

#include "engine/internal/job.h"

namespace tact {
namespace {

void finish(Shard& shard, const JobPtr& job, const Status& early = ok()) {
  shard.when_durable([job, early, &shared = shard.shared()](const Status& committed) {
    Status status = early.has_value() ? committed : early;
    if (status.has_value() && job->repeated) {
      auto again = repeat_answer(shared, job->visitor, *job->repeated);
      if (again.has_value()) {
        job->answer = answer_text(*again, *job->question);
      } else {
        status = again.error();
      }
    }
    job->done(status, *job);
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
  if (!job->ask.empty()) return ask_here(shard, visitor, job);
  if (visitor.profile.core.merged_into != VisitorId{}) return go_on(shard, visitor, job);
  if (ask_first(shard, visitor, job)) return;
  for (; job->next < job->events.size(); ++job->next) {
    if (join_first(shard, visitor, job)) return;
    ingest(shard, visitor, job->events[job->next], job->counts);
    job->walk = {};
  }
  if (job->question) {
    note_consent(shard, visitor, *job->question);
    answer(shard, visitor, *job);
  }
  finish(shard, job);
}

}  // namespace tact

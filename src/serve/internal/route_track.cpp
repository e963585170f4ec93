// The Segment routes.
#include "event/parse.h"
#include "serve/cors.h"
#include "serve/internal/rejected.h"
#include "serve/internal/routes.h"
#include "serve/problem.h"

namespace tact::routes {
namespace {

HttpResponse accepted(std::vector<RejectedEvent> rejected) {
  json::object body{{"success", true}};
  list_rejected(std::move(rejected), body);
  return json_response(200, to_string(body));
}

}  // namespace

void track(Context& context, const HttpRequest& request, std::optional<EventType> type,
           Respond respond) {
  const auto refuse = [&](const Error& error) {
    HttpResponse response = problem(error);
    add_cors(request, {}, response);
    respond(std::move(response));
  };
  auto batch = parse_batch(request.body, type);
  if (!batch.has_value()) return refuse(batch.error());
  const auto source = source_of(request, context.keys, batch->write_key);
  if (!source.has_value()) return refuse(source.error());
  long retry_after_s = 0;
  if (!context.limits.take((*source)->id, (*source)->events_per_second_limit, batch->events.size(),
                           std::chrono::steady_clock::now(), retry_after_s)) {
    HttpResponse response = problem_retry(429, "too many events for this key", retry_after_s);
    add_cors(request, (*source)->origins, response);
    return respond(std::move(response));
  }
  RequestInfo info = info_of(request, **source, context);
  info.sent_at = batch->sent_at;
  const auto playbook = context.engine.playbook();
  std::vector<Record> records;
  records.reserve(batch->events.size());
  for (std::size_t i = 0; i < batch->events.size(); ++i) {
    std::string message_id = batch->events[i].message_id;
    CollectNotes notes;
    auto record = collect_event(std::move(batch->events[i]), info, *playbook->playbook, &notes);
    context.collected.add(notes);
    if (record.has_value()) {
      context.collected.note_event(record->flags);
      records.push_back(std::move(*record));
    } else {
      batch->rejected.push_back({batch->positions[i], std::move(message_id), record.error()});
    }
  }
  HttpResponse success = accepted(std::move(batch->rejected));
  add_cors(request, (*source)->origins, success);
  context.engine.track(std::move(records), [respond = std::move(respond),
                                            success =
                                                std::move(success)](Result<TrackCounts> counts) {
    if (counts.has_value()) return respond(success);
    HttpResponse failure = problem(counts.error());
    failure.headers.insert(failure.headers.end(), success.headers.begin(), success.headers.end());
    respond(std::move(failure));
  });
}

}  // namespace tact::routes

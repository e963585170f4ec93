// POST /v1/decide.
#include <array>
#include <cstddef>

#include "collect/request.h"
#include "serve/cors.h"
#include "serve/internal/rejected.h"
#include "serve/internal/routes.h"
#include "serve/problem.h"

namespace tact::routes {
namespace {

// Parsed; a longer request takes more from the heap.
constexpr std::size_t kUsualJsonBytes = std::size_t{16} * 1024;

// Where each event that could be parsed stood among those sent: the others are listed already.
std::vector<std::size_t> positions_of(const DecideBody& body) {
  std::vector<std::size_t> positions;
  positions.reserve(body.events.size());
  auto bad = body.rejected.begin();
  for (std::size_t at = 0; positions.size() < body.events.size(); ++at) {
    if (bad != body.rejected.end() && bad->index == at) {
      ++bad;
    } else {
      positions.push_back(at);
    }
  }
  return positions;
}

// Records of the events seen before deciding; bad ones are put to body.rejected, as in a batch.
std::vector<Record> records_of(DecideBody& body, const RequestInfo& info, const Playbook& playbook,
                               CollectCounters& counters) {
  const std::vector<std::size_t> positions = positions_of(body);
  std::vector<Record> records;
  records.reserve(body.events.size());
  for (std::size_t i = 0; i < body.events.size(); ++i) {
    RawEvent& event = body.events[i];
    std::string message_id = event.message_id;
    // A question is about one visitor: an event of somebody else's does not belong into it.
    if (event.anonymous_id != body.anonymous_id) {
      body.rejected.push_back(
          {positions[i], std::move(message_id),
           make_error(ErrorCode::kInvalid, "is not of the visitor asked about", "anonymousId")});
      continue;
    }
    CollectNotes notes;
    auto record = collect_event(std::move(event), info, playbook, &notes);
    counters.add(notes);
    if (!record.has_value()) {
      body.rejected.push_back({positions[i], std::move(message_id), record.error()});
      continue;
    }
    counters.note_event(record->flags);
    records.push_back(std::move(*record));
  }
  return records;
}

bool proves(const RequestInfo& info, const DecideBody& body) {
  return verify_identity_token(info.identity_token, body.user_id, info.source->identity, info.now)
      .has_value();
}

// Takes what it needs out of `body`, and adds the events that are not taken to body.rejected.
DecideRequest question_of(DecideBody& body, const RequestInfo& info, const Playbook& playbook,
                          CollectCounters& counters) {
  DecideRequest question;
  question.identity = {.anonymous_id = body.anonymous_id,
                       .user_id = body.user_id,
                       .trusted = info.source->kind == KeyKind::kSecret || proves(info, body)};
  question.where = surroundings_of(body.page, body.context, info.now, info, playbook);
  mark_sensitive(question.where, body.product, body.category, string_at(body.page, "url"),
                 playbook);
  question.events = records_of(body, info, playbook, counters);
  question.slots = std::move(body.slots);
  question.request_id = std::move(body.request_id);
  question.product = std::move(body.product);
  question.category = std::move(body.category);
  question.weather = std::move(body.weather);
  question.source = info.source->id;
  question.flags = flags_of(info) | nobody_flags(body.context, info, playbook.site.traffic);
  counters.note_decide(question.flags);
  question.consent = body.consent.choices;
  question.consent_text = body.consent.text;
  if (body.consent.gpc) question.flags |= record_flags::kGpc;
  question.explain = body.explain && info.source->kind == KeyKind::kSecret;
  return question;
}

// What is answered beside the decisions: who was asked about, and the events not taken.
std::string beside_of(const DecideBody& body, const json::storage_ptr& memory) {
  json::object members(memory);
  json::object& visitor = members["visitor"].emplace_object();
  if (!body.anonymous_id.empty()) visitor["anonymousId"] = body.anonymous_id;
  list_rejected(body.rejected, members);
  const std::string text = to_string(members);
  return text.substr(1, text.size() - 2);
}

}  // namespace

void decide(Context& context, const HttpRequest& request, Respond respond) {
  const auto playbook = context.engine.playbook();
  const auto refuse = [&](const Error& error) {
    HttpResponse response = problem(error);
    add_cors(request, {}, response);
    respond(std::move(response));
  };
  std::array<unsigned char, kUsualJsonBytes> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  auto body = parse_decide_body(request.body, playbook->playbook->site, &memory);
  if (!body.has_value()) return refuse(body.error());
  const auto source = source_of(request, context.keys, body->write_key);
  if (!source.has_value()) return refuse(source.error());
  long retry_after_s = 0;
  HttpResponse head;  // carries the CORS fields for whatever the answer is
  add_cors(request, (*source)->origins, head);
  if (!context.limits.take((*source)->id, (*source)->events_per_second_limit,
                           body->events.size() + 1, std::chrono::steady_clock::now(),
                           retry_after_s)) {
    HttpResponse response = problem_retry(429, "too many requests for this key", retry_after_s);
    response.headers.insert(response.headers.end(), head.headers.begin(), head.headers.end());
    return respond(std::move(response));
  }
  RequestInfo info = info_of(request, **source, context);
  info.sent_at = body->sent_at;
  info.identity_token = body->token;
  DecideRequest question = question_of(*body, info, *playbook->playbook, context.collected);
  question.beside = beside_of(*body, &memory);
  context.engine.decide(
      std::move(question),
      [respond = std::move(respond), cors = std::move(head.headers)](Result<std::string> answer) {
        HttpResponse response =
            answer.has_value() ? json_response(200, *std::move(answer)) : problem(answer.error());
        response.header("Cache-Control", "no-store");
        response.headers.insert(response.headers.end(), cors.begin(), cors.end());
        respond(std::move(response));
      });
}

}  // namespace tact::routes

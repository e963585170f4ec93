// GET /v1/reports/MOMENT/decisions and /plan: a moment's log, and how long it would have to run.
#include <algorithm>
#include <optional>
#include <stop_token>
#include <utility>

#include "engine/decisions.h"
#include "engine/prospect.h"
#include "serve/internal/routes.h"
#include "serve/problem.h"

namespace tact::routes {

namespace {

Status secret_alone(const HttpRequest& request, const KeyRing& keys) {
  TACT_ASSIGN(const Source* source, source_of(request, keys, {}));
  if (source->kind == KeyKind::kSecret) return ok();
  return make_error(ErrorCode::kForbidden, "this is told to a secret key alone");
}

// `now` is left for when it is made.
struct Asked {
  DecisionsAsked what;
  std::optional<Time> as_of;
};

Result<Asked> asked_of(const HttpRequest& request, std::string_view moment) {
  Asked out{{.moment = std::string(moment)}, {}};
  DecisionsAsked& asked = out.what;
  asked.goal = query_parameter(request.query, "goal").value_or("");
  for (const auto& [name, time] :
       {std::pair<std::string_view, std::optional<Time>*>{"from", &asked.from},
        {"until", &asked.until},
        {"as_of", &out.as_of}}) {
    const auto given = query_parameter(request.query, name);
    if (!given) continue;
    *time = parse_time(*given);
    if (!*time)
      return make_error(ErrorCode::kInvalid, "not a time; it looks like 2026-11-21",
                        std::string(name));
  }
  const auto reward = query_parameter(request.query, "reward");
  if (reward && *reward != "money")
    return make_error(ErrorCode::kInvalid, "money, or nothing", "reward");
  asked.money = reward.has_value();
  return out;
}

// Rows are of single persons, and both take long: a secret key alone, not the token of the live
// view.
HttpResponse decisions_of(Engine& engine, const Asked& asked, const std::stop_token& stop) {
  DecisionsAsked what = asked.what;
  what.now = asked.as_of.value_or(engine.now());
  what.stop = stop;
  const auto table = engine.decisions(what);
  if (!table.has_value()) return problem(table.error());
  const json::object body{{"says", say_left_out(*table)}, {"csv", table->csv}};
  return json_response(200, to_string(body)).header("Cache-Control", "no-store");
}

HttpResponse plan_of(const Engine& engine, const Asked& asked, const std::stop_token& stop) {
  const Time now = engine.simulated() ? asked.as_of.value_or(engine.now())
                                      : std::min(engine.now(), asked.as_of.value_or(Time::max()));
  const auto prospect = look_back(engine.store(), *engine.playbook(), asked.what.moment, now, stop);
  if (!prospect.has_value()) return problem(prospect.error());
  const auto planned = tact::plan_of(*prospect);
  if (!planned.has_value()) return problem(planned.error());
  return json_response(200, to_string(to_json(*prospect, *planned)))
      .header("Cache-Control", "no-store");
}

template <typename Answer>
void run(Context& context, const HttpRequest& request, std::string_view moment,
         const Respond& respond, const Answer& answer) {
  if (const Status allowed = secret_alone(request, context.keys); !allowed.has_value())
    return respond(problem(allowed.error()));
  auto asked = asked_of(request, moment);
  if (!asked.has_value()) return respond(problem(asked.error()));
  const auto job = [&engine = context.engine, answer, asked = std::move(*asked)](
                       const std::stop_token& stop) { return answer(engine, asked, stop); };
  context.slow.run(request, job, respond);
}

}  // namespace

void decisions(Context& context, const HttpRequest& request, std::string_view moment,
               const Respond& respond) {
  run(context, request, moment, respond, decisions_of);
}

void plan(Context& context, const HttpRequest& request, std::string_view moment,
          const Respond& respond) {
  run(context, request, moment, respond, plan_of);
}

}  // namespace tact::routes

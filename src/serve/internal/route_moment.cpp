// GET /v1/reports/MOMENT/decisions and /plan: a moment's log, and how long it would have to run.
#include <atomic>
#include <optional>
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

Result<DecisionsAsked> decisions_asked(const HttpRequest& request, std::string_view moment,
                                       Time now) {
  DecisionsAsked asked{.moment = std::string(moment)};
  std::optional<Time> as_of;
  asked.goal = query_parameter(request.query, "goal").value_or("");
  for (const auto& [name, time] :
       {std::pair<std::string_view, std::optional<Time>*>{"from", &asked.from},
        {"until", &asked.until},
        {"as_of", &as_of}}) {
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
  asked.now = as_of.value_or(now);
  return asked;
}

// Rows are of single persons, and both take long: a secret key alone, not the token of the live
// view.
HttpResponse decisions(Engine& engine, DecisionsAsked asked, const std::atomic<bool>& stop) {
  asked.stop = &stop;
  const auto table = engine.decisions(asked);
  if (!table.has_value()) return problem(table.error());
  const json::object body{{"says", say_left_out(*table)}, {"csv", table->csv}};
  return json_response(200, to_string(body)).header("Cache-Control", "no-store");
}

HttpResponse plan(const Engine& engine, const std::string& moment, Time now,
                  const std::atomic<bool>& stop) {
  const auto prospect = look_back(engine.store(), *engine.playbook(), moment, now, &stop);
  if (!prospect.has_value()) return problem(prospect.error());
  const auto planned = plan_of(*prospect);
  if (!planned.has_value()) return problem(planned.error());
  return json_response(200, to_string(to_json(*prospect, *planned)))
      .header("Cache-Control", "no-store");
}

}  // namespace

bool slow_report(Context& context, const HttpRequest& request, std::string_view name,
                 const Respond& respond) {
  constexpr std::string_view kDecisions = "/decisions", kPlan = "/plan";
  const bool plans = name.ends_with(kPlan);
  if (!plans && !name.ends_with(kDecisions)) return false;
  name.remove_suffix(plans ? kPlan.size() : kDecisions.size());
  const Status allowed = secret_alone(request, context.keys);
  auto asked = decisions_asked(request, name, context.engine.now());
  if (!allowed.has_value() || !asked.has_value()) {
    respond(problem(allowed.has_value() ? asked.error() : allowed.error()));
    return true;
  }
  context.slow.run(
      [&engine = context.engine, plans, asked = std::move(*asked)](const std::atomic<bool>& stop) {
        return plans ? plan(engine, asked.moment, asked.now, stop) : decisions(engine, asked, stop);
      },
      respond);
  return true;
}

}  // namespace tact::routes

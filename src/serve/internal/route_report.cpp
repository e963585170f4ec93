// GET /v1/reports and /v1/reports/MOMENT, as JSON, as the terminal's table or as one HTML page.
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_text.h"
#include "serve/internal/routes.h"
#include "serve/problem.h"

namespace tact::routes {
namespace {

Result<ReportOptions> options_of(const HttpRequest& request) {
  ReportOptions options;
  if (const auto small = query_parameter(request.query, "small_cells")) {
    if (*small != "show") return make_error(ErrorCode::kInvalid, "show, or nothing", "small_cells");
    options.small_cells = true;
  }
  if (const auto uplift = query_parameter(request.query, "uplift")) {
    if (*uplift != "show") return make_error(ErrorCode::kInvalid, "show, or nothing", "uplift");
    options.uplift = true;
  }
  return options;
}

HttpResponse rendered(const Reports& reports, std::string_view format) {
  if (format == "json") return json_response(200, to_string(to_json(reports)));
  if (format == "text") return text_response(200, to_text(reports, {}));
  HttpResponse response;
  response.content_type = "text/html; charset=utf-8";
  response.body = to_html(reports);
  return response;
}

struct Asked {
  std::string name;  // "": of all, or the universal holdout
  bool one = false;
  std::string format;
  std::optional<Time> as_of;  // absent: when it is made
  ReportOptions options;
};

Result<Asked> asked_of(const HttpRequest& request, std::string_view name) {
  Asked asked;
  asked.one = !name.empty();
  asked.name = name == "universal" ? std::string_view{} : name;
  asked.format = query_parameter(request.query, "format").value_or("json");
  if (asked.format != "json" && asked.format != "text" && asked.format != "html")
    return make_error(ErrorCode::kInvalid, "json, text or html", "format");
  if (const auto as_of = query_parameter(request.query, "as_of")) {
    asked.as_of = parse_time(*as_of);
    if (!asked.as_of)
      return make_error(ErrorCode::kInvalid, "not a time; it looks like 2026-11-21T10:00:00Z",
                        "as_of");
  }
  TACT_ASSIGN(asked.options, options_of(request));
  if (asked.options.uplift && !asked.one)
    return make_error(ErrorCode::kInvalid, "of one report: ask for it by name", "uplift");
  return asked;
}

HttpResponse answer(const Engine& engine, const Asked& asked, const std::stop_token& stop) {
  const auto state = engine.playbook();
  ReportOptions options = asked.options;
  options.now = asked.as_of.value_or(engine.now());
  options.present = engine.simulated() ? Time::max() : engine.now();
  options.stop = stop;
  const auto reported =
      asked.one
          ? report_one(engine.store(), state->experiments, *state->playbook, asked.name, options)
          : report_all(engine.store(), state->experiments, *state->playbook, options);
  if (!reported.has_value()) return problem(reported.error());
  return rendered(*reported, asked.format).header("Cache-Control", "no-store");
}

}  // namespace

void reports(Context& context, const HttpRequest& request, std::string_view name,
             const Respond& respond) {
  constexpr std::string_view kDecisions = "/decisions", kPlan = "/plan";
  if (name.ends_with(kDecisions))
    return decisions(context, request, name.substr(0, name.size() - kDecisions.size()), respond);
  if (name.ends_with(kPlan))
    return plan(context, request, name.substr(0, name.size() - kPlan.size()), respond);
  if (const Status allowed = may_read(request, context.keys); !allowed.has_value())
    return respond(problem(allowed.error()));
  auto asked = asked_of(request, name);
  if (!asked.has_value()) return respond(problem(asked.error()));
  const auto job = [&engine = context.engine, asked = std::move(*asked)](
                       const std::stop_token& stop) { return answer(engine, asked, stop); };
  context.slow.run(request, job, respond);
}

}  // namespace tact::routes

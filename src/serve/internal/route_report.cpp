// GET /v1/reports and /v1/reports/MOMENT, as JSON, as the terminal's table or as one HTML page.
#include <atomic>
#include <string>
#include <utility>

#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_text.h"
#include "serve/internal/routes.h"
#include "serve/problem.h"

namespace tact::routes {
namespace {

Result<ReportOptions> options_of(const HttpRequest& request, Time now) {
  ReportOptions options{.now = now};
  if (const auto as_of = query_parameter(request.query, "as_of")) {
    const auto time = parse_time(*as_of);
    if (!time)
      return make_error(ErrorCode::kInvalid, "not a time; it looks like 2026-11-21T10:00:00Z",
                        "as_of");
    options.now = *time;
  }
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
  ReportOptions options;
};

Result<Asked> asked_of(const HttpRequest& request, std::string_view moment, Time now) {
  Asked asked;
  asked.one = !moment.empty();
  asked.name = moment == "universal" ? std::string_view{} : moment;
  asked.format = query_parameter(request.query, "format").value_or("json");
  if (asked.format != "json" && asked.format != "text" && asked.format != "html")
    return make_error(ErrorCode::kInvalid, "json, text or html", "format");
  TACT_ASSIGN(asked.options, options_of(request, now));
  if (asked.options.uplift && !asked.one)
    return make_error(ErrorCode::kInvalid, "of one report: ask for it by name", "uplift");
  return asked;
}

HttpResponse answer(const Engine& engine, const Asked& asked) {
  const auto state = engine.playbook();
  const auto reported =
      asked.one ? report_one(engine.store(), state->experiments, *state->playbook, asked.name,
                             asked.options)
                : report_all(engine.store(), state->experiments, *state->playbook, asked.options);
  if (!reported.has_value()) return problem(reported.error());
  return rendered(*reported, asked.format).header("Cache-Control", "no-store");
}

}  // namespace

HttpResponse reports(Context& context, const HttpRequest& request, std::string_view moment) {
  if (const Status allowed = may_read(request, context.keys); !allowed.has_value())
    return problem(allowed.error());
  const auto asked = asked_of(request, moment, context.engine.now());
  return asked.has_value() ? answer(context.engine, *asked) : problem(asked.error());
}

bool uplift_report(Context& context, const HttpRequest& request, std::string_view moment,
                   const Respond& respond) {
  if (moment.empty() || !query_parameter(request.query, "uplift")) return false;
  const Status allowed = may_read(request, context.keys);
  auto asked = asked_of(request, moment, context.engine.now());
  if (!allowed.has_value() || !asked.has_value()) {
    respond(problem(allowed.has_value() ? asked.error() : allowed.error()));
    return true;
  }
  context.slow.run([&engine = context.engine, asked = std::move(*asked)](
                       const std::atomic<bool>&) { return answer(engine, asked); },
                   respond);
  return true;
}

}  // namespace tact::routes

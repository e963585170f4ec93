// GET /v1/reports and /v1/reports/MOMENT, as JSON, as the terminal's table or as one HTML page.
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

}  // namespace

HttpResponse reports(Context& context, const HttpRequest& request, std::string_view moment) {
  if (const Status allowed = may_read(request, context.keys); !allowed.has_value())
    return problem(allowed.error());
  const std::string format = query_parameter(request.query, "format").value_or("json");
  if (format != "json" && format != "text" && format != "html")
    return problem(make_error(ErrorCode::kInvalid, "json, text or html", "format"));
  const auto options = options_of(request, context.engine.now());
  if (!options.has_value()) return problem(options.error());
  const auto state = context.engine.playbook();
  const bool one = !moment.empty();
  if (options->uplift && !one) {
    return problem(make_error(ErrorCode::kInvalid, "of one report: ask for it by name", "uplift"));
  }
  const std::string_view name = moment == "universal" ? std::string_view{} : moment;
  const auto reported =
      one ? report_one(context.engine.store(), state->experiments, *state->playbook, name, *options)
          : report_all(context.engine.store(), state->experiments, *state->playbook, *options);
  if (!reported.has_value()) return problem(reported.error());
  return rendered(*reported, format).header("Cache-Control", "no-store");
}

}  // namespace tact::routes

// GET /v1/reports and /v1/reports/MOMENT.
#include "measure/report_json.h"
#include "serve/internal/routes.h"
#include "serve/problem.h"

namespace tact::routes {

HttpResponse reports(Context& context, const HttpRequest& request, std::string_view moment) {
  if (const Status allowed = may_read(request, context.keys); !allowed.has_value())
    return problem(allowed.error());
  const auto state = context.engine.playbook();
  const ReportOptions options{.now = context.engine.now()};
  const bool one = !moment.empty();
  const std::string_view name = moment == "universal" ? std::string_view{} : moment;
  const auto reported =
      one ? report_one(context.engine.store(), state->experiments, *state->playbook, name, options)
          : report_all(context.engine.store(), state->experiments, *state->playbook, options);
  if (!reported.has_value()) return problem(reported.error());
  return json_response(200, to_string(to_json(*reported))).header("Cache-Control", "no-store");
}

}  // namespace tact::routes

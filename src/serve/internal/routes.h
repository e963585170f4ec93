// The routes of Api, one file each. Private to serve.
#pragma once

#include <functional>
#include <string>

#include "collect/collect.h"
#include "engine/engine.h"
#include "serve/api.h"
#include "serve/http.h"
#include "serve/internal/collect_counters.h"
#include "serve/internal/rate_limit.h"
#include "serve/internal/slow_lane.h"

namespace tact::routes {

struct Context {
  Engine& engine;
  const KeyRing& keys;
  ApiOptions options;
  RateLimits limits;
  CollectCounters collected;
  SlowLane slow;  // last: its jobs use the rest
};

// The key of a request: Basic auth (user = key), Bearer, or what the body said. kUnauthorized.
Result<const Source*> source_of(const HttpRequest& request, const KeyRing& keys,
                                std::string_view body_key);
// May read what Tact knows: a secret key, or the live token as ?token=.
Status may_read(const HttpRequest& request, const KeyRing& keys);
// What collect needs to know of the request; moves the clock of a simulated directory (Tact-Time).
RequestInfo info_of(const HttpRequest& request, const Source& source, Context& context);
std::uint8_t flags_of(const RequestInfo& info);

// POST /v1/track … /v1/batch. type: nullopt for batch.
void track(Context& context, const HttpRequest& request, std::optional<EventType> type,
           Respond respond);
void decide(Context& context, const HttpRequest& request, Respond respond);
HttpResponse settings(const Context& context, std::string_view key);
// GET /.well-known/gpc.json: that Tact abides by Sec-GPC (W3C, "Global Privacy Control").
HttpResponse gpc_support();
HttpResponse live(Context& context, const HttpRequest& request);
void unlink(Context& context, const HttpRequest& request, std::string_view id,
            const Respond& respond);
void freshness(Context& context, const HttpRequest& request, const Respond& respond);
// GET /v1/reports (an empty name) and /v1/reports/NAME, with all that is below it.
void reports(Context& context, const HttpRequest& request, std::string_view name,
             const Respond& respond);
// Of them /v1/reports/MOMENT/decisions and MOMENT/plan.
void decisions(Context& context, const HttpRequest& request, std::string_view moment,
               const Respond& respond);
void plan(Context& context, const HttpRequest& request, std::string_view moment,
          const Respond& respond);
void explain(Context& context, const HttpRequest& request, std::string_view decision,
             const Respond& respond);
HttpResponse visitor(Context& context, const HttpRequest& request, std::string_view id);
HttpResponse metrics(const Context& context);

}  // namespace tact::routes

#include "serve/api.h"

#include <algorithm>
#include <array>

#include "serve/assets.h"
#include "serve/cors.h"
#include "serve/internal/routes.h"
#include "serve/problem.h"

namespace tact {
namespace {

struct TrackRoute {
  std::string_view path;
  std::optional<EventType> type;
};
constexpr std::array<TrackRoute, 14> kTrackRoutes = {{{"/v1/track", EventType::kTrack},
                                                      {"/v1/t", EventType::kTrack},
                                                      {"/v1/identify", EventType::kIdentify},
                                                      {"/v1/i", EventType::kIdentify},
                                                      {"/v1/page", EventType::kPage},
                                                      {"/v1/p", EventType::kPage},
                                                      {"/v1/screen", EventType::kScreen},
                                                      {"/v1/s", EventType::kScreen},
                                                      {"/v1/group", EventType::kGroup},
                                                      {"/v1/g", EventType::kGroup},
                                                      {"/v1/alias", EventType::kAlias},
                                                      {"/v1/a", EventType::kAlias},
                                                      {"/v1/batch", std::nullopt},
                                                      {"/v1/b", std::nullopt}}};

const TrackRoute* find_track_route(std::string_view path) {
  for (const TrackRoute& route : kTrackRoutes) {
    if (route.path == path) return &route;
  }
  return nullptr;
}

bool takes_post(std::string_view path) {
  return path == "/v1/decide" || find_track_route(path) != nullptr;
}

std::string_view after(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view{};
}

HttpResponse ready_response(const Engine& engine) {
  return engine.status().ready ? text_response(200, "ok\n")
                               : problem_retry(503, "the store is not ready", 1);
}

HttpResponse demo_config(const routes::Context& context) {
  for (const Source& source : context.keys.sources()) {
    if (source.kind == KeyKind::kWrite) {
      return json_response(200, to_string(json::object{{"writeKey", source.key}, {"host", ""}}))
          .header("Cache-Control", "no-store");
    }
  }
  return problem(404, "there is no write key");
}

HttpResponse to_the_shop() {
  HttpResponse response;
  response.status = 302;
  return response.header("Location", "/demo/");
}

// Whether a GET of it is answered; but for assets, which say so themselves.
bool takes_get(std::string_view path) {
  constexpr std::array<std::string_view, 9> kPaths = {
      "/livez",   "/readyz",       "/healthz",    "/metrics",         "/.well-known/gpc.json",
      "/v1/live", "/v1/freshness", "/v1/reports", "/demo/config.json"};
  constexpr std::array<std::string_view, 3> kFolders = {"/v1/reports/", "/v1/visitors/",
                                                        "/v1/decisions/"};
  const auto holds = [path](std::string_view folder) { return !after(path, folder).empty(); };
  return std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end() ||
         std::any_of(kFolders.begin(), kFolders.end(), holds) ||
         (holds("/v1/projects/") && path.ends_with("/settings"));
}

// For any other method than GET, of an address that takes no POST.
HttpResponse refuse_method(const HttpRequest& request) {
  if (takes_get(request.path)) return method_not_allowed("GET, HEAD");
  return serve_asset(request).value_or(problem(404, "there is nothing at this address"));
}

std::optional<HttpResponse> get(routes::Context& context, const HttpRequest& request) {
  const std::string_view path = request.path;
  if (path == "/livez") return text_response(200, "ok\n");
  if (path == "/readyz" || path == "/healthz") return ready_response(context.engine);
  if (path == "/metrics") return routes::metrics(context);
  if (path == "/.well-known/gpc.json") return routes::gpc_support();
  if (path == "/v1/live") return routes::live(context, request);
  if (const auto id = after(path, "/v1/visitors/"); !id.empty())
    return routes::visitor(context, request, id);
  if (const auto key = after(path, "/v1/projects/"); key.ends_with("/settings")) {
    HttpResponse response = routes::settings(context, key.substr(0, key.size() - 9));
    add_cors(request, {}, response);
    return response;
  }
  if (context.options.demo) {
    if (path == "/") return to_the_shop();
    if (path == "/demo/config.json") return demo_config(context);
  }
  return serve_asset(request);
}

void handle(routes::Context& context, const HttpRequest& request, const Respond& respond) {
  const std::string_view path = request.path;
  if (is_preflight(request)) return respond(preflight_response(request, {}));
  if (takes_post(path)) {
    if (request.method != "POST") {
      HttpResponse refused = method_not_allowed("POST");
      add_cors(request, {}, refused);
      return respond(std::move(refused));
    }
    if (path == "/v1/decide") return routes::decide(context, request, respond);
    return routes::track(context, request, find_track_route(path)->type, respond);
  }
  if (const auto id = after(path, "/v1/visitors/"); id.ends_with("/unlink")) {
    if (request.method != "POST") return respond(method_not_allowed("POST"));
    return routes::unlink(context, request, id.substr(0, id.size() - 7), respond);
  }
  if (request.method != "GET") return respond(refuse_method(request));
  if (const auto id = after(path, "/v1/decisions/"); !id.empty())
    return routes::explain(context, request, id, respond);
  if (path == "/v1/freshness") return routes::freshness(context, request, respond);
  if (const auto name = after(path, "/v1/reports/"); !name.empty() || path == "/v1/reports")
    return routes::reports(context, request, name, respond);
  if (auto response = get(context, request)) return respond(std::move(*response));
  respond(problem(404, "there is nothing at this address"));
}

}  // namespace

struct Api::State {
  State(Engine& engine, const KeyRing& keys, ApiOptions options)
      : context{engine, keys, options, {}, {}, {}} {}
  routes::Context context;
};

Api::Api(Engine& engine, const KeyRing& keys, ApiOptions options)
    : state_(std::make_shared<State>(engine, keys, options)) {}
Api::~Api() = default;

void Api::stop() { state_->context.slow.stop(); }

Handler Api::handler() {
  return [state = state_](HttpRequest&& request, const Respond& respond) {
    handle(state->context, request, respond);
  };
}

}  // namespace tact

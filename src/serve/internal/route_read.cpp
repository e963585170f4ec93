// What may be read: settings, GPC support, live stream, explanations, visitors, metrics.
#include "engine/export.h"
#include "engine/freshness.h"
#include "serve/event_stream.h"
#include "serve/internal/routes.h"
#include "serve/problem.h"

namespace tact::routes {

// What analytics-next asks for before it starts: send to us, sample no metrics, load nothing else.
HttpResponse settings(const Context& context, std::string_view key) {
  const Source* source = context.keys.find(key);
  if (source == nullptr || source->kind != KeyKind::kWrite)
    return problem(404, "this write key is not known here");
  const json::object body{
      {"integrations",
       {{"Segment.io",
         {{"apiKey", key},
          {"unbundledIntegrations", json::array{}},
          {"addBundledMetadata", true},
          {"versionSettings",
           json::object{{"version", "4.4.7"}, {"componentTypes", json::array{"browser"}}}}}}}},
      {"plan",
       {{"track", {{"__default", {{"enabled", true}, {"integrations", json::object{}}}}}},
        {"identify", {{"__default", {{"enabled", true}}}}},
        {"group", {{"__default", {{"enabled", true}}}}}}},
      {"edgeFunction", json::object{}},
      {"analyticsNextEnabled", true},
      {"middlewareSettings", json::object{}},
      {"enabledMiddleware", json::object{}},
      {"metrics", {{"sampleRate", 0}}},
      {"legacyVideoPluginsEnabled", false},
      {"remotePlugins", json::array{}}};
  return json_response(200, to_string(body)).header("Cache-Control", "public, max-age=60");
}

HttpResponse gpc_support() {
  // lastUpdate: the day the meaning of Sec-GPC here last changed.
  const json::object body{{"gpc", true}, {"lastUpdate", "2026-11-22"}};
  return json_response(200, to_string(body)).header("Cache-Control", "public, max-age=86400");
}

HttpResponse live(Context& context, const HttpRequest& request) {
  if (const Status allowed = may_read(request, context.keys); !allowed.has_value())
    return problem(allowed.error());
  auto stream = EventStream::create();
  LiveHub& hub = context.engine.live();
  const std::string visitor = query_parameter(request.query, "anonymousId").value_or("");
  const std::uint64_t handle = hub.subscribe(
      visitor, [stream](const LiveUpdate& update) { stream->send(update.event, update.data); });
  stream->on_close([&hub, handle] { hub.unsubscribe(handle); });
  HttpResponse response;
  response.stream = std::move(stream);
  response.header("Cache-Control", "no-store");
  return response;
}

void explain(Context& context, const HttpRequest& request, std::string_view decision,
             const Respond& respond) {
  if (const Status allowed = may_read(request, context.keys); !allowed.has_value())
    return respond(problem(allowed.error()));
  const auto id = DecisionId::parse(decision);
  if (!id) return respond(problem(make_error(ErrorCode::kNotFound, "no decision has this id")));
  auto explained = context.engine.explain(*id);
  if (!explained.has_value()) return respond(problem(explained.error()));
  respond(json_response(200, to_string(*explained)).header("Cache-Control", "no-store"));
}

namespace {

Status may_know_visitors(const HttpRequest& request, const KeyRing& keys) {
  TACT_ASSIGN(const Source* source, source_of(request, keys, {}));
  if (source->kind == KeyKind::kSecret) return ok();
  return make_error(ErrorCode::kForbidden, "a write key reads nothing; use a secret key");
}

// `/v1/visitors/ID?kind=user`; without a kind an anonymous id.
NamedId named_id(const HttpRequest& request, std::string_view id) {
  return {query_parameter(request.query, "kind").value_or(std::string(kAnonymousKind)),
          percent_decode(id).value_or("")};
}

}  // namespace

HttpResponse visitor(Context& context, const HttpRequest& request, std::string_view id) {
  if (const Status allowed = may_know_visitors(request, context.keys); !allowed.has_value())
    return problem(allowed.error());
  const bool whole_history = id.ends_with("/export");
  if (whole_history) id.remove_suffix(7);
  const NamedId named = named_id(request, id);
  auto shown = whole_history ? export_visitor(context.engine.store(), context.engine.key(), named)
                             : context.engine.show_visitor(named);
  if (!shown.has_value()) return problem(shown.error());
  return json_response(200, to_string(*shown)).header("Cache-Control", "no-store");
}

void unlink(Context& context, const HttpRequest& request, std::string_view id,
            const Respond& respond) {
  if (const Status allowed = may_know_visitors(request, context.keys); !allowed.has_value())
    return respond(problem(allowed.error()));
  constexpr std::size_t kMaxReason = 500;
  std::string reason = query_parameter(request.query, "reason").value_or("");
  if (reason.size() > kMaxReason)
    return respond(problem(400, "the reason must not be over 500 bytes"));
  context.engine.unlink(named_id(request, id), std::move(reason),
                        [respond](const Result<VisitorId>& done) {
                          if (!done.has_value()) return respond(problem(done.error()));
                          const json::object body{{"visitor", done->to_text()}};
                          respond(json_response(200, to_string(body)));
                        });
}

void freshness(Context& context, const HttpRequest& request, const Respond& respond) {
  if (const Status allowed = may_read(request, context.keys); !allowed.has_value())
    return respond(problem(allowed.error()));
  const bool text = query_parameter(request.query, "format") == "text";
  const auto job = [&engine = context.engine, text](const std::stop_token& stop) {
    const auto state = engine.playbook();
    const auto all = tact::freshness(engine.store(), *state->playbook, engine.now(), stop);
    if (!all.has_value()) return problem(all.error());
    return (text ? text_response(200, to_text(*all)) : json_response(200, to_string(to_json(*all))))
        .header("Cache-Control", "no-store");
  };
  context.slow.run(request, job, respond);
}

// Prometheus text format 0.0.4.
HttpResponse metrics(const Context& context) {
  const EngineStatus status = context.engine.status();
  std::string out;
  const auto add = [&](std::string_view name, std::string_view kind, std::string_view help,
                       std::uint64_t value) {
    out += "# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " +
           std::string(name) + " " + std::string(kind) + "\n" + std::string(name) + " " +
           std::to_string(value) + "\n";
  };
  add("tact_ready", "gauge", "1 if events are accepted.", status.ready ? 1 : 0);
  add("tact_events_stored_total", "counter", "Events made durable.", status.events_stored);
  add("tact_events_duplicate_total", "counter", "Events whose messageId was stored before.",
      status.events_duplicate);
  add("tact_events_dropped_total", "counter", "Events not stored for lack of consent.",
      status.events_dropped);
  add("tact_decisions_total", "counter", "Recorded decisions.", status.decisions);
  add("tact_decisions_shown_total", "counter", "Recorded decisions that showed a message.",
      status.decisions_shown);
  add("tact_decisions_withheld_total", "counter", "Recorded decisions held back.",
      status.decisions_withheld);
  add("tact_commits_total", "counter", "Synced writes.", status.commits);
  context.collected.append_to(out);
  HttpResponse response = text_response(200, std::move(out));
  response.content_type = "text/plain; version=0.0.4";
  return response;
}

}  // namespace tact::routes

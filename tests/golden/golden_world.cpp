#include "golden_world.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "assign/assign.h"
#include "base/hash.h"
#include "base/time.h"
#include "collect/request.h"
#include "consent/consent.h"
#include "playbook/compile.h"

namespace tact::golden {
namespace {

constexpr std::string_view kHost = "https://shop.example";

// A number where the text is one, as a site would send it.
json::value typed(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return json::value(text);
  if (text.find('.') == std::string::npos) return static_cast<std::int64_t>(number);
  return number;
}

// `product=p7` is Segment's product_id; `products=p7,p8` a list, each of `category`.
json::object properties_of(const Options& options) {
  json::object out;
  for (const auto& [key, value] : options) {
    if (key == "product") {
      out["product_id"] = value;
    } else if (key == "products") {
      json::array products;
      for (std::string_view rest = value; !rest.empty();) {
        const std::size_t comma = rest.find(',');
        json::object product{{"product_id", rest.substr(0, comma)}};
        if (const auto category = option(options, "category"); !category.empty()) {
          product["category"] = category;
        }
        products.push_back(std::move(product));
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
      }
      out["products"] = std::move(products);
    } else {
      out[key] = key == "order_id" ? json::value(value) : typed(value);
    }
  }
  return out;
}

std::string text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : std::string();
}

std::string percent(double p) { return std::to_string(std::lround(p * 100)) + " %"; }

// `why` and `show` in lines a marketer would say.
std::vector<std::string> lines_of(const json::object& why, const json::value& shown) {
  std::vector<std::string> lines;
  for (const json::value& hit : why.at("because").as_array()) {
    lines.push_back("because: " + text(hit.at("says")));
  }
  for (const json::value& intent : why.at("intents").as_array()) {
    lines.push_back(text(intent.at("id")) + " " + percent(intent.at("p").as_double()) + " " +
                    text(intent.at("level")));
  }
  lines.push_back(why.at("clear").as_bool() ? "clear" : "unclear");
  for (const char* holdout : {"universal", "moment"}) {
    if (why.at("holdout").at(holdout).as_bool()) {
      lines.push_back(std::string("held back: ") + holdout);
    }
  }
  const json::value* experiments = why.if_contains("experiments");
  if (experiments == nullptr) {
    lines.push_back("no experiment");
  } else {
    for (const json::value& in : experiments->as_array()) {
      lines.push_back("experiment: " + text(in.at("id")) + ": " + text(in.at("arm")) + ": " +
                      text(in.at("shows")));
    }
  }
  for (const json::value& item : why.at("not_shown").as_array()) {
    const json::object& reason = item.as_object();
    std::string kind = "lost";
    if (reason.contains("guard")) kind = text(reason.at("guard"));
    if (reason.contains("condition")) kind = "condition";
    lines.push_back(text(reason.at("moment")) + ": " + kind + ": " + text(reason.at("says")));
  }
  if (const json::object* show = shown.if_object()) {
    lines.push_back("copy: " + text(show->at("content").at("title")));
    lines.push_back("visitor sees: " + text(show->at("because")));
  }
  return lines;
}

}  // namespace

Result<std::unique_ptr<World>> World::open(const Case& golden, const std::string& repository) {
  std::unique_ptr<World> world(new World(golden));
  const Compilation compilation = compile_playbook_folder(repository + "/" + golden.playbook);
  if (!compilation.ok()) {
    return make_error(
        ErrorCode::kInvalid,
        compilation.findings.empty() ? "no playbook" : compilation.findings.front().to_text(),
        golden.playbook);
  }
  world->playbook_ = compilation.playbook;
  world->experiments_.add(*compilation.playbook);
  if (!world->find_visitor()) {
    return make_error(ErrorCode::kInvalid, "no visitor is so by the hold-backs and arms",
                      golden.file);
  }
  // With `gpc` the source has a basis of its own, so that it is Sec-GPC that denies.
  world->source_.consent_required = golden.consent != Consent::kGpc;
  world->visitor_.bytes = {7, 7, 7};
  world->profile_ = start(*world->playbook_);
  auto& choices = world->choices_;
  const bool sensitive = golden.consent == Consent::kSensitive;
  if (sensitive) choices[static_cast<std::size_t>(Purpose::kSensitive)] = ConsentState::kGranted;
  if (sensitive || golden.consent == Consent::kPersonalization) {
    choices[static_cast<std::size_t>(Purpose::kPersonalization)] = ConsentState::kGranted;
  }
  if (sensitive || golden.consent == Consent::kPersonalization ||
      golden.consent == Consent::kAnalytics) {
    choices[static_cast<std::size_t>(Purpose::kAnalytics)] = ConsentState::kGranted;
  }
  return world;
}

// The first of visitor-0, visitor-1, … that is held back from exactly what the case says, and in
// the arms it names.
bool World::find_visitor() {
  const auto is_so = [&](const std::string& id) {
    const bool universal = held_out(kUniversalSeed, id, playbook_->site.hold_back);
    if (universal != case_.visitor.universal) return false;
    for (const Moment& moment : playbook_->moments) {
      const bool held = held_out("moment:" + moment.id, id, moment.hold_back);
      if (held != (moment.id == case_.visitor.moment)) return false;
    }
    return std::all_of(case_.visitor.arms.begin(), case_.visitor.arms.end(), [&](const auto& in) {
      const ExperimentPlan* plan = playbook_->find_experiment(in.first);
      if (plan == nullptr) return false;
      const int arm = arm_of(*plan, id);
      return in.second == (arm < 0 ? "none" : plan->arms[static_cast<std::size_t>(arm)].id);
    });
  };
  for (int i = 0; i < 100'000; ++i) {
    visitor_name_ = "visitor-" + std::to_string(i);
    if (is_so(visitor_name_)) return true;
  }
  return false;
}

RequestInfo World::request(Time now) const {
  RequestInfo info;
  info.source = &source_;
  info.now = now;
  info.gpc = case_.consent == Consent::kGpc;
  return info;
}

json::object World::context(const Step& step) const {
  json::object context{{"locale", case_.locale}, {"device", {{"type", case_.device}}}};
  json::object page = page_;
  if (step.what == Step::What::kPage) {
    page = {{"url", std::string(kHost) + step.name}};
    if (const auto from = option(step.options, "referrer"); !from.empty()) page["referrer"] = from;
  }
  context["page"] = std::move(page);
  json::object preferences;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const std::string_view purpose = to_string(static_cast<Purpose>(i));
    if (choices_[i] == ConsentState::kGranted) preferences[purpose] = true;
    if (choices_[i] == ConsentState::kRefused) preferences[purpose] = false;
    if (choices_[i] == ConsentState::kObjected) preferences[purpose] = "objected";
  }
  if (!preferences.empty()) {
    context["consent"] = json::object{{"categoryPreferences", std::move(preferences)}};
  }
  return context;
}

void World::send(const Step& step, EventType type, std::string name, json::object properties) {
  RawEvent raw;
  raw.type = type;
  raw.message_id = "m-" + std::to_string(++messages_);
  raw.anonymous_id = visitor_name_;
  raw.name = std::move(name);
  raw.timestamp = step.happened.value_or(step.at);
  raw.properties = std::move(properties);
  raw.context = context(step);
  auto record = collect_event(std::move(raw), request(step.at), *playbook_);
  if (!record.has_value()) {
    status_ = record.error();
    return;
  }
  ingest(std::move(*record));
}

// `source=crm` tells it, `age=730d` ago; without them the visitor does, now.
void World::tell(const Step& step) {
  Source source = source_;
  RawEvent raw;
  raw.type = EventType::kIdentify;
  raw.message_id = "m-" + std::to_string(++messages_);
  raw.anonymous_id = visitor_name_;
  raw.timestamp = step.at;
  for (const auto& [key, value] : step.options) {
    if (key == "source") {
      source.name = value;
      source.kind = KeyKind::kSecret;
    } else if (key == "age") {
      raw.timestamp = step.at - parse_duration(value).value_or(Duration{});
    } else {
      raw.traits[key] = typed(value);
    }
  }
  raw.context = context(step);
  RequestInfo info = request(step.at);
  info.source = &source;
  info.imported = true;  // their time is free
  auto record = collect_event(std::move(raw), info, *playbook_);
  if (!record.has_value()) {
    status_ = record.error();
    return;
  }
  ingest(std::move(*record));
}

void World::ingest(Record record) {
  auto& event = std::get<Event>(record.body);
  const ConsentContext context =
      consent_context(record.flags, event.where.region, *playbook_, record.received_at);
  const Kept kept = kept_of(event, profile_.core.consent, context);
  if (kept == Kept::kNothing) return;
  if (kept == Kept::kReportOnly) record.flags |= record_flags::kReportOnly;
  if (kept == Kept::kChoice) event = choice_of(event);
  append(std::move(record));
}

void World::append(Record record) {
  FoldEffects effects;
  const Offset offset{history_.size() + 1};
  fold(profile_, visitor_, offset, record, {*playbook_, experiments_}, effects);
  history_.push_back(std::move(record));
}

Status World::happen(const Step& step) {
  status_ = ok();
  json::object properties = properties_of(step.options);
  switch (step.what) {
    case Step::What::kPage:
      properties["url"] = std::string(kHost) + step.name;
      send(step, EventType::kPage, std::string(option(step.options, "type")), properties);
      page_ = std::move(properties);
      break;
    case Step::What::kTrack:
      send(step, EventType::kTrack, step.name, std::move(properties));
      break;
    case Step::What::kReaction:
      properties["decision"] = last_decision_;
      send(step, EventType::kTrack, step.name, std::move(properties));
      break;
    case Step::What::kConsent:
      choices_[static_cast<std::size_t>(Purpose::kPersonalization)] =
          step.name == "granted"   ? ConsentState::kGranted
          : step.name == "refused" ? ConsentState::kRefused
                                   : ConsentState::kObjected;
      send(step, EventType::kTrack, std::string(kConsentEvent), {});
      break;
    case Step::What::kFact:
      tell(step);
      break;
    case Step::What::kDecide:
      break;
  }
  return std::move(status_);
}

View World::view(const Surroundings& where, const Product& product, std::string_view category,
                 std::string_view weather, Time now, bool anonymous) const {
  static const Profile nobody;
  const std::string bucket = profile_.core.serving_bucket();
  return {.profile = anonymous ? nobody : profile_,
          .playbook = *playbook_,
          .now = now,
          .where = where,
          .product = product,
          .category = category,
          .weather = weather,
          .consent = {.basis_granted = !source_.consent_required,
                      .gpc = case_.consent == Consent::kGpc,
                      .bases = playbook_->guards.bases_in(where.region),
                      .now = now},
          .bucket_id = bucket.empty() ? visitor_name_ : bucket,
          .anonymous_request = anonymous};
}

Answer World::decide(const Step& step) {
  json::object page = page_;
  for (const auto& [key, value] : properties_of(step.options)) {
    page[key == "path" ? "url" : std::string_view(key)] =
        key == "path" ? json::value(std::string(kHost) + text(value)) : value;
  }
  Surroundings where = surroundings_of(page, context(step), step.at, request(step.at), *playbook_);
  Product product;
  if (const auto* id = page.if_contains("product_id")) product.id = text(*id);
  const auto* named = page.if_contains("category");
  const std::string category = named == nullptr ? std::string() : text(*named);
  if (!product.id.empty()) product.category = category;
  const auto* url = page.if_contains("url");
  mark_sensitive(where, product, category, url == nullptr ? std::string() : text(*url), *playbook_);
  const auto* sky = page.if_contains("weather");
  const std::string weather = sky == nullptr ? std::string() : text(*sky);

  const View before = view(where, product, category, weather, step.at, false);
  const bool allowed =
      consent_allows(profile_.core.consent, Purpose::kPersonalization, before.consent);
  if (allowed) advance(profile_, step.at, {*playbook_, experiments_});
  const View now = view(where, product, category, weather, step.at, !allowed);
  const Decision decision = tact::decide(now, step.name);

  Answer answer;
  if (decision.message >= 0) {
    answer.message = playbook_->messages[static_cast<std::size_t>(decision.message)].id;
  }
  answer.withheld = decision.outcome == Outcome::kWithheld;
  answer.explanation = lines_of(explain(decision, now), show(decision, now));
  if (decision.recorded) record(decision, step, now);
  return answer;
}

void World::record(const Decision& decision, const Step& step, const View& now) {
  DecisionRecord body = record_of(decision, now, step.name);
  if (profile_.core.bucket_id.empty()) body.anonymous_id = visitor_name_;
  Record record;
  record.received_at = step.at;
  record.event_time = step.at;
  if (!source_.consent_required) record.flags |= record_flags::kBasisGranted;
  if (case_.consent == Consent::kGpc) record.flags |= record_flags::kGpc;
  record.body = std::move(body);
  append(std::move(record));
  last_decision_ = DecisionId{visitor_.partition(), Offset{history_.size()}, 0}.to_text();
}

bool World::refolds_to_the_same() const {
  Profile again = start(*playbook_);
  std::uint64_t offset = 0;
  for (const Record& record : history_) {
    FoldEffects effects;
    fold(again, visitor_, Offset{++offset}, record, {*playbook_, experiments_}, effects);
  }
  return again == profile_;
}

}  // namespace tact::golden

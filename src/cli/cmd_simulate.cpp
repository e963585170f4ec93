// tact simulate: a shop's worth of visitors with known wishes and a known effect, over HTTP.
//
// Simulated time stands still while the visitors due at one instant are served over several
// connections; each connection serves the partitions that are its own, in order. So the server sees
// the same order per partition in every run, however the threads are scheduled.
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <queue>
#include <set>
#include <thread>
#include <unordered_map>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/server.h"
#include "cli/simulate/shopper.h"
#include "cli/simulate/world.h"
#include "cli/terminal.h"
#include "playbook/compile.h"

namespace tact::cli {
namespace {

struct SimulateGiven {
  std::string server, data, playbook = default_playbook();
  std::uint64_t visitors = 1000, seed = 1;
  int span_days = 45, settle_days = 15, connections = 16;
  double consent = 70, base = -1;  // percent
  std::string start;
  std::vector<std::string> effects, wishes;
  bool as_json = false;
};

volatile std::sig_atomic_t interrupted = 0;
void note_interrupt(int) { interrupted = 1; }

// --- many connections, one instant ---------------------------------------------------------------

struct Due {
  Time at{};
  std::uint64_t visitor = 0;
  bool operator>(const Due& other) const {
    return std::tie(at, visitor) > std::tie(other.at, other.visitor);
  }
};

// One connection with its thread. Between start() and wait() the thread owns everything here.
class Lane {
 public:
  explicit Lane(Wire wire) : wire_(std::move(wire)), thread_([this] { run(); }) {}
  ~Lane() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  void add(Shopper& shopper) { work_.push_back(&shopper); }
  void start() {
    if (work_.empty()) return;
    {
      const std::lock_guard lock(mutex_);
      busy_ = true;
    }
    changed_.notify_all();
  }
  Status wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !busy_; });
    return status_;
  }
  std::uint64_t requests() const { return wire_.requests(); }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return busy_ || ending_; });
      if (ending_) return;
      lock.unlock();
      for (Shopper* shopper : work_) {
        if (status_.has_value()) status_ = shopper->step(wire_);
      }
      work_.clear();
      lock.lock();
      busy_ = false;
      changed_.notify_all();
    }
  }

  Wire wire_;
  std::vector<Shopper*> work_;
  Status status_ = ok();
  std::mutex mutex_;  // guards busy_, ending_
  std::condition_variable changed_;
  bool busy_ = false, ending_ = false;
  std::thread thread_;  // last: starts when all else is made
};

struct Totals {
  ShopperBooks books;                             // without `moments`
  std::map<std::string, std::uint64_t> visitors;  // by moment: to whom it was shown
  std::map<std::string, MomentTruth> moments;
  std::uint64_t requests = 0;
  double seconds = 0;
};

void add_to(Totals& totals, const ShopperBooks& books) {
  ShopperBooks& all = totals.books;
  all.visits += books.visits;
  all.visits_with_help += books.visits_with_help;
  all.visits_without_consent += books.visits_without_consent;
  all.events += books.events;
  all.shown += books.shown;
  all.orders += books.orders;
  all.orders_without += books.orders_without;
  all.sent_back += books.sent_back;
  for (const auto& [moment, truth] : books.moments) {
    ++totals.visitors[moment];
    totals.moments[moment].orders += truth.orders;
    totals.moments[moment].orders_without += truth.orders_without;
  }
}

class Simulation {
 public:
  Simulation(const WorldOptions& world, const Planted& planted, const InstallKey& key)
      : world_(world), planted_(planted), key_(key) {}

  Status connect(const std::string& url, const std::string& write_key, int connections) {
    for (int i = 0; i < connections; ++i) {
      TACT_ASSIGN(HttpClient client, HttpClient::create(url));
      lanes_.push_back(std::make_unique<Lane>(Wire(std::move(client), write_key)));
    }
    return ok();
  }

  Result<Totals> run() {
    const auto started = std::chrono::steady_clock::now();
    for (std::uint64_t v = 0; v < world_.visitors; ++v)
      queue_.push({plan_visitor(world_, v).visits.front().at, v});
    Progress progress("simulated visitors", world_.visitors);
    std::uint64_t finished = 0;
    while (!queue_.empty() && queue_.top().at < world_.start + world_.span) {
      if (interrupted != 0)
        return make_error(ErrorCode::kUnavailable, "interrupted; what was simulated so far stays");
      TACT_TRY(one_instant(finished));
      progress.update(finished);
    }
    for (const auto& [visitor, shopper] : here_) add_to(totals_, shopper->books());
    progress.update(world_.visitors);
    progress.finish();
    for (const auto& lane : lanes_) totals_.requests += lane->requests();
    totals_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return totals_;
  }

 private:
  Status one_instant(std::uint64_t& finished) {
    const Time at = queue_.top().at;
    std::vector<std::uint64_t> served;
    for (; !queue_.empty() && queue_.top().at == at; queue_.pop()) {
      const std::uint64_t number = queue_.top().visitor;
      std::unique_ptr<Shopper>& shopper = here_[number];
      if (shopper == nullptr)
        shopper = std::make_unique<Shopper>(plan_visitor(world_, number), planted_);
      const std::string id = "sim-" + std::to_string(world_.seed) + "-" + std::to_string(number);
      lanes_[key_.visitor_id("anonymous", id).partition().value % lanes_.size()]->add(*shopper);
      served.push_back(number);
    }
    for (const auto& lane : lanes_) lane->start();
    Status status = ok();
    for (const auto& lane : lanes_) {
      if (Status one = lane->wait(); !one.has_value()) status = std::move(one);
    }
    TACT_TRY(status);
    for (const std::uint64_t number : served) {
      const auto shopper = here_.find(number);
      if (const auto due = shopper->second->due()) {
        queue_.push({*due, number});
      } else {
        add_to(totals_, shopper->second->books());
        here_.erase(shopper);
        ++finished;
      }
    }
    return ok();
  }

  const WorldOptions& world_;
  const Planted& planted_;
  const InstallKey& key_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Shopper>> here_;  // arrived, and not done
  Totals totals_;
};

// --- options to world ----------------------------------------------------------------------------

// "fit-help=+60%", "fit-help=-20%"
Status read_effect(const std::string& text, const Planted& planted,
                   std::map<std::string, double>& effects) {
  const std::size_t equals = text.find('=');
  const std::string moment = text.substr(0, equals);
  std::set<std::string> known;
  for (const auto& [message, its_moment] : planted.moment_of_message) known.insert(its_moment);
  if (!known.contains(moment)) {
    std::string names;
    for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
    return make_error(ErrorCode::kInvalid,
                      "no moment of this name shows something; there are " + names, text);
  }
  double percent = 0;
  try {
    std::size_t used = 0;
    const std::string number = equals == std::string::npos ? "" : text.substr(equals + 1);
    percent = std::stod(number, &used);
    if (number.substr(used) != "%" || percent < -100 || percent > 1000) used = 0;
    if (used == 0) throw std::invalid_argument(text);
  } catch (const std::exception&) {
    return make_error(ErrorCode::kInvalid, "an effect looks like fit-help=+60%", text);
  }
  effects[moment] = percent / 100;
  return ok();
}

Result<Planted> plant(const SimulateGiven& given, const Playbook& playbook) {
  Planted planted;
  for (const Moment& moment : playbook.moments) {
    for (const int message : moment.messages) {
      planted.moment_of_message[playbook.messages[static_cast<std::size_t>(message)].id] =
          moment.id;
    }
    if (moment.expect)
      planted.outcome_window = playbook.goals[static_cast<std::size_t>(moment.expect.goal)].within;
  }
  if (given.effects.empty()) {
    if (playbook.find_moment("fit-help") != nullptr) planted.effects["fit-help"] = 0.6;
    return planted;
  }
  for (const std::string& effect : given.effects)
    TACT_TRY(read_effect(effect, planted, planted.effects));
  return planted;
}

Result<WorldOptions> world_of(const SimulateGiven& given) {
  WorldOptions world{.visitors = given.visitors, .seed = given.seed};
  world.span = days(given.span_days);
  world.settle = days(given.settle_days);
  if (world.settle >= world.span)
    return make_error(ErrorCode::kInvalid, "--settle must be shorter than --days");
  world.consent = given.consent / 100;
  if (given.base >= 0) world.base = given.base / 100;
  for (const std::string& name : given.wishes) {
    const auto wish = parse_wish(name);
    if (!wish) {
      return make_error(ErrorCode::kInvalid, "there is no such wish; there are " + wish_names(),
                        name);
    }
    world.wishes.push_back(*wish);
  }
  const Time now = WallClock().now();
  world.start = Time{(now - world.span).time_since_epoch() / days(1) * days(1)};
  if (!given.start.empty()) {
    const auto start = parse_time(given.start);
    if (!start)
      return make_error(ErrorCode::kInvalid,
                        "--start is no date; one looks like --start 2026-01-05", given.start);
    world.start = *start;
  }
  if (world.start + world.span > now)
    return make_error(ErrorCode::kInvalid, "the simulation would end in the future", given.start);
  return world;
}

// --- the end -------------------------------------------------------------------------------------

const Source* key_of(const KeyRing& keys, KeyKind kind) {
  for (const Source& source : keys.sources()) {
    if (source.kind == kind) return &source;
  }
  return nullptr;
}

struct Target {
  std::string url;
  const KeyRing* keys = nullptr;
};

// Moves the clock with a question that belongs to nobody and leaves no record.
Status move_clock(const Target& target, Time at) {
  TACT_ASSIGN(HttpClient client, HttpClient::create(target.url));
  Wire wire(std::move(client), key_of(*target.keys, KeyKind::kWrite)->key);
  const auto answer = wire.decide(
      {{"page", {{"url", "https://shop.example/"}}}, {"slots", json::array{"page.banner"}}}, at);
  return answer.has_value() ? ok() : Status(answer.error());
}

Result<json::object> ask_reports(const Target& target) {
  TACT_ASSIGN(HttpClient client, HttpClient::create(target.url));
  const HttpClient::Fields fields{
      {"Authorization", "Bearer " + key_of(*target.keys, KeyKind::kSecret)->key}};
  TACT_ASSIGN(const ClientResponse response, client.get("/v1/reports?small_cells=show", fields));
  if (response.status != 200) {
    return make_error(ErrorCode::kUnavailable,
                      "the server answered " + std::to_string(response.status), "/v1/reports");
  }
  TACT_ASSIGN(json::value body, parse_json(response.body));
  if (!body.is_object())
    return make_error(ErrorCode::kInvalid, "the report is no JSON object", "/v1/reports");
  return std::move(body.get_object());
}

json::array truth_json(const Totals& totals, const Planted& planted) {
  json::array moments;
  for (const auto& [moment, truth] : totals.moments) {
    const std::uint64_t visitors = totals.visitors.at(moment);
    const auto effect = planted.effects.find(moment);
    const double n = static_cast<double>(visitors);
    moments.push_back(
        {{"moment", moment},
         {"planted", effect == planted.effects.end() ? 0.0 : effect->second},
         {"visitors", visitors},
         {"orders", truth.orders},
         {"orders_without", truth.orders_without},
         {"difference",
          (static_cast<double>(truth.orders) - static_cast<double>(truth.orders_without)) / n}});
  }
  return moments;
}

json::object result_json(const Totals& totals, const WorldOptions& world, const Planted& planted,
                         json::object reports) {
  const ShopperBooks& books = totals.books;
  const auto visits = static_cast<double>(std::max<std::uint64_t>(books.visits, 1));
  return {
      {"visitors", world.visitors},
      {"seed", world.seed},
      {"start", format_time(world.start)},
      {"days", world.span / days(1)},
      {"visits", books.visits},
      {"visits_without_consent", books.visits_without_consent},
      {"visits_with_help", books.visits_with_help},
      {"share_of_visits_shown_nothing", 1.0 - static_cast<double>(books.visits_with_help) / visits},
      {"events", books.events},
      {"orders", books.orders},
      {"orders_without_help", books.orders_without},
      {"sent_back", books.sent_back},
      {"requests", totals.requests},
      {"seconds", totals.seconds},
      {"requests_per_second",
       static_cast<double>(totals.requests) / std::max(totals.seconds, 1e-9)},
      {"truth", truth_json(totals, planted)},
      {"reports", std::move(reports)}};
}

double number_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_number() ? value->to_number<double>() : 0.0;
}

void print_report(const json::object& report, const json::array& truths) {
  const std::string moment(string_at(report, "moment"));
  std::printf("%s\n", bold(moment).c_str());
  for (const json::value& one : truths) {
    const json::object& truth = one.as_object();
    if (string_at(truth, "moment") != moment) continue;
    std::printf("  planted          %+.0f %% of the chance to order, where seen\n",
                100 * number_at(truth, "planted"));
    std::printf(
        "  in truth         %+.2f orders per 100 shown visitors (%.0f orders; %.0f would have come "
        "anyway)\n",
        100 * number_at(truth, "difference"), number_at(truth, "orders"),
        number_at(truth, "orders_without"));
  }
  if (const json::object* difference = object_at(report, "difference")) {
    std::printf("  Tact estimates   %+.2f, between %+.2f and %+.2f\n",
                100 * number_at(*difference, "estimate"), 100 * number_at(*difference, "low"),
                100 * number_at(*difference, "high"));
  } else {
    std::printf("  Tact estimates   nothing yet\n");
  }
  std::printf("  and says         %s\n", std::string(string_at(report, "says")).c_str());
  std::printf(
      "  (of every visitor; `tact report` waits until 50 of each arm can be shown together, "
      "and for their time)\n");
}

void print_result(const json::object& result) {
  const auto count = [&result](std::string_view key) {
    return with_thousands(static_cast<std::uint64_t>(number_at(result, key)));
  };
  std::printf("%s visitors, %s visits, %s events, %s requests, %.0f a second\n",
              count("visitors").c_str(), count("visits").c_str(), count("events").c_str(),
              count("requests").c_str(), number_at(result, "requests_per_second"));
  std::printf("%.1f %% of visits were shown nothing but the default (%s without consent)\n",
              100 * number_at(result, "share_of_visits_shown_nothing"),
              count("visits_without_consent").c_str());
  std::printf("%s orders; %s would have come without any help; %s sent back\n\n",
              count("orders").c_str(), count("orders_without_help").c_str(),
              count("sent_back").c_str());
  const json::array* truths = array_at(result, "truth");
  const json::object* reports = object_at(result, "reports");
  const json::array* moments = reports == nullptr ? nullptr : array_at(*reports, "moments");
  if (moments == nullptr || truths == nullptr) return;
  for (const json::value& report : *moments) print_report(report.as_object(), *truths);
}

constexpr std::string_view kNewDirectory =
    "a new data directory (for a server: made with `tact serve --simulated`)";

constexpr std::string_view kServer =
    "--server with the address, and --data with the directory, of a running `tact serve "
    "--simulated`";

// A second simulation over the first would meet visitors who come from the future.
Status check_unused(const Target& target, const WorldOptions& world, const json::object& reports) {
  const auto clock = parse_time(string_at(reports, "as_of"));
  if (!clock || *clock != world.start) {
    return make_error(ErrorCode::kConflict,
                      "the server's clock cannot be set to " + format_time(world.start) +
                          ": it holds real data, or its simulation has gone on further",
                      target.url);
  }
  const json::array* moments = array_at(reports, "moments");
  if (moments == nullptr || moments->empty()) return ok();
  return make_error(ErrorCode::kConflict, "there is a simulation in this data directory already",
                    target.url);
}

Status check_empty(const Store& store, const std::string& directory) {
  bool empty = true;
  TACT_TRY(store.scan(Family::kOrder, {}, {},
                      [&empty](std::string_view, std::string_view) { return empty = false; }));
  if (empty) return ok();
  return make_error(ErrorCode::kConflict, "there is a simulation in this data directory already",
                    directory);
}

int simulate_at(const SimulateGiven& given, const Target& target, const WorldOptions& world,
                const Planted& planted) {
  const Source* key = key_of(*target.keys, KeyKind::kWrite);
  if (key == nullptr || key_of(*target.keys, KeyKind::kSecret) == nullptr) {
    return fail(make_error(ErrorCode::kNotFound, "the simulator needs a write key and a secret key",
                           given.data + "/keys"));
  }
  if (const Status moved = move_clock(target, world.start); !moved.has_value())
    return fail(moved.error(), kServer);
  const auto before = ask_reports(target);
  if (!before.has_value()) return fail(before.error(), kServer);
  if (const Status unused = check_unused(target, world, *before); !unused.has_value()) {
    return fail(unused.error(), kNewDirectory);
  }
  Simulation simulation(world, planted, target.keys->install_key());
  if (const Status connected = simulation.connect(target.url, key->key, given.connections);
      !connected.has_value()) {
    return fail(connected.error(), kServer);
  }
  const auto totals = simulation.run();
  if (!totals.has_value()) return fail(totals.error(), kNewDirectory);
  if (const Status moved = move_clock(target, world.start + world.span); !moved.has_value())
    return fail(moved.error());
  auto reports = ask_reports(target);
  if (!reports.has_value()) return fail(reports.error());
  const json::object result = result_json(*totals, world, planted, std::move(*reports));
  if (given.as_json) {
    std::printf("%s\n", to_pretty_string(result).c_str());
  } else {
    print_result(result);
  }
  return 0;
}

int simulate(const SimulateGiven& given) {
  const Compilation compiled = compile_playbook_folder(given.playbook);
  if (!compiled.ok()) return fail_with_playbook(compiled.first_error(), given.playbook);
  const auto planted = plant(given, *compiled.playbook);
  const auto world = world_of(given);
  if (!planted.has_value()) return wrong_use(planted.error(), "--effect fit-help=+60%");
  if (!world.has_value()) return wrong_use(world.error());
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
  if (!given.server.empty()) {
    const auto keys = KeyRing::open(given.data);
    if (!keys.has_value()) return fail(keys.error(), kServer);
    return simulate_at(given, {given.server, &*keys}, *world, *planted);
  }
  set_log_level(LogLevel::kWarning);
  ServerSettings settings{.data_directory = given.data,
                          .playbook_folder = given.playbook,
                          .port = 0,
                          .simulated = true};
  auto server = Server::start(settings);
  if (!server.has_value()) return fail(server.error(), kNewDirectory);
  if (const Status empty = check_empty((*server)->engine().store(), given.data);
      !empty.has_value()) {
    return fail(empty.error(), kNewDirectory);
  }
  return simulate_at(given, {(*server)->url(), &(*server)->keys()}, *world, *planted);
}

}  // namespace

void add_simulate(CLI::App& app, Run& run) {
  auto given = std::make_shared<SimulateGiven>();
  CLI::App* command =
      app.add_subcommand("simulate", "Send visitors with known wishes and a known effect");
  command->add_option("--server", given->server,
                      "A running `tact serve --simulated`; default: a server of its own");
  command->add_option("--data", given->data, "New data directory; with --server: the server's")
      ->required();
  command->add_option("--playbook", given->playbook, "Folder with the playbook's YAML")
      ->capture_default_str()
      ->check(CLI::ExistingDirectory);
  command->add_option("--visitors", given->visitors, "How many people")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000'000));
  command->add_option("--seed", given->seed, "The same seed gives the same world")
      ->capture_default_str();
  command->add_option("--days", given->span_days, "Simulated days, the last of them yesterday")
      ->capture_default_str()
      ->check(CLI::Range(2, 3650));
  command
      ->add_option("--settle", given->settle_days,
                   "Of these, days at the end in which nobody new arrives")
      ->capture_default_str()
      ->check(CLI::Range(0, 365));
  command->add_option("--start", given->start, "First day, e.g. 2026-01-05; default: --days ago");
  command->add_option("--effect", given->effects,
                      "What a moment does to the chance to order; default: fit-help=+60%");
  command->add_option("--wish", given->wishes, "Only visitors who want this: " + wish_names());
  command->add_option("--consent", given->consent, "Percent who allow personalization")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 100.0));
  command
      ->add_option("--base", given->base,
                   "Percent of visits that end in an order without help; default: by wish")
      ->check(CLI::Range(0.0, 45.0));
  command->add_option("--connections", given->connections, "To the server")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command->add_flag("--json", given->as_json, "Print the result as JSON");
  command->footer(
      "All that is sent is marked as simulated, and a simulation lives in a data directory of its "
      "own.\n"
      "Exit status: 0 done, 1 it could not be done, 2 wrong use.");
  command->callback([&run, given] { run = [given] { return simulate(*given); }; });
}

}  // namespace tact::cli

// tact serve, tact demo.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/server.h"
#include "cli/terminal.h"
#include "serve/assets.h"

namespace tact::cli {
namespace {

// "127.0.0.1:8080", ":8080", "localhost:8080", "[::1]:8080"
bool set_address(ServerSettings& settings, std::string_view listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view port = listen.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), settings.port);
  if (error != std::errc() || end != port.data() + port.size()) return false;
  std::string_view address = listen.substr(0, colon);
  if (address.empty()) return true;
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  settings.address = address;
  return address == "localhost" || parse_ip_address(address).has_value();
}

int wrong_address(const std::string& listen) {
  return wrong_use(make_error(ErrorCode::kInvalid, "not an address to listen on", listen),
                   "--listen 127.0.0.1:8080");
}

Status set_proxies(ServerSettings& settings, const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    TACT_ASSIGN(const Network network, parse_network(text));
    settings.trusted_proxies.push_back(network);
  }
  return ok();
}

int fail_to_start(const Error& error, const ServerSettings& settings) {
  if (error.where == settings.data_directory) {
    return fail(error, error.code == ErrorCode::kConflict
                           ? "another --data, or stop what has this one open"
                           : "--data names a directory that may be written to");
  }
  if (!settings.region_database.empty() && error.where == settings.region_database)
    return fail(error, "--region-database names a file in MaxMind's format (.mmdb)");
  if (error.code == ErrorCode::kUnavailable)
    return fail(error, "another --listen address, or stop what uses this one");
  return fail_with_playbook(error, settings.playbook_folder);
}

// SIGHUP reloads the playbook; SIGINT and SIGTERM end. Blocked before any thread starts.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

void wait_for_end(Server& server, const sigset_t& set) {
  int signal = 0;
  while (sigwait(&set, &signal) == 0 && signal == SIGHUP) {
    const auto reloaded = server.reload();
    if (reloaded.has_value()) {
      log_info("playbook " + reloaded->to_text());
    } else {
      log_error("the playbook was not changed: " + reloaded.error().to_text());
    }
  }
}

// A program built before its web pages works, but answers 404 where they should be: these.
std::string missing_pages() {
  std::string list;
  for (const std::string_view path : missing_assets()) {
    list += (list.empty() ? "" : ", ") + std::string(path);
  }
  return list;
}

void warn_of_missing_pages() {
  const std::string missing = missing_pages();
  if (missing.empty()) return;
  log_warning("built without its web pages, these answer 404: " + missing +
              " (`make` builds the pages first)");
}

// The demo is its pages.
int fail_without_pages(const std::string& missing) {
  return fail(
      make_error(ErrorCode::kUnavailable, "this program was built without its web pages", missing),
      "`make demo` builds the pages first; `tact serve --demo-shop` answers without them");
}

void greet_demo(const Server& server, const std::string& playbook) {
  const std::string url = server.url();
  std::printf("\n%s\n\n", bold("Tact is running.").c_str());
  std::printf("  the shop, with what Tact thinks   %s/live/?token=%s\n", url.c_str(),
              server.keys().live_token().c_str());
  std::printf("  the shop alone                    %s/demo/\n", url.c_str());
  std::printf("  the playbook                      %s\n\n", playbook.c_str());
  std::printf("Ctrl-C stops it.\n");
  std::fflush(stdout);
}

int serve(const ServerSettings& settings, bool greet) {
  if (const std::string missing = missing_pages(); greet && !missing.empty())
    return fail_without_pages(missing);
  const sigset_t signals = block_signals();
  auto server = Server::start(settings);
  if (!server.has_value()) return fail_to_start(server.error(), settings);
  log_info("listening on " + (*server)->url());
  warn_of_missing_pages();
  if (greet) greet_demo(**server, settings.playbook_folder);
  wait_for_end(**server, signals);
  log_info("stopping");
  server->reset();
  return 0;
}

std::string default_data() {
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "/tmp" : home) + "/.tact-demo";
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
  struct Given {
    ServerSettings settings;
    std::string listen = "127.0.0.1:8080";
    std::vector<std::string> proxies;
    bool greet = false;
  };
  const auto finish = [&run](CLI::App* command, const std::shared_ptr<Given>& given) {
    command->callback([&run, given] {
      run = [given] {
        ServerSettings settings = given->settings;
        if (!set_address(settings, given->listen)) return wrong_address(given->listen);
        const Status proxies = set_proxies(settings, given->proxies);
        return proxies.has_value() ? serve(settings, given->greet) : wrong_use(proxies.error());
      };
    });
  };
  auto served = std::make_shared<Given>();
  CLI::App* command =
      app.add_subcommand("serve", "Run Tact: HTTP, engine and store in one process");
  command
      ->add_option("--playbook", served->settings.playbook_folder,
                   "Folder with the playbook's YAML")
      ->required()
      ->check(CLI::ExistingDirectory);
  command
      ->add_option("--data", served->settings.data_directory,
                   "Data directory; made if it does not exist")
      ->required();
  command->add_option("--listen", served->listen, "Address and port")
      ->type_name("ADDRESS")
      ->capture_default_str();
  command->add_option("--shards", served->settings.shards, "Threads that fold and decide")
      ->capture_default_str()
      ->check(CLI::Range(1, 16));
  command->add_option("--io-threads", served->settings.io_threads, "Threads that speak HTTP")
      ->capture_default_str()
      ->check(CLI::Range(1, 16));
  command->add_option("--trusted-proxy", served->proxies,
                      "Network of a reverse proxy whose X-Forwarded-For is believed, like "
                      "10.0.0.0/24; may be given several times");
  command
      ->add_option("--region-database", served->settings.region_database,
                   "File in MaxMind's format that tells the region of an address")
      ->check(CLI::ExistingFile);
  command->add_flag("--accept-loss", served->settings.accept_loss,
                    "Open although the store says that acknowledged records are missing");
  command->add_flag("--simulated", served->settings.simulated,
                    "Make a data directory that takes the simulator's clock");
  command->add_flag("--demo-shop", served->settings.demo, "Give the demo shop its write key");
  finish(command, served);

  auto demo = std::make_shared<Given>();
  demo->greet = true;
  demo->settings.demo = true;
  demo->settings.playbook_folder = default_playbook();
  demo->settings.data_directory = default_data();
  command = app.add_subcommand("demo", "Run everything on this machine, with the demo shop");
  command->add_option("--listen", demo->listen, "Address and port")
      ->type_name("ADDRESS")
      ->capture_default_str();
  command->add_option("--data", demo->settings.data_directory, "Data directory")
      ->type_name("DIR")
      ->capture_default_str();
  command
      ->add_option("--playbook", demo->settings.playbook_folder, "Folder with the playbook's YAML")
      ->capture_default_str()
      ->check(CLI::ExistingDirectory);
  finish(command, demo);
}

}  // namespace tact::cli

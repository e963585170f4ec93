// tact serve, tact demo.
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/server.h"
#include "cli/terminal.h"

namespace tact::cli {
namespace {

// "127.0.0.1:8080", ":8080", "[::1]:8080"
Result<ServerSettings> with_address(ServerSettings settings, const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  int port = -1;
  if (colon != std::string::npos) {
    try {
      port = std::stoi(listen.substr(colon + 1));
    } catch (const std::exception&) {
      port = -1;
    }
  }
  if (port < 0 || port > 65'535) {
    return make_error(ErrorCode::kInvalid,
                      "not an address to listen on; it looks like 127.0.0.1:8080", listen);
  }
  if (colon > 0) settings.address = listen.substr(0, colon);
  if (settings.address.starts_with('['))
    settings.address = settings.address.substr(1, settings.address.size() - 2);
  settings.port = static_cast<std::uint16_t>(port);
  return settings;
}

Result<ServerSettings> with_proxies(ServerSettings settings,
                                    const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    TACT_ASSIGN(const Network network, parse_network(text));
    settings.trusted_proxies.push_back(network);
  }
  return settings;
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

void greet_demo(const Server& server) {
  const std::string url = server.url();
  std::printf("\n%s\n\n", bold("Tact is running.").c_str());
  std::printf("  the shop, with what Tact thinks   %s/live/?token=%s\n", url.c_str(),
              server.keys().live_token().c_str());
  std::printf("  the shop alone                    %s/demo/\n", url.c_str());
  std::printf("  the playbook                      %s\n\n", default_playbook().c_str());
  std::printf("Ctrl-C stops it.\n");
  std::fflush(stdout);
}

int serve(const ServerSettings& settings, bool greet) {
  const sigset_t signals = block_signals();
  auto server = Server::start(settings);
  if (!server.has_value()) {
    const bool in_use = server.error().code == ErrorCode::kUnavailable;
    return fail(server.error(),
                in_use ? "another --listen address, or stop what uses this one" : "");
  }
  log_info("listening on " + (*server)->url());
  if (greet) greet_demo(**server);
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
        auto settings = with_address(given->settings, given->listen);
        if (settings.has_value()) settings = with_proxies(*settings, given->proxies);
        return settings.has_value() ? serve(*settings, given->greet) : (fail(settings.error()), 2);
      };
    });
  };
  auto served = std::make_shared<Given>();
  CLI::App* command =
      app.add_subcommand("serve", "Run Tact: HTTP, engine and store in one process");
  command
      ->add_option("--playbook", served->settings.playbook_folder,
                   "Folder with the playbook's YAML")
      ->required();
  command
      ->add_option("--data", served->settings.data_directory,
                   "Data directory; made if it does not exist")
      ->required();
  command->add_option("--listen", served->listen, "Address and port")->capture_default_str();
  command->add_option("--shards", served->settings.shards, "Threads that fold and decide")
      ->capture_default_str()
      ->check(CLI::Range(1, 16));
  command->add_option("--io-threads", served->settings.io_threads, "Threads that speak HTTP")
      ->capture_default_str()
      ->check(CLI::Range(1, 16));
  command->add_option("--trusted-proxy", served->proxies,
                      "Network of a reverse proxy whose X-Forwarded-For is believed, like "
                      "10.0.0.0/24; may be given several times");
  command->add_option("--region-database", served->settings.region_database,
                      "File in MaxMind's format that tells the region of an address");
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
  command->add_option("--listen", demo->listen, "Address and port")->capture_default_str();
  command->add_option("--data", demo->settings.data_directory, "Data directory")
      ->capture_default_str();
  command
      ->add_option("--playbook", demo->settings.playbook_folder, "Folder with the playbook's YAML")
      ->capture_default_str();
  finish(command, demo);
}

}  // namespace tact::cli

#include "cli/server.h"

#include <filesystem>

#include "cli/paths.h"
#include "collect/collect.h"

namespace tact::cli {

Result<std::unique_ptr<Server>> Server::start(const ServerSettings& settings) {
  std::optional<RegionDatabase> regions;
  if (!settings.region_database.empty()) {
    TACT_ASSIGN(regions, RegionDatabase::open(settings.region_database));
  }
  // Before there is a directory that would be nobody's.
  TACT_ASSIGN(const PlaybookFiles files, read_good_playbook(settings.playbook_folder));
  std::error_code error;
  if (std::filesystem::create_directories(settings.data_directory, error)) {
    std::filesystem::permissions(settings.data_directory, std::filesystem::perms::owner_all, error);
  }
  if (error) {
    return make_error(ErrorCode::kUnavailable, "cannot make the data directory: " + error.message(),
                      settings.data_directory);
  }
  TACT_ASSIGN(KeyRing keys, KeyRing::open(settings.data_directory));
  std::unique_ptr<Server> server(new Server(settings, std::move(keys)));
  EngineOptions options;
  options.data_directory = settings.data_directory;
  options.shards = settings.shards;
  options.simulated = settings.simulated;
  options.store.accept_loss = settings.accept_loss;
  TACT_ASSIGN(server->engine_, Engine::open(options, server->keys_.install_key(), files));
  server->regions_ = std::move(regions);
  server->api_ =
      std::make_unique<Api>(*server->engine_, server->keys_,
                            ApiOptions{.demo = settings.demo,
                                       .regions = server->regions_ ? &*server->regions_ : nullptr});
  ServerOptions http;
  http.address = settings.address;
  http.port = settings.port;
  http.io_threads = settings.io_threads;
  http.trusted_proxies = settings.trusted_proxies;
  prepare_time_zone(server->engine_->playbook()->playbook->site.time_zone);
  TACT_ASSIGN(server->http_, HttpServer::start(http, server->api_->handler()));
  TACT_TRY(write_address(settings.data_directory, server->url()));
  return server;
}

Server::~Server() {
  if (http_ == nullptr) return;
  remove_address(settings_.data_directory);
  api_->stop();
  http_->stop();
}

std::string Server::url() const {
  const bool any = settings_.address == "0.0.0.0" || settings_.address == "::";
  const std::string host = any ? "127.0.0.1"
                           : settings_.address.find(':') == std::string::npos
                               ? settings_.address
                               : "[" + settings_.address + "]";
  return "http://" + host + ":" + std::to_string(http_->port());
}

Result<ContentHash> Server::reload() {
  TACT_ASSIGN(const PlaybookFiles files, read_playbook_folder(settings_.playbook_folder));
  auto published = engine_->publish(files);
  if (published.has_value()) prepare_time_zone(engine_->playbook()->playbook->site.time_zone);
  return published;
}

}  // namespace tact::cli

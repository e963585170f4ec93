// Everything a running Tact consists of, in one object: keys, engine, HTTP.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/network.h"
#include "collect/region.h"
#include "collect/source.h"
#include "engine/engine.h"
#include "serve/api.h"
#include "serve/http_server.h"

namespace tact::cli {

struct ServerSettings {
  std::string data_directory;
  std::string playbook_folder;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  int shards = 2;
  int io_threads = 1;
  std::vector<Network> trusted_proxies;  // whose X-Forwarded-For is believed
  std::string region_database;           // a file in MaxMind's format; empty = none
  bool demo = false;
  bool accept_loss = false;  // open although acknowledged records are missing
  bool simulated = false;    // a new directory only
};

class Server {
 public:
  static Result<std::unique_ptr<Server>> start(const ServerSettings& settings);
  ~Server();

  std::string url() const;  // "http://127.0.0.1:8080"
  std::uint16_t port() const { return http_->port(); }
  const KeyRing& keys() const { return keys_; }
  Engine& engine() { return *engine_; }
  // Reads the playbook folder again; the old one stays on an error.
  Result<ContentHash> reload();

 private:
  Server(ServerSettings settings, KeyRing keys)
      : settings_(std::move(settings)), keys_(std::move(keys)) {}

  ServerSettings settings_;
  KeyRing keys_;
  std::unique_ptr<Engine> engine_;
  std::optional<RegionDatabase> regions_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<HttpServer> http_;  // last: stops before what it uses goes
};

}  // namespace tact::cli

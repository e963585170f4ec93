// Tact's routes: from an HTTP request to the engine and back. docs/http.md is the contract.
#pragma once

#include <memory>
#include <string>

#include "collect/region.h"
#include "collect/source.h"
#include "engine/engine.h"
#include "serve/http.h"

namespace tact {

struct ApiOptions {
  bool demo = false;                        // serves /demo/config.json with the write key
  const RegionDatabase* regions = nullptr;  // must outlive the server that runs the handler
};

// Concurrency: the handler runs on I/O threads; engine callbacks answer from the committer's
// thread; what reads facts or profiles of many visitors is answered from a thread of its own.
class Api {
 public:
  // engine and keys must outlive the server that runs the handler.
  Api(Engine& engine, const KeyRing& keys, ApiOptions options);
  ~Api();
  Handler handler();
  // Ends reports and whatever else reads much, those that wait and those to come with 503, so that
  // HttpServer::stop() does not wait for them. From any thread. Idempotent.
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tact

// The HTTP/1.1 server: sockets, deadlines, limits and the gate, around one Handler.
//
// Operation: every I/O thread has its own io_context and owns its connections; the first one
// accepts and deals connections out in turn. A connection handles one request at a time, so
// pipelined requests are answered in order. A request that breaks the protocol or a limit is
// answered with problem+json and its connection closed; the handler does not see it.
// Concurrency: the handler runs on the connection's I/O thread; Respond may be called anywhere.
// Limitations: HTTP/1.0 and 1.1 in clear text; TLS and HTTP/2 are a reverse proxy's work.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/network.h"
#include "base/result.h"
#include "serve/http.h"
#include "serve/http_gate.h"
#include "serve/inflate.h"

namespace tact {

struct ServerOptions {
  std::string address = "127.0.0.1";  // an IP address, or "localhost"; "::" listens on both stacks
  std::uint16_t port = 8080;          // 0: any free one, see HttpServer::port()
  int io_threads = 1;

  std::size_t connections_max = 10'000;           // above it: 503 and closed
  std::size_t connections_per_address_max = 512;  // above it: closed; not for trusted proxies
  std::vector<Network> trusted_proxies;           // whose X-Forwarded-For is believed

  GateLimits gate;
  InflateLimits inflate;
  // How many bytes a body may have, as sent and decoded, by method and path. Default:
  // body_bytes_max().
  std::function<std::size_t(std::string_view method, std::string_view path)> body_limit;
  // Which answers may take long, by path. Default: reads_much().
  std::function<bool(std::string_view path)> takes_long;

  // Absolute, not per read. Checked by a tick: at most 250 ms late.
  std::chrono::milliseconds header_timeout{10'000};   // from the first byte (or the connect)
  std::chrono::milliseconds body_timeout{30'000};     // from the end of the head
  std::chrono::milliseconds idle_timeout{60'000};     // between two requests
  std::chrono::milliseconds handler_timeout{30'000};  // then 503; a later answer is ignored
  // Instead of it for what takes long: a full slow lane of reports over ten million visitors.
  std::chrono::milliseconds long_handler_timeout{600'000};
  std::chrono::milliseconds write_timeout{30'000};  // for an answer, and 1 s more per 16 KB
  std::chrono::milliseconds heartbeat{15'000};      // a comment line in a silent event stream
  std::chrono::milliseconds stop_grace{5'000};      // for running requests in stop()
};

// The default body_limit: 512 KB for /v1/decide, 4 MB + 64 KB for everything else.
std::size_t body_bytes_max(std::string_view method, std::string_view path);

// The default takes_long: /v1/freshness, /v1/reports and all below it, which read facts or profiles
// of many visitors.
bool reads_much(std::string_view path);

class HttpServer {
 public:
  // Listens and starts the I/O threads. kUnavailable: the address is in use; kInvalid: not an
  // address.
  static Result<std::unique_ptr<HttpServer>> start(ServerOptions options, Handler handler);
  ~HttpServer();  // stop()

  std::uint16_t port() const;
  std::size_t connections() const;  // open now

  // Stops accepting, closes idle connections, ends event streams, lets running requests end for
  // stop_grace, then closes the rest. Returns when the I/O threads have ended: the handler is not
  // called afterwards, and a later Respond does nothing. Not from the handler. Idempotent.
  void stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tact

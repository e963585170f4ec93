// The server through real sockets on 127.0.0.1, with a client that sends exactly the bytes given.
#include "serve/http_server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "serve/event_stream.h"
#include "serve/internal/test_client.h"

namespace tact {
namespace {

using namespace internal;  // NOLINT: the test helpers
using std::chrono::milliseconds;

// Answers "METHOD PATH?QUERY BODY".
void echo(HttpRequest&& request, const Respond& respond) {
  std::string query = request.query.empty() ? "" : "?" + request.query;
  respond(text_response(200, request.method + " " + request.path + query + " " + request.body));
}

// Deadlines short enough to wait for. Only for tests about them: the machine may be busy.
ServerOptions impatient() {
  ServerOptions options = on_any_port();
  options.header_timeout = options.body_timeout = milliseconds(200);
  options.idle_timeout = milliseconds(400);
  options.stop_grace = milliseconds(500);
  return options;
}

// --- requests that pass ---

TEST(HttpServer, AnswersAndKeepsTheConnection) {
  const auto server = start(echo);
  TestClient client(server->port());
  client.send("POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  const std::string first = client.read_response();
  EXPECT_EQ(status_of(first), 200);
  EXPECT_EQ(body_of(first), "POST /a?b=c hello");
  EXPECT_NE(first.find("Date: "), std::string::npos);
  EXPECT_EQ(first.find("Connection:"), std::string::npos);
  client.send("GET http://x/b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string last = client.read_all();
  EXPECT_EQ(body_of(last), "GET /b ");
  EXPECT_NE(last.find("Connection: close"), std::string::npos);
}

TEST(HttpServer, ChunksAreJoinedAndTrailersDropped) {
  const auto server = start([](HttpRequest&& request, const Respond& respond) {
    respond(text_response(200, request.body + (request.headers.has("X-Trailer") ? "!" : "")));
  });
  TestClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (const char* part :
       {"3\r", "\nabc\r\n2;x=", "y\r\nde", "\r\n0\r\nX-Trailer: 1\r\n\r", "\n"}) {
    client.send(part);
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_EQ(body_of(client.read_response()), "abcde");
  client.send(kGet);  // the chunked body's end was found
  EXPECT_EQ(status_of(client.read_response()), 200);
}

TEST(HttpServer, HeadAndHttp10) {
  const auto server = start(echo);
  TestClient client(server->port());
  client.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 7\r\n"), std::string::npos);
  client.send(kGet);
  EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 200"));

  EXPECT_EQ(body_of(ask(*server, "GET / HTTP/1.0\r\n\r\n")), "GET / ");
  TestClient old(server->port());
  old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(old.read_response().find("Connection: keep-alive"), std::string::npos);
  old.send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(body_of(old.read_all()), "GET /2 ");
}

TEST(HttpServer, ExpectContinueIsAnsweredFirst) {
  const auto server = start(echo);
  TestClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_EQ(body_of(client.read_response()), "POST / ok");
  client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(client.read_all()), 413);
}

TEST(HttpServer, PipelinedRequestsAreAnsweredInOrder) {
  // Even answers come from another thread, after a pause: order must not depend on it.
  std::vector<std::thread> threads;
  const auto server = start([&threads](HttpRequest&& request, Respond respond) {
    if ((request.path.back() - '0') % 2 == 1) return respond(text_response(200, request.path));
    threads.emplace_back([path = request.path, respond = std::move(respond)] {
      std::this_thread::sleep_for(milliseconds(20));
      respond(text_response(200, path));
    });
  });
  TestClient client(server->port());
  std::string all;
  for (int i = 0; i < 10; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  client.send(all);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(body_of(client.read_response()), "/" + std::to_string(i));
  for (std::thread& thread : threads) thread.join();
}

TEST(HttpServer, LargeAnswersArriveWhole) {
  std::string big(3 << 20, 'x');
  for (std::size_t i = 0; i < big.size(); i += 1000) big[i] = static_cast<char>('a' + i % 26);
  const auto server = start([&big](HttpRequest&& request, const Respond& respond) {
    HttpResponse response = text_response(200, {});
    if (request.path == "/shared") response.shared.bytes = big;
    if (request.path == "/own") response.body = big;
    respond(std::move(response));
  });
  for (const char* path : {"/shared", "/own"}) {
    TestClient client(server->port(), 4096);
    client.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(body_of(client.read_response()) == big) << path;
    client.send(kGet);
    EXPECT_EQ(status_of(client.read_response()), 200);
  }
}

TEST(HttpServer, AddressBehindTrustedProxies) {
  ServerOptions options = on_any_port();
  options.trusted_proxies = {*parse_network("127.0.0.0/8"), *parse_network("10.0.0.0/24")};
  const auto server =
      start([](HttpRequest&& request,
               const Respond& respond) { respond(text_response(200, request.remote_address)); },
            options);
  TestClient client(server->port());
  const auto seen = [&client](const std::string& fields) {
    client.send("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    return body_of(client.read_response());
  };
  EXPECT_EQ(seen(""), "127.0.0.1");
  EXPECT_EQ(seen("X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.1\r\n"), "192.0.2.7");
  EXPECT_EQ(seen("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 192.0.2.8\r\n"), "192.0.2.8");
  EXPECT_EQ(seen("X-Forwarded-For: 192.0.2.7, 10.0.1.1, 10.0.0.9\r\n"), "10.0.1.1");
  EXPECT_EQ(seen("X-Forwarded-For: 2001:db8::7\r\n"), "2001:db8::7");
  EXPECT_EQ(seen("X-Forwarded-For: 192.0.2.7, garbage\r\n"), "127.0.0.1");
}

TEST(HttpServer, NobodysForwardedForIsBelievedByDefault) {
  const auto server = start([](HttpRequest&& request, const Respond& respond) {
    respond(text_response(200, request.remote_address));
  });
  TestClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n");
  EXPECT_EQ(body_of(client.read_response()), "127.0.0.1");
}

// --- requests the gate refuses ---

TEST(HttpServer, SmuggledRequestsNeverReachTheHandler) {
  std::atomic<int> handled{0};
  const auto server = start([&handled](HttpRequest&& request, const Respond& respond) {
    ++handled;
    echo(std::move(request), respond);
  });
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string host = "Host: x\r\n";
  for (const std::string& request : std::vector<std::string>{
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, identity\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding:\r\n chunked\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Content-Length: 0, 0\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Content-Length: +0\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Content-Length : 0\r\n\r\n",
           "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n",
           "GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n",
           "GET / HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n",
           "GET / HTTP/1.1\nHost: x\n\n",
           "GET / HTTP/1.1\r\nHost: x\n\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
           "GET  / HTTP/1.1\r\n" + host + "\r\n",
           "GET /\r\n\r\n",
           "GET / HTTP/2.0\r\n" + host + "\r\n",
           "TRACE / HTTP/1.1\r\n" + host + "\r\n",
           "\x16\x03\x01\x02 a TLS hello",
           "POST / HTTP/1.1\r\n" + host +
               "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host +
               "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n",
       }) {
    const std::string answer = ask(*server, request + smuggled);
    const int status = status_of(answer);
    EXPECT_TRUE(status == 400 || status == 501) << request << "\n" << answer;
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos) << request;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << request;
    EXPECT_EQ(answer.find("HTTP/1.1 ", 1), std::string::npos) << request;
  }
  EXPECT_EQ(handled, 0);
}

TEST(HttpServer, HeaderLimits) {
  const auto server = start(echo);
  std::string fields;
  for (int i = 0; i < 63; ++i) fields += "f" + std::to_string(i) + ": v\r\n";
  const std::string base = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  const std::string bare = "GET / HTTP/1.0\r\nHost: x\r\n";
  EXPECT_EQ(status_of(ask(*server, bare + fields + "\r\n")), 200);  // 64 fields
  EXPECT_EQ(status_of(ask(*server, base + fields + "\r\n")), 431);  // 65
  const std::string long_value = "X: " + std::string(15'000, 'a') + "\r\n\r\n";
  EXPECT_EQ(status_of(ask(*server, base + long_value)), 200);
  const std::string too_long = "X: " + std::string(17'000, 'a') + "\r\n\r\n";
  EXPECT_EQ(status_of(ask(*server, base + too_long)), 431);
  EXPECT_EQ(status_of(ask(*server, base + "X: " + std::string(40'000, 'a'))), 431);
  const std::string path = "/" + std::string(5'000, 'p');
  EXPECT_EQ(status_of(ask(*server, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")), 414);
}

TEST(HttpServer, BodyLimitByRoute) {
  const auto server = start(echo);
  const auto post = [&server](const std::string& path, std::size_t size) {
    return status_of(ask(*server, "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
                                      "Content-Length: " + std::to_string(size) + "\r\n\r\n" +
                                      std::string(size, 'b')));
  };
  EXPECT_EQ(post("/v1/decide", 512 * 1024), 200);
  EXPECT_EQ(post("/v1/decide", 512 * 1024 + 1), 413);
  EXPECT_EQ(post("/v1/batch", 4 * 1024 * 1024), 200);
  EXPECT_EQ(post("/v1/batch", 5 * 1024 * 1024), 413);
  std::string chunks = "POST /v1/decide HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 9; ++i) chunks += "10000\r\n" + std::string(0x10000, 'c') + "\r\n";
  EXPECT_EQ(status_of(ask(*server, chunks)), 413);
}

// --- compressed bodies ---

std::string gzip_post(const std::string& path, const std::string& bytes,
                      const char* coding = "gzip") {
  return "POST " + path +
         " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: " + coding +
         "\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + bytes;
}

TEST(HttpServer, CompressedBodies) {
  const auto server = start(echo);
  const std::string zipped = gzip_compress("{\"a\":1}");
  EXPECT_EQ(body_of(ask(*server, gzip_post("/", zipped))), "POST / {\"a\":1}");
  EXPECT_EQ(status_of(ask(*server, gzip_post("/", "not gzip"))), 400);
  EXPECT_EQ(status_of(ask(*server, gzip_post("/", zipped.substr(0, 10)))), 400);
  const std::string unknown = ask(*server, gzip_post("/", "x", "br"));
  EXPECT_EQ(status_of(unknown), 415);
  EXPECT_NE(unknown.find("Accept-Encoding: gzip"), std::string::npos);
  const std::string spaces = gzip_compress(std::string(600 * 1024, ' '));
  EXPECT_EQ(status_of(ask(*server, gzip_post("/v1/decide", spaces))), 413);
}

long resident_kb() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0;
  statm >> pages >> pages;
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

TEST(HttpServer, GzipBombsStayFlatInMemory) {
  const auto server = start(echo);
  const std::string bomb = gzip_compress(std::string(200u << 20, '\0'));  // 200 KB
  ask(*server, gzip_post("/", bomb));
  const long before = resident_kb();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(status_of(ask(*server, gzip_post("/", bomb))), 413);
  }
#ifdef __SANITIZE_ADDRESS__
  constexpr long kGrowthMax = 256 * 1024;  // ASan keeps what was freed for a while
#else
  constexpr long kGrowthMax = 16 * 1024;
#endif
  EXPECT_LT(resident_kb() - before, kGrowthMax);
}

// --- slow and vanishing clients ---

TEST(HttpServer, SlowHeadersAndBodiesHaveAbsoluteDeadlines) {
  const auto server = start(echo, impatient());
  for (const std::string& start_of :
       {std::string("GET / HTTP/1.1\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")}) {
    TestClient client(server->port());
    client.send(start_of);
    const auto began = std::chrono::steady_clock::now();
    // A byte now and then must not extend the deadline.
    while (!client.closed_by_server(30) &&
           std::chrono::steady_clock::now() - began < milliseconds(3000)) {
      client.send("a");
    }
    const auto took = std::chrono::steady_clock::now() - began;
    EXPECT_GT(took, milliseconds(100)) << start_of;
    EXPECT_LT(took, milliseconds(3000)) << start_of;
    EXPECT_EQ(status_of(client.read_all()), 408) << start_of;
  }
}

TEST(HttpServer, SilentConnectionsAreClosed) {
  const auto server = start(echo, impatient());
  TestClient silent(server->port());
  EXPECT_TRUE(silent.closed_by_server(3000));
  EXPECT_EQ(silent.read_all(), "");
  TestClient idle(server->port());
  idle.send(kGet);
  EXPECT_EQ(status_of(idle.read_response()), 200);
  EXPECT_TRUE(idle.closed_by_server(3000));
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_TRUE(wait_until([&server] { return server->connections() == 0; }));
}

TEST(HttpServer, ClientsThatLeaveMidRequest) {
  std::mutex mutex;
  std::vector<Respond> held;
  const auto server = start([&](HttpRequest&&, Respond respond) {
    const std::lock_guard lock(mutex);
    held.push_back(std::move(respond));
  });
  for (int i = 0; i < 20; ++i) {
    TestClient in_head(server->port());
    in_head.send("GET / HT");
    TestClient in_body(server->port());
    in_body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    TestClient in_handler(server->port());
    in_handler.send(kGet);
    ASSERT_TRUE(wait_until([&, i] {
      const std::lock_guard lock(mutex);
      return held.size() == static_cast<std::size_t>(i) + 1;
    }));
    if (i % 2 == 0) in_handler.reset();
    if (i % 3 == 0) in_body.reset();
  }
  for (Respond& respond : held) respond(text_response(200, "late"));
  EXPECT_TRUE(wait_until([&server] { return server->connections() == 0; }));
}

TEST(HttpServer, ConnectionCaps) {
  ServerOptions options = on_any_port();
  options.connections_per_address_max = 3;
  const auto server = start(echo, options);
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(std::make_unique<TestClient>(server->port()));
  for (const auto& client : clients) {
    client->send(kGet);
    EXPECT_EQ(status_of(client->read_response()), 200);
  }
  EXPECT_TRUE(TestClient(server->port()).closed_by_server(2000));
  clients.clear();
  EXPECT_TRUE(wait_until([&server] { return server->connections() == 0; }));
  EXPECT_EQ(status_of(ask(*server, "GET / HTTP/1.0\r\n\r\n")), 200);

  options.connections_max = 1;
  const auto small = start(echo, options);
  TestClient first(small->port());
  first.send(kGet);
  EXPECT_EQ(status_of(first.read_response()), 200);
  EXPECT_EQ(status_of(TestClient(small->port()).read_all()), 503);
}

TEST(HttpServer, AThousandKeepAliveConnections) {
  ServerOptions options = on_any_port();
  options.io_threads = 2;
  const auto server = start(echo, options);
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.push_back(std::make_unique<TestClient>(server->port()));
    ASSERT_TRUE(clients.back()->connected());
  }
  for (int round = 0; round < 3; ++round) {
    for (const auto& client : clients) client->send(kGet);
    for (const auto& client : clients) ASSERT_EQ(status_of(client->read_response()), 200);
  }
  EXPECT_EQ(server->connections(), 1000u);
}

// --- answers ---

TEST(HttpServer, AnswersFromManyThreads) {
  std::mutex mutex;
  std::condition_variable some;
  std::vector<Respond> queue;
  bool end = false;
  const auto work = [&] {
    for (;;) {
      std::unique_lock lock(mutex);
      some.wait(lock, [&] { return end || !queue.empty(); });
      if (queue.empty()) return;
      const Respond respond = std::move(queue.back());
      queue.pop_back();
      lock.unlock();
      respond(text_response(200, "answer"));
    }
  };
  ServerOptions options = on_any_port();
  options.io_threads = 2;
  const auto server = start(
      [&](HttpRequest&&, Respond respond) {
        const std::lock_guard lock(mutex);
        queue.push_back(std::move(respond));
        some.notify_one();
      },
      options);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(work);
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 32; ++i) clients.push_back(std::make_unique<TestClient>(server->port()));
  for (int round = 0; round < 100; ++round) {
    for (const auto& client : clients) client->send(kGet);
    for (const auto& client : clients) ASSERT_EQ(body_of(client->read_response()), "answer");
  }
  {
    const std::lock_guard lock(mutex);
    end = true;
  }
  some.notify_all();
  for (std::thread& thread : threads) thread.join();
}

TEST(HttpServer, OneAnswerPerRequest) {
  std::vector<Respond> kept;
  const auto server = start([&kept](HttpRequest&& request, Respond respond) {
    if (request.path == "/none") return;
    if (request.path == "/throws") throw std::runtime_error("a bug");
    if (request.path == "/twice") {
      respond(text_response(200, "first"));
      respond(text_response(200, "second"));
      kept.push_back(std::move(respond));
      return;
    }
    for (Respond& old : kept) old(text_response(200, "stale"));
    respond(text_response(200, "own"));
  });
  TestClient client(server->port());
  const auto get = [&client](const std::string& path) {
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.read_response();
  };
  EXPECT_EQ(status_of(get("/none")), 500);
  EXPECT_EQ(status_of(get("/throws")), 500);
  EXPECT_EQ(body_of(get("/twice")), "first");
  EXPECT_EQ(body_of(get("/own")), "own");
}

TEST(HttpServer, AHandlerThatForgetsIsAnsweredFor) {
  std::mutex mutex;
  std::vector<Respond> kept;
  ServerOptions options = on_any_port();
  options.handler_timeout = milliseconds(100);
  const auto server = start(
      [&](HttpRequest&& request, Respond respond) {
        if (request.path == "/ok") return respond(text_response(200, "ok"));
        const std::lock_guard lock(mutex);
        kept.push_back(std::move(respond));
      },
      options);
  TestClient client(server->port());
  client.send(kGet);
  const std::string answer = client.read_response();
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
  {
    const std::lock_guard lock(mutex);
    kept.front()(text_response(200, "too late"));
  }
  client.send("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_of(client.read_response()), "ok");
}

// --- the end ---

TEST(HttpServer, StopLetsRunningRequestsEnd) {
  std::mutex mutex;
  std::vector<Respond> held;
  const auto server = start([&](HttpRequest&& request, Respond respond) {
    if (request.path == "/stream") {
      HttpResponse response;
      response.stream = EventStream::create();
      return respond(std::move(response));
    }
    const std::lock_guard lock(mutex);
    held.push_back(std::move(respond));
  });
  TestClient running(server->port());
  running.send(kGet);
  TestClient idle(server->port());
  TestClient stream(server->port());
  stream.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  stream.read_until("\r\n\r\n");
  ASSERT_TRUE(wait_until([&] {
    const std::lock_guard lock(mutex);
    return !held.empty();
  }));
  std::thread stopper([&server] { server->stop(); });
  EXPECT_TRUE(idle.closed_by_server(4000));
  EXPECT_TRUE(stream.closed_by_server(4000));
  EXPECT_EQ(stream.read_all(), "0\r\n\r\n");
  held.front()(text_response(200, "finished"));
  const std::string answer = running.read_all();
  EXPECT_EQ(body_of(answer), "finished");
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  stopper.join();
  EXPECT_FALSE(TestClient(server->port()).connected());
}

TEST(HttpServer, StopIsBoundedAndLateAnswersAreHarmless) {
  std::mutex mutex;
  std::vector<Respond> held;
  auto server = start(
      [&](HttpRequest&&, Respond respond) {
        const std::lock_guard lock(mutex);
        held.push_back(std::move(respond));
      },
      impatient());
  TestClient stuck(server->port());
  stuck.send(kGet);
  TestClient half(server->port());
  half.send("GET /");
  ASSERT_TRUE(wait_until([&] {
    const std::lock_guard lock(mutex);
    return !held.empty();
  }));
  const auto began = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(4000));
  EXPECT_EQ(server->connections(), 0u);
  held.front()(text_response(200, "late"));
  server->stop();
  server.reset();
}

TEST(HttpServer, StartFailsWithAReason) {
  const auto server = start(echo);
  ServerOptions taken = on_any_port();
  taken.port = server->port();
  const auto second = HttpServer::start(taken, echo);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  ServerOptions wrong = on_any_port();
  wrong.address = "not an address";
  EXPECT_EQ(HttpServer::start(wrong, echo).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace tact

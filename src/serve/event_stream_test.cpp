#include "serve/event_stream.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "serve/http_server.h"
#include "serve/internal/test_client.h"

namespace tact {
namespace {

using namespace internal;  // NOLINT: the test helpers
using std::chrono::milliseconds;

TEST(EventStream, FormatsEveryLineAsData) {
  EXPECT_EQ(EventStream::format_event("visitor", "{}"), "event: visitor\ndata: {}\n\n");
  EXPECT_EQ(EventStream::format_event("", "a\nb\r\nc\rd"),
            "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(EventStream::format_event("a\ndata: forged", "x"), "event: a\ndata: x\n\n");
}

TEST(EventStream, WakesOncePerBatch) {
  const auto stream = EventStream::create();
  int wakes = 0;
  EXPECT_TRUE(stream->send("a", "1"));
  stream->attach([&wakes] { ++wakes; });
  EXPECT_TRUE(stream->send("a", "2"));  // the buffer was not empty: the server takes both
  EXPECT_EQ(wakes, 0);
  std::string out;
  EXPECT_EQ(stream->take(out), EventStream::Ended::kNo);
  EXPECT_EQ(out, "event: a\ndata: 1\n\nevent: a\ndata: 2\n\n");
  EXPECT_TRUE(stream->send("a", "3"));
  EXPECT_TRUE(stream->send("a", "4"));
  EXPECT_EQ(wakes, 1);
}

TEST(EventStream, OverflowEndsIt) {
  const auto stream = EventStream::create(100);
  int closed = 0;
  stream->on_close([&closed] { ++closed; });
  EXPECT_TRUE(stream->send("a", std::string(50, 'x')));
  EXPECT_FALSE(stream->send("a", std::string(50, 'x')));
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(stream->ended(), EventStream::Ended::kByOverflow);
  EXPECT_FALSE(stream->send("a", "y"));
  stream->close();
  stream->disconnected();
  EXPECT_EQ(closed, 1);
}

TEST(EventStream, OnCloseAfterTheEndRunsAtOnce) {
  const auto stream = EventStream::create();
  stream->close();
  bool called = false;
  stream->on_close([&called] { called = true; });
  EXPECT_TRUE(called);
}

// --- through a server ---

TEST(EventStream, EventStreamsAndHeartbeats) {
  std::shared_ptr<EventStream> stream = EventStream::create();
  std::atomic<bool> closed{false};
  stream->on_close([&closed] { closed = true; });
  ServerOptions options = on_any_port();
  options.heartbeat = milliseconds(50);
  const auto server = start(
      [&stream](HttpRequest&&, const Respond& respond) {
        stream->send("hello", "1");
        HttpResponse response;
        response.stream = stream;
        respond(std::move(response));
      },
      options);
  TestClient client(server->port());
  client.send(kGet);
  const std::string head = client.read_until("data: 1\n\n");
  EXPECT_NE(head.find("Content-Type: text/event-stream"), std::string::npos);
  EXPECT_NE(head.find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_NE(client.read_until(":\n\n").find(":\n\n"), std::string::npos);
  EXPECT_TRUE(stream->send("more", "2"));
  EXPECT_NE(client.read_until("data: 2\n\n").find("event: more"), std::string::npos);
  EXPECT_FALSE(closed);
  client.close();
  EXPECT_TRUE(wait_until([&closed] { return closed.load(); }));
  EXPECT_FALSE(stream->send("more", "3"));
  EXPECT_TRUE(wait_until([&server] { return server->connections() == 0; }));
}

TEST(EventStream, TheProducerEndsAStream) {
  const auto server = start([](HttpRequest&&, const Respond& respond) {
    HttpResponse response;
    response.stream = EventStream::create();
    response.stream->send("only", "one");
    response.stream->close();
    respond(std::move(response));
  });
  const std::string all = ask(*server, kGet);
  EXPECT_NE(all.find("data: one\n\n\r\n0\r\n\r\n"), std::string::npos) << all;
  const std::string old = ask(*server, "GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(body_of(old), "event: only\ndata: one\n\n");
}

TEST(EventStream, SlowStreamReadersAreCutOff) {
  std::shared_ptr<EventStream> stream = EventStream::create(256 * 1024);
  std::atomic<bool> closed{false};
  stream->on_close([&closed] { closed = true; });
  const auto server = start([&stream](HttpRequest&&, const Respond& respond) {
    HttpResponse response;
    response.stream = stream;
    respond(std::move(response));
  });
  TestClient client(server->port(), 4096);
  client.send(kGet);
  client.read_until("\r\n\r\n");
  const std::string data(16 * 1024, 'd');
  int sent = 0;
  while (sent < 10'000 && stream->send("e", data)) {
    ++sent;
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_LT(sent, 10'000);  // the socket's buffers and 256 KB were full
  EXPECT_TRUE(wait_until([&] { return closed && server->connections() == 0; }));
}

}  // namespace
}  // namespace tact

// Answers that take long: their own deadline, their place in the order, and clients that leave.
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <stop_token>
#include <vector>

#include "serve/internal/test_client.h"

namespace tact::internal {
namespace {

using std::chrono::milliseconds;

// A handler that keeps each Respond, and whether its answer is of any use.
struct Keeping {
  std::mutex mutex;
  std::vector<Respond> responds;
  std::vector<std::stop_token> gone;

  Handler handler() {
    return [this](HttpRequest&& request, Respond respond) {
      if (request.path == "/ok") return respond(text_response(200, "ok"));
      const std::lock_guard lock(mutex);
      responds.push_back(std::move(respond));
      gone.push_back(request.gone);
    };
  }
  bool has(std::size_t count) {
    return wait_until([&] {
      const std::lock_guard lock(mutex);
      return responds.size() == count;
    });
  }
  bool is_gone(std::size_t i) {
    const std::lock_guard lock(mutex);
    return gone[i].stop_requested();
  }
  void answer(std::size_t i, std::string text) {
    const std::lock_guard lock(mutex);
    responds[i](text_response(200, std::move(text)));
  }
};

ServerOptions with_slow() {
  ServerOptions options = on_any_port();
  options.takes_long = [](std::string_view path) { return path == "/slow"; };
  return options;
}

constexpr std::string_view kSlow = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kOk = "GET /ok HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(LongAnswers, HaveADeadlineOfTheirOwn) {
  Keeping keeping;
  ServerOptions options = with_slow();
  options.handler_timeout = milliseconds(50);
  const auto server = start(keeping.handler(), options);
  TestClient slow(server->port()), other(server->port());
  slow.send(kSlow);
  ASSERT_TRUE(keeping.has(1));  // the first: of two connections either may be read first
  other.send(kGet);
  EXPECT_EQ(status_of(other.read_response()), 503);
  ASSERT_TRUE(keeping.has(2));
  EXPECT_EQ(slow.read_response(300), "");
  EXPECT_FALSE(keeping.is_gone(0));
  keeping.answer(0, "at last");
  EXPECT_EQ(body_of(slow.read_response()), "at last");
}

TEST(LongAnswers, AreGivenUpWhenTheyTakeTooLong) {
  Keeping keeping;
  ServerOptions options = with_slow();
  options.long_handler_timeout = milliseconds(50);
  const auto server = start(keeping.handler(), options);
  TestClient client(server->port());
  client.send(kSlow);
  EXPECT_EQ(status_of(client.read_response()), 503);
  EXPECT_TRUE(keeping.is_gone(0));
  client.send(kOk);
  EXPECT_EQ(body_of(client.read_response()), "ok");
}

TEST(LongAnswers, NoticeWhoLeaves) {
  Keeping keeping;
  const auto server = start(keeping.handler(), with_slow());
  TestClient leaves(server->port()), resets(server->port()), stays(server->port());
  for (TestClient* client : {&leaves, &resets, &stays}) client->send(kSlow);
  leaves.send(kOk);  // does not hide that nothing follows
  ASSERT_TRUE(keeping.has(3));
  leaves.close();
  resets.reset();
  EXPECT_TRUE(wait_until([&] { return server->connections() == 1; }));
  for (std::size_t i = 0; i < 3; ++i) keeping.answer(i, "answer");
  EXPECT_EQ(body_of(stays.read_response()), "answer");
  EXPECT_EQ(keeping.is_gone(0) + keeping.is_gone(1) + keeping.is_gone(2), 2);
}

TEST(LongAnswers, KeepThoseBehindThemWaiting) {
  Keeping keeping;
  const auto server = start(keeping.handler(), with_slow());
  TestClient client(server->port());
  client.send(std::string(kSlow) + std::string(kOk));
  ASSERT_TRUE(keeping.has(1));
  EXPECT_EQ(client.read_response(100), "");
  keeping.answer(0, "first");
  EXPECT_EQ(body_of(client.read_response()), "first");
  EXPECT_EQ(body_of(client.read_response()), "ok");
}

}  // namespace
}  // namespace tact::internal

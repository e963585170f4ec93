#include "serve/event_stream.h"

#include <gtest/gtest.h>

#include <string>

namespace tact {
namespace {

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

}  // namespace
}  // namespace tact

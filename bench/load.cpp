// Load on a server of this machine, and what it answered, as JSON.
//
// Closed loop (default): each connection sends its next request when the answer is in: the most the
// server takes at that concurrency. Open loop (--rate): requests are due at fixed times whether or
// not the server keeps up; their latency counts from when they were due, not from when a connection
// was free to send them. Without that correction a stall of the server hides every request that
// should have been sent during it (Tene, "How NOT to Measure Latency": coordinated omission). Both
// figures are printed.
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cstdio>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <vector>

#include "body_template.h"
#include "histogram.h"
#include "http_client.h"
#include "options.h"

namespace bench {
namespace {

constexpr const char* kUsage =
    "bench_load --target 127.0.0.1:PORT --path PATH --body FILE\n"
    "  --connections N (16)  --seconds S (10)  --warmup S (2)  --rate PER_SECOND (closed loop)\n"
    "  --visitors N (100000)  --seed N (1)  --header 'Name: value' (repeatable)";
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kTimerTag = ~std::uint64_t{0};

struct Settings {
  Target target;
  std::string path;
  std::size_t connections;
  std::int64_t warmup_ns;
  std::int64_t measured_ns;
  double rate;  // 0: closed loop
  std::string fields;
};

class Load {
 public:
  Load(const Settings& settings, BodyTemplate bodies)
      : settings_(settings), bodies_(std::move(bodies)), connections_(settings.connections) {}

  void run();
  std::string to_json() const;

 private:
  struct Connection {
    HttpClient client;
    bool in_flight = false;
    std::int64_t due_ns = 0;   // when the request should have been sent
    std::int64_t sent_ns = 0;  // when it was
  };

  bool open_loop() const { return settings_.rate > 0; }
  bool measured(std::int64_t at_ns) const { return at_ns >= measure_from_ && at_ns < end_; }
  void arm_timer(std::int64_t at_ns) const;
  void start_request(std::size_t index, std::int64_t due_ns);
  void finish(std::size_t index, HttpClient::Progress progress);
  void release(std::size_t index);
  void send_what_is_due(std::int64_t now);
  void wait_for_events(std::int64_t now);
  void count_unsent(std::int64_t now);

  const Settings settings_;
  BodyTemplate bodies_;
  std::vector<Connection> connections_;
  std::deque<std::size_t> free_;  // open loop: connections without a request
  int epoll_ = -1;
  int timer_ = -1;
  std::int64_t start_ = 0;
  std::int64_t measure_from_ = 0;
  std::int64_t end_ = 0;
  std::uint64_t scheduled_ = 0;  // open loop: requests due so far that were sent
  std::size_t in_flight_ = 0;
  std::string body_;
  std::string head_;

  Histogram corrected_;
  Histogram service_;
  std::map<int, std::uint64_t> statuses_;
  std::uint64_t errors_ = 0;
  std::uint64_t unsent_ = 0;
  std::uint64_t bytes_sent_ = 0;
};

void Load::arm_timer(std::int64_t at_ns) const {
  itimerspec when{};
  const std::int64_t positive = std::max<std::int64_t>(at_ns, 1);
  when.it_value.tv_sec = positive / kSecond;
  when.it_value.tv_nsec = positive % kSecond;
  timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
}

void Load::start_request(std::size_t index, std::int64_t due_ns) {
  Connection& connection = connections_[index];
  if (!connection.client.is_open() && !connection.client.connect(settings_.target, epoll_, index)) {
    die("cannot connect to " + settings_.target.host);
  }
  bodies_.next(body_);
  head_ = "POST " + settings_.path + " HTTP/1.1\r\nHost: " + settings_.target.host +
          "\r\nContent-Length: " + std::to_string(body_.size()) + "\r\n" + settings_.fields +
          "\r\n";
  connection.due_ns = due_ns;
  connection.sent_ns = now_ns();
  connection.in_flight = true;
  ++in_flight_;
  if (measured(due_ns)) bytes_sent_ += head_.size() + body_.size();
  const auto progress = connection.client.send(head_, body_);
  if (progress == HttpClient::Progress::kFailed) finish(index, progress);
}

void Load::finish(std::size_t index, HttpClient::Progress progress) {
  Connection& connection = connections_[index];
  const std::int64_t now = now_ns();
  connection.in_flight = false;
  --in_flight_;
  // Open loop: what was due in the measured time counts, whenever it ends. Closed loop: what ends
  // in it counts; what ends later was in flight all the while, so its latency counts and its answer
  // not.
  const bool counts = open_loop() ? measured(connection.due_ns) : measured(now);
  if (progress == HttpClient::Progress::kDone) {
    if (counts) ++statuses_[connection.client.status()];
    if (counts || (!open_loop() && now >= end_)) {
      corrected_.add(now - connection.due_ns);
      service_.add(now - connection.sent_ns);
    }
  } else if (counts) {
    ++errors_;
  }
  if (!connection.client.keeps_alive()) connection.client.close();
  release(index);
}

void Load::release(std::size_t index) {
  // Never from here to start_request(): a server that is down would make it call itself without
  // end.
  free_.push_back(index);
}

void Load::send_what_is_due(std::int64_t now) {
  if (!open_loop()) {
    for (std::size_t left = free_.size(); left > 0 && now < end_; --left) {
      const std::size_t index = free_.front();
      free_.pop_front();
      start_request(index, now_ns());
    }
    return;
  }
  const double interval = static_cast<double>(kSecond) / settings_.rate;
  while (!free_.empty()) {
    const std::int64_t due =
        start_ + static_cast<std::int64_t>(static_cast<double>(scheduled_) * interval);
    if (due >= end_) return;
    if (due > now) {
      arm_timer(due);
      return;
    }
    ++scheduled_;
    const std::size_t index = free_.front();
    free_.pop_front();
    start_request(index, due);
  }
}

void Load::wait_for_events(std::int64_t now) {
  epoll_event events[256];
  const int timeout_ms = open_loop() || now >= end_ ? 20 : (free_.empty() ? 100 : 0);
  const int count = epoll_wait(epoll_, events, 256, timeout_ms);
  for (int i = 0; i < count; ++i) {
    if (events[i].data.u64 == kTimerTag) {
      std::uint64_t fired = 0;
      if (read(timer_, &fired, sizeof fired) < 0) continue;  // armed anew meanwhile
      continue;
    }
    const auto index = static_cast<std::size_t>(events[i].data.u64);
    Connection& connection = connections_[index];
    if (!connection.client.is_open()) continue;
    const auto progress = connection.client.ready();
    if (connection.in_flight && progress != HttpClient::Progress::kWaiting) finish(index, progress);
  }
}

void Load::count_unsent(std::int64_t now) {
  if (!open_loop()) return;
  const double interval = static_cast<double>(kSecond) / settings_.rate;
  for (;; ++scheduled_) {
    const std::int64_t due =
        start_ + static_cast<std::int64_t>(static_cast<double>(scheduled_) * interval);
    if (due >= end_) return;
    if (!measured(due)) continue;
    ++unsent_;
    corrected_.add(now - due);  // at least so long
  }
}

void Load::run() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kTimerTag;
  if (epoll_ < 0 || timer_ < 0 || epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &event) != 0) {
    die("epoll or timerfd is not available");
  }
  start_ = now_ns();
  measure_from_ = start_ + settings_.warmup_ns;
  end_ = measure_from_ + settings_.measured_ns;
  for (std::size_t i = 0; i < connections_.size(); ++i) free_.push_back(i);

  // Two seconds for the last answers; what is not in then is an error, not forgotten.
  const std::int64_t patience = end_ + 2 * kSecond;
  for (std::int64_t now = start_; now < end_ || (in_flight_ > 0 && now < patience);
       now = now_ns()) {
    // What was due in time is sent, though the loop comes to it a moment later.
    if (now < end_ || open_loop()) send_what_is_due(now);
    wait_for_events(now);
  }
  const std::int64_t now = now_ns();
  for (Connection& connection : connections_) {
    if (connection.in_flight && (!open_loop() || measured(connection.due_ns))) {
      ++errors_;
      corrected_.add(now - connection.due_ns);
    }
  }
  count_unsent(now);
  close(timer_);
  close(epoll_);
}

std::string Load::to_json() const {
  std::uint64_t answered = 0;
  std::uint64_t good = 0;
  std::ostringstream out;
  std::string by_status;
  for (const auto& [status, count] : statuses_) {
    answered += count;
    if (status >= 200 && status < 300) good += count;
    if (!by_status.empty()) by_status += ", ";
    by_status += '"' + std::to_string(status) + "\": " + std::to_string(count);
  }
  const double seconds = static_cast<double>(settings_.measured_ns) / kSecond;
  out << "{\"loop\": \"" << (open_loop() ? "open" : "closed") << "\", \"path\": \""
      << settings_.path << "\", \"connections\": " << settings_.connections
      << ", \"seconds\": " << seconds << ", \"rate_asked\": " << settings_.rate
      << ", \"answered\": " << answered << ", \"ok\": " << good
      << ", \"ok_per_second\": " << static_cast<double>(good) / seconds << ", \"status\": {"
      << by_status << "}, \"errors\": " << errors_ << ", \"unsent\": " << unsent_
      << ", \"bytes_sent\": " << bytes_sent_ << ", \"latency_us\": " << corrected_.to_json()
      << ", \"uncorrected_us\": " << service_.to_json() << "}";
  return out.str();
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) die("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  const Options options(argc, argv,
                        {"target", "path", "body", "connections", "seconds", "warmup", "rate",
                         "visitors", "seed", "header"},
                        kUsage);
  Settings settings;
  settings.target = parse_target(options.text("target", ""));
  settings.path = options.text("path", "/");
  settings.connections = static_cast<std::size_t>(options.number("connections", 16, 1, 4096));
  settings.warmup_ns = static_cast<std::int64_t>(options.number("warmup", 2, 0, 60) * kSecond);
  settings.measured_ns =
      static_cast<std::int64_t>(options.number("seconds", 10, 0.1, 600) * kSecond);
  settings.rate = options.number("rate", 0, 1, 1e6);
  for (const std::string& header : options.all("header")) settings.fields += header + "\r\n";
  BodyTemplate bodies(read_file(options.text("body", "")),
                      static_cast<std::uint64_t>(options.number("visitors", 100000, 1, 1e9)),
                      static_cast<std::uint64_t>(options.number("seed", 1, 0, 1e15)));
  const auto load = std::make_unique<Load>(settings, std::move(bodies));
  load->run();
  std::puts(load->to_json().c_str());
  return 0;
}

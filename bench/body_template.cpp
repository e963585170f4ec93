#include "body_template.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "options.h"

namespace bench {
namespace {

std::string rfc3339_now() {
  using namespace std::chrono;
  const auto ms = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[64];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + length, sizeof text - length, ".%03dZ", static_cast<int>(ms % 1000));
  return text;
}

}  // namespace

BodyTemplate::BodyTemplate(std::string_view text, std::uint64_t visitors, std::uint64_t seed)
    : visitors_(visitors), seed_(seed), state_(seed) {
  while (!text.empty()) {
    const std::size_t open = text.find("{{");
    pieces_.push_back({Kind::kText, std::string(text.substr(0, open)), 0});
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) die("the template has {{ without }}");
    const std::string_view name = text.substr(open + 2, close - open - 2);
    text.remove_prefix(close + 2);
    if (name == "message") {
      pieces_.push_back({Kind::kMessage, "", 0});
    } else if (name == "request") {
      pieces_.push_back({Kind::kRequest, "", 0});
    } else if (name == "now") {
      pieces_.push_back({Kind::kNow, "", 0});
    } else if (name == "visitor" || name.starts_with("visitor:")) {
      std::uint64_t which = 0;
      if (name.size() > 8) {
        const auto end = name.data() + name.size();
        const auto [stop, error] = std::from_chars(name.data() + 8, end, which);
        if (error != std::errc{} || stop != end || which > 99)
          die("bad placeholder " + std::string(name));
      }
      pieces_.push_back({Kind::kVisitor, "", which});
    } else {
      die("unknown placeholder {{" + std::string(name) + "}}");
    }
  }
}

// splitmix64 (Steele, Lea, Flood 2014).
std::uint64_t BodyTemplate::random() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void BodyTemplate::next(std::string& out) {
  out.clear();
  ++requests_;
  const std::uint64_t first = random() % visitors_;
  const std::uint64_t stride = visitors_ / 100 + 1;  // the K-th lies K strides after the first
  for (const Piece& piece : pieces_) {
    switch (piece.kind) {
      case Kind::kText:
        out += piece.text;
        break;
      case Kind::kVisitor:
        out += "v" + std::to_string(seed_ % 1000) + "-" +
               std::to_string((first + piece.which * stride) % visitors_);
        break;
      case Kind::kMessage:
        out += "m" + std::to_string(seed_) + "-" + std::to_string(++messages_);
        break;
      case Kind::kRequest:
        out += std::to_string(requests_);
        break;
      case Kind::kNow:
        out += rfc3339_now();
        break;
    }
  }
}

}  // namespace bench

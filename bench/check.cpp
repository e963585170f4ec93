// What the benchmark programs rely on, checked before they are believed.
#include <cstdio>
#include <set>
#include <string>

#include "body_template.h"
#include "histogram.h"
#include "http_client.h"

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
  std::printf("%s %s\n", holds ? "ok" : "not ok", what);
  if (!holds) ++failures;
}

void check_histogram() {
  bench::Histogram empty;
  expect(empty.percentile(0.5) == 0 && empty.mean() == 0, "an empty histogram says 0");
  bench::Histogram values;
  for (int i = 1; i <= 100000; ++i) values.add(i * 1000LL);
  const auto near = [&values](double p, double wanted) {
    const auto got = static_cast<double>(values.percentile(p));
    return got >= wanted * 0.999 && got <= wanted * 1.009;
  };
  expect(near(0.5, 5e7) && near(0.99, 9.9e7) && near(0.999, 9.99e7), "percentiles within 0.9 %");
  expect(values.percentile(1) == 100000000 && values.max() == 100000000, "the largest is exact");
  values.add(-5);
  values.add(INT64_MAX);
  expect(values.max() == static_cast<std::uint64_t>(INT64_MAX), "the ends of the range are taken");
}

void check_template() {
  bench::BodyTemplate bodies("{{visitor}},{{visitor:0}},{{visitor:9}},{{message}},{{message}};",
                             1000, 7);
  std::set<std::string> visitors;
  std::set<std::string> messages;
  bool same = true;
  bool different = true;
  for (int i = 0; i < 500; ++i) {
    std::string body;
    bodies.next(body);
    const auto part = [&body](int n) {
      std::size_t at = 0;
      for (; n > 0; --n) at = body.find(',', at) + 1;
      return body.substr(at, body.find_first_of(",;", at) - at);
    };
    same = same && part(0) == part(1);
    different = different && part(0) != part(2);
    visitors.insert(part(0));
    messages.insert(part(3));
    messages.insert(part(4));
  }
  expect(same && different, "one visitor by its number within a request, another by another");
  expect(visitors.size() > 350, "requests draw from the visitors");
  expect(messages.size() == 1000, "no message id twice");
}

}  // namespace

int main() {
  check_histogram();
  check_template();
  const auto target = bench::parse_target("127.0.0.1:80");
  expect(target.length != 0, "an address of this machine is a target");
  return failures == 0 ? 0 : 1;
}

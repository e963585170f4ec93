// What one synced write costs on this disk: appends a block and calls fdatasync, again and again.
// No store that keeps its promises answers a single writer faster.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "histogram.h"
#include "options.h"

int main(int argc, char** argv) {
  using namespace bench;
  const Options options(argc, argv, {"dir", "bytes", "seconds"},
                        "bench_disk --dir DIR  --bytes N (4096)  --seconds S (5)");
  const std::string path = options.text("dir", ".") + "/bench_disk.tmp";
  const auto bytes = static_cast<std::size_t>(options.number("bytes", 4096, 1, 1 << 24));
  const double seconds = options.number("seconds", 5, 0.1, 600);

  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) die("cannot write " + path);
  unlink(path.c_str());  // gone however this program ends
  std::vector<char> block(bytes);
  for (std::size_t i = 0; i < bytes; ++i) block[i] = static_cast<char>(i * 2654435761U >> 13);

  Histogram latency;
  const std::int64_t began = now_ns();
  const std::int64_t end = began + static_cast<std::int64_t>(seconds * 1e9);
  std::int64_t now = began;
  while (now < end) {
    if (write(file, block.data(), bytes) != static_cast<ssize_t>(bytes) || fdatasync(file) != 0) {
      die("the disk refused a write in " + path);
    }
    const std::int64_t after = now_ns();
    latency.add(after - now);
    now = after;
  }
  close(file);
  std::printf("{\"bytes\": %zu, \"writes\": %llu, \"per_second\": %.1f, \"fdatasync_us\": %s}\n",
              bytes, static_cast<unsigned long long>(latency.count()),
              static_cast<double>(latency.count()) * 1e9 / static_cast<double>(now - began),
              latency.to_json().c_str());
  return 0;
}

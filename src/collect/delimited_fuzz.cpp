// Any map and any file: reading never crashes and always comes to an end. The first zero byte ends
// the map.
#include <sstream>

#include "collect/delimited.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(input.find('\0'), input.size());
  auto map = tact::parse_column_map(input.substr(0, cut));
  if (!map.has_value()) return 0;
  std::istringstream in{std::string(input.substr(std::min(cut + 1, input.size())))};
  tact::DelimitedReader reader(in, *std::move(map), "f");
  for (std::size_t rows = 0;; ++rows) {
    CHECK(rows <= size + 1);
    const auto event = reader.next();
    if (event.has_value() && !*event) return 0;
  }
}

// Any bytes as any coding: never over the limit, and the same in one piece as byte by byte. The
// input also goes there and back through gzip.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "serve/inflate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto coding = data[0] % 2 == 0 ? tact::ContentCoding::kGzip : tact::ContentCoding::kDeflate;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  tact::InflateLimits limits;
  limits.output_max = 64 * 1024;
  limits.ratio_max = 50;
  limits.ratio_from = 16 * 1024;
  const auto whole = tact::inflate_all(coding, bytes, limits);
  CHECK(!whole.has_value() || whole->size() <= limits.output_max);

  tact::Inflater pieces(coding, limits);
  std::string out;
  bool good = true;
  for (std::size_t i = 0; i < bytes.size() && good; ++i) {
    good = pieces.write(bytes.substr(i, 1), out).has_value();
  }
  good = good && pieces.finish().has_value();
  CHECK(out.size() <= limits.output_max);
  // The ratio is looked at after each piece, so that small pieces may be refused sooner, not later.
  if (good) CHECK(whole.has_value() && *whole == out);

  const auto back = tact::inflate_all(tact::ContentCoding::kGzip, tact::gzip_compress(bytes));
  CHECK(back.has_value() && *back == bytes);
  return 0;
}

// Profile::decode on anything: no crash, and what it accepts it writes back the same. The checksum
// would refuse nearly every input, so the parts are decoded without it as well, and rows of facts.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "profile/derived.h"

namespace {

template <typename T>
void round_trip(std::string_view bytes) {
  const auto read = T::decode(bytes);
  if (!read.has_value()) return;
  const auto again = T::decode(read->encode());
  if (!again.has_value() || *again != *read) std::abort();
}

void round_trip_row(std::string_view bytes) {
  tact::ByteReader in(bytes);
  const auto row = tact::Exposure::decode(in);
  static tact::ExposureView reused;  // of the inputs before
  tact::ByteReader same(bytes);
  reused.read(same);
  if (in.failed() != same.failed() || in.remaining() != same.remaining()) std::abort();
  if (in.failed() || !in.at_end()) return;
  tact::ByteWriter out, out_of_reused;
  row.encode(out);
  reused.encode(out_of_reused);
  if (out.str() != out_of_reused.str()) std::abort();
  tact::ByteReader again(out.str());
  if (tact::Exposure::decode(again) != row || again.failed() || !again.at_end()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  round_trip<tact::Profile>(bytes);
  round_trip<tact::Core>(bytes);
  round_trip<tact::Derived>(bytes);
  round_trip_row(bytes);
  return 0;
}

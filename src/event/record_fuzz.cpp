// Any bytes behind a right checksum: decode never crashes, and what it accepts survives a round
// trip.
#include <cstdio>
#include <cstdlib>

#include "base/bytes.h"
#include "base/hash.h"
#include "event/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  (void)tact::decode_record(input);
  tact::ByteWriter sealed;
  sealed.raw(input);
  sealed.u64_be(tact::hash64(input));
  const auto record = tact::decode_record(sealed.str());
  if (!record.has_value()) return 0;
  const std::string bytes = tact::encode_record(*record);
  const auto again = tact::decode_record(bytes);
  CHECK(again.has_value());
  CHECK(*again == *record);
  CHECK(tact::encode_record(*again) == bytes);
  return 0;
}

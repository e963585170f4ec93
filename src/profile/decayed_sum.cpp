#include "profile/decayed_sum.h"

#include <algorithm>

#include "base/fixed.h"
#include "playbook/playbook.h"

namespace tact {
namespace {

__extension__ using U128 = unsigned __int128;

struct Position {
  std::int64_t exponent;
  std::uint64_t mantissa;  // 2^fraction in Q32
};

Position position_of(Time at, Duration half_life) {
  const std::int64_t period = std::max<std::int64_t>(half_life.count(), 1);
  const std::int64_t ms = std::max<std::int64_t>(to_ms(at), 0);
  const auto rest = static_cast<std::uint64_t>(ms % period);
  const auto fraction =
      static_cast<std::uint32_t>((U128{rest} << 32) / static_cast<std::uint64_t>(period));
  return {ms / period, exp2_fraction_q32(fraction)};
}

// Damaged bytes may hold any number; a wrong sum of them is no worse, an overflow would be
// undefined.
std::int64_t add_wrapping(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

static_assert(Occurrences::kKept >= kMostTimes, "a clause may count this far");

}  // namespace

void DecayedSum::add_bucket(std::int64_t exponent, std::uint64_t mantissa) {
  const auto place = std::find_if(buckets_.begin(), buckets_.end(),
                                  [&](const Bucket& b) { return b.exponent <= exponent; });
  if (place != buckets_.end() && place->exponent == exponent) {
    place->mantissa += mantissa;
  } else {
    buckets_.insert(place, {exponent, mantissa});
  }
  const std::int64_t oldest = buckets_.front().exponent - kWindow;
  while (buckets_.back().exponent <= oldest) buckets_.pop_back();
}

void DecayedSum::add(Time at, Duration half_life) {
  const Position position = position_of(at, half_life);
  add_bucket(position.exponent, position.mantissa);
}

void DecayedSum::merge(const DecayedSum& other) {
  for (const Bucket& bucket : other.buckets_) add_bucket(bucket.exponent, bucket.mantissa);
}

std::int64_t DecayedSum::strength_milli(Time now, Duration half_life) const {
  if (buckets_.empty()) return 0;
  const Position here = position_of(now, half_life);
  U128 sum = 0;  // Q32, in units of 2^here.exponent
  for (const Bucket& bucket : buckets_) {
    const std::int64_t age = here.exponent - bucket.exponent;
    if (age >= 64) continue;
    sum += age >= 0 ? U128{bucket.mantissa} >> age : U128{bucket.mantissa};
  }
  return static_cast<std::int64_t>(sum * 1000 / here.mantissa);
}

void DecayedSum::encode(ByteWriter& out) const {
  out.varint(buckets_.size());
  std::int64_t previous = 0;
  for (const Bucket& bucket : buckets_) {
    out.zigzag(bucket.exponent - previous);
    out.varint(bucket.mantissa);
    previous = bucket.exponent;
  }
}

DecayedSum DecayedSum::decode(ByteReader& in) {
  DecayedSum sum;
  const std::uint64_t count = in.varint();
  if (count > static_cast<std::uint64_t>(kWindow)) in.fail();
  std::int64_t exponent = 0;
  for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
    exponent = add_wrapping(exponent, in.zigzag());
    sum.buckets_.push_back({exponent, in.varint()});
  }
  return sum;
}

void Occurrences::add(Time at) {
  times_.insert(std::upper_bound(times_.begin(), times_.end(), at, std::greater<>()), at);
  if (times_.size() > kKept) times_.pop_back();
}

void Occurrences::merge(const Occurrences& other) {
  for (const Time at : other.times_) add(at);
}

int Occurrences::count_since(Time from) const {
  return static_cast<int>(
      std::count_if(times_.begin(), times_.end(), [&](Time t) { return t >= from; }));
}

int Occurrences::count_before(Time end) const {
  return static_cast<int>(
      std::count_if(times_.begin(), times_.end(), [&](Time t) { return t < end; }));
}

void Occurrences::encode(ByteWriter& out) const {
  out.varint(times_.size());
  std::int64_t previous = 0;
  for (const Time at : times_) {
    out.zigzag(to_ms(at) - previous);
    previous = to_ms(at);
  }
}

Occurrences Occurrences::decode(ByteReader& in) {
  Occurrences occurrences;
  const std::uint64_t count = in.varint();
  if (count > kKept) in.fail();
  std::int64_t ms = 0;
  for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
    ms = add_wrapping(ms, in.zigzag());
    occurrences.times_.push_back(time_from_ms(ms));
  }
  return occurrences;
}

}  // namespace tact

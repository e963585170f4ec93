#include "consent/tcf.h"

#include <algorithm>
#include <initializer_list>

#include "consent/internal/bits.h"

namespace tact {
namespace {

using internal::BitReader;

Error invalid(std::string message) {
  return make_error(ErrorCode::kInvalid, "the TC string " + std::move(message));
}

Status check_alphabet(std::string_view text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    if (!internal::is_base64url(text.substr(begin, end - begin))) {
      return invalid("is not base64url segments joined by dots");
    }
    begin = end + 1;
  }
  return ok();
}

Time read_time(BitReader& in) {  // tenths of a second since the Unix epoch
  return time_from_ms(static_cast<std::int64_t>(in.number(36)) * 100);
}

template <std::size_t N>
std::bitset<N> read_bits(BitReader& in) {  // number 1 comes first
  std::bitset<N> bits;
  for (std::size_t i = 0; i < N; ++i) bits[i] = in.flag();
  return bits;
}

void skip_id_ranges(BitReader& in) {
  const std::uint64_t entries = in.number(12);
  for (std::uint64_t i = 0; i < entries && !in.failed(); ++i) {
    const bool is_range = in.flag();
    in.skip(is_range ? 32 : 16);
  }
}

void skip_vendors(BitReader& in) {
  const std::uint64_t max_vendor_id = in.number(16);
  const bool is_range_encoding = in.flag();
  if (is_range_encoding) {
    skip_id_ranges(in);
  } else {
    in.skip(max_vendor_id);
  }
}

void skip_publisher_restrictions(BitReader& in) {
  const std::uint64_t restrictions = in.number(12);
  for (std::uint64_t i = 0; i < restrictions && !in.failed(); ++i) {
    in.skip(6 + 2);  // purpose id, restriction type
    skip_id_ranges(in);
  }
}

TcString read_core(BitReader& in) {
  TcString tc;
  tc.version = 2;
  tc.created = read_time(in);
  tc.last_updated = read_time(in);
  in.skip(12 + 12 + 6 + 12 + 12);  // CMP, its version, screen, language, vendor list version
  tc.policy_version = static_cast<int>(in.number(6));
  in.skip(1 + 1);  // service specific, non-standard stacks
  tc.special_features = read_bits<kTcfSpecialFeatures>(in);
  tc.purposes_consent = read_bits<kTcfPurposes>(in);
  tc.purposes_legitimate_interest = read_bits<kTcfPurposes>(in);
  // Purpose one treatment (the person was not asked for purpose 1) grants nothing; the country.
  in.skip(1 + 12);
  skip_vendors(in);  // with consent
  skip_vendors(in);  // with legitimate interest
  skip_publisher_restrictions(in);
  return tc;
}

using Purposes = std::initializer_list<std::size_t>;

bool all_of(const std::bitset<kTcfPurposes>& bits, Purposes purposes) {
  return std::all_of(purposes.begin(), purposes.end(),
                     [&](std::size_t purpose) { return bits[purpose - 1]; });
}

// What TCF's purposes are for ours.
template <typename Answer>
ConsentChoices choices_by(Answer answer) {
  ConsentChoices choices{};
  set_choice(choices, Purpose::kAnalytics, answer(Purposes{1, 8}));
  set_choice(choices, Purpose::kPersonalization, answer(Purposes{1, 5, 6}));
  set_choice(choices, Purpose::kSharing, answer(Purposes{1, 3, 4}));
  return choices;
}

}  // namespace

Result<TcString> decode_tc_string(std::string_view text) {
  if (text.size() > kMaxConsentStringBytes) {
    return make_error(ErrorCode::kTooLarge, "the TC string is over 16 KB");
  }
  TACT_TRY(check_alphabet(text));
  BitReader in(text.substr(0, text.find('.')));
  const std::uint64_t version = in.number(6);
  if (version != 2) return invalid("has version " + std::to_string(version) + ", not 2");
  TcString tc = read_core(in);
  if (in.failed()) return invalid("is cut short in its core segment");
  return tc;
}

ConsentChoices choices_of(const TcString& tc) {
  return choices_by([&](Purposes purposes) {
    return all_of(tc.purposes_consent, purposes) ? ConsentState::kGranted : ConsentState::kRefused;
  });
}

Result<ConsentChoices> decode_tcf_canada(std::string_view text) {
  TACT_TRY(check_alphabet(text));
  BitReader in(text.substr(0, text.find('.')));
  const std::uint64_t version = in.number(6);
  if (version != 1) return invalid("has version " + std::to_string(version) + ", not 1");
  in.skip(36 + 36 + 12 + 12 + 6 + 12 + 12 + 6 + 1);  // times, CMP, screen, language, lists, stacks
  in.skip(kTcfSpecialFeatures);
  const auto express = read_bits<kTcfPurposes>(in);
  const auto implied = read_bits<kTcfPurposes>(in);
  if (in.failed()) return invalid("is cut short in its core segment");
  return choices_by([&](Purposes purposes) {
    if (all_of(express, purposes)) return ConsentState::kGranted;
    return all_of(express | implied, purposes) ? ConsentState::kUnknown : ConsentState::kRefused;
  });
}

}  // namespace tact

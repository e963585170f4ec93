#include "consent/gpp.h"

#include <algorithm>
#include <array>
#include <string>

#include "consent/internal/bits.h"
#include "consent/tcf.h"

namespace tact {
namespace {

using internal::BitReader;

constexpr std::uint32_t kTcfEuV2 = 2;
constexpr std::uint32_t kUsNational = 7;
constexpr std::uint32_t kUsMaryland = 24;
constexpr std::uint32_t kUsRhodeIsland = 27;
constexpr std::uint32_t kTcfCanada = 5;
constexpr std::uint32_t kUsPrivacy = 6;

Error invalid(std::string message, std::string where = {}) {
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(where));
}

// --- the header -------------------------------------------------------------------------------

// Range(Fibonacci): ids or runs of ids, each by its distance from the one before. Stops at `limit`
// ids, so that a few bits cannot ask for thousands.
std::vector<std::uint32_t> read_ids(BitReader& in, std::size_t limit) {
  std::vector<std::uint32_t> ids;
  std::uint32_t last = 0;
  const std::uint64_t items = in.number(12);
  for (std::uint64_t i = 0; i < items && ids.size() <= limit && !in.failed(); ++i) {
    const bool is_run = in.flag();
    const std::uint32_t first = last + in.fibonacci();
    last = is_run ? first + in.fibonacci() : first;
    for (std::uint32_t id = first; id <= last && ids.size() <= limit; ++id) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// --- the sections of the United States ----------------------------------------------------------

// Where the opt-outs (two bits each) are in the core segment. 0: the section has no such field.
struct UsLayout {
  std::uint8_t id, version;
  std::uint8_t sale, sharing, targeted_advertising;  // first bit
  std::uint8_t core_bits;
};
// 24 to 27 as IAB's encoder writes them. Their draft specification has a header before the core,
// which begins with the section's id: that is an unknown version.
constexpr std::array<UsLayout, 22> kUsLayouts = {{{7, 1, 18, 20, 22, 60},    // usnat
                                                  {7, 2, 18, 20, 22, 70},    // usnat
                                                  {8, 1, 12, 14, 0, 46},     // usca
                                                  {9, 1, 12, 0, 14, 40},     // usva
                                                  {10, 1, 12, 0, 14, 38},    // usco
                                                  {11, 1, 14, 0, 16, 42},    // usut
                                                  {12, 1, 12, 0, 14, 44},    // usct
                                                  {13, 1, 12, 0, 14, 46},    // usfl
                                                  {14, 1, 12, 0, 14, 46},    // usmt
                                                  {15, 1, 12, 0, 14, 52},    // usor
                                                  {16, 1, 12, 0, 14, 42},    // ustx
                                                  {17, 1, 12, 0, 14, 52},    // usde
                                                  {18, 1, 14, 0, 16, 42},    // usia
                                                  {19, 1, 12, 0, 14, 42},    // usne
                                                  {20, 1, 12, 0, 14, 46},    // usnh
                                                  {21, 1, 12, 0, 14, 54},    // usnj
                                                  {22, 1, 12, 0, 14, 42},    // ustn
                                                  {23, 1, 12, 0, 14, 42},    // usmn
                                                  {24, 1, 16, 0, 18, 22},    // usmd
                                                  {25, 1, 16, 0, 18, 24},    // usin
                                                  {26, 1, 16, 0, 18, 24},    // usky
                                                  {27, 1, 16, 0, 18, 24}}};  // usri

const UsLayout* find_layout(std::uint32_t id, std::uint64_t version) {
  const auto found = std::find_if(
      kUsLayouts.begin(), kUsLayouts.end(),
      [&](const UsLayout& layout) { return layout.id == id && layout.version == version; });
  return found == kUsLayouts.end() ? nullptr : &*found;
}

// 0 not applicable, 1 opted out, 2 did not opt out.
Result<bool> read_opt_out(std::string_view core, std::uint8_t first_bit) {
  if (first_bit == 0) return false;
  BitReader in(core);
  in.skip(first_bit);
  const std::uint64_t answer = in.number(2);
  if (answer > 2) return invalid("has an opt-out of 3, which means nothing");
  return answer == 1;
}

Result<bool> opted_out(std::uint32_t id, std::string_view core) {
  if (!internal::is_base64url(core)) return invalid("is not base64url");
  const std::uint64_t version = BitReader(core).number(6);
  const UsLayout* layout = find_layout(id, version);
  if (layout == nullptr) return invalid("has the unknown version " + std::to_string(version));
  if (BitReader(core).remaining() < layout->core_bits) return invalid("is cut short");
  TACT_ASSIGN(const bool sale, read_opt_out(core, layout->sale));
  TACT_ASSIGN(const bool sharing, read_opt_out(core, layout->sharing));
  TACT_ASSIGN(const bool targeted, read_opt_out(core, layout->targeted_advertising));
  return sale || sharing || targeted;
}

// Subsections begin with their type in two bits; type 1 is GPC, one bit.
Result<bool> says_gpc(std::string_view subsection) {
  if (!internal::is_base64url(subsection)) return invalid("has a subsection that is not base64url");
  BitReader in(subsection);
  const bool is_gpc = in.number(2) == 1;
  return is_gpc && in.flag();
}

Result<ConsentSignal> decode_us(const GppSection& section) {
  const std::vector<std::string_view> segments = split(section.text, '.');
  ConsentSignal signal;
  TACT_ASSIGN(const bool out, opted_out(section.id, segments.front()));
  if (out) set_choice(signal.choices, Purpose::kSharing, ConsentState::kObjected);
  // What follows the core of 25 to 27 is of another kind and does not tell its type.
  for (std::size_t i = 1; i < segments.size() && section.id <= kUsMaryland; ++i) {
    TACT_ASSIGN(const bool gpc, says_gpc(segments[i]));
    signal.gpc = signal.gpc || gpc;
  }
  return signal;
}

// "1YNN": version, notice given, opted out of sale, covered by the IAB's agreement; each Y, N or -.
Result<ConsentSignal> decode_us_privacy(std::string_view text) {
  if (text.size() != 4 || text[0] != '1' ||
      text.find_first_not_of("YNyn-", 1) != std::string_view::npos) {
    return invalid("is not 1 and three of Y, N and -");
  }
  ConsentSignal signal;
  if (text[2] == 'Y' || text[2] == 'y') {
    set_choice(signal.choices, Purpose::kSharing, ConsentState::kObjected);
  }
  return signal;
}

Result<ConsentSignal> decode_section(const GppSection& section) {
  if (section.id == kTcfEuV2) {
    TACT_ASSIGN(const TcString tc, decode_tc_string(section.text));
    return ConsentSignal{.choices = choices_of(tc)};
  }
  if (section.id == kTcfCanada) {
    TACT_ASSIGN(const ConsentChoices choices, decode_tcf_canada(section.text));
    return ConsentSignal{.choices = choices};
  }
  if (section.id == kUsPrivacy) return decode_us_privacy(section.text);
  if (section.id >= kUsNational && section.id <= kUsRhodeIsland) return decode_us(section);
  return ConsentSignal{};
}

}  // namespace

Result<std::vector<GppSection>> gpp_sections(std::string_view text) {
  if (text.size() > kMaxConsentStringBytes) {
    return make_error(ErrorCode::kTooLarge, "the GPP string is over 16 KB");
  }
  const std::vector<std::string_view> parts = split(text, '~');
  if (!internal::is_base64url(parts.front())) return invalid("the GPP header is not base64url");
  BitReader in(parts.front());
  if (in.number(6) != 3) return invalid("the GPP header has another type than 3");
  if (in.number(6) != 1) return invalid("the GPP header has another version than 1");
  const std::vector<std::uint32_t> ids = read_ids(in, parts.size());
  if (in.failed()) return invalid("the GPP header is cut short");
  if (ids.size() + 1 != parts.size()) {
    return invalid("the GPP header names another number of sections than follow it");
  }
  std::vector<GppSection> sections;
  for (std::size_t i = 0; i < ids.size(); ++i) sections.push_back({ids[i], parts[i + 1]});
  return sections;
}

Result<ConsentSignal> decode_gpp(std::string_view text) {
  TACT_ASSIGN(const std::vector<GppSection> sections, gpp_sections(text));
  ConsentSignal strictest;
  for (const GppSection& section : sections) {
    Result<ConsentSignal> signal = decode_section(section);
    if (!signal.has_value()) {
      signal.error().where = "section " + std::to_string(section.id);
      return std::move(signal).error();
    }
    strictest = stricter(strictest, *signal);
  }
  return strictest;
}

}  // namespace tact

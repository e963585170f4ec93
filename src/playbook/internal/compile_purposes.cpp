// `purposes:` of guards.yaml: on what ground data is used, by purpose and region.
#include <algorithm>
#include <array>

#include "playbook/internal/compiler.h"

namespace tact::playbook_internal {
namespace {

constexpr std::array<std::string_view, 3> kBases = {"consent", "legitimate interest", "never"};

// ISO 3166-1 alpha-2, officially assigned.
constexpr std::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM "
    "ZW";

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool is_country(std::string_view text) {
  return text.size() == 2 && is_upper(text[0]) && is_upper(text[1]) &&
         kCountries.find(text) != std::string_view::npos;
}

// "US", or "US-CA": of the parts of a country the form alone is checked.
bool is_region(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (!is_country(text.substr(0, dash))) return false;
  if (dash == text.npos) return true;
  const std::string_view part = text.substr(dash + 1);
  return !part.empty() && part.size() <= 3 && std::all_of(part.begin(), part.end(), [](char c) {
    return is_upper(c) || (c >= '0' && c <= '9');
  });
}

// A region that no visitor is in would quietly rule nothing.
std::string region_hint(std::string_view written) {
  std::string upper(written);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (upper == "UK") return "did you mean \"GB\"?";
  if (upper == "EU" || upper == "EEA") {
    return "name its countries, or make consent the basis and list where it is another";
  }
  if (is_region(upper)) return "did you mean \"" + upper + "\"?";
  return "two letters of ISO 3166, for example US, or US-CA for a part";
}

void read_basis(const YamlNode& node, Purpose purpose, Basis& basis, Compiler& c) {
  const std::string what = "the basis of " + std::string(to_string(purpose));
  if (require_text(node, what, c.report) == nullptr) return;
  const auto found = std::find(kBases.begin(), kBases.end(), node.text);
  if (found == kBases.end()) {
    c.report.error(node.position, "unknown-value", what + " cannot be \"" + node.text + "\"",
                   did_you_mean(node.text, {kBases.begin(), kBases.end()}));
    return;
  }
  const auto read = static_cast<Basis>(found - kBases.begin());
  const bool takes_consent = purpose == Purpose::kEmail || purpose == Purpose::kSensitive;
  if (read == Basis::kLegitimateInterest && takes_consent) {
    c.report.error(node.position, "bad-value",
                   std::string(to_string(purpose)) + " always takes consent", "consent or never");
    return;
  }
  basis = read;
}

void read_exceptions(const YamlNode& node, Purpose purpose, PurposeBasis& rule, Compiler& c) {
  if (!node.is_map()) {
    c.report.error(node.position, "wrong-type",
                   "\"in\" must be a map of regions, not " + std::string(node.kind_name()),
                   "for example US: legitimate interest");
    return;
  }
  for (const YamlEntry& entry : node.entries) {
    if (!is_region(entry.key.text)) {
      c.report.error(entry.key.position, "unknown-value",
                     "\"" + entry.key.text + "\" is not a region", region_hint(entry.key.text));
      continue;
    }
    PurposeBasis::Exception exception{.region = entry.key.text};
    read_basis(entry.value, purpose, exception.basis, c);
    rule.exceptions.push_back(std::move(exception));
  }
}

void read_purpose(const YamlNode& node, Purpose purpose, PurposeBasis& rule, Compiler& c) {
  if (node.is_text()) return read_basis(node, purpose, rule.basis, c);
  const std::string what = "\"" + std::string(to_string(purpose)) + "\"";
  const Fields fields(node, what, c.report, {"basis", "in"});
  if (const YamlNode* basis = fields.find("basis")) read_basis(*basis, purpose, rule.basis, c);
  if (const YamlNode* in = fields.find("in")) read_exceptions(*in, purpose, rule, c);
}

}  // namespace

void compile_purposes(Compiler& c, const YamlNode& node) {
  const Fields fields(
      node, "\"purposes\"", c.report,
      {"analytics", "personalization", "email", "sharing", "replay", "sensitive", "necessary"});
  if (const YamlNode* necessary = fields.key("necessary")) {
    c.report.error(necessary->position, "bad-value",
                   "what is necessary is never asked for, so it has no basis to choose",
                   "leave it out");
  }
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const auto purpose = static_cast<Purpose>(i);
    const YamlNode* written = fields.find(to_string(purpose));
    if (written != nullptr) read_purpose(*written, purpose, c.playbook.guards.purposes[i], c);
  }
}

}  // namespace tact::playbook_internal

#include "collect/internal/traffic.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <vector>

#include "collect/internal/text.h"
#include "collect/internal/url.h"

namespace tact::internal {
namespace {

using namespace std::string_view_literals;

// Host names, or (with a trailing dot) whole labels anywhere in one: "google." is google.de and
// news.google.com. Where several match, the first group counts.
struct Hosts {
  TrafficSource source;
  std::vector<std::string_view> names;
};

const std::vector<Hosts>& hosts() {
  static const std::vector<Hosts> all = {
      {TrafficSource::kEmail,
       {"mail.", "webmail.", "outlook.live.com", "outlook.office.com", "com.google.android.gm",
        "navigator.gmx.", "deref-gmx.", "deref-web.de"}},
      {TrafficSource::kSearch,
       {"google.", "bing.com", "duckduckgo.com", "yahoo.", "ecosia.org", "baidu.com", "yandex.",
        "qwant.com", "startpage.com", "search.brave.com", "naver.com", "seznam.cz", "metager.de",
        "swisscows.com", "kagi.com", "com.google.android.googlequicksearchbox"}},
      {TrafficSource::kSocial,
       {"facebook.com",    "instagram.com", "t.co",       "twitter.com",  "x.com",
        "linkedin.com",    "lnkd.in",       "pinterest.", "reddit.com",   "tiktok.com",
        "youtube.com",     "threads.net",   "bsky.app",   "xing.com",     "vk.com",
        "mastodon.social", "snapchat.com",  "tumblr.com", "whatsapp.com", "com.linkedin.android"}}};
  return all;
}

constexpr std::array kAdClickIds = {"gclid"sv,   "gbraid"sv, "wbraid"sv, "dclid"sv,
                                    "msclkid"sv, "ttclid"sv, "twclid"sv, "li_fat_id"sv};
constexpr std::array kAdMedia = {"cpc"sv,       "ppc"sv,       "cpm"sv,         "cpv"sv,
                                 "cpa"sv,       "ad"sv,        "ads"sv,         "sem"sv,
                                 "display"sv,   "banner"sv,    "retargeting"sv, "remarketing"sv,
                                 "affiliate"sv, "affiliates"sv};

template <typename List>
bool in_list(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::string_view without_www(std::string_view host) {
  return host.starts_with("www.") ? host.substr(4) : host;
}

// The sources in the order of hosts(), by name.
const std::unordered_map<std::string_view, std::size_t>& ranks() {
  static const auto all = [] {
    std::unordered_map<std::string_view, std::size_t> result;
    for (std::size_t rank = 0; rank < hosts().size(); ++rank) {
      for (const std::string_view name : hosts()[rank].names) result.emplace(name, rank);
    }
    return result;
  }();
  return all;
}

// From each label on: the rest (a name, or something below it), and one or two labels with their
// dot. Looked up, because to search for every name in every host shows in what a decision costs.
std::optional<TrafficSource> source_of_host(std::string_view host) {
  std::size_t best = hosts().size();
  const auto look = [&best](std::string_view name) {
    const auto found = ranks().find(name);
    if (found != ranks().end()) best = std::min(best, found->second);
  };
  for (std::size_t at = 0; at < host.size();) {
    const std::string_view rest = host.substr(at);
    look(rest);
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) break;
    look(rest.substr(0, dot + 1));
    const std::size_t second = rest.find('.', dot + 1);
    if (second != std::string_view::npos) look(rest.substr(0, second + 1));
    at += dot + 1;
  }
  if (best == hosts().size()) return std::nullopt;
  return hosts()[best].source;
}

TrafficSource by_campaign(const Campaign& campaign) {
  const std::string medium = lower(campaign.medium);
  if (in_list(kAdMedia, medium) || medium.starts_with("paid")) return TrafficSource::kAd;
  if (medium == "email" || medium == "e-mail" || medium == "mail" || medium == "newsletter") {
    return TrafficSource::kEmail;
  }
  if (medium.starts_with("social") || medium == "sm") return TrafficSource::kSocial;
  if (medium == "organic") return TrafficSource::kSearch;
  if (medium == "referral") return TrafficSource::kReferral;
  return TrafficSource::kCampaign;
}

}  // namespace

TrafficSource classify_traffic(const Campaign& campaign, std::string_view page_query,
                               std::string_view page_host, std::string_view referrer_host,
                               bool knows_page) {
  if (!campaign.empty()) return by_campaign(campaign);
  for (const std::string_view id : kAdClickIds) {
    if (query_value(page_query, id)) return TrafficSource::kAd;
  }
  const std::string_view host = without_www(referrer_host);
  if (host.empty()) return knows_page ? TrafficSource::kDirect : TrafficSource::kUnknown;
  if (host == without_www(page_host)) return TrafficSource::kInternal;
  return source_of_host(host).value_or(TrafficSource::kReferral);
}

}  // namespace tact::internal

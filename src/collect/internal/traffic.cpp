#include "collect/internal/traffic.h"

#include <algorithm>
#include <array>

#include "collect/internal/text.h"
#include "collect/internal/url.h"

namespace tact::internal {
namespace {

using namespace std::string_view_literals;

// Host names, or (with a trailing dot) host names under any top-level domain: "google." is
// google.de.
constexpr std::array kMailHosts = {"mail."sv,
                                   "webmail."sv,
                                   "outlook.live.com"sv,
                                   "outlook.office.com"sv,
                                   "com.google.android.gm"sv,
                                   "navigator.gmx."sv,
                                   "deref-gmx."sv,
                                   "deref-web.de"sv};
constexpr std::array kSearchHosts = {
    "google."sv,        "bing.com"sv,
    "duckduckgo.com"sv, "yahoo."sv,
    "ecosia.org"sv,     "baidu.com"sv,
    "yandex."sv,        "qwant.com"sv,
    "startpage.com"sv,  "search.brave.com"sv,
    "naver.com"sv,      "seznam.cz"sv,
    "metager.de"sv,     "swisscows.com"sv,
    "kagi.com"sv,       "com.google.android.googlequicksearchbox"sv};
constexpr std::array kSocialHosts = {
    "facebook.com"sv, "instagram.com"sv, "t.co"sv,         "twitter.com"sv,
    "x.com"sv,        "linkedin.com"sv,  "lnkd.in"sv,      "pinterest."sv,
    "reddit.com"sv,   "tiktok.com"sv,    "youtube.com"sv,  "threads.net"sv,
    "bsky.app"sv,     "xing.com"sv,      "vk.com"sv,       "mastodon.social"sv,
    "snapchat.com"sv, "tumblr.com"sv,    "whatsapp.com"sv, "com.linkedin.android"sv};
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

// host is `name` or below it; a name with a trailing dot matches as whole labels anywhere.
bool host_is(std::string_view host, std::string_view name) {
  if (name.ends_with('.')) {
    std::size_t at = host.find(name);
    while (at != std::string_view::npos && at > 0 && host[at - 1] != '.') {
      at = host.find(name, at + 1);
    }
    return at != std::string_view::npos;
  }
  return host == name || (host.size() > name.size() && host.ends_with(name) &&
                          host[host.size() - name.size() - 1] == '.');
}

template <typename List>
bool host_in(const List& list, std::string_view host) {
  return std::any_of(list.begin(), list.end(),
                     [host](std::string_view name) { return host_is(host, name); });
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
  if (host_in(kMailHosts, host)) return TrafficSource::kEmail;
  if (host_in(kSearchHosts, host)) return TrafficSource::kSearch;
  if (host_in(kSocialHosts, host)) return TrafficSource::kSocial;
  return TrafficSource::kReferral;
}

}  // namespace tact::internal

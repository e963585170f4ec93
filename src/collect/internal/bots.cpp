#include "collect/internal/bots.h"

#include <algorithm>
#include <array>
#include <string>

#include "collect/internal/text.h"

namespace tact::internal {
namespace {

// Anywhere, in small letters. What a crawler is by convention told by: "+http" in front of its own
// address (robots.txt, RFC 9309, has it identify itself).
constexpr std::array<std::string_view, 28> kBotWords = {"crawl",
                                                        "spider",
                                                        "slurp",
                                                        "(+http",
                                                        "; +http",
                                                        "headlesschrome",
                                                        "phantomjs",
                                                        "puppeteer",
                                                        "playwright",
                                                        "selenium",
                                                        "chrome-lighthouse",
                                                        "pagespeed",
                                                        "gtmetrix",
                                                        "pingdom",
                                                        "statuscake",
                                                        "site24x7",
                                                        "newrelicpinger",
                                                        "datadogsynthetics",
                                                        "checkly",
                                                        "catchpoint",
                                                        "ptst/",
                                                        "facebookexternalhit",
                                                        "mediapartners-google",
                                                        "google-inspectiontool",
                                                        "feedfetcher",
                                                        "bingpreview",
                                                        "archive.org",
                                                        "scrapy"};

// "bot" at the end of a word: "Googlebot/2.1", "bingbot", "UptimeRobot/2.0", "Bot". Of words that
// end so without being one, Cubot is a maker of phones.
bool names_a_bot(std::string_view folded) {
  constexpr std::string_view kBot = "bot";
  for (std::size_t at = folded.find(kBot); at != std::string_view::npos;
       at = folded.find(kBot, at + 1)) {
    const std::size_t end = at + kBot.size();
    const bool ends = end == folded.size() || !is_letter(folded[end]);
    if (ends && !(at >= 2 && folded.substr(at - 2, 2) == "cu")) return true;
  }
  return false;
}

constexpr std::array<std::string_view, 15> kLibraries = {"python-requests/",
                                                         "python-urllib/",
                                                         "python-httpx/",
                                                         "aiohttp/",
                                                         "python/",
                                                         "go-http-client/",
                                                         "java/",
                                                         "libwww-perl/",
                                                         "apache-httpclient/",
                                                         "jakarta",
                                                         "guzzlehttp/",
                                                         "ruby",
                                                         "mechanize",
                                                         "httrack",
                                                         "wget/"};

}  // namespace

bool is_known_bot(std::string_view user_agent) {
  if (user_agent.empty()) return false;
  const std::string folded = lower(user_agent);
  return names_a_bot(folded) ||
         std::any_of(kBotWords.begin(), kBotWords.end(), [&folded](std::string_view word) {
           return folded.find(word) != std::string::npos;
         });
}

bool is_http_library(std::string_view user_agent) {
  const std::string folded = lower(user_agent.substr(0, 32));
  return std::any_of(kLibraries.begin(), kLibraries.end(),
                     [&folded](std::string_view library) { return folded.starts_with(library); });
}

}  // namespace tact::internal

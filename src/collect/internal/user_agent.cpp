#include "collect/internal/user_agent.h"

#include <array>

#include "collect/internal/text.h"

namespace tact::internal {
namespace {

struct Family {
  std::string_view token, name;
};
// In this order: every browser also claims to be those below it.
constexpr std::array<Family, 17> kFamilies = {{{"Edg/", "Edge"},
                                               {"EdgA/", "Edge"},
                                               {"EdgiOS/", "Edge"},
                                               {"OPR/", "Opera"},
                                               {"OPT/", "Opera"},
                                               {"SamsungBrowser/", "Samsung Internet"},
                                               {"Vivaldi/", "Vivaldi"},
                                               {"YaBrowser/", "Yandex"},
                                               {"DuckDuckGo/", "DuckDuckGo"},
                                               {"Silk/", "Silk"},
                                               {"FxiOS/", "Firefox"},
                                               {"Firefox/", "Firefox"},
                                               {"CriOS/", "Chrome"},
                                               {"HeadlessChrome/", "HeadlessChrome"},
                                               {"Chrome/", "Chrome"},
                                               {"MSIE ", "Internet Explorer"},
                                               {"Trident/", "Internet Explorer"}}};

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string digits_at(std::string_view text, std::size_t at) {
  std::string digits;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9' && digits.size() < 4) {
    digits += text[at++];
  }
  return digits;
}

void read_family(std::string_view text, UserAgent& agent) {
  const std::string folded = lower(text);
  if (has(folded, "bot") || has(folded, "crawler") || has(folded, "spider")) {
    agent.family = "Bot";
    return;
  }
  for (const Family& family : kFamilies) {
    const std::size_t at = text.find(family.token);
    if (at == std::string_view::npos) continue;
    agent.family = family.name;
    agent.major = digits_at(text, at + family.token.size());
    return;
  }
  if (has(text, "Safari/") || has(text, "AppleWebKit/")) {
    agent.family = "Safari";
    if (const std::size_t at = text.find("Version/"); at != std::string_view::npos) {
      agent.major = digits_at(text, at + 8);
    }
    return;
  }
  if (text.starts_with("Mozilla/")) return;
  // A program's own name: "analytics-node-next/latest".
  std::string_view name = text.substr(0, text.find_first_of("/ (;"));
  agent.family = cut(name, 40);
  if (name.size() < text.size() && text[name.size()] == '/') {
    agent.major = digits_at(text, name.size() + 1);
  }
}

void read_system(std::string_view text, UserAgent& agent) {
  if (has(text, "Windows Phone")) {
    agent.os = "Windows";
    agent.device = Device::kMobile;
  } else if (has(text, "iPad")) {
    agent.os = "iOS";
    agent.device = Device::kTablet;
  } else if (has(text, "iPhone") || has(text, "iPod")) {
    agent.os = "iOS";
    agent.device = Device::kMobile;
  } else if (has(text, "Android")) {
    agent.os = "Android";
    // Android's convention: phones say "Mobile", tablets do not.
    agent.device = has(text, "Mobile") && !has(text, "Tablet") ? Device::kMobile : Device::kTablet;
  } else if (has(text, "Windows NT")) {
    agent.os = "Windows";
    agent.device = Device::kDesktop;
  } else if (has(text, "CrOS")) {
    agent.os = "ChromeOS";
    agent.device = Device::kDesktop;
  } else if (has(text, "Macintosh") || has(text, "Mac OS X")) {
    agent.os = "macOS";
    agent.device = Device::kDesktop;
  } else if (has(text, "Linux") || has(text, "X11")) {
    agent.os = "Linux";
    agent.device = Device::kDesktop;
  } else if (has(text, "Mobile")) {
    agent.device = Device::kMobile;
  }
}

}  // namespace

std::string UserAgent::reduced() const {
  std::string text = family.empty() ? "other" : family;
  if (!major.empty()) text += "/" + major;
  if (!os.empty()) text += " (" + os + ")";
  return text;
}

UserAgent parse_user_agent(std::string_view text) {
  UserAgent agent;
  if (text.empty()) return agent;
  read_family(text, agent);
  read_system(text, agent);
  if (agent.family == "Bot") agent.device = Device::kUnknown;
  return agent;
}

}  // namespace tact::internal

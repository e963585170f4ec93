#include "event/event.h"

namespace tact {

std::string_view to_string(EventType type) {
  switch (type) {
    case EventType::kTrack:
      return "track";
    case EventType::kIdentify:
      return "identify";
    case EventType::kPage:
      return "page";
    case EventType::kScreen:
      return "screen";
    case EventType::kGroup:
      return "group";
    case EventType::kAlias:
      return "alias";
  }
  return "?";
}

std::string_view to_string(Device device) {
  switch (device) {
    case Device::kUnknown:
      return "unknown";
    case Device::kDesktop:
      return "desktop";
    case Device::kMobile:
      return "mobile";
    case Device::kTablet:
      return "tablet";
  }
  return "?";
}

std::string_view to_string(TrafficSource source) {
  switch (source) {
    case TrafficSource::kUnknown:
      return "unknown";
    case TrafficSource::kDirect:
      return "direct";
    case TrafficSource::kSearch:
      return "search";
    case TrafficSource::kEmail:
      return "email";
    case TrafficSource::kAd:
      return "ad";
    case TrafficSource::kSocial:
      return "social";
    case TrafficSource::kReferral:
      return "referral";
    case TrafficSource::kCampaign:
      return "campaign";
    case TrafficSource::kInternal:
      return "internal";
  }
  return "?";
}

std::string_view to_string(Purpose purpose) {
  switch (purpose) {
    case Purpose::kAnalytics:
      return "analytics";
    case Purpose::kPersonalization:
      return "personalization";
    case Purpose::kEmail:
      return "email";
    case Purpose::kSharing:
      return "sharing";
    case Purpose::kReplay:
      return "replay";
    case Purpose::kSensitive:
      return "sensitive";
  }
  return "?";
}

std::string_view to_string(InterestKind kind) {
  constexpr std::array<std::string_view, kInterestKinds> kNames = {"category", "brand", "topic"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(ConsentState state) {
  switch (state) {
    case ConsentState::kUnknown:
      return "unknown";
    case ConsentState::kGranted:
      return "granted";
    case ConsentState::kRefused:
      return "refused";
    case ConsentState::kObjected:
      return "objected";
    case ConsentState::kAsked:
      return "asked";
  }
  return "?";
}

std::string_view to_string(IntentLevel level) {
  switch (level) {
    case IntentLevel::kUntold:
      return "untold";
    case IntentLevel::kUnclear:
      return "unclear";
    case IntentLevel::kMaybe:
      return "maybe";
    case IntentLevel::kLikely:
      return "likely";
    case IntentLevel::kSure:
      return "sure";
  }
  return "untold";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDefault:
      return "default";
    case Outcome::kShown:
      return "shown";
    case Outcome::kWithheld:
      return "withheld";
  }
  return "?";
}

}  // namespace tact

// What decide sees of a visitor at one instant: the profile, and the page the question is about.
#pragma once

#include <string>
#include <string_view>

#include "consent/consent.h"
#include "event/event.h"
#include "playbook/playbook.h"
#include "profile/derived.h"

namespace tact {

// References must outlive the view. The profile must have been advanced to `now` (profile/fold.h).
struct View {
  const Profile& profile;
  const Playbook& playbook;
  Time now;  // received_at of the question
  const Surroundings& where;
  const Product& product;     // of the page; id empty = none
  std::string_view category;  // of the page where there is no product
  std::string_view weather;
  ConsentContext consent;
  std::string_view bucket_id;      // of the core, or the id sent where there is no core yet
  bool anonymous_request = false;  // no consent: this page request is all there is

  const Core& core() const { return profile.core; }
  std::string_view subject(Subject about) const;
  std::string_view page_category() const;  // top level
  const SignalState* signal(int index, std::string_view subject) const;
};

// Of a request or record with these flags, from this region ("DE", "US-CA"; empty = unknown).
ConsentContext consent_context(std::uint8_t flags, std::string_view region,
                               const Playbook& playbook, Time now);

}  // namespace tact

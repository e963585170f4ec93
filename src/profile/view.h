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
  std::string bucket_id;  // Core::serving_bucket(), or the id sent where there is no core yet
  bool anonymous_request = false;  // no consent: this page request is all there is

  const Core& core() const { return profile.core; }
  // Nothing but this page request may be looked at: no consent, or the visitor may be a child.
  bool this_page_only() const { return anonymous_request || may_be_child(); }
  bool may_be_child() const {
    return playbook.site.audience != Audience::kAdults && core().adult != Adult::kYes;
  }
  // The page is about something sensitive, whose use the visitor has not allowed.
  bool is_out_of_bounds() const { return where.sensitive && !core().allows_sensitive(); }
  // What led here may be sensitive, so that no reason given may name it.
  bool is_delicate() const { return where.sensitive || core().holds_sensitive; }
  std::string_view subject(Subject about) const;
  std::string_view page_category() const;  // top level
  const SignalState* signal(int index, std::string_view subject) const;
};

// Of a request or record with these flags, from this region ("DE", "US-CA"; empty = unknown).
ConsentContext consent_context(std::uint8_t flags, std::string_view region,
                               const Playbook& playbook, Time now);

}  // namespace tact

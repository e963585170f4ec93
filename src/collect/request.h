// The body of POST /v1/decide, and what a page and its context say about the surroundings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "collect/collect.h"
#include "consent/consent.h"

namespace tact {

inline constexpr std::size_t kMaxSlots = 32;
inline constexpr std::size_t kMaxSlotChars = 64;  // each [a-z0-9._-]

struct DecideBody {
  std::string write_key;   // may be empty
  std::string request_id;  // may be empty
  bool explain = false;
  std::string anonymous_id, user_id;  // both empty without consent
  std::string token;                  // a browser's proof of its userId
  json::object page, context;         // as sent; minimised only in what is taken from them
  Product product;                    // the page's; id empty = none
  std::string product_name;
  std::string category;           // the page's category: its own, else the product's
  std::string time_zone, locale;  // of the visitor's device, as sent
  std::string weather;            // "rain", "4 C"
  ConsentSignal consent;          // of this request
  std::optional<Time> sent_at;
  // Ids and context that an event lacks are taken from the request.
  std::vector<RawEvent> events;
  std::vector<RejectedEvent> rejected;
  std::vector<std::string> slots;  // 1 … kMaxSlots, distinct, in the order asked
};

// Unknown members are ignored; a bad event costs only itself. kInvalid names the member
// ("slots[1]", "page.product.price"); kTooLarge over kMaxBatchBytes. `memory`: as of parse_request.
Result<DecideBody> parse_decide_body(std::string_view body, const Site& site,
                                     const json::storage_ptr& memory = {});

// Of a page object {url, path, type, referrer} and a context object {locale, campaign, userAgent,
// device, screen, page, location}, at time `at`. Members of the wrong type count as absent. The
// region is what a trusted source's context.location {country, region} says, else the address's.
Surroundings surroundings_of(const json::object& page, const json::object& context, Time at,
                             const RequestInfo& info, const Playbook& playbook);

// Marks the page of a question, and its product, where they are about a sensitive topic; `url` also
// tells what was searched for.
void mark_sensitive(Surroundings& where, Product& product, std::string_view category,
                    std::string_view url, const Playbook& playbook);

// What context.consent tells, the stricter answer of:
//   categoryPreferences  true = granted, false = refused, "objected", "asked"; any other value of a
//                        purpose we know counts as refused, other purposes are not guessed at;
//                        true grants no e-mail
//   tcString, gpp        text: decode_tc_string, decode_gpp
//   google               object of text: google_consent
//   email                true or "granted", "objected", "asked"; anything else refuses
//   directMarketing      "objected" (or anything): e-mail, sharing and personalization are
// Of all but the first an absent, null or empty one tells nothing. A string or object that cannot
// be read counts as unreadable_consent(): it fails closed. `text` (or `textHash`, its hash in hex)
// is what the visitor was shown.
ConsentSignal consent_of(const json::object& context);

}  // namespace tact

// What is about a sensitive topic (playbook: guards.yaml, sensitive).
#pragma once

#include <string_view>
#include <vector>

#include "event/event.h"
#include "playbook/playbook.h"

namespace tact::internal {

// Cost: O(patterns) and little for most of them: 2 to 3 µs for a page view, with what is built in.
bool is_sensitive_category(std::string_view category, const std::vector<SensitiveTopic>& topics);
bool is_sensitive_page(std::string_view path, const std::vector<SensitiveTopic>& topics);
bool is_sensitive_search(std::string_view words, const std::vector<SensitiveTopic>& topics);

// Marks each product by its category, or because the page about it is sensitive, and the
// surroundings if anything is: page, products, category, search or campaign.
void mark_sensitive(Event& event, const std::vector<SensitiveTopic>& topics);
void mark_sensitive(Surroundings& where, Product& product, std::string_view category,
                    std::string_view search, const std::vector<SensitiveTopic>& topics);

}  // namespace tact::internal

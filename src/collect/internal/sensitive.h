// What is about a sensitive topic (playbook: guards.yaml, sensitive).
#pragma once

#include <string_view>

#include "event/event.h"
#include "playbook/playbook.h"

namespace tact::internal {

// Cost: for each word of the text, the patterns that begin with its first two letters.
bool is_sensitive_category(std::string_view category, const SensitiveWords& sensitive);
bool is_sensitive_page(std::string_view path, const SensitiveWords& sensitive);
bool is_sensitive_search(std::string_view words, const SensitiveWords& sensitive);

// Marks each product by its category, or because the page about it is sensitive, and the
// surroundings if anything is: page, products, category, search or campaign.
void mark_sensitive(Event& event, const SensitiveWords& sensitive);
void mark_sensitive(Surroundings& where, Product& product, std::string_view category,
                    std::string_view search, const SensitiveWords& sensitive);

}  // namespace tact::internal

// `where:` of signals and segments → Expression.
#pragma once

#include <string>
#include <string_view>

#include "playbook/playbook.h"

namespace tact::playbook_internal {

inline constexpr std::size_t kLongestExpression = 500;

struct ExpressionError {
  std::size_t offset = 0;  // byte in the text
  std::string rule, message, suggestion;
};

// What the fields name: an event's properties (signals), or facts about the customer (segments).
enum class ExpressionOver : std::uint8_t { kEvent, kCustomer };

// False: `error` is set. At most kLongestExpression bytes and 16 levels of parentheses and `not`.
bool parse_expression_text(std::string_view text, ExpressionOver over, Expression& expression,
                           ExpressionError& error);

}  // namespace tact::playbook_internal

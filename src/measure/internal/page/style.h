// The style sheet of the page: the tokens of the console, dark by the reader's preference and never
// on paper.
#pragma once

#include <string_view>

namespace tact::internal::page {

std::string_view page_style();

}  // namespace tact::internal::page

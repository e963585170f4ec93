// The style sheet of the charts; the page's tokens (--ink, --calm …) give it its colours.
#pragma once

#include <string_view>

namespace tact::internal::charts {

std::string_view style_sheet();

}  // namespace tact::internal::charts

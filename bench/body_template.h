// Request bodies that differ: the same bytes again and again would measure the dedupe, not the
// engine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// {{visitor}} and {{visitor:K}}: the K-th visitor of this request (K in 0…99, without K the 0th),
// drawn evenly
//   from the visitors, distinct within a request while there are enough of them.
// {{message}}: a text that occurs once in all runs of the process seed. {{request}}: the request's
// number.
// {{now}}: the time of the request, RFC 3339 in UTC with milliseconds.
class BodyTemplate {
 public:
  // Ends the program on an unknown placeholder.
  BodyTemplate(std::string_view text, std::uint64_t visitors, std::uint64_t seed);

  // Replaces the contents of `out` by the body of the next request.
  void next(std::string& out);

 private:
  enum class Kind { kText, kVisitor, kMessage, kRequest, kNow };
  struct Piece {
    Kind kind;
    std::string text;       // kText
    std::uint64_t which{};  // kVisitor
  };

  std::uint64_t random();

  std::vector<Piece> pieces_;
  std::uint64_t visitors_;
  std::uint64_t seed_;
  std::uint64_t state_;
  std::uint64_t requests_ = 0;
  std::uint64_t messages_ = 0;
};

}  // namespace bench

// What every chart of the HTML report is made of: coordinates, scales, and the frame with its
// title, its description in words and its table. Plain values in, text out; no dependency on a
// report.
//
// Drawings fit any width without a script: x is in percent of the width or in the stretched
// coordinates of a Plot, y in pixels; only words have a size. Numbers are written without a locale,
// so the same values give the same bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tact::internal::charts {

// What a mark means; the class of its CSS. Never told by colour alone: shape, dash or words say it
// too.
enum class Tone { kHelps, kHurts, kOpen, kPlain, kCredit };
std::string_view css_of(Tone tone);

std::string escape(std::string_view text);  // for text, and for attributes in double quotes
std::string coordinate(double pixels);      // two decimals at most: "12.5"; not finite: "0"
std::string percent_at(double share);       // "12.5%", held within 0 and 1

// Values to a share of the drawing, 0 to 1 inside it.
class Scale {
 public:
  Scale(double from, double to);  // an empty or broken span becomes one of length 1
  double share(double value) const { return (value - from_) / (to_ - from_); }
  double from() const { return from_; }
  double to() const { return to_; }

 private:
  double from_, to_;
};

// Over the finite values and zero, with air (a share of the span) where they do not end at zero.
Scale scale_with_zero(const std::vector<double>& values, double air);
// Round numbers (1, 2 or 5 times a power of ten) within the scale, `at_most` of them or fewer.
std::vector<double> ticks(const Scale& scale, int at_most);
// Digits after the point that tell these ticks apart.
int tick_digits(const std::vector<double>& ticks);

struct Frame {
  std::string id;       // unique in the page; letters, digits and "-"
  std::string title;    // of the chart, for who cannot see it
  std::string says;     // what it shows, in words
  std::string caption;  // above the chart; may be empty
};

// The same numbers as a table, below every chart. All rows as long as the head.
struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

// <svg role="img"> with title and description; `attributes` are markup.
std::string svg_start(const Frame& frame, std::string_view attributes);
// The figure around a drawing (markup): caption, drawing, table.
std::string figure(const Frame& frame, std::string_view css, const std::string& drawing,
                   const Table& table);
std::string table_markup(const Table& table);

// A mark at (x percent, y pixels): 0 circle, 1 square, 2 diamond, 3 triangle, and again.
std::string marker(int shape, double share, double y, std::string_view css);
std::string text_at(double share, double y, std::string_view anchor, std::string_view css,
                    std::string_view text);

}  // namespace tact::internal::charts

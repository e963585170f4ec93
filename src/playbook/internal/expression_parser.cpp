#include "playbook/internal/expression_parser.h"

#include <charconv>
#include <cmath>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/limit_depth.hpp>

#include "playbook/compile.h"
#include "playbook/internal/did_you_mean.h"
#include "playbook/internal/values.h"
#include "playbook/internal/yaml_reader.h"

namespace tact::playbook_internal {
namespace {

namespace pegtl = tao::pegtl;
using Op = Expression::Op;

// or = and {"or" and}; and = not {"and" not}; not = "not" not | "(" or ")" | comparison
namespace grammar {
// clang-format off
struct spaces : pegtl::star<pegtl::space> {};
template <typename R> struct token : pegtl::seq<R, spaces> {};
struct word_end : pegtl::not_at<pegtl::sor<pegtl::alnum, pegtl::one<'_', '.'>>> {};
struct kw_and : token<pegtl::seq<TAO_PEGTL_STRING("and"), word_end>> {};
struct kw_or : token<pegtl::seq<TAO_PEGTL_STRING("or"), word_end>> {};
struct kw_not : token<pegtl::seq<TAO_PEGTL_STRING("not"), word_end>> {};
struct keyword : pegtl::sor<kw_and, kw_or, kw_not> {};

struct field : pegtl::seq<pegtl::not_at<keyword>, pegtl::list<pegtl::identifier, pegtl::one<'.'>>> {};
struct equal : TAO_PEGTL_STRING("==") {};
struct not_equal : TAO_PEGTL_STRING("!=") {};
struct less_equal : TAO_PEGTL_STRING("<=") {};
struct less : pegtl::one<'<'> {};
struct greater_equal : TAO_PEGTL_STRING(">=") {};
struct greater : pegtl::one<'>'> {};
struct contains : pegtl::seq<TAO_PEGTL_STRING("contains"), word_end> {};
struct comparator : token<pegtl::sor<equal, not_equal, less_equal, less, greater_equal, greater, contains>> {};

struct digits : pegtl::plus<pegtl::digit> {};
struct number : pegtl::seq<pegtl::opt<pegtl::one<'-'>>, digits, pegtl::opt<pegtl::one<'.'>, digits>, word_end> {};
struct true_ : pegtl::seq<TAO_PEGTL_STRING("true"), word_end> {};
struct false_ : pegtl::seq<TAO_PEGTL_STRING("false"), word_end> {};
struct double_quoted : pegtl::star<pegtl::not_one<'"'>> {};
struct single_quoted : pegtl::star<pegtl::not_one<'\''>> {};
struct string : pegtl::sor<
    pegtl::if_must<pegtl::one<'"'>, double_quoted, pegtl::one<'"'>>,
    pegtl::if_must<pegtl::one<'\''>, single_quoted, pegtl::one<'\''>>> {};
struct literal : token<pegtl::sor<number, true_, false_, string>> {};

struct named_double : pegtl::plus<pegtl::not_one<'"'>> {};
struct named_single : pegtl::plus<pegtl::not_one<'\''>> {};
struct name : token<pegtl::sor<
    pegtl::seq<pegtl::one<'"'>, named_double, pegtl::one<'"'>>,
    pegtl::seq<pegtl::one<'\''>, named_single, pegtl::one<'\''>>>> {};
struct closing : token<pegtl::one<')'>> {};
struct of_name : pegtl::if_must<token<pegtl::one<'('>>, name, closing> {};
struct comparison : pegtl::if_must<token<field>, pegtl::opt<of_name>, comparator, literal> {};
struct or_expression;
struct parentheses : pegtl::if_must<token<pegtl::one<'('>>, or_expression, closing> {};
struct operand;
struct negation : pegtl::if_must<kw_not, operand> {};
struct operand : pegtl::sor<parentheses, negation, comparison> {};
struct and_tail : pegtl::if_must<kw_and, operand> {};
struct and_expression : pegtl::seq<operand, pegtl::star<and_tail>> {};
struct or_tail : pegtl::if_must<kw_or, and_expression> {};
struct or_expression : pegtl::seq<and_expression, pegtl::star<or_tail>> {};
struct whole : pegtl::seq<spaces, pegtl::must<or_expression>, pegtl::must<pegtl::eof>> {};
// clang-format on
}  // namespace grammar

struct State {
  Expression comparison;          // being read
  std::vector<Expression> stack;  // finished operands

  void combine(Op op) {
    Expression right = std::move(stack.back());
    stack.pop_back();
    Expression left = std::move(stack.back());
    stack.pop_back();
    if (left.op != op) {
      Expression chain;
      chain.op = op;
      chain.children.push_back(std::move(left));
      left = std::move(chain);
    }
    left.children.push_back(std::move(right));
    stack.push_back(std::move(left));
  }
};

template <typename Rule>
struct action : pegtl::nothing<Rule> {};
template <>
struct action<grammar::or_expression> : pegtl::limit_depth<16> {};
template <>
struct action<grammar::operand> : pegtl::limit_depth<16> {};

template <>
struct action<grammar::field> {
  template <typename Input>
  static void apply(const Input& in, State& state) {
    state.comparison = Expression{};
    state.comparison.field = in.string();
  }
};

struct set_about {
  template <typename Input>
  static void apply(const Input& in, State& state) {
    state.comparison.about = in.string();
  }
};
template <>
struct action<grammar::named_double> : set_about {};
template <>
struct action<grammar::named_single> : set_about {};

template <Op op>
struct set_op {
  static void apply0(State& state) { state.comparison.op = op; }
};
template <>
struct action<grammar::equal> : set_op<Op::kEqual> {};
template <>
struct action<grammar::not_equal> : set_op<Op::kNotEqual> {};
template <>
struct action<grammar::less> : set_op<Op::kLess> {};
template <>
struct action<grammar::less_equal> : set_op<Op::kLessEqual> {};
template <>
struct action<grammar::greater> : set_op<Op::kGreater> {};
template <>
struct action<grammar::greater_equal> : set_op<Op::kGreaterEqual> {};
template <>
struct action<grammar::contains> : set_op<Op::kContains> {};

template <>
struct action<grammar::number> {
  template <typename Input>
  static void apply(const Input& in, State& state) {
    double value = 0;
    const std::string text = in.string();
    std::from_chars(text.data(), text.data() + text.size(), value);
    if (!std::isfinite(value)) value = 0;
    state.comparison.literal = value;
  }
};
template <>
struct action<grammar::true_> {
  static void apply0(State& state) { state.comparison.literal = true; }
};
template <>
struct action<grammar::false_> {
  static void apply0(State& state) { state.comparison.literal = false; }
};
struct set_text {
  template <typename Input>
  static void apply(const Input& in, State& state) {
    state.comparison.literal = in.string();
  }
};
template <>
struct action<grammar::double_quoted> : set_text {};
template <>
struct action<grammar::single_quoted> : set_text {};

template <>
struct action<grammar::comparison> {
  static void apply0(State& state) { state.stack.push_back(std::move(state.comparison)); }
};
template <>
struct action<grammar::negation> {
  static void apply0(State& state) {
    Expression negated;
    negated.op = Op::kNot;
    negated.children.push_back(std::move(state.stack.back()));
    state.stack.back() = std::move(negated);
  }
};
template <>
struct action<grammar::and_tail> {
  static void apply0(State& state) { state.combine(Op::kAnd); }
};
template <>
struct action<grammar::or_tail> {
  static void apply0(State& state) { state.combine(Op::kOr); }
};

// What a rule that failed would have needed.
template <typename Rule>
inline constexpr const char* kNeeded = "a comparison, such as seconds >= 30";
template <>
inline constexpr const char* kNeeded<grammar::comparator> = "one of == != < <= > >= contains";
template <>
inline constexpr const char* kNeeded<grammar::literal> = "a number, \"text\", true or false";
template <>
inline constexpr const char* kNeeded<grammar::name> = "a name in quotes";
template <>
inline constexpr const char* kNeeded<grammar::closing> = "a closing parenthesis";
template <>
inline constexpr const char* kNeeded<pegtl::one<'"'>> = "a closing quote";
template <>
inline constexpr const char* kNeeded<pegtl::one<'\''>> = "a closing quote";
template <>
inline constexpr const char* kNeeded<pegtl::eof> = "\"and\", \"or\", or the end";

template <typename Rule>
struct control : pegtl::normal<Rule> {
  template <typename Input, typename... States>
  [[noreturn]] static void raise(const Input& in, States&&...) {
    throw pegtl::parse_error(std::string(kNeeded<Rule>), in);
  }
};

constexpr std::string_view kAffinity = "affinity.";

// affinity.KIND("NAME") against a number; nothing else takes a name.
bool read_affinity(Expression& expression, ExpressionOver over, std::string& message,
                   std::string& suggestion) {
  const std::string_view kind = std::string_view(expression.field).substr(kAffinity.size());
  std::vector<std::string> known;
  for (std::size_t i = 0; i < kInterestKinds; ++i) {
    known.emplace_back(to_string(static_cast<InterestKind>(i)));
    if (kind == known.back()) expression.affinity = static_cast<InterestKind>(i);
  }
  if (over == ExpressionOver::kEvent) {
    message = "\"" + expression.field + "\" is about the visitor, and a signal is an event";
    suggestion = "define a segment, and ask for it in the moment: in SEGMENT";
  } else if (!expression.affinity) {
    message = "there is no \"" + expression.field + "\"";
    suggestion = did_you_mean(kind, known);
  } else if (expression.about.empty()) {
    message = "\"" + expression.field + "\" does not say of what";
    suggestion = expression.field + "(\"name\") >= 0.3";
  } else if (!std::holds_alternative<double>(expression.literal)) {
    message = "\"" + expression.field + "\" is a number from 0 to 1";
    suggestion = expression.field + "(\"" + expression.about + "\") >= 0.3";
  }
  return message.empty();
}

bool check_field(const std::string& field, ExpressionOver over, std::string& message,
                 std::string& suggestion) {
  for (const std::string_view later : {"visitor.", "segment."}) {
    if (!field.starts_with(later)) continue;
    message = "\"" + field + "\" is not supported by this version";
    suggestion = over == ExpressionOver::kEvent ? "name a property of the event" : "customer.NAME";
    return false;
  }
  const bool about_customer = field.starts_with(kCustomer);
  if (about_customer == (over == ExpressionOver::kCustomer)) return true;
  message = about_customer ? "\"" + field + "\" is about the customer, and a signal is an event"
                           : "\"" + field + "\" does not say of whom: a segment is about customers";
  suggestion = about_customer ? "define a segment, and ask for it in the moment: in SEGMENT"
                              : "customer." + field;
  return false;
}

// Comparisons that can never be true, and fields of later versions.
bool check(Expression& expression, ExpressionOver over, std::string& message,
           std::string& suggestion) {
  for (Expression& child : expression.children) {
    if (!check(child, over, message, suggestion)) return false;
  }
  if (expression.field.empty()) return true;
  if (expression.field.starts_with(kAffinity))
    return read_affinity(expression, over, message, suggestion);
  if (!expression.about.empty()) {
    message = "\"" + expression.field + "\" takes no name in parentheses";
    suggestion = "affinity.category(\"" + expression.about + "\") >= 0.3";
    return false;
  }
  if (!check_field(expression.field, over, message, suggestion)) return false;
  const bool ordered = expression.op >= Op::kLess && expression.op <= Op::kGreaterEqual;
  if (ordered && !std::holds_alternative<double>(expression.literal)) {
    message = "\"" + expression.field + "\" can be less or greater than a number only";
    return false;
  }
  if (expression.op == Op::kContains && !std::holds_alternative<std::string>(expression.literal)) {
    message = "\"contains\" needs a text";
    suggestion = expression.field + " contains \"…\"";
    return false;
  }
  return true;
}

}  // namespace

bool parse_expression_text(std::string_view text, ExpressionOver over, Expression& expression,
                           ExpressionError& error) {
  error = {0, "expression", "", ""};
  if (text.size() > kLongestExpression) {
    error.message = "an expression has at most 500 characters";
    return false;
  }
  if (find_unreadable(text) != std::string_view::npos) {
    error.message = "this is not UTF-8 text";
    return false;
  }
  State state;
  try {
    pegtl::memory_input<pegtl::tracking_mode::eager, pegtl::eol::lf> in(
        text.data(), text.data() + text.size(), "where");
    if (!pegtl::parse<grammar::whole, action, control>(in, state) || state.stack.size() != 1) {
      error.message = "this is not an expression";
      return false;
    }
  } catch (const pegtl::parse_error& e) {
    error.offset = e.positions().empty() ? 0 : std::min(e.positions().front().byte, text.size());
    const std::string needed(e.message());
    const bool deep = needed.find("depth") != std::string::npos;
    error.message = deep ? "too many levels of parentheses" : "expected " + needed;
    if (!deep && text.substr(error.offset).starts_with("="))
      error.suggestion = "write == to compare";
    return false;
  } catch (const std::exception& e) {
    error.message = e.what();
    return false;
  }
  expression = std::move(state.stack.front());
  if (check(expression, over, error.message, error.suggestion)) return true;
  if (error.message.ends_with("this version")) error.rule = "not-supported";
  return false;
}

}  // namespace tact::playbook_internal

namespace tact {

Result<Expression> parse_expression(std::string_view text) {
  Expression expression;
  playbook_internal::ExpressionError error;
  if (playbook_internal::parse_expression_text(text, playbook_internal::ExpressionOver::kEvent,
                                               expression, error))
    return expression;
  if (!error.suggestion.empty()) error.message += " (" + error.suggestion + ")";
  const int column = playbook_internal::count_characters(text.substr(0, error.offset)) + 1;
  return make_error(ErrorCode::kInvalid, std::move(error.message), std::to_string(column));
}

}  // namespace tact

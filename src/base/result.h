// Result<T>: a value or an Error. Nothing in Tact throws across a module boundary.
// Member names follow std::expected (C++23), so that a later compiler can replace this file.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tact {

// What went wrong, in the few kinds a caller may act on. serve/problem.h maps them to HTTP, once.
enum class ErrorCode {
  kInvalid,       // the input is wrong; the same input will fail again
  kNotFound,      // what was asked for does not exist
  kUnauthorized,  // no or a wrong key
  kForbidden,     // the key may not do this
  kConflict,      // the state does not allow it now
  kTooLarge,      // over a documented limit
  kUnavailable,   // not now; retry
  kCorrupt,       // stored bytes are not what was written
  kExpired,       // it existed, and retention removed it
  kInternal,      // a bug of ours
};

std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // what happened and what to do
  std::string where;    // file:line:column, route, key, … — empty if it does not help

  std::string to_text() const;  // "where: message"
};

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(const T& value) : state_(std::in_place_index<0>, value) {}          // NOLINT: implicit
  Result(T&& value) : state_(std::in_place_index<0>, std::move(value)) {}    // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  // Precondition of value(), * and ->: has_value(); of error(): !has_value(). Checked always.
  T& value() & { return *require(std::get_if<0>(&state_)); }
  const T& value() const& { return *require(std::get_if<0>(&state_)); }
  T&& value() && { return std::move(*require(std::get_if<0>(&state_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() & { return *require(std::get_if<1>(&state_)); }
  const Error& error() const& { return *require(std::get_if<1>(&state_)); }
  Error&& error() && { return std::move(*require(std::get_if<1>(&state_))); }
  T value_or(T other) const& { return has_value() ? value() : std::move(other); }

 private:
  template <typename P>
  static P* require(P* pointer) {
    if (pointer == nullptr) {
      std::fputs("Result: wrong alternative read\n", stderr);
      std::abort();
    }
    return pointer;
  }
  std::variant<T, Error> state_;
};

struct Unit {};
using Status = Result<Unit>;
inline Status ok() { return Unit{}; }

inline Error make_error(ErrorCode code, std::string message, std::string where = {}) {
  return Error{code, std::move(message), std::move(where)};
}

}  // namespace tact

// Evaluates a Result expression; returns its error from the enclosing function, or goes on.
#define TACT_TRY(expression)                                     \
  do {                                                           \
    if (auto tact_try_ = (expression); !tact_try_.has_value()) { \
      return std::move(tact_try_).error();                       \
    }                                                            \
  } while (false)

#define TACT_CONCAT_INNER(a, b) a##b
#define TACT_CONCAT(a, b) TACT_CONCAT_INNER(a, b)
// TACT_ASSIGN(auto x, f()): declares x with the value of f(), or returns its error.
#define TACT_ASSIGN(declaration, expression) \
  TACT_ASSIGN_IMPL(TACT_CONCAT(tact_result_, __LINE__), declaration, expression)
#define TACT_ASSIGN_IMPL(result, declaration, expression)    \
  auto result = (expression);                                \
  if (!result.has_value()) return std::move(result).error(); \
  declaration = std::move(result).value()

// For programmer errors only; always on. Input, playbooks and disk bytes never reach it.
#define CHECK(condition)                                                                  \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      std::fprintf(stderr, "CHECK failed: %s (%s:%d)\n", #condition, __FILE__, __LINE__); \
      std::abort();                                                                       \
    }                                                                                     \
  } while (false)

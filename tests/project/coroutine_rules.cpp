// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Shapes tried on GCC 12.2: awaiting in a condition stalls or traps, owning aggregates, closures and
// ?: temporaries inside a co_await are destroyed twice. tests/rt/coroutine_shapes_test.cpp holds what
// to write instead. The check reads text, not C++: where it cannot tell, it asks for a name.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>
#include <utility>

#include "project/source_rules.hpp"

namespace fmrx::project {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t find_word(std::string_view code, std::string_view word, std::size_t from = 0) {
  for (std::size_t at = code.find(word, from); at != kNone; at = code.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(code[at - 1])) && (end == code.size() || !is_word(code[end]))) return at;
  }
  return kNone;
}

std::size_t skip_space(std::string_view code, std::size_t at) {
  while (at < code.size() && is_space(code[at])) ++at;
  return at;
}

/// The bracket that closes the one at `open`, of whichever kind; the end if there is none.
std::size_t closing(std::string_view code, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < code.size(); ++at) {
    if (code[at] == '(' || code[at] == '[' || code[at] == '{') ++depth;
    if (code[at] == ')' || code[at] == ']' || code[at] == '}') --depth;
    if (depth == 0) return at;
  }
  return code.size();
}

struct Lambda {
  std::string_view capture;
  std::size_t body_begin;
  std::size_t body_end;
};

/// Tells a lambda's "[" from a subscript's and an attribute's by what stands before it.
bool may_begin_lambda(std::string_view code, std::size_t bracket) {
  if (bracket + 1 < code.size() && code[bracket + 1] == '[') return false;
  std::size_t end = bracket;
  while (end > 0 && is_space(code[end - 1])) --end;
  if (end == 0) return true;
  if (code[end - 1] == ')' || code[end - 1] == ']' || code[end - 1] == '[') return false;
  std::size_t begin = end;
  while (begin > 0 && is_word(code[begin - 1])) --begin;
  constexpr std::array<std::string_view, 5> kBeforeExpression{"", "return", "co_return", "co_await",
                                                              "co_yield"};
  return std::ranges::find(kBeforeExpression, code.substr(begin, end - begin)) != kBeforeExpression.end();
}

/// From behind the capture to the "{" of the body, past parameters, specifiers and return type.
std::optional<std::size_t> find_body(std::string_view code, std::size_t at) {
  constexpr std::string_view kOfSpecifiers = "<>:,*&-";
  while (at < code.size() && code[at] != '{') {
    if (code[at] == '(') {
      at = closing(code, at);
    } else if (!is_word(code[at]) && !is_space(code[at]) && kOfSpecifiers.find(code[at]) == kNone) {
      return std::nullopt;
    }
    ++at;
  }
  if (at >= code.size()) return std::nullopt;
  return at;
}

std::vector<Lambda> find_lambdas(std::string_view code) {
  std::vector<Lambda> lambdas;
  for (std::size_t open = code.find('['); open != kNone; open = code.find('[', open + 1)) {
    if (!may_begin_lambda(code, open)) continue;
    const std::size_t close = closing(code, open);
    if (close >= code.size()) continue;
    const std::size_t next = skip_space(code, close + 1);
    const bool introduces =
        next < code.size() && (code[next] == '(' || code[next] == '{' || code[next] == '<' ||
                               code[next] == '-' || code.substr(next).starts_with("mutable"));
    if (!introduces) continue;
    if (const auto body = find_body(code, next)) {
      lambdas.push_back({code.substr(open + 1, close - open - 1), *body, closing(code, *body)});
    }
  }
  return lambdas;
}

/// Closures that hold only references and pointers own nothing.
bool captures_by_value(std::string_view capture) {
  for (std::size_t begin = 0; begin < capture.size();) {
    const std::size_t end = std::min(capture.find(',', begin), capture.size());
    std::string_view item = capture.substr(begin, end - begin);
    while (!item.empty() && is_space(item.front())) item.remove_prefix(1);
    while (!item.empty() && is_space(item.back())) item.remove_suffix(1);
    if (!item.empty() && item.front() != '&' && item != "this") return true;
    begin = end + 1;
  }
  return false;
}

bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, is_space);
}

/// Collects by position, reports by line.
class Report {
 public:
  explicit Report(std::string_view code) : code_(code) {}

  void add(std::size_t position, std::string what) { found_.emplace_back(position, std::move(what)); }

  [[nodiscard]] Findings by_line() {
    std::ranges::sort(found_);
    Findings findings;
    for (const auto& [position, what] : found_) {
      const auto line = 1 + std::ranges::count(code_.substr(0, position), '\n');
      findings.push_back(std::to_string(line) + ": " + what);
    }
    return findings;
  }

 private:
  std::string_view code_;
  std::vector<std::pair<std::size_t, std::string>> found_;
};

void check_conditions(std::string_view code, Report& report) {
  for (const std::string_view keyword : {"if", "while", "for", "switch"}) {
    for (std::size_t at = find_word(code, keyword); at != kNone; at = find_word(code, keyword, at + 1)) {
      std::size_t open = skip_space(code, at + keyword.size());
      if (code.substr(open).starts_with("constexpr")) open = skip_space(code, open + 9);
      if (open >= code.size() || code[open] != '(') continue;
      const std::string_view condition = code.substr(open, closing(code, open) - open);
      if (find_word(condition, "co_await") != kNone || find_word(condition, "co_yield") != kNone) {
        report.add(at,
                   "awaits inside the parentheses of '" + std::string(keyword) + "': name the result first");
      }
    }
  }
}

void check_yields(std::string_view code, Report& report) {
  for (std::size_t at = find_word(code, "co_yield"); at != kNone; at = find_word(code, "co_yield", at + 1)) {
    const std::size_t end = code.find_first_of("{(;", at);
    if (end != kNone && code[end] == '{') report.add(at, "co_yield of a braced value: yield a variable");
  }
}

void check_capturing_coroutines(std::string_view code, const std::vector<Lambda>& lambdas, Report& report) {
  for (const std::string_view keyword : {"co_await", "co_yield", "co_return"}) {
    for (std::size_t at = find_word(code, keyword); at != kNone; at = find_word(code, keyword, at + 1)) {
      const Lambda* innermost = nullptr;
      for (const Lambda& lambda : lambdas) {
        const bool encloses = lambda.body_begin < at && at < lambda.body_end;
        if (encloses && (innermost == nullptr || lambda.body_begin > innermost->body_begin)) {
          innermost = &lambda;
        }
      }
      if (innermost != nullptr && !is_blank(innermost->capture)) {
        report.add(at, "coroutine lambda with captures: pass parameters instead");
      }
    }
  }
}

/// One past the last character of the full expression around the co_await at `at`, from there on.
std::size_t end_of_expression(std::string_view code, std::size_t at) {
  for (; at < code.size() && code[at] != ';' && code[at] != '}'; ++at) {
    if (code[at] == '(' || code[at] == '[' || code[at] == '{') at = closing(code, at);
  }
  return std::min(at, code.size());
}

void check_temporaries(std::string_view code, const std::vector<Lambda>& lambdas, Report& report) {
  for (std::size_t at = find_word(code, "co_await"); at != kNone; at = find_word(code, "co_await", at + 1)) {
    const std::size_t end = end_of_expression(code, at);
    std::string expression(code.substr(at, end - at));
    for (const Lambda& lambda : lambdas) {
      if (lambda.body_begin < at || lambda.body_begin >= end) continue;
      if (captures_by_value(lambda.capture)) {
        report.add(at, "closure with values inside a co_await expression: name it first");
      }
      const std::size_t body_end = std::min(lambda.body_end, end);
      std::ranges::fill(expression.begin() + static_cast<std::ptrdiff_t>(lambda.body_begin - at),
                        expression.begin() + static_cast<std::ptrdiff_t>(body_end - at), ' ');
    }
    for (std::size_t brace = expression.find('{'); brace != kNone; brace = expression.find('{', brace + 1)) {
      const std::size_t next = skip_space(expression, brace + 1);
      if (next < expression.size() && expression[next] == '.') {
        report.add(at, "aggregate inside a co_await expression: name it first");
      }
    }
    if (expression.find('?') != kNone) report.add(at, "'?:' inside a co_await expression: name it first");
  }
}

}  // namespace

Findings check_coroutine_shapes(std::string_view text) {
  const std::string code = without_comments_and_literals(text);
  const std::vector<Lambda> lambdas = find_lambdas(code);
  Report report(code);
  check_conditions(code, report);
  check_yields(code, report);
  check_capturing_coroutines(code, lambdas, report);
  check_temporaries(code, lambdas, report);
  return report.by_line();
}

}  // namespace fmrx::project

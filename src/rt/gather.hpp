// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "rt/scope.hpp"
#include "rt/task.hpp"

namespace fmrx::rt {

namespace detail {

template <class T>
using Gathered = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
Task<void> store_result(Task<T> task, std::optional<Gathered<T>>& result) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(task);
    result.emplace();
  } else {
    result.emplace(co_await std::move(task));
  }
}

template <class... T, std::size_t... Index>
void spawn_all(Scope& scope, std::tuple<Task<T>...>& tasks,
               std::tuple<std::optional<Gathered<T>>...>& results, std::index_sequence<Index...>) {
  (scope.spawn(store_result<T>(std::move(std::get<Index>(tasks)), std::get<Index>(results))), ...);
}

template <class... T>
std::tuple<Gathered<T>...> unwrap(std::tuple<std::optional<Gathered<T>>...>& results) {
  return std::apply([](auto&... result) { return std::tuple<Gathered<T>...>(std::move(*result)...); },
                    results);
}

}  // namespace detail

/// Runs tasks beside each other and gives all their results, in order (std::monostate
/// for a task without one). The first error stops the others and is thrown.
template <class... T>
Task<std::tuple<detail::Gathered<T>...>> gather(Task<T>... tasks) {
  std::tuple<Task<T>...> waiting(std::move(tasks)...);
  std::tuple<std::optional<detail::Gathered<T>>...> results;
  Scope scope;
  detail::spawn_all<T...>(scope, waiting, results, std::index_sequence_for<T...>{});
  co_await scope.join();
  co_return detail::unwrap<T...>(results);
}

}  // namespace fmrx::rt

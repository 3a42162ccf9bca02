// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

namespace fmrx::rds {

/// A value that a wrong block shall not change: another one counts when it came twice in a row.
template <class T>
class Debounced {
 public:
  const std::optional<T>& take(T value) {
    if (!value_ || candidate_ == value) {
      value_ = value;
    }
    candidate_ = value;
    return value_;
  }

  [[nodiscard]] const std::optional<T>& value() const { return value_; }

 private:
  std::optional<T> value_;
  std::optional<T> candidate_;
};

}  // namespace fmrx::rds

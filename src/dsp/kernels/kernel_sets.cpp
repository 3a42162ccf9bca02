// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/kernels/kernel_sets.hpp"

#include <array>
#include <cstddef>

#include "base/tile_registers.hpp"

namespace fmrx::dsp {

extern const Kernels kernels_baseline;
#ifdef __x86_64__
extern const Kernels kernels_avx2;
extern const Kernels kernels_avx512;
extern const Kernels kernels_avx512vnni;
extern const Kernels kernels_amx;
#endif

namespace {

class Sets {
 public:
  Sets() {
    add(kernels_baseline);
#ifdef __x86_64__
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    if (avx2) add(kernels_avx2);
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") != 0 &&
                        __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                        __builtin_cpu_supports("avx512vl") != 0;
    if (avx512) add(kernels_avx512);
    const bool vnni = avx512 && __builtin_cpu_supports("avx512vnni") != 0;
    if (vnni) add(kernels_avx512vnni);
    const bool amx =
        vnni && __builtin_cpu_supports("amx-tile") != 0 && __builtin_cpu_supports("amx-int8") != 0;
    if (amx && ask_for_tile_registers()) add(kernels_amx);
#endif
  }

  [[nodiscard]] std::span<const Kernels* const> all() const {
    return {sets_.data(), count_};
  }

 private:
  void add(const Kernels& set) {
    sets_[count_++] = &set;
  }

  std::array<const Kernels*, 5> sets_{};
  std::size_t count_ = 0;
};

}  // namespace

std::span<const Kernels* const> available_kernels() {
  static const Sets sets;
  return sets.all();
}

const Kernels* find_kernels(std::string_view name) {
  for (const Kernels* const set : available_kernels())
    if (name == set->name) return set;
  return nullptr;
}

const Kernels& best_kernels() {
  return *available_kernels().back();
}

}  // namespace fmrx::dsp

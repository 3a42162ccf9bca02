// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Compiled once for each instruction set, with the compiler's options for it and
// FMRX_KERNEL_SET, the last part of the table's name.
#include "dsp/kernels/clip_kernel.hpp"
#include "dsp/kernels/demodulator_kernel.hpp"
#include "dsp/kernels/discriminator_kernel.hpp"
#include "dsp/kernels/filter_kernel.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/spike_kernel.hpp"
#include "dsp/kernels/tuner_kernel.hpp"

namespace fmrx::dsp {
namespace {

#if defined(__AMX_INT8__)
constexpr const char* kName = "amx";
#elif defined(__AVX512VNNI__)
constexpr const char* kName = "avx512vnni";
#elif defined(__AVX512F__)
constexpr const char* kName = "avx512";
#elif defined(__AVX2__)
constexpr const char* kName = "avx2";
#elif defined(__SSE2__)
constexpr const char* kName = "sse2";
#elif defined(__aarch64__)
constexpr const char* kName = "neon";
#else
constexpr const char* kName = "generic";
#endif

#if defined(__AMX_INT8__)
constexpr Cu8Arithmetic kCu8Arithmetic = Cu8Arithmetic::tiles;
#elif defined(FMRX_HAS_PAIRS)
constexpr Cu8Arithmetic kCu8Arithmetic = Cu8Arithmetic::pairs;
#else
constexpr Cu8Arithmetic kCu8Arithmetic = Cu8Arithmetic::floats;
#endif

float spin(std::size_t count) {
  constexpr std::size_t kChains = 12;  // enough for a latency of 4 and two units; fewer than registers
  Floats sum[kChains];
#pragma GCC unroll 12
  for (std::size_t n = 0; n < kChains; ++n) sum[n] = splat(static_cast<float>(n));
  const Floats half = splat(0.5F);
  const Floats one = splat(1.0F);
  for (std::size_t done = 0; done < count; done += kChains * kLanes)
#pragma GCC unroll 12
    for (std::size_t n = 0; n < kChains; ++n) sum[n] = multiply_add(sum[n], half, one);
  Floats total = {};
#pragma GCC unroll 12
  for (std::size_t n = 0; n < kChains; ++n) total += sum[n];
  return total[0];
}

}  // namespace

#define FMRX_JOIN(a, b) a##b
#define FMRX_TABLE(set) FMRX_JOIN(kernels_, set)

extern const Kernels FMRX_TABLE(FMRX_KERNEL_SET);
const Kernels FMRX_TABLE(FMRX_KERNEL_SET) = {kName,      kCu8Arithmetic, tune,     filter,    filter_complex,
                                             dot,        discriminate,   dot_pair, dot_pairs, demodulate,
                                             take_spike, any_at_end,     spin};

}  // namespace fmrx::dsp

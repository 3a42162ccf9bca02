// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

// Included by kernel files only, which are compiled once for each instruction set:
// everything here is theirs alone, so that no linker puts code for a newer processor
// into the rest of the program.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace fmrx::dsp {
namespace {

/// Floats that one register holds.
#if defined(__AVX512F__)
constexpr std::size_t kLanes = 16;
#elif defined(__AVX2__)
constexpr std::size_t kLanes = 8;
#else
constexpr std::size_t kLanes = 4;
#endif

constexpr std::size_t kVector_bytes = kLanes * sizeof(float);

using Floats [[gnu::vector_size(kVector_bytes)]] = float;
using Ints [[gnu::vector_size(kVector_bytes)]] = std::int32_t;
using Bytes [[gnu::vector_size(kVector_bytes)]] = std::uint8_t;

inline Floats load(const float* from) {
  Floats to;
  std::memcpy(&to, from, sizeof to);
  return to;
}

inline void store(float* to, Floats from) {
  std::memcpy(to, &from, sizeof from);
}

inline Floats splat(float value) {
#if defined(__AVX512F__)
  return _mm512_set1_ps(value);
#elif defined(__AVX2__)
  return _mm256_set1_ps(value);
#else
  return Floats{value, value, value, value};
#endif
}

/// a * b + c, with one rounding where the processor can.
inline Floats multiply_add(Floats a, Floats b, Floats c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, c);
#elif defined(__AVX2__)
  return _mm256_fmadd_ps(a, b, c);
#elif defined(__aarch64__)
  return vfmaq_f32(c, a, b);
#else
  return a * b + c;
#endif
}

inline Ints bits(Floats x) {
  Ints y;
  std::memcpy(&y, &x, sizeof y);
  return y;
}

inline Floats from_bits(Ints x) {
  Floats y;
  std::memcpy(&y, &x, sizeof y);
  return y;
}

inline Floats magnitude(Floats x) {
  return from_bits(bits(x) & 0x7FFF'FFFF);
}

constexpr auto kSign_bit = static_cast<std::int32_t>(0x8000'0000);

/// `size`, which is not negative, with the sign of `sign`.
inline Floats with_sign(Floats size, Floats sign) {
  return from_bits(bits(size) | (bits(sign) & kSign_bit));
}

/// `from` - x where a < b, and x elsewhere.
inline Floats mirrored(Floats x, float from, Floats a, Floats b) {
#if defined(__AVX512F__)
  return a < b ? splat(from) - x : x;
#else
  // Before AVX-512 it costs more to choose than to compute.
  const Ints mirrors = a < b;
  return from_bits(bits(x) ^ (mirrors & kSign_bit)) + from_bits(mirrors & bits(splat(from)));
#endif
}

inline Bytes bytes(Floats x) {
  Bytes y;
  std::memcpy(&y, &x, sizeof y);
  return y;
}

inline Bytes smaller(Bytes a, Bytes b) {
#if defined(__AVX512BW__)
  return reinterpret_cast<Bytes>(_mm512_min_epu8(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#else
  return a < b ? a : b;
#endif
}

// Of numbers, these are one instruction each, which a comparison is not.
inline Floats smaller(Floats a, Floats b) {
#if defined(__AVX512F__)
  return _mm512_min_ps(a, b);
#elif defined(__AVX2__)
  return _mm256_min_ps(a, b);
#else
  return a < b ? a : b;
#endif
}

inline Floats larger(Floats a, Floats b) {
#if defined(__AVX512F__)
  return _mm512_max_ps(a, b);
#elif defined(__AVX2__)
  return _mm256_max_ps(a, b);
#else
  return a < b ? b : a;
#endif
}

inline Floats to_floats(Ints whole) {
  return __builtin_convertvector(whole, Floats);
}

#if defined(__AVX2__)
#define FMRX_HAS_PAIRS 1

/// Two 16-bit numbers in each lane.
#if defined(__AVX512F__)
using Pairs = __m512i;
#else
using Pairs = __m256i;
#endif

inline Pairs pairs(Floats bits) {
#if defined(__AVX512F__)
  return _mm512_castps_si512(bits);
#else
  return _mm256_castps_si256(bits);
#endif
}

inline Pairs load_pairs(const std::int32_t* from) {
  Pairs to;
  std::memcpy(&to, from, sizeof to);
  return to;
}

inline void store(std::int32_t* to, Pairs from) {
  std::memcpy(to, &from, sizeof from);
}

inline Pairs splat_pair(std::int32_t value) {
#if defined(__AVX512F__)
  return _mm512_set1_epi32(value);
#else
  return _mm256_set1_epi32(value);
#endif
}

inline Pairs sum(Pairs a, Pairs b) {
#if defined(__AVX512F__)
  return _mm512_add_epi16(a, b);
#else
  return _mm256_add_epi16(a, b);
#endif
}

inline Pairs difference(Pairs a, Pairs b) {
#if defined(__AVX512F__)
  return _mm512_sub_epi16(a, b);
#else
  return _mm256_sub_epi16(a, b);
#endif
}

/// a * b / 2^15, rounded.
inline Pairs scaled_product(Pairs a, Pairs b) {
#if defined(__AVX512F__)
  return _mm512_mulhrs_epi16(a, b);
#else
  return _mm256_mulhrs_epi16(a, b);
#endif
}

/// The low byte of each number as its high byte, and `ends` flipped.
inline Pairs low_bytes_up(Pairs x, Pairs ends) {
#if defined(__AVX512F__)
  return _mm512_xor_si512(_mm512_slli_epi16(x, 8), ends);
#else
  return _mm256_xor_si256(_mm256_slli_epi16(x, 8), ends);
#endif
}

/// What `mask` leaves of each number, and `ends` flipped.
inline Pairs masked(Pairs x, Pairs mask, Pairs ends) {
#if defined(__AVX512F__)
  return _mm512_xor_si512(_mm512_and_si512(x, mask), ends);
#else
  return _mm256_xor_si256(_mm256_and_si256(x, mask), ends);
#endif
}

/// Each number divided by 2^places.
template <int places>
inline Pairs divided(Pairs x) {
#if defined(__AVX512F__)
  return _mm512_srai_epi16(x, places);
#else
  return _mm256_srai_epi16(x, places);
#endif
}

/// Each lane's two products, added to its 32-bit sum.
inline Pairs multiply_add_pairs(Pairs a, Pairs b, Pairs sum) {
#if defined(__AVX512VNNI__)
  return _mm512_dpwssd_epi32(sum, a, b);
#elif defined(__AVX512F__)
  return _mm512_add_epi32(sum, _mm512_madd_epi16(a, b));
#else
  return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
#endif
}

inline Floats whole_to_floats(Pairs sums) {
#if defined(__AVX512F__)
  return _mm512_cvtepi32_ps(sums);
#else
  return _mm256_cvtepi32_ps(sums);
#endif
}
#endif

/// Halves are added, and halves of the sum, down to one number.
inline float sum_of_lanes(Floats x) {
#if defined(__AVX512F__)
  return _mm512_reduce_add_ps(x);
#elif defined(__AVX2__)
  __m128 sum = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
  sum = _mm_add_ss(sum, _mm_shuffle_ps(sum, sum, 1));
  return _mm_cvtss_f32(sum);
#else
  return (x[0] + x[2]) + (x[1] + x[3]);
#endif
}

/// Each lane's right neighbour, and `last` in the last lane.
inline Floats next_lanes(Floats x, float last) {
#if defined(__AVX512F__)
  const __m512i lasts = _mm512_castps_si512(splat(last));
  return _mm512_castsi512_ps(_mm512_alignr_epi32(lasts, _mm512_castps_si512(x), 1));
#elif defined(__AVX2__)
  const __m256i right = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0);
  return _mm256_blend_ps(_mm256_permutevar8x32_ps(x, right), splat(last), 0x80);
#else
  return __builtin_shufflevector(x, splat(last), 1, 2, 3, 4);
#endif
}

/// A square of registers, one row each; 32-bit elements of any kind.
using Square = std::array<Floats, kLanes>;

// Shuffles in two steps that every instruction set has: pairs of elements, or of pairs,
// within 128 bits, and then whole groups of 128 bits.
#if defined(__AVX512F__)
inline Floats low_elements(Floats a, Floats b) {
  return _mm512_unpacklo_ps(a, b);
}
inline Floats high_elements(Floats a, Floats b) {
  return _mm512_unpackhi_ps(a, b);
}
inline Floats low_pairs(Floats a, Floats b) {
  return _mm512_shuffle_ps(a, b, 0x44);
}
inline Floats high_pairs(Floats a, Floats b) {
  return _mm512_shuffle_ps(a, b, 0xEE);
}
inline Floats even_elements(Floats a, Floats b) {
  return _mm512_shuffle_ps(a, b, 0x88);
}
inline Floats odd_elements(Floats a, Floats b) {
  return _mm512_shuffle_ps(a, b, 0xDD);
}
#elif defined(__AVX2__)
inline Floats low_elements(Floats a, Floats b) {
  return _mm256_unpacklo_ps(a, b);
}
inline Floats high_elements(Floats a, Floats b) {
  return _mm256_unpackhi_ps(a, b);
}
inline Floats low_pairs(Floats a, Floats b) {
  return _mm256_shuffle_ps(a, b, 0x44);
}
inline Floats high_pairs(Floats a, Floats b) {
  return _mm256_shuffle_ps(a, b, 0xEE);
}
inline Floats even_elements(Floats a, Floats b) {
  return _mm256_shuffle_ps(a, b, 0x88);
}
inline Floats odd_elements(Floats a, Floats b) {
  return _mm256_shuffle_ps(a, b, 0xDD);
}
#else
inline Floats low_elements(Floats a, Floats b) {
  return __builtin_shufflevector(a, b, 0, 4, 1, 5);
}
inline Floats high_elements(Floats a, Floats b) {
  return __builtin_shufflevector(a, b, 2, 6, 3, 7);
}
inline Floats low_pairs(Floats a, Floats b) {
  return __builtin_shufflevector(a, b, 0, 1, 4, 5);
}
inline Floats high_pairs(Floats a, Floats b) {
  return __builtin_shufflevector(a, b, 2, 3, 6, 7);
}
inline Floats even_elements(Floats a, Floats b) {
  return __builtin_shufflevector(a, b, 0, 2, 4, 6);
}
inline Floats odd_elements(Floats a, Floats b) {
  return __builtin_shufflevector(a, b, 1, 3, 5, 7);
}
#endif

/// Floats in 128 bits, a piece of a register.
constexpr std::size_t kPiece = 4;

/// Pieces that lie so far apart, one after the other. That is cheaper than to shuffle them into place.
inline Floats load_pieces(const float* from, [[maybe_unused]] std::size_t apart) {
#if defined(__AVX512F__)
  const __m512 first = _mm512_castps128_ps512(_mm_loadu_ps(from));
  const __m512 two = _mm512_insertf32x4(first, _mm_loadu_ps(from + apart), 1);
  const __m512 three = _mm512_insertf32x4(two, _mm_loadu_ps(from + 2 * apart), 2);
  return _mm512_insertf32x4(three, _mm_loadu_ps(from + 3 * apart), 3);
#elif defined(__AVX2__)
  const __m256 first = _mm256_castps128_ps256(_mm_loadu_ps(from));
  return _mm256_insertf128_ps(first, _mm_loadu_ps(from + apart), 1);
#else
  return load(from);
#endif
}

/// Transposes each 4 x 4 square of rows `row` to `row + 3`.
inline void transpose_four(Square& rows, std::size_t row) {
  const Floats low01 = low_elements(rows[row], rows[row + 1]);
  const Floats high01 = high_elements(rows[row], rows[row + 1]);
  const Floats low23 = low_elements(rows[row + 2], rows[row + 3]);
  const Floats high23 = high_elements(rows[row + 2], rows[row + 3]);
  rows[row] = low_pairs(low01, low23);
  rows[row + 1] = high_pairs(low01, low23);
  rows[row + 2] = low_pairs(high01, high23);
  rows[row + 3] = high_pairs(high01, high23);
}

#if defined(__AVX512F__)
// Of a register's four groups of four elements, those of a before those of b: the first two, the last two,
// the first and the third, the second and the fourth.
inline Floats low_halves(Floats a, Floats b) {
  return _mm512_shuffle_f32x4(a, b, 0x44);
}
inline Floats high_halves(Floats a, Floats b) {
  return _mm512_shuffle_f32x4(a, b, 0xEE);
}
inline Floats even_fours(Floats a, Floats b) {
  return _mm512_shuffle_f32x4(a, b, 0x88);
}
inline Floats odd_fours(Floats a, Floats b) {
  return _mm512_shuffle_f32x4(a, b, 0xDD);
}
#endif

inline void transpose(Square& rows) {
#pragma GCC unroll 4
  for (std::size_t row = 0; row < kLanes; row += 4) transpose_four(rows, row);
#if defined(__AVX512F__)
#pragma GCC unroll 4
  for (std::size_t row = 0; row < 4; ++row) {
    const Floats a = low_halves(rows[row], rows[row + 4]);
    const Floats b = high_halves(rows[row], rows[row + 4]);
    const Floats c = low_halves(rows[row + 8], rows[row + 12]);
    const Floats d = high_halves(rows[row + 8], rows[row + 12]);
    rows[row] = even_fours(a, c);
    rows[row + 4] = odd_fours(a, c);
    rows[row + 8] = even_fours(b, d);
    rows[row + 12] = odd_fours(b, d);
  }
#elif defined(__AVX2__)
#pragma GCC unroll 4
  for (std::size_t row = 0; row < 4; ++row) {
    const Floats a = rows[row];
    const Floats b = rows[row + 4];
    rows[row] = _mm256_permute2f128_ps(a, b, 0x20);
    rows[row + 4] = _mm256_permute2f128_ps(a, b, 0x31);
  }
#endif
}

/// As load(), but not once more for each use: a load that crosses a cache line is the slowest part of a
/// product.
inline Floats load_once(const float* from) {
  Floats x = load(from);
#if defined(__x86_64__)
  asm("" : "+v"(x));
#endif
  return x;
}

/// Each piece: a share of the sums of four registers.
inline Floats shares_of_sums(Floats a, Floats b, Floats c, Floats d) {
  const Floats first = low_elements(a, b) + high_elements(a, b);
  const Floats second = low_elements(c, d) + high_elements(c, d);
  return low_pairs(first, second) + high_pairs(first, second);
}

/// The sums of four registers, each over its lanes.
inline void sums_of_four(Floats a, Floats b, Floats c, Floats d, float* sums) {
  const Floats shares = shares_of_sums(a, b, c, d);
#if defined(__AVX512F__)
  const __m256 halves = _mm512_castps512_ps256(shares) + _mm512_extractf32x8_ps(shares, 1);
  _mm_storeu_ps(sums, _mm256_castps256_ps128(halves) + _mm256_extractf128_ps(halves, 1));
#elif defined(__AVX2__)
  _mm_storeu_ps(sums, _mm256_castps256_ps128(shares) + _mm256_extractf128_ps(shares, 1));
#else
  store(sums, shares);
#endif
}

/// Shares of the sums of four registers each.
using Shares = std::array<Floats, kLanes / kPiece>;

/// The sum of each register, in their order.
inline Floats sums_of_shares(const Shares& fours) {
#if defined(__AVX512F__)
  const Floats first =
      _mm512_shuffle_f32x4(fours[0], fours[1], 0x44) + _mm512_shuffle_f32x4(fours[0], fours[1], 0xEE);
  const Floats second =
      _mm512_shuffle_f32x4(fours[2], fours[3], 0x44) + _mm512_shuffle_f32x4(fours[2], fours[3], 0xEE);
  return _mm512_shuffle_f32x4(first, second, 0x88) + _mm512_shuffle_f32x4(first, second, 0xDD);
#elif defined(__AVX2__)
  return _mm256_permute2f128_ps(fours[0], fours[1], 0x20) + _mm256_permute2f128_ps(fours[0], fours[1], 0x31);
#else
  return fours[0];
#endif
}

/// The sum of each row, in its order.
inline Floats sums_of_rows(const Square& rows) {
  Shares fours;
#pragma GCC unroll 4
  for (std::size_t k = 0; k < fours.size(); ++k) {
    const Floats* const row = &rows[kPiece * k];
    fours[k] = shares_of_sums(row[0], row[1], row[2], row[3]);
  }
  return sums_of_shares(fours);
}

}  // namespace
}  // namespace fmrx::dsp

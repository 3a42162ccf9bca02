// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/complex_fir.hpp"

#include "support/catch2.hpp"

using namespace fmrx::dsp;

namespace {

struct Stream {
  std::vector<float> re, im;
};

Stream filtered(ComplexFir& fir, const Stream& in, std::size_t block) {
  Stream out;
  for (std::size_t n = 0; n < in.re.size(); n += block) {
    const std::size_t count = std::min(block, in.re.size() - n);
    const ComplexView view = fir.process({{in.re.data() + n, count}, {in.im.data() + n, count}});
    out.re.insert(out.re.end(), view.re.begin(), view.re.end());
    out.im.insert(out.im.end(), view.im.begin(), view.im.end());
  }
  return out;
}

}  // namespace

TEST_CASE("a decimated impulse gives every step-th tap, in its place") {
  const std::vector<double> taps = {1, 2, 3, 4, 5, 4, 3, 2, 1};
  ComplexFir fir(taps, 3, 64);
  Stream in{std::vector<float>(30, 0.0F), std::vector<float>(30, 0.0F)};
  in.re[6] = 1;
  in.im[7] = 1;
  const Stream out = filtered(fir, in, 64);
  REQUIRE(out.re.size() == 10);
  for (std::size_t m = 0; m < out.re.size(); ++m) {
    // Output m has seen the samples up to 3 m + 2.
    const auto tap = [&](std::size_t since) { return since < taps.size() ? taps[since] : 0; };
    const double re = 3 * m + 2 >= 6 ? tap(3 * m + 2 - 6) : 0;
    const double im = 3 * m + 2 >= 7 ? tap(3 * m + 2 - 7) : 0;
    CHECK(static_cast<double>(out.re[m]) == re);
    CHECK(static_cast<double>(out.im[m]) == im);
  }
}

TEST_CASE("a filter of one tap passes everything at once") {
  ComplexFir fir(std::vector<double>{1.0}, 1, 8);
  const Stream in{{1, 2, 3}, {4, 5, 6}};
  const Stream out = filtered(fir, in, 8);
  CHECK(out.re == in.re);
  CHECK(out.im == in.im);
}

TEST_CASE("any cutting of the input gives the same output of a decimator") {
  const std::vector<double> taps(21, 0.3);
  Stream in;
  for (int n = 0; n < 500; ++n) {
    in.re.push_back(static_cast<float>((n * 7919) % 1000) / 999.0F);
    in.im.push_back(static_cast<float>((n * 104729) % 1000) / 997.0F);
  }
  ComplexFir whole(taps, 5, 500);
  const Stream expected = filtered(whole, in, 500);
  for (const std::size_t block : {1U, 2U, 5U, 7U, 64U, 333U}) {
    ComplexFir fir(taps, 5, block);
    const Stream out = filtered(fir, in, block);
    CHECK(out.re == expected.re);
    CHECK(out.im == expected.im);
  }
}

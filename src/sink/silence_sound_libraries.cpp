// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/silence_sound_libraries.hpp"

#include <dlfcn.h>

namespace fmrx::sink {

namespace {

void ignore_alsa(const char* /*file*/, int /*line*/, const char* /*function*/, int /*error*/,
                 const char* /*format*/, ...) {}
void ignore_jack(const char* /*message*/) {}

/// fmrx is linked with PortAudio only; which libraries PortAudio has brought is known at run time.
template <class Handler>
void install(const char* setter_name, Handler* handler) noexcept {
  using Setter = void (*)(Handler*);
  if (void* const setter = ::dlsym(RTLD_DEFAULT, setter_name)) reinterpret_cast<Setter>(setter)(handler);
}

}  // namespace

void silence_sound_libraries() noexcept {
  install("snd_lib_error_set_handler", ignore_alsa);
  install("jack_set_error_function", ignore_jack);
  install("jack_set_info_function", ignore_jack);
}

}  // namespace fmrx::sink

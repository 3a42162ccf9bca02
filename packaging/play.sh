#!/bin/sh
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs what is missing, builds fmrx, and plays 92.7 MHz: from a dongle if one is attached, else
# from the built-in simulator; to the sound card if there is one, else ten seconds into a WAV file.
set -eu

started_in=$PWD
cd "$(dirname "$0")/.."

say() { echo "play: $*" >&2; }

has_dongle() { [ -n "$(build/release/src/fmrx --list-devices 2>/dev/null)" ]; }

# Says what sound would come out of; fails if there is nothing.
sound_output() {
  if [ "$(uname -s)" = Darwin ]; then
    echo "this Mac's sound output"
    return
  fi
  if [ -n "${PULSE_SERVER:-}" ] || [ -S "${XDG_RUNTIME_DIR:-/nonexistent}/pulse/native" ]; then
    echo "the sound server"
    return
  fi
  for device in /dev/snd/pcmC*p; do
    if [ -w "$device" ]; then
      echo "the sound card"
      return
    fi
  done
  return 1
}

packaging/install-dependencies.sh build
cmake --preset release -D BUILD_TESTING=OFF
cmake --build --preset release --target fmrx

set --
if has_dongle; then
  say "a dongle is attached: receiving 92.7 MHz"
else
  say "no dongle is attached: receiving 92.7 MHz of the simulated FM band (--source sim)"
  set -- "$@" --source sim
fi
if output=$(sound_output); then
  say "playing on $output; Ctrl-C ends it"
else
  wav=$started_in/fmrx-92.7M.wav
  say "no sound card here (no /dev/snd/pcm*p to write to, no PulseAudio or PipeWire server):" \
    "writing ten seconds to $wav"
  set -- "$@" -t 10 -o "$wav"
fi
exec build/release/src/fmrx --freq 92.7M "$@"

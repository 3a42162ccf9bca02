#!/bin/sh
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# packaging/install-dependencies.sh GROUP...
#
# Installs what is missing of the named groups with the system's package manager, and nothing else:
#   build    compiler, CMake and the libraries of fmrx
#   test     what the tests need, and sound servers and sox for those that are skipped without them
#   deb      what makes a .deb of a build (deb.sh)
#   bench    what only the benchmarks need
#   check    what .ci/run needs beyond that (Debian 12)
#   package  what check-packages.sh needs (Debian 12)
#   npm      npm and Node.js, which bring the cross compiler of check-kqueue.sh (Debian 12)
set -eu

say() { echo "install-dependencies: $*" >&2; }
die() { say "$*"; exit 1; }

# The names of a group's packages, by package manager.
packages() {
  case $1:$2 in
    apt:build) echo g++ cmake ninja-build pkg-config librtlsdr-dev portaudio19-dev libcli11-dev \
      libspdlog-dev libsndfile1-dev libfftw3-dev nlohmann-json3-dev libtomlplusplus-dev libasound2-plugins ;;
    apt:test) echo catch2 ;;
    apt:test-optional) echo sox pulseaudio-utils pulseaudio jackd2 zsh fish mandoc ;;
    apt:deb) echo dpkg-dev file ;;
    apt:bench) echo libasio-dev ;;
    apt:check) echo clang-19 libclang-rt-19-dev llvm-19 clang-format-14 shellcheck ;;
    apt:package) echo build-essential debhelper lintian rpm rpmlint reuse makepkg pacman-package-manager libarchive-tools ruby shellcheck systemd git ;;
    apt:npm) echo npm ;;

    dnf:build) echo gcc-c++ cmake ninja-build pkgconf-pkg-config rtl-sdr-devel portaudio-devel \
      cli11-devel spdlog-devel libsndfile-devel fftw-devel json-devel tomlplusplus-devel alsa-plugins-pulseaudio ;;
    dnf:test) echo catch-devel ;;
    dnf:test-optional) echo sox pulseaudio-utils jack-audio-connection-kit-example-clients ;;
    dnf:bench) echo asio-devel ;;

    pacman:build) echo gcc cmake ninja pkgconf rtl-sdr portaudio cli11 spdlog libsndfile fftw nlohmann-json tomlplusplus alsa-plugins ;;
    pacman:test) echo catch2 ;;
    pacman:test-optional) echo sox ;;
    pacman:bench) echo asio ;;

    brew:build) echo cmake ninja pkgconf librtlsdr portaudio cli11 spdlog libsndfile fftw nlohmann-json tomlplusplus ;;
    brew:test) echo catch2 ;;
    brew:test-optional) echo sox ;;
    brew:bench) echo asio ;;

    *:test-optional) ;;
    *) die "no packages are known for '$2' with $1" ;;
  esac
}

is_installed() {
  case $manager in
    # One line for each architecture that has it.
    apt) dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed ;;
    dnf) rpm -q --whatprovides "$1" >/dev/null 2>&1 ;;
    pacman) pacman -T "$1" >/dev/null ;;
    brew) brew list --versions "$1" >/dev/null 2>&1 ;;
  esac
}

missing() {
  for package in "$@"; do
    is_installed "$package" || printf '%s ' "$package"
  done
}

# Homebrew refuses to run as root, the others need it.
may_install() { [ "$manager" = brew ] || [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# --no-remove: a desktop's own sound server is never replaced.
install() {
  say "installing $*"
  case $manager in
    apt) as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends --no-remove "$@" </dev/null ;;
    dnf) as_root dnf install -y "$@" ;;
    pacman) as_root pacman -S --needed --noconfirm "$@" ;;
    brew) brew install "$@" ;;
  esac
}

# Package lists are fetched once, and only if something is to be installed.
refresh() {
  [ -z "${refreshed:-}" ] || return 0
  refreshed=yes
  case $manager in
    apt) as_root apt-get update -q ;;
    *) ;;
  esac
}

install_required() {
  wanted=$(missing "$@")
  [ -n "$wanted" ] || return 0
  may_install || die "missing, and this is not root and has no sudo: as root, install $wanted"
  refresh
  # shellcheck disable=SC2086  # package names have no spaces
  install $wanted
}

# One by one, so that one that cannot be had leaves the others.
install_optional() {
  wanted=$(missing "$@")
  if [ -n "$wanted" ] && ! may_install; then
    say "not root, no sudo: tests that need one of these are skipped: $wanted"
    return
  fi
  for package in $wanted; do
    # PulseAudio's daemon beside PipeWire's would leave a desktop with two.
    if [ "$package" = pulseaudio ] && is_installed pipewire-pulse; then
      say "pulseaudio is left out, since pipewire-pulse is installed"
      continue
    fi
    refresh
    install "$package" || say "$package cannot be installed: tests that need it are skipped"
  done
}

find_manager() {
  for candidate in apt-get dnf pacman brew; do
    if command -v "$candidate" >/dev/null; then
      echo "${candidate%-get}"
      return
    fi
  done
  die "no apt-get, dnf, pacman or brew here: install g++ 12 or clang 15 or newer, CMake 3.22, Ninja, pkg-config," \
    "librtlsdr, PortAudio, CLI11, spdlog, libsndfile, nlohmann-json, toml++ and Catch2 yourself, then see CONTRIBUTING.md"
}

[ $# -gt 0 ] || die "usage: $0 build|test|deb|bench|check|package|npm ..."
manager=$(find_manager)
if [ "$manager" = brew ] && ! xcode-select -p >/dev/null 2>&1; then
  die "the compiler is missing: run 'xcode-select --install'"
fi
for group in "$@"; do
  names=$(packages "$manager" "$group")
  # shellcheck disable=SC2086  # package names have no spaces
  install_required $names
  if [ "$group" = test ]; then
    names=$(packages "$manager" test-optional)
    # shellcheck disable=SC2086
    install_optional $names
  fi
done
say "everything is there for: $*"

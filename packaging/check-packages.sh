#!/bin/bash
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# packaging/check-packages.sh [--build]: checks licences, recipes and units with the tools that Debian 12 has for them
# (packaging/install-dependencies.sh package). With --build each package is built, too, and checked.
set -euo pipefail
cd "$(dirname "$0")/.."

die() { echo "check-packages: $*" >&2; exit 1; }
say() { echo "check-packages: $*"; }

files=$(packaging/release.sh)
# Where another user may work.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"

# makepkg refuses to work as root.
as_nobody() {
  if [ "$(id -u)" -ne 0 ]; then "$@"; else setpriv --reuid nobody --regid nogroup --clear-groups "$@"; fi
}

# What is let stand is named in packaging/README.md, with reasons.
check_deb() { lintian --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs --allow-root "$@"; }
check_rpm() { # LET-STAND FILE...
  local let_stand=$1
  shift
  # Its status tells also of what is let stand.
  rpmlint "$@" >"$files/rpmlint.txt" || true
  cat "$files/rpmlint.txt"
  grep -q ' has taken ' "$files/rpmlint.txt" || die "rpmlint has not come to its end"
  if grep -E ': [EW]: ' "$files/rpmlint.txt" | grep -vE " ($let_stand)"; then
    die "rpmlint has found the above"
  fi
}

check_licences() { reuse lint; }

check_recipes() {
  check_rpm 'no-buildroot-tag|invalid-url Source0' "$files/fmrx.spec"
  rpmspec -P "$files/fmrx.spec" >/dev/null
  shellcheck "$files/PKGBUILD" packaging/debian/*.sh packaging/examples/*.sh
  install -d -m 777 "$scratch/arch"
  install -m 644 "$files/PKGBUILD" "$files"/fmrx-*.tar.gz "$scratch/arch"
  (cd "$scratch/arch" && as_nobody makepkg --printsrcinfo >/dev/null)
  ruby -c "$files/fmrx.rb"
  say "recipes are well formed"
}

# Units refer to the installed program and manual; a stand-in is enough.
check_units() {
  local units=$files/units score
  mkdir -p "$units"
  sed -e "s|=fmrx |=/bin/true |" -e "s|@FMRX_DONGLE_GROUP@|plugdev|" -e '/^Documentation=/d' \
    packaging/systemd/fmrx@.service.in >"$units/fmrx@.service"
  for unit in packaging/examples/systemd/*; do
    sed -e "s|=fmrx |=/bin/true |" -e '/^Documentation=/d' "$unit" >"$units/$(basename "$unit")"
  done
  systemd-analyze verify --man=no "$units/fmrx@.service" "$units"/fmrx-news.*
  systemd-analyze security --offline=yes "$units/fmrx@.service" >"$units/security.txt"
  score=$(awk '/Overall exposure/ {print $(NF-2)}' "$units/security.txt")
  awk -v score="$score" 'BEGIN {exit !(score < 2)}' || die "fmrx@.service is exposed $score, more than 2"
  say "units are in order; fmrx@.service is exposed $score"
}

build_deb() {
  (cd "$files"/fmrx-*/ && DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -us -uc)
  check_deb "$files"/fmrx_*.changes
}

build_rpm() {
  # Debian's rpm does not know which of Debian's packages are there.
  rpmbuild --quiet -bb --nodeps --without tests -D "_sourcedir $files" -D "_topdir $files/rpmbuild" "$files/fmrx.spec"
  local of_publisher='no-signature|no-packager-tag|no-url-tag'
  # Fedora's rpm strips programs and compresses manuals after the build, has no groups, and knows SPDX's licences.
  local of_debian='unstripped-binary|manpage-not-compressed|no-manual-page-for-binary|no-group-tag|invalid-license GPL'
  check_rpm "$of_publisher|$of_debian" "$files/rpmbuild/RPMS"/*/*.rpm
}

build_arch() {
  (cd "$scratch/arch" && as_nobody makepkg --nodeps --nocheck)
}

check_licences
check_recipes
check_units
if [ "${1:-}" = --build ]; then
  build_deb
  build_rpm
  build_arch
fi
say "passed"

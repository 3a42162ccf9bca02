#!/bin/bash
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# packaging/check-deb.sh PACKAGE.deb: installs the package as a person would, tries what it brings, and purges it. It
# installs and removes packages: for a fresh container or chroot of Debian 12, as root.
set -euo pipefail

die() { echo "check-deb: $*" >&2; exit 1; }
passed() { echo "check-deb: $*"; }

[ -f "${1:-}" ] || die "usage: $0 PACKAGE.deb"
[ "$(id -u)" -eq 0 ] || die "this installs packages: run it as root, in a container or chroot"
! command -v fmrx >/dev/null || die "fmrx is installed here; this would remove it"
package=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends "$@" </dev/null >"$work/apt.log" 2>&1 ||
    { cat "$work/apt.log"; die "apt-get $*"; }
}

files_of_system() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /root \
    -o -path /var/cache -o -path /var/log -o -path /var/lib/apt -o -path /var/lib/dpkg \) -prune -o -print | sort
}

check_reception() {
  fmrx --source sim --freq 92.7M -t 5 -o x.wav
  # 5 s of 48,000 frames of 4 bytes, and a header.
  [ "$(head -c 4 x.wav)" = RIFF ] || die "x.wav is no WAV file"
  [ "$(stat -c %s x.wav)" -ge 960044 ] || die "x.wav is too short"
  passed "five seconds of the simulator are in x.wav"
}

check_manual() {
  local lines
  man fmrx >manual.txt
  lines=$(wc -l <manual.txt)
  grep -q -- '--freq' manual.txt || die "man fmrx does not tell of --freq"
  passed "man fmrx shows $lines lines"
}

# Each completes "--fr" to --freq, and a value of --sample-format.
check_bash() {
  bash -c '
    . /usr/share/bash-completion/bash_completion
    complete_line() {
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMPREPLY=()
      local function
      function=$(complete -p fmrx | sed "s/.*-F \([^ ]*\).*/\1/")
      "$function" fmrx "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf "%s\n" "${COMPREPLY[@]}"
    }
    _completion_loader fmrx
    complete_line fmrx --fr
    complete_line fmrx --sample-format s2
  ' >bash.txt
  grep -q -- '--freq' bash.txt || die "bash does not complete --fr: $(cat bash.txt)"
  grep -q 's24' bash.txt || die "bash does not complete a value: $(cat bash.txt)"
  passed "bash completes"
}

check_fish() {
  HOME=$work fish -c 'complete -C "fmrx --fr"; complete -C "fmrx --sample-format s2"' >fish.txt
  grep -q -- '--freq' fish.txt || die "fish does not complete --fr: $(cat fish.txt)"
  grep -q 's24' fish.txt || die "fish does not complete a value: $(cat fish.txt)"
  passed "fish completes"
}

# zsh completes only at a terminal, so it is given one.
check_zsh() {
  # shellcheck disable=SC2016  # for zsh to expand
  HOME=$work timeout 60 zsh -f -c '
    zmodload zsh/zpty
    read_until() {
      local all= piece
      while zpty -r shell piece 2>/dev/null; do
        all+=$piece
        [[ $all == *$1* ]] && break
      done
      print -r -- $all
    }
    zpty shell "TERM=dumb PS1=ready: zsh -f -i"
    zpty -w shell "autoload -Uz compinit && compinit -u -D; PS1=complete: "
    read_until complete: >/dev/null
    zpty -w -n shell $'"'"'fmrx --fr\t 92.7M --sample-format s2\t; print done\n'"'"'
    read_until $'"'"'\ndone'"'"'
    zpty -d shell
  ' >zsh.txt
  grep -q -- '--freq' zsh.txt || die "zsh does not complete --fr: $(cat -v zsh.txt)"
  grep -q 's24' zsh.txt || die "zsh does not complete a value: $(cat -v zsh.txt)"
  passed "zsh completes"
}

check_unit() {
  systemd-analyze verify fmrx@92.7.service 2>&1 | tee verify.txt
  [ ! -s verify.txt ] || die "systemd-analyze verify has something to say"
  systemd-analyze security --offline=yes /lib/systemd/system/fmrx@.service >security.txt
  tail -1 security.txt
  awk '/Overall exposure/ {exit !($(NF-2) < 2)}' security.txt || die "the unit is exposed more than 2"
  passed "the unit passes systemd-analyze"
}

# What the checks themselves need is there before and after.
apt update
apt install man-db bash-completion zsh fish systemd
files_of_system >before.txt
dpkg-query -W >packages-before.txt

apt install "$package"
passed "installed with $(($(dpkg-query -W | wc -l) - $(wc -l <packages-before.txt) - 1)) dependencies"
check_reception
check_manual
check_bash
check_zsh
check_fish
check_unit

apt purge fmrx
apt autoremove --purge
files_of_system >after.txt
dpkg-query -W >packages-after.txt
diff before.txt after.txt || die "removal leaves something behind, or takes something away"
diff packages-before.txt packages-after.txt || die "packages are not as before"
passed "removal leaves nothing"

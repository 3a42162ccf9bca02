#!/bin/sh
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# arrange.sh ROOT: what Debian wants elsewhere than CMake has installed it, below ROOT.
set -eu
cd "$1"
mkdir -p usr/share/zsh/vendor-completions lib/systemd
mv usr/share/zsh/site-functions/_fmrx usr/share/zsh/vendor-completions/
rmdir usr/share/zsh/site-functions
mv usr/lib/systemd/system lib/systemd/
rmdir usr/lib/systemd usr/lib 2>/dev/null || true
# /usr/share/common-licenses has it.
rm usr/share/doc/fmrx/GPL-2.0-or-later.txt
# Whatever umask it was built under.
find . -type d -exec chmod 755 {} +

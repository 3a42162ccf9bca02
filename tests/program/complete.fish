# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fish --no-config complete.fish SCRIPT LINE...: prints, for each LINE, the completions of its last word.
source $argv[1]
for line in $argv[2..]
    echo (complete --do-complete $line | string replace -r '\t.*' '')
end

#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command in a terminal of its own and prints, as SVG, what it shows when it is interrupted.

    tests/bench/terminal_picture.py COLUMNS SECONDS COMMAND... > picture.svg

It knows what fmrx writes: lines, carriage return, and "erase to the end of the line".
"""
import fcntl
import html
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

LETTER_WIDTH, LINE_HEIGHT, MARGIN = 8.4, 20, 14


def shown_after(columns, seconds, command):
    """The lines on the terminal when the command has run for so long."""
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.environ["TERM"] = "xterm"
        os.execvp(command[0], command)
    output, end = b"", time.monotonic() + seconds
    while time.monotonic() < end and select.select([terminal], [], [], end - time.monotonic())[0]:
        try:
            output += os.read(terminal, 65536)
        except OSError:
            break
    os.kill(pid, signal.SIGINT)
    os.waitpid(pid, 0)
    return [drawn(line) for line in output.decode().replace("\r\n", "\n").split("\n")]


def drawn(line):
    """What is left of a line that was written over."""
    shown = ""
    for piece in line.split("\r"):
        text = piece.replace("\x1b[K", "")
        shown = text if piece.endswith("\x1b[K") else text + shown[len(text):]
    return shown


def svg(lines):
    width = max(map(len, lines)) * LETTER_WIDTH + 2 * MARGIN
    height = len(lines) * LINE_HEIGHT + 2 * MARGIN
    rows = "".join(
        f'<text x="{MARGIN}" y="{MARGIN + LINE_HEIGHT * (i + 0.7):g}">{html.escape(line)}</text>\n'
        for i, line in enumerate(lines))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}">\n'
            '<rect width="100%" height="100%" rx="8" fill="#1c1f26"/>\n'
            '<g font-family="monospace" font-size="14" fill="#e4e6eb" xml:space="preserve">\n'
            f'{rows}</g>\n</svg>')


def main():
    columns, seconds, command = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    typed = "$ " + " ".join([os.path.basename(command[0])] + command[1:])
    print(svg([typed] + [line for line in shown_after(columns, seconds, command) if line]))


if __name__ == "__main__":
    main()

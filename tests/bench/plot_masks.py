#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws what filter_masks prints: filter_masks | plot_masks.py > filter-masks.svg"""
import csv
import sys

LEFT, TOP, WIDTH, HEIGHT = 45, 10, 640, 300
LOWEST_DB = -120
COLOURS = ["#000000", "#c03020", "#808080", "#2060c0", "#209060", "#a05bb0", "#c08020"]

rows = list(csv.reader(sys.stdin))
names, rows = rows[0][1:], rows[1:]
last_khz = float(rows[-1][0])


def place(khz, db):
    return f"{LEFT + WIDTH * khz / last_khz:.1f},{TOP + HEIGHT * max(db, LOWEST_DB) / LOWEST_DB:.1f}"


# REUSE-IgnoreStart
print("<!-- SPDX-FileCopyrightText: 2026 The fmrx authors -->")
print("<!-- SPDX-License-Identifier: GPL-2.0-or-later -->")
# REUSE-IgnoreEnd
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 15} {TOP + HEIGHT + 60}" '
      'font-family="sans-serif" font-size="11">')
print('<rect width="100%" height="100%" fill="white"/>')
for db in range(0, LOWEST_DB - 1, -20):
    y = TOP + HEIGHT * db / LOWEST_DB
    print(f'<path d="M{LEFT} {y:.1f}h{WIDTH}" stroke="#ddd"/>'
          f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{db}</text>')
for khz in range(0, int(last_khz) + 1, 50):
    x = LEFT + WIDTH * khz / last_khz
    print(f'<path d="M{x:.1f} {TOP}v{HEIGHT}" stroke="#ddd"/>'
          f'<text x="{x:.1f}" y="{TOP + HEIGHT + 15}" text-anchor="middle">{khz}</text>')
for column, name in enumerate(names):
    points = [(float(row[0]), float(row[column + 1])) for row in rows if row[column + 1]]
    line = " ".join(place(*point) for point in points)
    colour = COLOURS[column % len(COLOURS)]
    print(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1"/>')
    print(f'<text x="{LEFT + 10 + (column % 4) * 160}" y="{TOP + HEIGHT + 33 + 16 * (column // 4)}" '
          f'fill="{colour}">{name}</text>')
print(f'<text x="{LEFT + WIDTH}" y="{TOP + HEIGHT + 28}" text-anchor="end">kHz</text>')
print("</svg>")

// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/// What a test program that links the stand-in may ask of it.
extern "C" {

/// The next libusb_init() finds a fresh bench, described as by FMRX_USB. Not by way of the
/// environment: a thread that was left behind may still be opening a dongle.
void fmrx_usb_set_up(const char* description);

/// Lets all go on that hang.
void fmrx_usb_release(void);

/// What the dongle that was opened last is tuned to, and how fast it samples, in Hz.
double fmrx_usb_tuned_hz(void);
double fmrx_usb_sample_rate_hz(void);

/// Its gain in dB; -100 while the tuner's own AGC is on.
double fmrx_usb_gain_db(void);

/// Whether it supplies an antenna amplifier (the bias tee of RTL-SDR Blog's dongles).
bool fmrx_usb_supplies_antenna(void);

/// How many dongles are open.
int fmrx_usb_open_dongles(void);
}

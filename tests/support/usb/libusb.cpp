// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The functions of libusb-1.0 that librtlsdr calls, over the model of a dongle. As with the
// real one, transfers end only while somebody handles events.
#include <libusb-1.0/libusb.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "support/usb/behaviour.hpp"
#include "support/usb/dongle_model.hpp"
#include "support/usb/iq_stream.hpp"
#include "support/usb/stand_in.hpp"

using namespace fmrx;
using Clock = std::chrono::steady_clock;

struct libusb_device {
  libusb_context* context = nullptr;
  int index = 0;
};

struct libusb_context {
  libusb_context() {
    for (int i = 0; i < behaviour.dongles; ++i) devices[static_cast<std::size_t>(i)] = {this, i};
  }

  test::Behaviour behaviour = test::read_behaviour();
  std::array<libusb_device, test::Behaviour::kMostDongles> devices;
  std::deque<libusb_transfer*> submitted;
  std::deque<libusb_transfer*> cancelled;
};

struct libusb_device_handle {
  explicit libusb_device_handle(libusb_device& of_device)
      : context(*of_device.context), device(of_device), iq(context.behaviour.simulates) {}

  libusb_context& context;
  libusb_device& device;
  test::DongleModel model;
  test::IqStream iq;
  std::uint64_t transfers = 0;
  Clock::time_point last_transfer{};

  [[nodiscard]] bool is_unplugged() const { return transfers >= context.behaviour.unplug_after; }
  [[nodiscard]] bool is_stalled() const { return transfers >= context.behaviour.stall_after; }
};

namespace {

std::mutex mutex;
std::condition_variable released;
unsigned releases = 0;
int open_dongles = 0;
double last_tuned_hz = 0;
double last_sample_rate_hz = 0;
bool last_supplies_antenna = false;

void hang_until_released() {
  std::unique_lock lock(mutex);
  released.wait(lock, [before = releases] { return releases != before; });
}

/// How long the samples of a transfer take to arrive.
Clock::duration duration_of(int bytes, double sample_rate_hz) {
  constexpr double kBytesPerSample = 2;
  return std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(bytes / kBytesPerSample / sample_rate_hz));
}

void fill(libusb_device_handle& dongle, unsigned char* memory, int count) {
  const auto bytes = std::as_writable_bytes(std::span(memory, static_cast<std::size_t>(count)));
  const SampleRate rate(static_cast<std::uint32_t>(std::lround(dongle.model.sample_rate_hz())));
  if (dongle.model.counts()) {
    dongle.iq.count(bytes);
  } else {
    dongle.iq.fill(bytes, rate, Hertz(dongle.model.tuned_hz()));
  }
  ++dongle.transfers;
}

void complete(libusb_transfer* transfer, libusb_transfer_status status, int actual_length) {
  transfer->status = status;
  transfer->actual_length = actual_length;
  transfer->callback(transfer);
}

/// Waits for the samples of a transfer; false if they are not there by the deadline.
bool wait_for_samples(libusb_device_handle& dongle, int bytes, Clock::time_point deadline) {
  if (dongle.context.behaviour.is_fast) return true;
  constexpr auto kHiccup = std::chrono::milliseconds(100);
  const auto now = Clock::now();
  if (dongle.last_transfer < now - kHiccup) dongle.last_transfer = now;
  const auto due = dongle.last_transfer + duration_of(bytes, dongle.model.sample_rate_hz());
  std::this_thread::sleep_until(std::min(due, deadline));
  if (due > deadline) return false;
  dongle.last_transfer = due;
  return true;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

void fmrx_usb_release(void) {
  const std::lock_guard lock(mutex);
  ++releases;
  released.notify_all();
}
double fmrx_usb_tuned_hz(void) {
  const std::lock_guard lock(mutex);
  return last_tuned_hz;
}
double fmrx_usb_sample_rate_hz(void) {
  const std::lock_guard lock(mutex);
  return last_sample_rate_hz;
}
bool fmrx_usb_supplies_antenna(void) {
  const std::lock_guard lock(mutex);
  return last_supplies_antenna;
}
int fmrx_usb_open_dongles(void) {
  const std::lock_guard lock(mutex);
  return open_dongles;
}

int libusb_init(libusb_context** ctx) {
  *ctx = new libusb_context;
  return LIBUSB_SUCCESS;
}
void libusb_exit(libusb_context* ctx) {
  delete ctx;
}

ssize_t libusb_get_device_list(libusb_context* ctx, libusb_device*** list) {
  const int count = ctx->behaviour.dongles;
  *list = new libusb_device*[static_cast<std::size_t>(count) + 1];
  for (int i = 0; i < count; ++i) (*list)[i] = &ctx->devices[static_cast<std::size_t>(i)];
  (*list)[count] = nullptr;
  return count;
}
void libusb_free_device_list(libusb_device** list, int /*unref*/) {
  delete[] list;
}
int libusb_get_device_descriptor(libusb_device* /*device*/, libusb_device_descriptor* descriptor) {
  *descriptor = {};
  descriptor->idVendor = 0x0BDA;
  descriptor->idProduct = 0x2838;
  descriptor->iManufacturer = 1;
  descriptor->iProduct = 2;
  descriptor->iSerialNumber = 3;
  return LIBUSB_SUCCESS;
}
int libusb_get_string_descriptor_ascii(libusb_device_handle* dev_handle, std::uint8_t desc_index,
                                       unsigned char* data, int length) {
  std::string string = desc_index == 1 ? "Realtek" : "RTL2838UHIDIR";
  if (desc_index == 3) string = "0000000" + std::to_string(dev_handle->device.index + 1);
  const std::size_t count = std::min(string.size(), static_cast<std::size_t>(length) - 1);
  std::memcpy(data, string.c_str(), count);
  data[count] = 0;
  return static_cast<int>(count);
}

int libusb_open(libusb_device* device, libusb_device_handle** handle) {
  const test::Behaviour& behaviour = device->context->behaviour;
  if (behaviour.open_hangs) hang_until_released();
  if (behaviour.open_result != 0) return behaviour.open_result;
  *handle = new libusb_device_handle(*device);
  const std::lock_guard lock(mutex);
  ++open_dongles;
  return LIBUSB_SUCCESS;
}
void libusb_close(libusb_device_handle* handle) {
  delete handle;
  const std::lock_guard lock(mutex);
  --open_dongles;
}
libusb_device* libusb_get_device(libusb_device_handle* handle) {
  return &handle->device;
}
int libusb_claim_interface(libusb_device_handle* handle, int /*interface*/) {
  return handle->context.behaviour.claim_result;
}
int libusb_release_interface(libusb_device_handle* /*handle*/, int /*interface*/) {
  return LIBUSB_SUCCESS;
}
int libusb_kernel_driver_active(libusb_device_handle* /*handle*/, int /*interface*/) {
  return 0;
}
int libusb_attach_kernel_driver(libusb_device_handle* /*handle*/, int /*interface*/) {
  return LIBUSB_SUCCESS;
}
int libusb_detach_kernel_driver(libusb_device_handle* /*handle*/, int /*interface*/) {
  return LIBUSB_SUCCESS;
}
int libusb_reset_device(libusb_device_handle* /*handle*/) {
  return LIBUSB_SUCCESS;
}

int libusb_control_transfer(libusb_device_handle* handle, std::uint8_t type, std::uint8_t /*request*/,
                            std::uint16_t value, std::uint16_t index, unsigned char* data,
                            std::uint16_t length, unsigned int /*timeout*/) {
  if (handle->is_unplugged()) return LIBUSB_ERROR_NO_DEVICE;
  const std::span bytes(data, length);
  if ((type & LIBUSB_ENDPOINT_IN) != 0) {
    handle->model.read(value, index, bytes);
  } else {
    handle->model.write(value, index, bytes);
    const std::lock_guard lock(mutex);
    last_tuned_hz = handle->model.tuned_hz();
    last_sample_rate_hz = handle->model.sample_rate_hz();
    last_supplies_antenna = handle->model.supplies_antenna();
  }
  return length;
}

int libusb_bulk_transfer(libusb_device_handle* handle, unsigned char /*endpoint*/, unsigned char* data,
                         int length, int* actual_length, unsigned int /*timeout*/) {
  if (handle->is_unplugged()) return LIBUSB_ERROR_NO_DEVICE;
  wait_for_samples(*handle, length, Clock::time_point::max());
  fill(*handle, data, length);
  *actual_length = length;
  return LIBUSB_SUCCESS;
}

unsigned char* libusb_dev_mem_alloc(libusb_device_handle* /*handle*/, std::size_t length) {
  return static_cast<unsigned char*>(std::calloc(length, 1));
}
int libusb_dev_mem_free(libusb_device_handle* /*handle*/, unsigned char* buffer, std::size_t /*length*/) {
  std::free(buffer);
  return LIBUSB_SUCCESS;
}

libusb_transfer* libusb_alloc_transfer(int /*iso_packets*/) {
  return static_cast<libusb_transfer*>(std::calloc(1, sizeof(libusb_transfer)));
}
void libusb_free_transfer(libusb_transfer* transfer) {
  std::free(transfer);
}
int libusb_submit_transfer(libusb_transfer* transfer) {
  if (transfer->dev_handle->is_unplugged()) return LIBUSB_ERROR_NO_DEVICE;
  transfer->dev_handle->context.submitted.push_back(transfer);
  return LIBUSB_SUCCESS;
}
int libusb_cancel_transfer(libusb_transfer* transfer) {
  libusb_context& context = transfer->dev_handle->context;
  if (std::erase(context.submitted, transfer) == 0) return LIBUSB_ERROR_NOT_FOUND;
  context.cancelled.push_back(transfer);
  return LIBUSB_SUCCESS;
}

/// Ends at most one transfer that has its samples, or all that were cancelled. `completed` is
/// looked at only before, as in the real one: what it says later ends no waiting.
// NOLINTNEXTLINE(readability-non-const-parameter): libusb's own signature
int libusb_handle_events_timeout_completed(libusb_context* ctx, timeval* tv, int* completed) {
  if (completed != nullptr && *completed != 0) return LIBUSB_SUCCESS;
  const auto deadline =
      Clock::now() + std::chrono::seconds(tv->tv_sec) + std::chrono::microseconds(tv->tv_usec);
  if (!ctx->cancelled.empty()) {
    while (!ctx->cancelled.empty()) {
      libusb_transfer* const transfer = ctx->cancelled.front();
      ctx->cancelled.pop_front();
      complete(transfer, LIBUSB_TRANSFER_CANCELLED, 0);
    }
    return LIBUSB_SUCCESS;
  }
  if (ctx->submitted.empty() || ctx->submitted.front()->dev_handle->is_stalled()) {
    std::this_thread::sleep_until(deadline);
    return LIBUSB_SUCCESS;
  }
  libusb_transfer* const transfer = ctx->submitted.front();
  libusb_device_handle& dongle = *transfer->dev_handle;
  if (dongle.is_unplugged()) {
    ctx->submitted.pop_front();
    complete(transfer, LIBUSB_TRANSFER_NO_DEVICE, 0);
  } else if (wait_for_samples(dongle, transfer->length, deadline)) {
    ctx->submitted.pop_front();
    fill(dongle, transfer->buffer, transfer->length);
    complete(transfer, LIBUSB_TRANSFER_COMPLETED, transfer->length);
  }
  return LIBUSB_SUCCESS;
}

}  // extern "C"
#pragma GCC visibility pop

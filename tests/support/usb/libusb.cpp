// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The functions of libusb-1.0 that librtlsdr calls, over the model of a dongle. As with the
// real one, transfers end only while somebody handles events.
#include <libusb-1.0/libusb.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "support/usb/behaviour.hpp"
#include "support/usb/dongle_model.hpp"
#include "support/usb/iq_stream.hpp"
#include "support/usb/stand_in.hpp"
#include "support/usb/world.hpp"

using namespace fmrx;
using test::Clock;
using namespace std::chrono_literals;

namespace {

/// Between the converter and the bus. What the chip has is not documented: less than a packet
/// or two is lost where it has more.
constexpr std::uint64_t kFifo_bytes = 4096;
constexpr std::uint64_t kBytesPerSample = 2;
constexpr std::byte kFrozenSample{130};  ///< the same one transfer after transfer
constexpr auto kSettled = 10ms;
constexpr auto kLook = 5ms;  ///< how often a waiting bench looks whether a fault begins
constexpr double kCrystal_Hz = 28.8e6;

/// Guards everything below, and what the handles and contexts hold. Never held in a callback.
std::mutex mutex;
std::condition_variable released;
unsigned releases = 0;
int open_dongles = 0;
test::Settings last_settings;
std::shared_ptr<test::World> world_now;

using Lock = std::unique_lock<std::mutex>;

void set_up(const char* description) {
  world_now = std::make_shared<test::World>(test::parse_behaviour(description));
}

}  // namespace

struct libusb_device {
  libusb_context* context = nullptr;
  int index = 0;
};

struct libusb_context {
  struct Submitted {
    libusb_transfer* transfer;
    Clock::time_point when;
  };

  explicit libusb_context(std::shared_ptr<test::World> of_world) : world(std::move(of_world)) {
    for (int i = 0; i < test::Behaviour::kMostDongles; ++i) devices[static_cast<std::size_t>(i)] = {this, i};
  }

  [[nodiscard]] bool is_plugged(int index) const {
    return index < world->behaviour().dongles && (index > 0 || !world->has("unplug"));
  }

  std::shared_ptr<test::World> world;
  std::array<libusb_device, test::Behaviour::kMostDongles> devices;
  std::deque<Submitted> submitted;
  std::deque<libusb_transfer*> cancelled;
};

struct libusb_device_handle {
  explicit libusb_device_handle(libusb_device& of_device)
      : context(*of_device.context),
        world(*context.world),
        device(of_device),
        model(world.behaviour().chip, kCrystal_Hz * (1 + world.behaviour().ppm * 1e-6)),
        iq(world.behaviour()),
        unplugs_at_opening(world.unplugs()) {}

  [[nodiscard]] bool is_gone() const { return device.index == 0 && world.unplugs() != unplugs_at_opening; }

  /// Notes what control transfers have amounted to.
  void log_settings() {
    const test::Settings now = model.settings();
    const std::string changes = difference(logged, now);
    if (changes.empty()) return;
    world.log(changes);
    logged = now;
  }

  libusb_context& context;
  test::World& world;
  libusb_device& device;
  test::DongleModel model;
  test::Settings logged;
  test::IqStream iq;
  unsigned unplugs_at_opening;
  bool driver_detached = false;
  bool has_streamed = false;
  Clock::time_point last_write{};
  std::optional<Clock::time_point> produced_until;  ///< samples up to here were taken or lost
};

namespace {

void hang_until_released(Lock& lock) {
  released.wait(lock, [before = releases] { return releases != before; });
}

void hang_if(test::World& world, std::string_view where, Lock& lock) {
  if (world.fault("hang") == where) hang_until_released(lock);
}

[[noreturn]] void misuse(const char* what) {
  // Not to stderr, which the program under test may have taken over.
  ::dprintf(STDERR_FILENO, "FMRX_USB: %s\n", what);
  std::abort();
}

bool is_in_flight(const libusb_context& context, const libusb_transfer* transfer) {
  return std::ranges::any_of(context.submitted, [&](const auto& s) { return s.transfer == transfer; }) ||
         std::ranges::find(context.cancelled, transfer) != context.cancelled.end();
}

Clock::duration duration_of(std::uint64_t bytes, double sample_rate_hz) {
  return std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(static_cast<double>(bytes / kBytesPerSample) / sample_rate_hz));
}

/// Where the samples of a transfer begin. What the FIFO could not hold until then is lost.
Clock::time_point beginning_of(const libusb_device_handle& dongle, Clock::time_point submitted,
                               double sample_rate_hz) {
  // As fast as it is read, nothing waits and nothing is lost.
  if (!dongle.produced_until || dongle.world.behaviour().is_fast)
    return dongle.produced_until.value_or(submitted);
  return std::max(*dongle.produced_until, submitted - duration_of(kFifo_bytes, sample_rate_hz));
}

/// Takes the samples up to `end` out of the dongle.
void produce(libusb_device_handle& dongle, std::span<std::byte> bytes, Clock::time_point begin,
             Clock::time_point end, const test::Settings& settings) {
  if (dongle.produced_until && begin > *dongle.produced_until) {
    const double lost_s = std::chrono::duration<double>(begin - *dongle.produced_until).count();
    const auto lost = kBytesPerSample * static_cast<std::uint64_t>(lost_s * settings.sample_rate_hz);
    if (lost > 0) dongle.world.log("lost " + std::to_string(lost) + " bytes: nobody took them");
    dongle.iq.skip(lost, settings);
  }
  dongle.produced_until = end;
  dongle.iq.fill(bytes, settings);
  if (dongle.world.has("frozen")) std::ranges::fill(bytes, kFrozenSample);
  dongle.world.count_transfer(bytes.size());
  if (!dongle.has_streamed) {
    dongle.world.log("first samples");
    dongle.world.log("streams since " + std::to_string(begin.time_since_epoch().count()) + " ns");
  }
  dongle.has_streamed = true;
}

/// How a transfer ends whose time has come.
struct Ending {
  libusb_transfer_status status = LIBUSB_TRANSFER_COMPLETED;
  int length = 0;
};

Ending end_transfer(libusb_device_handle& dongle, unsigned char* memory, int length,
                    Clock::time_point submitted) {
  test::World& world = dongle.world;
  if (world.take("stall")) return {LIBUSB_TRANSFER_STALL, 0};
  if (world.take("error")) return {LIBUSB_TRANSFER_ERROR, 0};
  if (world.take("overflow")) return {LIBUSB_TRANSFER_OVERFLOW, 0};
  if (world.take("short")) length = std::max(length / 2 / 512 * 512, 512);
  const test::Settings settings = dongle.model.settings();
  const auto begin = beginning_of(dongle, submitted, settings.sample_rate_hz);
  const auto count = static_cast<std::size_t>(length);
  const auto end = world.behaviour().is_fast ? begin : begin + duration_of(count, settings.sample_rate_hz);
  produce(dongle, std::as_writable_bytes(std::span(memory, count)), begin, end, settings);
  // The next transfer begins with a whole sample nevertheless.
  return {LIBUSB_TRANSFER_COMPLETED, world.take("odd") ? length - 1 : length};
}

Clock::time_point due(const libusb_device_handle& dongle, int length, Clock::time_point submitted) {
  if (dongle.world.behaviour().is_fast) return submitted;
  const double rate_hz = dongle.model.settings().sample_rate_hz;
  return beginning_of(dongle, submitted, rate_hz) + duration_of(static_cast<std::uint64_t>(length), rate_hz);
}

bool is_wedged(libusb_device_handle& dongle) {
  if (!dongle.world.has("wedge")) return false;
  dongle.produced_until = Clock::now();
  return true;
}

void wait_a_little(Lock& lock, Clock::time_point until) {
  lock.unlock();
  std::this_thread::sleep_until(std::min(until, Clock::now() + kLook));
  lock.lock();
}

void complete(Lock& lock, libusb_transfer* transfer, Ending ending) {
  transfer->status = ending.status;
  transfer->actual_length = ending.length;
  lock.unlock();
  transfer->callback(transfer);
  lock.lock();
}

/// All that were cancelled, or all of a dongle that is gone, or one that has its samples.
bool end_some(libusb_context& context, Lock& lock) {
  if (!context.cancelled.empty()) {
    while (!context.cancelled.empty()) {
      libusb_transfer* const transfer = context.cancelled.front();
      context.cancelled.pop_front();
      complete(lock, transfer, {LIBUSB_TRANSFER_CANCELLED, 0});
    }
    return true;
  }
  if (context.submitted.empty()) return false;
  libusb_device_handle& dongle = *context.submitted.front().transfer->dev_handle;
  if (dongle.is_gone()) {
    while (!context.submitted.empty()) {
      libusb_transfer* const transfer = context.submitted.front().transfer;
      context.submitted.pop_front();
      complete(lock, transfer, {LIBUSB_TRANSFER_NO_DEVICE, 0});
    }
    return true;
  }
  const auto [transfer, submitted] = context.submitted.front();
  if (is_wedged(dongle) || due(dongle, transfer->length, submitted) > Clock::now()) return false;
  context.submitted.pop_front();
  const Ending ending = end_transfer(dongle, transfer->buffer, transfer->length, submitted);
  complete(lock, transfer, ending);
  return true;
}

Clock::time_point next_due(libusb_context& context) {
  if (context.submitted.empty()) return Clock::time_point::max();
  const auto [transfer, submitted] = context.submitted.front();
  libusb_device_handle& dongle = *transfer->dev_handle;
  return is_wedged(dongle) ? Clock::time_point::max() : due(dongle, transfer->length, submitted);
}

const char* string_of(const libusb_device_handle& dongle, std::uint8_t number) {
  constexpr std::array kSerials{"00000001", "00000002", "00000003", "00000004"};
  const bool is_v4 = dongle.world.behaviour().is_v4;
  if (number == 1) return is_v4 ? "RTLSDRBlog" : "Realtek";
  if (number == 2) return is_v4 ? "Blog V4" : "RTL2838UHIDIR";
  return kSerials[static_cast<std::size_t>(dongle.device.index)];
}

/// A write that empties the FIFO: block USB, EPA_CTL.
bool is_flush(std::uint16_t value, std::uint16_t index) {
  constexpr std::uint16_t kEpaControl = 0x2148;
  return value == kEpaControl && (index >> 8U) == 1;
}

int control(libusb_device_handle& handle, std::uint8_t type, std::uint16_t value, std::uint16_t index,
            std::span<std::uint8_t> bytes, unsigned timeout_ms, Lock& lock) {
  if (handle.is_gone()) return LIBUSB_ERROR_NO_DEVICE;
  if (handle.world.has("control")) {
    lock.unlock();
    std::this_thread::sleep_for(std::chrono::milliseconds(timeout_ms));
    return LIBUSB_ERROR_TIMEOUT;
  }
  handle.model.set_pll_locks(!handle.world.has("pll"));
  bool answers = false;
  if ((type & LIBUSB_ENDPOINT_IN) != 0) {
    answers = handle.model.read(value, index, bytes);
  } else {
    if (is_flush(value, index)) handle.produced_until.reset();
    answers = handle.model.write(value, index, bytes);
    last_settings = handle.model.settings();
    handle.last_write = Clock::now();
  }
  return answers ? static_cast<int>(bytes.size()) : LIBUSB_ERROR_PIPE;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

void fmrx_usb_set_up(const char* description) {
  const Lock lock(mutex);
  set_up(description);
}
void fmrx_usb_release(void) {
  const Lock lock(mutex);
  ++releases;
  released.notify_all();
}
double fmrx_usb_tuned_hz(void) {
  const Lock lock(mutex);
  return last_settings.tuned_hz;
}
double fmrx_usb_sample_rate_hz(void) {
  const Lock lock(mutex);
  return last_settings.sample_rate_hz;
}
double fmrx_usb_gain_db(void) {
  const Lock lock(mutex);
  return last_settings.gain.value_or(Decibels(-100)).value();
}
bool fmrx_usb_supplies_antenna(void) {
  const Lock lock(mutex);
  return last_settings.bias_tee;
}
int fmrx_usb_open_dongles(void) {
  const Lock lock(mutex);
  return open_dongles;
}

int libusb_init(libusb_context** ctx) {
  const Lock lock(mutex);
  if (!world_now) {
    const char* const description = std::getenv("FMRX_USB");
    set_up(description == nullptr ? "" : description);
  }
  *ctx = new libusb_context(world_now);
  return LIBUSB_SUCCESS;
}
void libusb_exit(libusb_context* ctx) {
  const Lock lock(mutex);
  delete ctx;
}

ssize_t libusb_get_device_list(libusb_context* ctx, libusb_device*** list) {
  const Lock lock(mutex);
  *list = new libusb_device*[test::Behaviour::kMostDongles + 1];
  ssize_t count = 0;
  for (libusb_device& device : ctx->devices) {
    if (ctx->is_plugged(device.index)) (*list)[count++] = &device;
  }
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
  const Lock lock(mutex);
  if (dev_handle->is_gone()) return LIBUSB_ERROR_NO_DEVICE;
  const std::string string = string_of(*dev_handle, desc_index);
  const std::size_t count = std::min(string.size(), static_cast<std::size_t>(length) - 1);
  std::memcpy(data, string.c_str(), count);
  data[count] = 0;
  return static_cast<int>(count);
}
std::uint8_t libusb_get_bus_number(libusb_device* /*device*/) {
  return 1;
}
std::uint8_t libusb_get_device_address(libusb_device* device) {
  const Lock lock(mutex);
  return static_cast<std::uint8_t>(4 + device->index + 4 * static_cast<int>(device->context->world->moves()));
}

int libusb_open(libusb_device* device, libusb_device_handle** handle) {
  Lock lock(mutex);
  test::World& world = *device->context->world;
  hang_if(world, "open", lock);
  if (!device->context->is_plugged(device->index)) return LIBUSB_ERROR_NO_DEVICE;
  if (const auto code = world.fault("open")) {
    world.log("open refused: " + *code);
    return std::atoi(code->c_str());
  }
  *handle = new libusb_device_handle(*device);
  world.log("open");
  ++open_dongles;
  return LIBUSB_SUCCESS;
}
void libusb_close(libusb_device_handle* handle) {
  Lock lock(mutex);
  hang_if(handle->world, "close", lock);
  const bool is_busy = std::ranges::any_of(handle->context.submitted,
                                           [&](const auto& s) { return s.transfer->dev_handle == handle; });
  if (is_busy) misuse("closed with transfers in flight");
  handle->log_settings();
  handle->world.log("close");
  delete handle;
  --open_dongles;
}
libusb_device* libusb_get_device(libusb_device_handle* handle) {
  return &handle->device;
}
int libusb_claim_interface(libusb_device_handle* handle, int /*interface*/) {
  const Lock lock(mutex);
  if (handle->world.has("driver") && !handle->driver_detached) return LIBUSB_ERROR_BUSY;
  const auto code = handle->world.fault("claim");
  return code ? std::atoi(code->c_str()) : LIBUSB_SUCCESS;
}
int libusb_release_interface(libusb_device_handle* /*handle*/, int /*interface*/) {
  return LIBUSB_SUCCESS;
}
int libusb_kernel_driver_active(libusb_device_handle* handle, int /*interface*/) {
  const Lock lock(mutex);
  return handle->world.has("driver") && !handle->driver_detached ? 1 : 0;
}
int libusb_attach_kernel_driver(libusb_device_handle* handle, int /*interface*/) {
  const Lock lock(mutex);
  if (!handle->driver_detached) return LIBUSB_ERROR_NOT_FOUND;
  handle->driver_detached = false;
  return LIBUSB_SUCCESS;
}
int libusb_detach_kernel_driver(libusb_device_handle* handle, int /*interface*/) {
  const Lock lock(mutex);
  if (handle->world.fault("driver") == "stuck") return LIBUSB_ERROR_OTHER;
  handle->driver_detached = true;
  handle->world.log("kernel driver detached");
  return LIBUSB_SUCCESS;
}
int libusb_reset_device(libusb_device_handle* handle) {
  const Lock lock(mutex);
  handle->world.log("reset");
  return handle->is_gone() ? LIBUSB_ERROR_NOT_FOUND : LIBUSB_SUCCESS;
}

int libusb_control_transfer(libusb_device_handle* handle, std::uint8_t type, std::uint8_t /*request*/,
                            std::uint16_t value, std::uint16_t index, unsigned char* data,
                            std::uint16_t length, unsigned int timeout) {
  Lock lock(mutex);
  return control(*handle, type, value, index, std::span(data, length), timeout, lock);
}

int libusb_bulk_transfer(libusb_device_handle* handle, unsigned char /*endpoint*/, unsigned char* data,
                         int length, int* actual_length, unsigned int timeout) {
  Lock lock(mutex);
  handle->world.streaming_begins();
  const auto submitted = Clock::now();
  const auto deadline =
      timeout == 0 ? Clock::time_point::max() : submitted + std::chrono::milliseconds(timeout);
  *actual_length = 0;
  for (;;) {
    if (handle->is_gone()) return LIBUSB_ERROR_NO_DEVICE;
    const auto when = is_wedged(*handle) ? Clock::time_point::max() : due(*handle, length, submitted);
    if (when <= Clock::now()) break;
    if (Clock::now() >= deadline) return LIBUSB_ERROR_TIMEOUT;
    wait_a_little(lock, std::min(when, deadline));
  }
  const Ending ending = end_transfer(*handle, data, length, submitted);
  *actual_length = ending.length;
  switch (ending.status) {
    case LIBUSB_TRANSFER_STALL:
      return LIBUSB_ERROR_PIPE;
    case LIBUSB_TRANSFER_ERROR:
      return LIBUSB_ERROR_IO;
    case LIBUSB_TRANSFER_OVERFLOW:
      return LIBUSB_ERROR_OVERFLOW;
    default:
      return LIBUSB_SUCCESS;
  }
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
/// The real one forbids it for a transfer in flight; librtlsdr does it when it is cancelled twice.
void libusb_free_transfer(libusb_transfer* transfer) {
  const Lock lock(mutex);
  if (transfer->dev_handle != nullptr && is_in_flight(transfer->dev_handle->context, transfer))
    misuse("a transfer was freed in flight");
  std::free(transfer);
}
int libusb_submit_transfer(libusb_transfer* transfer) {
  Lock lock(mutex);
  libusb_device_handle& dongle = *transfer->dev_handle;
  hang_if(dongle.world, "submit", lock);
  if (dongle.is_gone()) return LIBUSB_ERROR_NO_DEVICE;
  if (dongle.world.take("resubmit")) return LIBUSB_ERROR_IO;
  // Setting a frequency takes many writes.
  if (Clock::now() - dongle.last_write > kSettled) dongle.log_settings();
  dongle.world.streaming_begins();
  dongle.context.submitted.push_back({transfer, Clock::now()});
  return LIBUSB_SUCCESS;
}
int libusb_cancel_transfer(libusb_transfer* transfer) {
  const Lock lock(mutex);
  // librtlsdr cancels all that it has allocated, where the first could not be submitted.
  if (transfer->dev_handle == nullptr) return LIBUSB_ERROR_NOT_FOUND;
  libusb_context& context = transfer->dev_handle->context;
  if (std::erase_if(context.submitted, [&](const auto& s) { return s.transfer == transfer; }) == 0)
    return LIBUSB_ERROR_NOT_FOUND;
  context.cancelled.push_back(transfer);
  return LIBUSB_SUCCESS;
}

/// `completed` is looked at only before, as in the real one: what it says later ends no waiting.
// NOLINTNEXTLINE(readability-non-const-parameter): libusb's own signature
int libusb_handle_events_timeout_completed(libusb_context* ctx, timeval* tv, int* completed) {
  if (completed != nullptr && *completed != 0) return LIBUSB_SUCCESS;
  const auto deadline =
      Clock::now() + std::chrono::seconds(tv->tv_sec) + std::chrono::microseconds(tv->tv_usec);
  Lock lock(mutex);
  hang_if(*ctx->world, "events", lock);
  while (!end_some(*ctx, lock)) {
    if (Clock::now() >= deadline) break;
    wait_a_little(lock, std::min(deadline, next_due(*ctx)));
  }
  return LIBUSB_SUCCESS;
}

}  // extern "C"
#pragma GCC visibility pop

// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/option_table.hpp"

#include <algorithm>
#include <utility>

namespace fmrx::cli {
namespace {

// clang-format off
constexpr OptionRow kReceiveOptions[] = {
    {.name = "freq", .letter = 'f', .value = "FREQUENCY",
     .help = "the station: 92.7M, 92700k, 92.7e6, 92700000, in MHz, 92.7, or a name from the configuration file",
     .default_value = "", .choices = "", .group = Group::listen, .values = Values::stations},
    {.name = "source", .letter = 0, .value = "SOURCE",
     .help = "where the signal comes from: a dongle (rtlsdr), file:PATH, standard input (-) or the "
             "simulator (sim)",
     .default_value = "rtlsdr", .choices = "rtlsdr file: - sim", .group = Group::listen},
    {.name = "volume", .letter = 0, .value = "DB",
     .help = "louder or softer, -60 to +20",
     .default_value = "0", .choices = "", .group = Group::listen},

    {.name = "list-audio", .letter = 0, .value = "",
     .help = "list the sound cards and leave",
     .default_value = "", .choices = "", .group = Group::listen, .only_typed = true},
    {.name = "audio-device", .letter = 0, .value = "CARD",
     .help = "which sound card: its index, its name, or a part of the name that no other has",
     .default_value = "", .choices = "", .group = Group::listen, .values = Values::cards},
    {.name = "latency", .letter = 0, .value = "MS",
     .help = "milliseconds from the antenna to the loudspeaker, 50 to 1000; more outlasts longer stalls",
     .default_value = "70", .choices = "", .group = Group::listen},

    {.name = "output", .letter = 'o', .value = "OUTPUT",
     .help = "where the sound goes: play, PATH.wav (.flac, .opus, .ogg, .mp3, .raw), FOLDER/, - (standard "
             "output) or none; may be given several times",
     .default_value = "play", .choices = "play - none", .group = Group::record, .repeats = true, .values = Values::files},
    {.name = "sample-format", .letter = 0, .value = "FORMAT",
     .help = "of files and -: s16, s24 (files only) or f32; always 48 kHz stereo, little-endian",
     .default_value = "s16", .choices = "s16 s24 f32", .group = Group::record},
    {.name = "mpx", .letter = 0, .value = "PATH.wav",
     .help = "also write the multiplex, for other decoders: one channel, full scale is 100 kHz deviation; "
             "- is raw to standard output",
     .default_value = "", .choices = "-", .group = Group::record, .values = Values::files},
    {.name = "mpx-rate", .letter = 0, .value = "RATE",
     .help = "of the multiplex: 171k, 192k or 384k samples a second",
     .default_value = "192k", .choices = "171k 192k 384k", .group = Group::record},
    {.name = "format", .letter = 0, .value = "FORMAT",
     .help = "of files whose name does not end so, of folders (flac) and - (raw)",
     .default_value = "", .choices = "raw wav flac opus ogg mp3", .group = Group::record},
    {.name = "overwrite", .letter = 0, .value = "",
     .help = "replace files that exist",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "split", .letter = 0, .value = "LENGTH",
     .help = "a new file each full 1h (or 10m, 6h: what divides a day), 45m45s long, or 500M large; no "
             "frame is lost between them",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "name", .letter = 0, .value = "PATTERN",
     .help = "names of the files in FOLDER/, of {freq}, {ps}, {pi}, {start:%H%M}, {utc:%H%M}, {number}",
     .default_value = "{freq}_{start:%Y-%m-%dT%H%M%S%z}", .choices = "", .group = Group::record},
    {.name = "keep", .letter = 0, .value = "LIMIT",
     .help = "of the recordings in FOLDER/, delete those older than 30d, or the oldest beyond 200G",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "index", .letter = 0, .value = "",
     .help = "also beside a single file, list times, gaps and station in PATH.jsonl",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "align", .letter = 0, .value = "",
     .help = "fill in or leave out samples so that recordings keep to the wall clock",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "duration", .letter = 't', .value = "TIME",
     .help = "stop after 90 or 1.5 (seconds), 1h30m or 1:30:00",
     .default_value = "", .choices = "", .group = Group::record},

    {.name = "iq", .letter = 0, .value = "PATH.sigmf-data",
     .help = "also record what the source yields, as a SigMF pair that --source file: plays again",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "at", .letter = 0, .value = "TIME",
     .help = "begin at 20:00, 20:00:30 or 2026-11-21T20:00 (local; with Z or +01:00 not)",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "until", .letter = 0, .value = "TIME",
     .help = "end at that time",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "require-signal", .letter = 0, .value = "TIME",
     .help = "leave with status 4 if there is no station for so long",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "on-signal-lost", .letter = 0, .value = "WHAT",
     .help = "mark: list it and go on; exit: leave with status 4",
     .default_value = "mark", .choices = "mark exit", .group = Group::record},
    {.name = "on-file", .letter = 0, .value = "COMMAND",
     .help = "run it for each finished file, without a shell, with {path}, {start}, {end}, {frames}, {status}",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "on-event", .letter = 0, .value = "COMMAND",
     .help = "run it when the signal or what RDS says changes, with {event}, {text}, {time}",
     .default_value = "", .choices = "", .group = Group::record},

    {.name = "rate", .letter = 's', .value = "RATE",
     .help = "IQ samples a second: 2.4M, 256k; the dongle's default is 2.4M, a WAV file says its own",
     .default_value = "", .choices = "", .group = Group::files},
    {.name = "iq-format", .letter = 0, .value = "FORMAT",
     .help = "cu8, cs16 or cf32, if the file's name does not end so",
     .default_value = "", .choices = "cu8 cs16 cf32", .group = Group::files,
     .sources = kFile | kStandardInput},
    {.name = "center", .letter = 0, .value = "FREQUENCY",
     .help = "the frequency in the middle of the file",
     .default_value = "", .choices = "", .group = Group::files, .sources = kFile | kStandardInput},
    {.name = "offset", .letter = 0, .value = "FREQUENCY",
     .help = "instead: how far the station is above the middle: 250k, -0.25M",
     .default_value = "", .choices = "", .group = Group::files, .sources = kFile | kStandardInput},
    {.name = "realtime", .letter = 0, .value = "",
     .help = "read no faster than the signal was recorded",
     .default_value = "", .choices = "", .group = Group::files, .sources = kFile | kSimulator},
    {.name = "start", .letter = 0, .value = "TIME",
     .help = "begin so far into the file",
     .default_value = "0", .choices = "", .group = Group::files, .sources = kFile},

    {.name = "rds", .letter = 0, .value = "FORMAT:PATH",
     .help = "write what RDS says: json:PATH, hex:PATH (as RDS Spy) or events:PATH (changes only), added "
             "to the file's end; for PATH also - (standard output) or fd:N; may be given several times",
     .default_value = "", .choices = "json: hex: events:", .group = Group::rds, .repeats = true},
    {.name = "rbds", .letter = 0, .value = "WHAT",
     .help = "is it the North American system? yes, no, or auto: as the station's country tells",
     .default_value = "auto", .choices = "yes no auto", .group = Group::rds},

    {.name = "mono", .letter = 0, .value = "",
     .help = "always mono, instead of as the signal allows",
     .default_value = "", .choices = "", .group = Group::receiver},
    {.name = "stereo", .letter = 0, .value = "",
     .help = "always stereo, however noisy",
     .default_value = "", .choices = "", .group = Group::receiver},
    {.name = "deemphasis", .letter = 0, .value = "MICROSECONDS",
     .help = "50 (most of the world), 75 (the Americas, South Korea) or 0 (none)",
     .default_value = "50", .choices = "50 75 0", .group = Group::receiver},
    {.name = "bandwidth", .letter = 0, .value = "BANDWIDTH",
     .help = "of the channel filter, 40k to 400k; auto: as wide as the neighbours allow",
     .default_value = "auto", .choices = "auto", .group = Group::receiver},

    {.name = "list-devices", .letter = 0, .value = "",
     .help = "list the dongles and leave",
     .default_value = "", .choices = "", .group = Group::dongle, .only_typed = true},
    {.name = "device", .letter = 'd', .value = "DEVICE",
     .help = "which dongle: its index, or :SERIAL",
     .default_value = "0", .choices = "", .group = Group::dongle, .sources = kDongle, .values = Values::devices},
    {.name = "gain", .letter = 'g', .value = "GAIN",
     .help = "of the tuner: auto, a number of dB, or list to see which it has",
     .default_value = "auto", .choices = "auto list", .group = Group::dongle, .sources = kDongle, .values = Values::gains},
    {.name = "ppm", .letter = 'p', .value = "PPM",
     .help = "error of the crystal in parts per million, -1000 to +1000",
     .default_value = "0", .choices = "", .group = Group::dongle, .sources = kDongle},
    {.name = "bias-tee", .letter = 'T', .value = "",
     .help = "supply an amplifier at the antenna",
     .default_value = "", .choices = "", .group = Group::dongle, .sources = kDongle},

    {.name = "on-lost", .letter = 0, .value = "WHAT",
     .help = "when the dongle is lost: wait (in silence, until it is back), wait:10m (no longer than that) "
             "or exit",
     .default_value = "wait", .choices = "wait exit", .group = Group::dongle, .sources = kDongle},

    {.name = "seed", .letter = 0, .value = "NUMBER",
     .help = "other noise on the air; the same seed always gives the same samples",
     .default_value = "0", .choices = "", .group = Group::simulator, .sources = kSimulator},

    {.name = "config", .letter = 0, .value = "PATH",
     .help = "the file to read instead of ~/.config/fmrx/fmrx.toml",
     .default_value = "", .choices = "", .group = Group::configuration, .values = Values::files, .only_typed = true},
    {.name = "no-config", .letter = 0, .value = "",
     .help = "read none",
     .default_value = "", .choices = "", .group = Group::configuration, .only_typed = true},
    {.name = "print-config", .letter = 0, .value = "",
     .help = "print what holds, as such a file, and leave",
     .default_value = "", .choices = "", .group = Group::configuration, .only_typed = true},
    {.name = "list-stations", .letter = 0, .value = "",
     .help = "list the stations that the file names and leave",
     .default_value = "", .choices = "", .group = Group::configuration, .only_typed = true},

    {.name = "strict", .letter = 0, .value = "",
     .help = "leave with status 6 if samples were lost",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "verbose", .letter = 'v', .value = "",
     .help = "say more",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "quiet", .letter = 'q', .value = "",
     .help = "say only what went wrong",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "version", .letter = 'V', .value = "",
     .help = "print the version and leave",
     .default_value = "", .choices = "", .group = Group::messages, .only_typed = true},
    {.name = "help", .letter = 'h', .value = "",
     .help = "print this and leave",
     .default_value = "", .choices = "", .group = Group::messages, .only_typed = true},
};

constexpr OptionRow kSimOptions[] = {
    {.name = "list", .letter = 0, .value = "",
     .help = "list what is on which frequency and leave",
     .default_value = "", .choices = "", .group = Group::simulator},
    {.name = "freq", .letter = 'f', .value = "FREQUENCY",
     .help = "the station whose programme is written",
     .default_value = "92.7M", .choices = "", .group = Group::simulator},
    {.name = "duration", .letter = 't', .value = "TIME",
     .help = "how long: 90 or 1.5 (seconds), 1h30m or 1:30:00",
     .default_value = "", .choices = "", .group = Group::simulator},
    {.name = "seed", .letter = 0, .value = "NUMBER",
     .help = "other noise on the air; the same seed always gives the same samples",
     .default_value = "0", .choices = "", .group = Group::simulator},

    {.name = "programme", .letter = 0, .value = "PATH.wav",
     .help = "write what the station plays, as it goes into the transmitter (48 kHz stereo, float)",
     .default_value = "", .choices = "", .group = Group::record, .values = Values::files},

    {.name = "iq", .letter = 0, .value = "PATH",
     .help = "write the signal at the antenna; the name ends in .cu8, .cs16 or .cf32",
     .default_value = "", .choices = "", .group = Group::files, .values = Values::files},
    {.name = "rate", .letter = 's', .value = "RATE",
     .help = "IQ samples a second",
     .default_value = "2.4M", .choices = "", .group = Group::files},
    {.name = "center", .letter = 0, .value = "FREQUENCY",
     .help = "the frequency in the middle of the file; else that of the station",
     .default_value = "", .choices = "", .group = Group::files},

    {.name = "verbose", .letter = 'v', .value = "",
     .help = "say more",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "quiet", .letter = 'q', .value = "",
     .help = "say only what went wrong",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "help", .letter = 'h', .value = "",
     .help = "print this and leave",
     .default_value = "", .choices = "", .group = Group::messages},
};

constexpr OptionRow kDoctorOptions[] = {
    {.name = "device", .letter = 'd', .value = "DEVICE",
     .help = "which dongle: its index, or :SERIAL",
     .default_value = "0", .choices = "", .group = Group::dongle, .values = Values::devices},
    {.name = "verbose", .letter = 'v', .value = "",
     .help = "say more",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "quiet", .letter = 'q', .value = "",
     .help = "say only what went wrong",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "help", .letter = 'h', .value = "",
     .help = "print this and leave",
     .default_value = "", .choices = "", .group = Group::messages},
};

constexpr OptionRow kRdsOptions[] = {
    {.name = "rds", .letter = 0, .value = "FORMAT:PATH",
     .help = "write what RDS says: json:PATH, hex:PATH (as RDS Spy) or events:PATH (changes only), added "
             "to the file's end; for PATH also - (standard output) or fd:N; may be given several times",
     .default_value = "json:-", .choices = "json: hex: events:", .group = Group::rds, .repeats = true},
    {.name = "rbds", .letter = 0, .value = "WHAT",
     .help = "is it the North American system? yes, no, or auto: as the station's country tells",
     .default_value = "auto", .choices = "yes no auto", .group = Group::rds},

    {.name = "rate", .letter = 's', .value = "RATE",
     .help = "the file is raw multiplex of so many samples a second (16 bits, little-endian, one channel)",
     .default_value = "", .choices = "", .group = Group::files},

    {.name = "verbose", .letter = 'v', .value = "",
     .help = "say more",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "quiet", .letter = 'q', .value = "",
     .help = "say only what went wrong",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "help", .letter = 'h', .value = "",
     .help = "print this and leave",
     .default_value = "", .choices = "", .group = Group::messages},
};

constexpr OptionRow kBatchOptions[] = {
    {.name = "dry-run", .letter = 'n', .value = "",
     .help = "print what the jobs would record in the coming week, and what cannot be met",
     .default_value = "", .choices = "", .group = Group::record},
    {.name = "output", .letter = 'o', .value = "FOLDER",
     .help = "where the recordings of IQ files go, each by its file's name",
     .default_value = ".", .choices = "", .group = Group::record, .values = Values::folders},
    {.name = "format", .letter = 0, .value = "FORMAT",
     .help = "of the recordings of IQ files",
     .default_value = "flac", .choices = "raw wav flac opus ogg mp3", .group = Group::record},
    {.name = "jobs", .letter = 'j', .value = "NUMBER",
     .help = "how many IQ files at once; else one for each core",
     .default_value = "", .choices = "", .group = Group::files},

    {.name = "verbose", .letter = 'v', .value = "",
     .help = "say more",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "quiet", .letter = 'q', .value = "",
     .help = "say only what went wrong",
     .default_value = "", .choices = "", .group = Group::messages},
    {.name = "help", .letter = 'h', .value = "",
     .help = "print this and leave",
     .default_value = "", .choices = "", .group = Group::messages},
};
// clang-format on

constexpr Example kReceiveExamples[] = {
    {"fmrx -f 92.7M", "listen"},
    {"fmrx -f 92.7M -o news.wav -t 30m", "record half an hour"},
    {"fmrx -f 92.7M -o play -o news.wav", "listen and record"},
    {"fmrx -f 92.7M -o - | aplay -f dat", "pipe"},
    {"fmrx --source file:air.cu8 -s 2.4M --center 93M -f 92.7M", "from a file"},
    {"fmrx --source sim", "without a dongle"},
};

constexpr Example kSimExamples[] = {
    {"fmrx sim --list", "what is on the air"},
    {"fmrx sim -f 92.7M -t 10 --programme x.wav", "what a station plays"},
    {"fmrx sim -t 10 --iq x.cu8 -s 2.4M --center 93M", "what a dongle would hear"},
};

constexpr Example kDoctorExamples[] = {
    {"fmrx doctor", "dongle, permissions, driver, USB, sound"},
};

constexpr Example kBatchExamples[] = {
    {"fmrx batch jobs.toml", "record by a plan"},
    {"fmrx batch jobs.toml --dry-run", "see the plan"},
    {"fmrx batch -o audio/ *.cu8 -- --offset 200k", "many IQ files"},
};

constexpr Example kRdsExamples[] = {
    {"fmrx rds station.spy", "a log of RDS Spy, as JSON"},
    {"fmrx rds mpx.wav --rds events:-", "a multiplex, what changes"},
    {"fmrx rds - -s 171k < mpx.raw", "a raw multiplex"},
};

constexpr CommandTable kReceive{.name = "fmrx",
                                .usage = "-f FREQUENCY [OPTION]...",
                                .summary = "Receives FM broadcasts: plays, records or pipes them.",
                                .examples = kReceiveExamples,
                                .options = kReceiveOptions};
constexpr CommandTable kDoctor{
    .name = "fmrx doctor",
    .usage = "[OPTION]...",
    .summary = "Finds what is wrong with dongle and sound card, and how to mend it.",
    .examples = kDoctorExamples,
    .options = kDoctorOptions};
constexpr CommandTable kSim{.name = "fmrx sim",
                            .usage = "[OPTION]...",
                            .summary = "Writes what the simulator plays.",
                            .examples = kSimExamples,
                            .options = kSimOptions};
constexpr CommandTable kBatch{.name = "fmrx batch",
                              .usage = "[OPTION]... JOBS.toml | IQFILE... [-- RECEIVE-OPTION...]",
                              .summary = "Runs jobs, each at its time, or many IQ files in parallel.",
                              .examples = kBatchExamples,
                              .options = kBatchOptions,
                              .takes_words = true};
constexpr CommandTable kRds{
    .name = "fmrx rds",
    .usage = "[OPTION]... FILE",
    .summary =
        "Decodes RDS from a log of groups, a multiplex (WAV or raw) or bits (0 and 1), without a radio.",
    .examples = kRdsExamples,
    .options = kRdsOptions,
    .takes_words = true};

constexpr const CommandTable* kTables[] = {&kReceive, &kDoctor, &kSim, &kBatch, &kRds};

constexpr std::pair<std::string_view, std::string_view> kExclusive[] = {{"duration", "until"},
                                                                        {"center", "offset"},
                                                                        {"mono", "stereo"},
                                                                        {"quiet", "verbose"},
                                                                        {"config", "no-config"},
                                                                        {"list-audio", "list-devices"},
                                                                        {"list-audio", "list-stations"},
                                                                        {"list-devices", "list-stations"},
                                                                        {"list", "iq"},
                                                                        {"list", "programme"}};

constexpr StatusMeaning kStatuses[] = {
    {0, "done"},
    {1, "internal error"},
    {2, "wrong usage"},
    {3, "source missing or lost"},
    {4, "no signal"},
    {5, "output failed"},
    {6, "samples lost with --strict"},
    {7, "a job was missed"},
};

}  // namespace

std::string_view heading(Group group) {
  switch (group) {
    case Group::listen:
      return "Listen";
    case Group::record:
      return "Record and pipe";
    case Group::files:
      return "IQ files and standard input";
    case Group::rds:
      return "RDS";
    case Group::receiver:
      return "Receiver";
    case Group::dongle:
      return "Dongle";
    case Group::simulator:
      return "Simulator";
    case Group::configuration:
      return "Configuration file";
    case Group::messages:
      return "Messages";
  }
  return {};
}

const OptionRow* CommandTable::find(std::string_view wanted) const {
  const auto row =
      std::find_if(options.begin(), options.end(), [&](const OptionRow& o) { return o.name == wanted; });
  return row == options.end() ? nullptr : &*row;
}

const OptionRow* CommandTable::find(char letter) const {
  const auto row = std::find_if(options.begin(), options.end(),
                                [&](const OptionRow& o) { return o.letter != 0 && o.letter == letter; });
  return row == options.end() ? nullptr : &*row;
}

std::span<const std::pair<std::string_view, std::string_view>> exclusive_options() {
  return kExclusive;
}
std::span<const StatusMeaning> exit_statuses() {
  return kStatuses;
}
std::span<const CommandTable* const> all_tables() {
  return kTables;
}
const CommandTable& receive_table() {
  return kReceive;
}
const CommandTable& doctor_table() {
  return kDoctor;
}
const CommandTable& sim_table() {
  return kSim;
}
const CommandTable& rds_table() {
  return kRds;
}
const CommandTable& batch_table() {
  return kBatch;
}

}  // namespace fmrx::cli

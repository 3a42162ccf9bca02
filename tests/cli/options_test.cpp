// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.hpp"

#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/option_table.hpp"
#include "cli/refusal.hpp"
#include "support/catch2.hpp"

using namespace fmrx::cli;
using namespace std::chrono_literals;
using fmrx::Decibels;
using fmrx::FileFormat;
using fmrx::Hertz;
using fmrx::IqFormat;
using fmrx::SampleFormat;
using fmrx::SampleRate;
using fmrx::test::contains;
using fmrx::test::refusal;

namespace {

Command parse_words(const std::vector<std::string>& words) {
  std::vector<const char*> argv{"fmrx"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  return parse(static_cast<int>(argv.size()), argv.data());
}

std::vector<std::string> split(const std::string& line) {
  std::istringstream text(line);
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

Options receive(const std::string& line) {
  return std::get<Options>(parse_words(split(line)));
}
SimOptions sim(const std::string& line) {
  return std::get<SimOptions>(parse_words(split("sim " + line)));
}

std::string refusal_of(const std::vector<std::string>& words) {
  return refusal([&] { static_cast<void>(parse_words(words)); });
}

struct Refused {
  const char* line;
  const char* says;
};

void check_refused(const std::vector<Refused>& cases) {
  for (const Refused& c : cases) {
    CAPTURE(c.line);
    const std::string line = refusal_of(split(c.line));
    CAPTURE(line);
    CHECK(contains(line, c.says));
  }
}

/// Words that are right for the source an option is for, so that only the option
/// itself can be wrong.
std::vector<std::string> suitable_words(const CommandTable& table, const OptionRow& row) {
  if (&table == &sim_table()) return {"sim", "-t", "1", "--iq", "x.cu8"};
  if (&table == &doctor_table()) return {"doctor"};
  if (row.name == "format") return {"-f", "92.7M", "-o", "x/"};
  if (row.name == "sample-format") return {"-f", "92.7M", "-o", "x.wav"};
  if (row.name == "mpx-rate") return {"-f", "92.7M", "--mpx", "x.wav"};
  if ((row.sources & kDongle) != 0) return {"-f", "92.7M"};
  if ((row.sources & kSimulator) != 0) return {"--source", "sim"};
  return {"--source", "file:x.cu8"};
}

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("a frequency is all that must be given") {
  const Options options = receive("-f 92.7M");
  CHECK(options.action == Action::receive);
  CHECK(options.source == SourceKind::rtlsdr);
  CHECK(options.path.empty());
  CHECK(options.freq == Hertz(92.7e6));
  CHECK_FALSE(options.rate);
  CHECK_FALSE(options.iq_format);
  CHECK_FALSE(options.centre);
  CHECK_FALSE(options.offset);
  CHECK_FALSE(options.realtime);
  CHECK(options.start == 0s);
  CHECK(options.seed == 0);
  CHECK(options.device.index == 0);
  CHECK(options.device.serial.empty());
  CHECK_FALSE(options.gain);
  CHECK(options.ppm == 0);
  CHECK_FALSE(options.bias_tee);
  CHECK_FALSE(options.duration);
  CHECK(options.outputs == std::vector{Output{OutputKind::play, ""}});
  CHECK(options.sample_format == SampleFormat::s16);
  CHECK(options.stereo == StereoMode::automatic);
  CHECK(options.deemphasis_us == 50);
  CHECK(options.volume == Decibels(0));
  CHECK_FALSE(options.strict);
  CHECK(options.verbosity == Verbosity::normal);
}

TEST_CASE("an option may be written in every usual way") {
  for (const char* line : {"-f 92.7M", "-f92.7M", "--freq 92.7M", "--freq=92.7M", "-Tqf 92.7M", "-qTf92.7M",
                           "-q --freq=92.7M", "-f 92.7M --"}) {
    CAPTURE(line);
    CHECK(receive(line).freq == Hertz(92.7e6));
  }
  CHECK(receive("-Tqf 92.7M").bias_tee);
  CHECK(receive("-Tqf 92.7M").verbosity == Verbosity::quiet);
}

TEST_CASE("no arguments at all, not even a name, is a usage error") {
  CHECK(contains(refusal([] { static_cast<void>(parse(0, nullptr)); }), "--freq"));
  CHECK(contains(refusal_of({}), "which station? add --freq"));
}

TEST_CASE("each option means what it says") {
  SECTION("--source") {
    CHECK(receive("-f 1M --source rtlsdr").source == SourceKind::rtlsdr);
    CHECK(receive("--source -").source == SourceKind::standard_input);
    CHECK(receive("--source sim").source == SourceKind::sim);
    CHECK(receive("--source file:a/b.cu8").source == SourceKind::file);
    CHECK(receive("--source file:a/b.cu8").path == "a/b.cu8");
    CHECK(receive("--source file:file:x").path == "file:x");
    CHECK(std::get<Options>(parse_words({"--source", "file:a b.wav"})).path == "a b.wav");
    CHECK(std::get<Options>(parse_words({"--source", "file:[a,b].cu8"})).path == "[a,b].cu8");
  }
  SECTION("--freq") {
    CHECK(receive("--source sim").freq == Hertz(92.7e6));
    CHECK(receive("--source sim -f 100").freq == Hertz(100e6));
    CHECK_FALSE(receive("--source file:x").freq);
    CHECK_FALSE(receive("--source -").freq);
  }
  SECTION("--rate") {
    CHECK(receive("-f 92.7 -s 2.4M").rate == SampleRate(2'400'000));
    CHECK(receive("-f 92.7 -s 225001").rate == SampleRate(225'001));
    CHECK(receive("-f 92.7 -s 300k").rate == SampleRate(300'000));
    CHECK(receive("-f 92.7 -s 900001").rate == SampleRate(900'001));
    CHECK(receive("-f 92.7 -s 3.2M").rate == SampleRate(3'200'000));
    CHECK(receive("--source - --rate 225k").rate == SampleRate(225'000));
    CHECK(receive("--source sim --rate 500k").rate == SampleRate(500'000));
  }
  SECTION("--iq-format") {
    CHECK(receive("--source - --iq-format cu8").iq_format == IqFormat::cu8);
    CHECK(receive("--source - --iq-format cs16").iq_format == IqFormat::cs16);
    CHECK(receive("--source file:x --iq-format cf32").iq_format == IqFormat::cf32);
  }
  SECTION("--center and --offset") {
    CHECK(receive("--source - --center 93M -f 92.7M").centre == Hertz(93e6));
    CHECK(receive("--source - --offset -250k").offset == Hertz(-250e3));
    CHECK(receive("--source - --offset=-250k -f 92.7").offset == Hertz(-250e3));
  }
  SECTION("--realtime and --start") {
    CHECK(receive("--source file:x --realtime").realtime);
    CHECK(receive("--source sim --realtime").realtime);
    CHECK(receive("--source file:x --start 1:30").start == 90s);
    CHECK(receive("--source file:x --start 0").start == 0s);
  }
  SECTION("--seed") {
    CHECK(receive("--source sim --seed 7").seed == 7);
    CHECK(receive("--source sim --seed 18446744073709551615").seed == 18446744073709551615ULL);
  }
  SECTION("--device") {
    CHECK(receive("-f 92.7 -d 3").device.index == 3);
    CHECK(receive("-f 92.7 -d 0").device.index == 0);
    CHECK(receive("-f 92.7 -d :00000001").device.serial == "00000001");
    CHECK(receive("-f 92.7 -d :3").device.serial == "3");
  }
  SECTION("--gain") {
    CHECK_FALSE(receive("-f 92.7 -g auto").gain);
    CHECK(receive("-f 92.7 -g 49.6").gain == Decibels(49.6));
    CHECK(receive("-f 92.7 -g 0").gain == Decibels(0));
    CHECK(receive("-f 92.7 -g -1").gain == Decibels(-1));
    CHECK(receive("-f 92.7 -g-1.5").gain == Decibels(-1.5));
    CHECK(receive("-f 92.7 -g 40dB").gain == Decibels(40));
    CHECK(receive("-g list").action == Action::list_gains);
    CHECK(receive("-g list -d 1").device.index == 1);
  }
  SECTION("--ppm") {
    CHECK(receive("-f 92.7 -p 12").ppm == 12);
    CHECK(receive("-f 92.7 -p -0.5").ppm == -0.5);
    CHECK(receive("-f 92.7 --ppm=+1000").ppm == 1000);
  }
  SECTION("--bias-tee") {
    CHECK(receive("-f 92.7 -T").bias_tee);
  }
  SECTION("--list-devices") {
    CHECK(receive("--list-devices").action == Action::list_devices);
  }
  SECTION("--split and --keep") {
    using namespace std::chrono_literals;
    CHECK(receive("-f 92.7 -o a/ --split 1h").split.length == 1h);
    CHECK(receive("-f 92.7 -o a/ --split 500m").split.length == 500min);
    CHECK(receive("-f 92.7 -o a/ --split 500M").split.bytes == 500'000'000);
    CHECK(receive("-f 92.7 -o a/ --split 1.5G").split.bytes == 1'500'000'000);
    CHECK(receive("-f 92.7 -o a/ --keep 30d").keep->age == 720h);
    CHECK(receive("-f 92.7 -o a/ --keep 12h").keep->age == 12h);
    CHECK(receive("-f 92.7 -o a/ --keep 2T").keep->bytes == 2'000'000'000'000);
    CHECK(receive("-f 92.7 -o a/").keep.has_value() == false);
  }
  SECTION("--output") {
    CHECK(receive("-f 92.7 -o x.wav").outputs ==
          std::vector{Output{OutputKind::file, "x.wav", FileFormat::wav}});
    CHECK(receive("-f 92.7 -o a/X.WAV").outputs ==
          std::vector{Output{OutputKind::file, "a/X.WAV", FileFormat::wav}});
    CHECK(receive("-f 92.7 -o ./-.wav").outputs ==
          std::vector{Output{OutputKind::file, "./-.wav", FileFormat::wav}});
    CHECK(receive("-f 92.7 -o x.FLAC -o y.oga -o z.opus -o a.mp3 -o b.raw").outputs ==
          std::vector{Output{OutputKind::file, "x.FLAC", FileFormat::flac},
                      Output{OutputKind::file, "y.oga", FileFormat::vorbis},
                      Output{OutputKind::file, "z.opus", FileFormat::opus},
                      Output{OutputKind::file, "a.mp3", FileFormat::mp3},
                      Output{OutputKind::file, "b.raw", FileFormat::raw}});
    CHECK(receive("-f 92.7 -o a/b/").outputs ==
          std::vector{Output{OutputKind::folder, "a/b/", FileFormat::flac}});
    CHECK(receive("-f 92.7 -o a/ --name x{start}.mp3").outputs ==
          std::vector{Output{OutputKind::folder, "a/", FileFormat::mp3}});
    CHECK(receive("-f 92.7 -o - -o a/ -o b.dat --format ogg").outputs ==
          std::vector{Output{OutputKind::standard_output, "", FileFormat::vorbis},
                      Output{OutputKind::folder, "a/", FileFormat::vorbis},
                      Output{OutputKind::file, "b.dat", FileFormat::vorbis}});
    // What a name says is true.
    CHECK(receive("-f 92.7 -o a.wav -o b.dat -o c/ --name {start}.opus --format flac").outputs ==
          std::vector{Output{OutputKind::file, "a.wav", FileFormat::wav},
                      Output{OutputKind::file, "b.dat", FileFormat::flac},
                      Output{OutputKind::folder, "c/", FileFormat::opus}});
    CHECK(receive("-f 92.7 -o none").outputs == std::vector{Output{OutputKind::none, ""}});
    CHECK(receive("-f 92.7 -o - -o b.wav -o play -o a.wav").outputs ==
          std::vector{Output{OutputKind::standard_output, ""},
                      Output{OutputKind::file, "b.wav", FileFormat::wav}, Output{OutputKind::play, ""},
                      Output{OutputKind::file, "a.wav", FileFormat::wav}});
  }
  SECTION("--mpx") {
    CHECK(receive("-f 92.7").mpx.empty());
    CHECK(receive("-f 92.7 --mpx -").mpx_rate == SampleRate(192'000));
    CHECK(receive("-f 92.7 -o - --mpx x.wav --mpx-rate 171k --overwrite").mpx_rate == SampleRate(171'000));
    CHECK(receive("-f 92.7 -o none --mpx x.WAV").mpx == "x.WAV");
  }
  SECTION("--sample-format") {
    CHECK(receive("-f 92.7 -o x.wav --sample-format s16").sample_format == SampleFormat::s16);
    CHECK(receive("-f 92.7 -o x.wav --sample-format s24").sample_format == SampleFormat::s24);
    CHECK(receive("-f 92.7 -o - --sample-format f32").sample_format == SampleFormat::f32);
  }
  SECTION("--duration") {
    CHECK(receive("-f 92.7 -t 90").duration == 90s);
    CHECK(receive("-f 92.7 -t 1h30m").duration == 90min);
    CHECK(receive("-f 92.7 -t 1:30:00").duration == 90min);
  }
  SECTION("--mono and --stereo") {
    CHECK(receive("-f 92.7 --mono").stereo == StereoMode::mono);
    CHECK(receive("-f 92.7 --stereo").stereo == StereoMode::stereo);
  }
  SECTION("--deemphasis") {
    CHECK(receive("-f 92.7 --deemphasis 50").deemphasis_us == 50);
    CHECK(receive("-f 92.7 --deemphasis 75").deemphasis_us == 75);
    CHECK(receive("-f 92.7 --deemphasis 0").deemphasis_us == 0);
  }
  SECTION("--volume") {
    CHECK(receive("-f 92.7 --volume -6").volume == Decibels(-6));
    CHECK(receive("-f 92.7 --volume -60").volume == Decibels(-60));
    CHECK(receive("-f 92.7 --volume +20").volume == Decibels(20));
    CHECK(receive("-f 92.7 --volume 1.5dB").volume == Decibels(1.5));
  }
  SECTION("--strict, --verbose, --quiet") {
    CHECK(receive("-f 92.7 --strict").strict);
    CHECK(receive("-f 92.7 --verbose").verbosity == Verbosity::verbose);
    CHECK(receive("-f 92.7 -v -v").verbosity == Verbosity::verbose);
    CHECK(receive("-f 92.7 --quiet").verbosity == Verbosity::quiet);
  }
}

TEST_CASE("every choice in the table is accepted") {
  for (const OptionRow& row : receive_table().options) {
    for (std::string choice : split(std::string(row.choices))) {
      if (choice.ends_with(':')) choice += "x";
      // Those of --source come with their own needs.
      const auto words = row.name == "source" ? std::vector<std::string>{"-f", "92.7M"}
                                              : suitable_words(receive_table(), row);
      CAPTURE(row.name, choice);
      CHECK_NOTHROW(parse_words(words + std::vector{"--" + std::string(row.name), choice}));
    }
  }
}

TEST_CASE("a lost dongle is waited for, for a while, or not at all") {
  CHECK_FALSE(receive("-f 92.7M").lost_patience);
  CHECK_FALSE(receive("-f 92.7M --on-lost wait").lost_patience);
  CHECK(receive("-f 92.7M --on-lost wait:10m").lost_patience == std::chrono::minutes(10));
  CHECK(receive("-f 92.7M --on-lost exit").lost_patience == std::chrono::seconds(0));
  CHECK(contains(refusal_of(split("-f 92.7M --on-lost never")), "write wait, wait:10m or exit"));
  CHECK(contains(refusal_of(split("-f 92.7M --on-lost wait:0")), "no time at all"));
  CHECK(contains(refusal_of(split("--source sim --on-lost exit")), "--on-lost is for a dongle"));
}

TEST_CASE("every option that takes a value is refused without one, and with two") {
  for (const CommandTable* table : {&receive_table(), &sim_table(), &doctor_table()}) {
    for (const OptionRow& row : table->options) {
      if (row.value.empty()) continue;
      const std::string name = "--" + std::string(row.name);
      CAPTURE(name);
      // Without the words that already give this very option.
      std::vector<std::string> words = suitable_words(*table, row);
      if (row.name == "freq" || row.name == "source") words.clear();
      if (table == &sim_table()) words = {"sim"};

      const std::string needs = name + " needs a value: write " + name + " " + std::string(row.value);
      CHECK(refusal_of(words + std::vector{name}) == needs);
      CHECK(refusal_of(words + std::vector{name + "="}) == needs);
      CHECK(refusal_of(words + std::vector{name + "=", std::string("1")}) == needs);
      CHECK(refusal_of(words + std::vector{name, std::string("--quiet")}) == needs);
      CHECK(refusal_of(words + std::vector{name, std::string("-q")}) == needs);
      if (table->find('t') != nullptr)
        CHECK(refusal_of(words + std::vector{name, std::string("-t"), std::string("10")}) == needs);
      if (row.letter != 0) {
        const std::string letter = std::string("-") + row.letter;
        CHECK(refusal_of(words + std::vector{letter}) == needs);
        CHECK(refusal_of(words + std::vector{std::string("-q") + row.letter}) == needs);
      }
      if (!row.repeats) {
        CHECK(refusal_of(words + std::vector{name, std::string("1"), name, std::string("1")}) ==
              name + " was given twice; give it once");
      }
    }
  }
}

TEST_CASE("a sound card and its latency") {
  CHECK(receive("-f 92.7").audio_device.empty());
  CHECK(receive("-f 92.7").latency == std::chrono::milliseconds(70));
  CHECK(receive("-f 92.7 --audio-device USB").audio_device == "USB");
  CHECK(receive("-f 92.7 --latency 50").latency == std::chrono::milliseconds(50));
  CHECK(receive("-f 92.7 --latency 250ms").latency == std::chrono::milliseconds(250));
  CHECK(receive("--list-audio").action == Action::list_audio);
  for (const char* const refused : {"49", "1001", "-70", "70us"}) {
    const std::string line = refusal_of({"-f", "92.7", "--latency", refused});
    CHECK(contains(line, "--latency: "));
    CHECK(contains(line, "50 to 1000"));
  }
}

TEST_CASE("every option that takes a value refuses an empty one and nonsense") {
  for (const CommandTable* table : {&receive_table(), &sim_table(), &doctor_table()}) {
    for (const OptionRow& row : table->options) {
      if (row.value.empty()) continue;
      const std::string name = "--" + std::string(row.name);
      std::vector<std::string> words = suitable_words(*table, row);
      if (row.name == "freq" || row.name == "source") words.clear();
      if (table == &sim_table()) {
        words = {"sim"};
        if (row.name != "iq") words.insert(words.end(), {"--iq", "x.cu8"});
        if (row.name != "duration") words.insert(words.end(), {"-t", "1"});
      }
      // Nearly everything may be a file's name.
      std::vector<std::string> nonsense{"", " ", "@!", "\n", "nan"};
      if (row.name == "name") nonsense = {"", "{", "{nan}", "/x", ".."};
      if (row.name == "on-file" || row.name == "on-event") nonsense = {"", " ", "\n", "'x", "x {y}"};
      if (row.name == "config") nonsense = {""};
      // So may nearly everything be a card's.
      if (row.name == "audio-device") nonsense = {"", " ", "\n"};
      for (const std::string& value : nonsense) {
        CAPTURE(name, value);
        const std::string line = refusal_of(words + std::vector{name, value});
        CHECK(contains(line, name + ": "));
      }
    }
  }
}

TEST_CASE("every flag refuses a value") {
  for (const CommandTable* table : {&receive_table(), &sim_table(), &doctor_table()}) {
    for (const OptionRow& row : table->options) {
      if (!row.value.empty()) continue;
      const std::string name = "--" + std::string(row.name);
      CAPTURE(name);
      for (const std::string value : {"", "true", "false", "1"}) {
        CHECK(refusal_of(suitable_words(*table, row) + std::vector{name + "=" + value}) ==
              name + " takes no value");
      }
    }
  }
}

TEST_CASE("values out of range, or of the wrong kind, are refused by name") {
  check_refused({
      {"-f 92,7", "--freq: '92,7' is not a frequency; write 92.7M"},
      {"-f -92.7", "--freq: '-92.7' is not a frequency"},
      {"-f nan", "--freq: 'nan' is not a frequency"},
      {"-f=92.7", "--freq: '=92.7' is not a frequency"},
      {"--source foo", "--source: 'foo' is not a source; write rtlsdr, file:PATH, - or sim"},
      {"--source x.cu8", "--source: 'x.cu8' is not a source; did you mean file:x.cu8?"},
      {"--source recordings/x", "did you mean file:recordings/x?"},
      {"--source rtl_sdr", "did you mean rtlsdr?"},
      {"--source RTLSDR", "--source: 'RTLSDR' is not a source"},
      {"--source simulator", "did you mean sim?"},
      {"--source file:", "--source: 'file:' lacks the path; write file:PATH"},
      {"--source file", "--source: 'file' is not a source"},
      {"--source - -s 224999", "--rate: '224999' is outside the range; fmrx takes 225k to 3.2M"},
      {"--source - -s 3200001", "--rate: '3200001' is outside the range"},
      {"--source - -s 256.0001k", "--rate: '256.0001k' is not a whole number of samples"},
      {"-f 92.7 -s 225k", "--rate: a dongle cannot do 225 kS/s; it takes more than 225k"},
      {"-f 92.7 -s 300001", "--rate: a dongle cannot do 300.001 kS/s"},
      {"-f 92.7 -s 900k", "--rate: a dongle cannot do 900 kS/s"},
      {"--source - --iq-format u8", "--iq-format: 'u8' is not known; write cu8, cs16 or cf32"},
      {"--source - --iq-format CU8", "--iq-format: 'CU8' is not known"},
      {"--source - --center 0 -f 92.7", "--center: '0' is not a frequency"},
      {"--source - --offset 250", "--offset: '250' is not an offset; write 250k"},
      {"--source file:x --start -1", "--start: '-1' is not a duration"},
      {"--source sim --seed -1", "--seed: '-1' is not a whole number"},
      {"--source sim --seed 1.5", "--seed: '1.5' is not a whole number"},
      {"--source sim --seed 18446744073709551616", "--seed: '18446744073709551616' is not a whole number"},
      {"-f 92.7 -d -1", "--device: '-1' is not a dongle; write its index, such as 0, or :SERIAL"},
      {"-f 92.7 -d 256", "--device: '256' is not a dongle"},
      {"-f 92.7 -d :", "--device: ':' is not a dongle"},
      {"-f 92.7 -d 00000001", "--device: '00000001' looks like a serial number; write :00000001"},
      {"-f 92.7 -g max", "--gain: 'max' is not a gain; write auto, list or a number of dB from -10 to 60"},
      {"-f 92.7 -g 60.1", "--gain: '60.1' is not a gain"},
      {"-f 92.7 -g -10.1", "--gain: '-10.1' is not a gain"},
      {"-f 92.7 -g dB", "--gain: 'dB' is not a gain"},
      {"-f 92.7 -g AUTO", "--gain: 'AUTO' is not a gain"},
      {"-f 92.7 -p 1000.1", "--ppm: '1000.1' is not a number of parts per million"},
      {"-f 92.7 -p -1001", "--ppm: '-1001' is not a number of parts per million"},
      {"-f 92.7 -o x.aac",
       "--output: 'x.aac' is no format that fmrx writes; write PATH.wav, .flac, .opus, .ogg, .mp3 or .raw"},
      {"-f 92.7 -o x.wav.gz", "--output: 'x.wav.gz' is no format"},
      {"-f 92.7 -o speaker",
       "--output: 'speaker' is not an output; write play, -, none, PATH.wav or FOLDER/"},
      {"-f 92.7 -o .wav", "--output: '.wav' is not an output"},
      {"-f 92.7 -o a/.wav", "--output: 'a/.wav' is not an output"},
      {"-f 92.7 -o PLAY", "--output: 'PLAY' is not an output"},
      {"-f 92.7 -o /", "--output: '/' is not an output"},
      {"-f 92.7 -o x.wav --format aac",
       "--format: 'aac' is not known; write raw, wav, flac, opus, ogg or mp3"},
      {"-f 92.7 -o x.flac --sample-format f32", "--sample-format f32 is not for FLAC; choose s16 or s24"},
      {"-f 92.7 --overwrite", "--overwrite is for recordings; add -o PATH.wav or -o FOLDER/"},
      {"-f 92.7 -o - --split 1h", "--split is for recordings"},
      {"-f 92.7 -o x.wav --split 0", "--split: '0' is too short for files; write 1s or more, such as 1h"},
      {"-f 92.7 -o x.wav --split 0.5M", "--split: '0.5M' is not a size for files; write 1M or more, or 2G"},
      {"-f 92.7 -o x.wav --split xG", "--split: 'xG' is not a size for files"},
      {"-f 92.7 -o x.wav --split 1d", "--split: '1d' is not a duration"},
      {"-f 92.7 -o x.wav --name {start}.wav", "--name is for recordings in a folder; add -o FOLDER/"},
      {"-f 92.7 -o a/ --name {stop}.wav",
       "--name: '{stop}.wav' is not a pattern for names: there is no field {stop}"},
      {"-f 92.7 -o a/ --name ../x.wav", "--name: '../x.wav' is not a pattern for names: it may not lead out"},
      {"-f 92.7 -o a/ --split 1h --name x.wav", "--name gives every file of a split recording the same name"},
      {"-f 92.7 -o x.wav --keep 30d", "--keep is for recordings in a folder; add -o FOLDER/"},
      {"-f 92.7 -o a/ --keep 0", "--keep: '0' would keep nothing"},
      {"-f 92.7 -o a/ --keep 1xd", "--keep: '1xd' is not a number of days; write 30d"},
      {"-f 92.7 --sample-format s32", "--sample-format: 's32' is not known; write s16, s24 or f32"},
      {"-f 92.7 -t 0", "--duration: '0' is no time at all"},
      {"-f 92.7 -t 0:00", "--duration: '0:00' is no time at all"},
      {"-f 92.7 -t -5", "--duration: '-5' is not a duration"},
      {"-f 92.7 -t 1,5", "--duration: '1,5' is not a duration"},
      {"-f 92.7 --deemphasis 60", "--deemphasis: '60' is not known; write 50, 75 or 0"},
      {"-f 92.7 --deemphasis 50us", "--deemphasis: '50us' is not known"},
      {"-f 92.7 --volume 20.1", "--volume: '20.1' is not a number of dB from -60 to 20"},
      {"-f 92.7 --volume -60.1", "--volume: '-60.1' is not a number of dB"},
      {"-f 92.7 --volume 1e1", "--volume: '1e1' is not a number of dB"},
      {"-f 92.7 --volume +-3", "--volume: '+-3' is not a number of dB"},
      {"-f 92.7 --volume loud", "--volume: 'loud' is not a number of dB"},
  });
}

TEST_CASE("what contradicts itself is refused") {
  check_refused({
      {"-f 92.7 --mono --stereo", "--mono and --stereo exclude each other"},
      {"-f 92.7 --quiet --verbose", "--quiet and --verbose exclude each other"},
      {"--source - -f 92.7 --center 93M --offset 0", "--center and --offset exclude each other"},
      {"--source - --center 93M", "--center needs the station, too; add --freq"},
      {"--source rtlsdr", "which station? add --freq"},
      {"-f 92.7 -o x.wav -o x.wav", "--output writes to x.wav twice"},
      {"-f 92.7 -o x.wav -o ./x.wav", "--output writes to x.wav twice"},
      {"-f 92.7 -o x.wav -o a/../x.wav", "--output writes to x.wav twice"},
      {"-f 92.7 -o - -o x.wav -o -", "--output writes to standard output twice"},
      {"-f 92.7 -o play -o play", "--output writes to the sound card twice"},
      {"-f 92.7 -o none -o x.wav", "--output none means no output at all"},
      {"-f 92.7 -o none -o none", "--output none"},
      {"-f 92.7 -o - --mpx -",
       "--output and --mpx both write to standard output; choose another place for one"},
      {"-f 92.7 -o x.wav --mpx a/../x.wav", "--output and --mpx both write to x.wav"},
      {"-f 92.7 --rds json:- --mpx -", "--rds and --mpx both write to standard output"},
      {"-f 92.7 --mpx x.flac", "--mpx: 'x.flac' is no multiplex output; write PATH.wav or -"},
      {"-f 92.7 --mpx - --mpx-rate 228k", "--mpx-rate: '228k' is not known; write 171k, 192k or 384k"},
      {"-f 92.7 --mpx-rate 171k", "--mpx-rate is for the multiplex; add --mpx PATH.wav or --mpx -"},
      {"-f 92.7 --mpx - --sample-format s24",
       "--sample-format s24 is for files; for --mpx - choose s16 or f32"},
      {"-f 92.7 -o - --sample-format s24",
       "--sample-format s24 is for files; for --output - choose s16 or f32"},
      {"-f 92.7 -o x.wav -o - --sample-format s24", "--sample-format s24 is for files"},
  });
}

TEST_CASE("options of another source are refused") {
  check_refused({
      {"-f 92.7 --realtime", "--realtime is for a file or the simulator, not for a dongle"},
      {"--source - --realtime", "--realtime is for a file or the simulator, not for standard input"},
      {"-f 92.7 --start 10", "--start is for a file, not for a dongle"},
      {"--source - --start 10", "--start is for a file, not for standard input"},
      {"--source sim --start 10", "--start is for a file, not for the simulator"},
      {"-f 92.7 --center 93M", "--center is for a file or standard input, not for a dongle"},
      {"-f 92.7 --offset 250k", "--offset is for a file or standard input, not for a dongle"},
      {"-f 92.7 --iq-format cu8", "--iq-format is for a file or standard input, not for a dongle"},
      {"--source sim --iq-format cu8", "--iq-format is for a file or standard input, not for the simulator"},
      {"-f 92.7 --seed 1", "--seed is for the simulator, not for a dongle"},
      {"--source file:x --gain 3", "--gain is for a dongle, not for a file"},
      {"--source sim --gain list", "--gain is for a dongle, not for the simulator"},
      {"--source sim -d 0", "--device is for a dongle, not for the simulator"},
      {"--source - -p 3", "--ppm is for a dongle, not for standard input"},
      {"--source - -T", "--bias-tee is for a dongle, not for standard input"},
  });
}

TEST_CASE("an unknown option suggests the nearest one") {
  check_refused({
      {"--freqency 92.7", "unknown option --freqency; did you mean --freq?"},
      {"--frequency=92.7", "unknown option --frequency; did you mean --freq?"},
      {"--centre 93M", "unknown option --centre; did you mean --center?"},
      {"--dur 3", "unknown option --dur; did you mean --duration?"},
      {"--de-emphasis 50", "unknown option --de-emphasis; did you mean --deemphasis?"},
      {"--xyzzy", "unknown option --xyzzy; see fmrx --help"},
      {"-X", "unknown option -X; see fmrx --help"},
      {"-qX", "unknown option -X; see fmrx --help"},
      {"-M fm", "unknown option -M; see fmrx --help"},
      {"-1", "unknown option -1; see fmrx --help"},
      {"--1", "unknown option --1; see fmrx --help"},
      {"---freq", "unknown option ---freq"},
      {"--=", "unknown option --; see fmrx --help"},
      {"sim --iqq x.cu8", "unknown option --iqq; did you mean --iq?"},
      {"sim --xyzzy", "unknown option --xyzzy; see fmrx sim --help"},
      {"sim --gain 3", "unknown option --gain"},
      {"sim --version", "unknown option --version"},
  });
}

TEST_CASE("a word too many is refused, with what it may have been") {
  check_refused({
      {"92.7M", "unexpected '92.7M'; did you mean --freq 92.7M?"},
      {"x.cu8", "unexpected 'x.cu8'; see fmrx --help"},
      {"-f 92.7 play", "unexpected 'play'; see fmrx --help"},
      {"-f 92.7 -", "unexpected '-'; see fmrx --help"},
      {"-f 92.7 ++", "unexpected '++'; see fmrx --help"},
      {"-f 92.7 -- -q", "-q"},
      {"sim x", "unexpected 'x'; see fmrx sim --help"},
  });
  CHECK(refusal_of({""}) == "unexpected ''; see fmrx --help");
  CHECK(refusal_of({"a\nb\033[2J"}) == "unexpected 'a\\x0ab\\x1b[2J'; see fmrx --help");
  CHECK(refusal_of({"--xx\nyy"}) == "unknown option --xx\\x0ayy; see fmrx --help");
}

TEST_CASE("help and version win over what else is there") {
  for (const char* line : {"--help", "-h", "-qh", "--help --xyzzy", "nonsense --help", "-f 92,7 --help", "-V",
                           "--version --mono --stereo"}) {
    CAPTURE(line);
    CHECK(std::holds_alternative<Text>(parse_words(split(line))));
  }
}

TEST_CASE("listing needs no station") {
  CHECK(receive("--list-devices").action == Action::list_devices);
  CHECK(receive("--gain list").action == Action::list_gains);
}

TEST_CASE("fmrx sim writes the programme, the signal, or both") {
  const SimOptions programme = sim("-f 100 -t 10 --programme x.wav");
  CHECK_FALSE(programme.list);
  CHECK(programme.freq == Hertz(100e6));
  CHECK(programme.duration == 10s);
  CHECK(programme.programme_path == "x.wav");
  CHECK(programme.iq_path.empty());
  CHECK(programme.seed == 0);

  const SimOptions signal = sim("-t 1 --iq a/x.cs16 -s 1.024M --center 93M --seed 5");
  CHECK(signal.iq_path == "a/x.cs16");
  CHECK(signal.iq_format == IqFormat::cs16);
  CHECK(signal.rate == SampleRate(1'024'000));
  CHECK(signal.centre == Hertz(93e6));
  CHECK(signal.seed == 5);
  CHECK(signal.programme_path.empty());

  const SimOptions both = sim("-t 1 --iq x.cu8 --programme y.wav -f 101.5");
  CHECK(both.iq_format == IqFormat::cu8);
  CHECK(both.rate == SampleRate(2'400'000));
  CHECK(both.freq == Hertz(101.5e6));
  CHECK(both.centre == Hertz(101.5e6));

  CHECK(sim("-t 1 --iq x.CF32").iq_format == IqFormat::cf32);
  CHECK(sim("-t 1 --iq x.cu8").freq == Hertz(92.7e6));
  CHECK(sim("--list").list);
  CHECK(sim("--list -v").verbosity == Verbosity::verbose);
}

TEST_CASE("fmrx sim refuses what it cannot write") {
  check_refused({
      {"sim", "write what? add --programme PATH.wav or --iq PATH.cu8"},
      {"sim -t 10", "write what?"},
      {"sim --programme x.wav", "how much? add --duration"},
      {"sim -t 0 --iq x.cu8", "--duration: '0' is no time at all"},
      {"sim -t 1 --programme x.flac", "--programme: the name 'x.flac' must end in .wav"},
      {"sim -t 1 --programme -", "--programme: the name '-' must end in .wav"},
      {"sim -t 1 --iq x.wav", "--iq: the name 'x.wav' must end in .cu8, .cs16 or .cf32"},
      {"sim -t 1 --iq cu8", "--iq: the name 'cu8' must end in"},
      {"sim -t 1 --iq -", "--iq: the name '-' must end in"},
      {"sim -t 1 --iq x.cu8 -s 100k", "--rate: '100k' is outside the range"},
      {"sim -t 1 --programme x.wav -s 1M", "--rate needs --iq PATH"},
      {"sim -t 1 --programme x.wav --center 93M", "--center needs --iq PATH"},
      {"sim --list --quiet --verbose", "--quiet and --verbose exclude each other"},
  });
}

TEST_CASE("what RDS says goes to files, standard output and descriptors") {
  using fmrx::report::Format;
  const Options options = receive("-f 92.7 --rds json:a:b.json --rds hex:fd:3 --rds events:-");
  CHECK(options.rds_outputs ==
        std::vector<RdsOutput>{{Format::json, "a:b.json"}, {Format::hex, "fd:3"}, {Format::events, "-"}});
  CHECK(receive("-f 92.7").rds_outputs.empty());
  CHECK(receive("-f 92.7 --rbds yes").rds_system == fmrx::rds::SystemChoice::rbds);
  CHECK(receive("-f 92.7 --rbds no").rds_system == fmrx::rds::SystemChoice::rds);
}

TEST_CASE("what RDS says goes nowhere twice, nor where the sound goes") {
  check_refused({
      {"-f 92.7 -o - --rds json:-", "--rds and --output both write to standard output"},
      {"-f 92.7 -o - --rds json:fd:1", "--rds and --output both write to standard output"},
      {"-f 92.7 -o a/x.wav --rds json:a/./x.wav", "--rds and --output both write to a/x.wav"},
      {"-f 92.7 --rds json:- --rds hex:fd:1", "--rds writes to standard output twice"},
      {"-f 92.7 --rds json:x --rds json:./x", "--rds writes to x twice"},
      {"-f 92.7 --rds x", "--rds: 'x' is not known; write json:PATH"},
      {"-f 92.7 --rds json", "--rds: 'json' is not known; write json:PATH"},
      {"-f 92.7 --rds json:", "--rds: 'json:' is not known; write json:PATH"},
      {"-f 92.7 --rds xml:x", "--rds: 'xml:x' is not known; write json:PATH"},
      {"-f 92.7 --rds json:fd:", "--rds: 'fd:' is no descriptor; write fd:N"},
      {"-f 92.7 --rds json:fd:-1", "--rds: 'fd:-1' is no descriptor; write fd:N"},
      {"-f 92.7 --rbds maybe", "--rbds: 'maybe' is not known; write yes, no or auto"},
  });
}

TEST_CASE("rds: one file, decoded to standard output as JSON unless told otherwise") {
  using fmrx::report::Format;
  const auto rds = [](const std::string& line) {
    return std::get<RdsOptions>(parse_words(split("rds " + line)));
  };
  const RdsOptions plain = rds("x.spy");
  CHECK(plain.path == "x.spy");
  CHECK(plain.outputs == std::vector<RdsOutput>{{Format::json, "-"}});
  CHECK_FALSE(plain.rate.has_value());
  const RdsOptions all = rds("- --rate 171k --rds hex:y --rbds yes");
  CHECK(all.path == "-");
  CHECK(all.rate == SampleRate(171'000));
  CHECK(all.outputs == std::vector<RdsOutput>{{Format::hex, "y"}});
  CHECK(all.system == fmrx::rds::SystemChoice::rbds);
  check_refused({
      {"rds", "which file? write fmrx rds FILE"},
      {"rds a b", "one file at a time"},
      {"rds a --rds json:- --rds events:-", "--rds writes to standard output twice"},
  });
}

// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/language.hpp"

#include <array>

namespace fmrx::rds {
namespace {

// IEC 62106 Annex J: European languages from 00, others counted down from 7F.
// clang-format off
constexpr std::array<std::string_view, 128> kLanguages{
    "Unknown", "Albanian", "Breton", "Catalan",
    "Croatian", "Welsh", "Czech", "Danish",
    "German", "English", "Spanish", "Esperanto",
    "Estonian", "Basque", "Faroese", "French",
    "Frisian", "Irish", "Gaelic", "Galician",
    "Icelandic", "Italian", "Lappish", "Latin",
    "Latvian", "Luxembourgian", "Lithuanian", "Hungarian",
    "Maltese", "Dutch", "Norwegian", "Occitan",
    "Polish", "Portuguese", "Romanian", "Romansh",
    "Serbian", "Slovak", "Slovene", "Finnish",
    "Swedish", "Turkish", "Flemish", "Walloon",
    "", "", "", "",
    "", "", "", "",
    "", "", "", "",
    "", "", "", "",
    "", "", "", "",
    "Background", "", "", "",
    "", "Zulu", "Vietnamese", "Uzbek",
    "Urdu", "Ukrainian", "Thai", "Telugu",
    "Tatar", "Tamil", "Tadzhik", "Swahili",
    "Sranan Tongo", "Somali", "Sinhalese", "Shona",
    "Serbo-Croat", "Ruthenian", "Russian", "Quechua",
    "Pushtu", "Punjabi", "Persian", "Papamiento",
    "Oriya", "Nepali", "Ndebele", "Marathi",
    "Moldovian", "Malaysian", "Malagasy", "Macedonian",
    "Laotian", "Korean", "Khmer", "Kazakh",
    "Kannada", "Japanese", "Indonesian", "Hindi",
    "Hebrew", "Hausa", "Guarani", "Gujarati",
    "Greek", "Georgian", "Fulani", "Dari",
    "Chuvash", "Chinese", "Burmese", "Bulgarian",
    "Bengali", "Belorussian", "Bambara", "Azerbaijan",
    "Assamese", "Armenian", "Arabic", "Amharic",
};
// clang-format on

}  // namespace

std::string_view language_name(std::uint8_t code) {
  return code < kLanguages.size() ? kLanguages[code] : std::string_view();
}

}  // namespace fmrx::rds

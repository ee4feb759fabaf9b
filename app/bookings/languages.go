package bookings

import (
	"slices"
	"strings"
	"unicode"
)

// languages are those whose names may leave the office with an order for an interpreter. A note is in people's own
// words and may name them or their illness, so that nothing of it is passed on but one of these words.
var languages = strings.Fields(`Afrikaans Akan Albanian Amharic Arabic Armenian Azerbaijani Bengali Bosnian Bulgarian Burmese Cantonese Catalan
	Croatian Czech Danish Dari Dutch Estonian Farsi Finnish French Georgian German Greek Gujarati Hakka Hausa Hebrew Hindi Hungarian Igbo
	Indonesian Italian Japanese Kannada Kashmiri Korean Kurdish Latvian Lingala Lithuanian Macedonian Malay Malayalam Maltese Mandarin Marathi
	Mongolian Nepali Norwegian Oromo Pashto Persian Polish Portuguese Punjabi Romani Romanian Russian Serbian Shona Sinhala Slovak Slovenian
	Somali Sorani Spanish Swahili Swedish Sylheti Tagalog Tamil Telugu Thai Tibetan Tigrinya Turkish Twi Ukrainian Urdu Uzbek Vietnamese
	Welsh Wolof Xhosa Yoruba Zulu`)

// languagesIn finds the known languages that a note names.
func languagesIn(note string) (found []string) {
	for _, word := range strings.FieldsFunc(note, func(r rune) bool { return !unicode.IsLetter(r) }) {
		i := slices.IndexFunc(languages, func(known string) bool { return strings.EqualFold(known, word) })
		if i >= 0 && !slices.Contains(found, languages[i]) {
			found = append(found, languages[i])
		}
	}
	return found
}

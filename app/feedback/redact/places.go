package redact

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// postcodeForm is a whole postcode: the letters C, I, K, M, O and V are in no second half.
var postcodeForm = regexp.MustCompile(`(?i)\b([a-z]{1,2}\d[a-z\d]?)[\s.\-]{0,2}(\d[abd-hjlnp-uw-z]{2})\b`)

// notHalves are what may follow a road's or a ward's name: "the M1 2nd junction", "A3 1st floor".
var notHalves = []string{"nd", "st", "rd", "th"}

func postcodes(text string) (found []Finding) {
	for _, at := range postcodeForm.FindAllStringSubmatchIndex(text, -1) {
		second := text[at[4]:at[5]]
		if road := at[3]-at[2] < 4 && digit(text[at[2]+1]); road && at[4] > at[3] && endsIn(second, notHalves) {
			continue
		}
		found = append(found, Finding{at[0], at[1], Postcode})
	}
	return found
}

func endsIn(text string, ends []string) bool {
	for _, end := range ends {
		if strings.HasSuffix(text, end) {
			return true
		}
	}
	return false
}

const (
	streetWords = `(?:Road|Rd|Street|St|Avenue|Ave|Av|Lane|Ln|Close|Cl|Drive|Dr|Crescent|Cres|Court|Ct|Gardens|Gdns|Way|Place|Pl|Terrace|Terr|Square|Sq|Hill|Grove|Park|Walk|Row|Mews|Rise|View|Green|Parade|Path|End|Common|Meads?|Meadows?|Croft|Dene|Dell|Vale|Villas|Yard|Wharf|Quay|Broadway|Chase|Ridge|Bank|Fields?|Orchard|Approach|Mount|Heath|Highway|Heights|Hatch|Wood|Woods|Lea|Ley|Drove|Maltings|Cottages|Circus|Embankment|Passage|Alley)`
	houseWords  = `(?:Cottage|House|Lodge|Farm|Farmhouse|Barn|Villa|Bungalow|Rectory|Vicarage|Manor|Hall|Mill|Forge|Bakery|Schoolhouse|Stables|Grange|Nook|Oast|Parsonage|Gatehouse|Granary|Chapel|Court|Mansions|Towers?|Heights|Point)`
	capital     = `(?:[A-Z][\p{L}'’.-]*)`
	houseNumber = `\d{1,4}[a-zA-Z]?(?:\s?[-/–]\s?\d{1,4}[a-zA-Z]?)?`
	called      = `(?:\b(?i:number|house|no)\.?\s+)?`
	flat        = `(?:(?i:(?:(?:ground|first|second|third|top|basement|upper|lower)[ -]floor\s+)?(?:flat|apartment|apt|unit))\.?\s*(?i:no\.?\s*)?\d{0,4}[a-zA-Z]?\b,?\s*(?:of\s+)?)`
)

var (
	numbered  = regexp.MustCompile(flat + `?` + called + `\b(` + houseNumber + `),?\s+(?:` + capital + `\s+(?:and\s+)?){1,4}` + streetWords + `\b`)
	inCapital = regexp.MustCompile(flat + `?` + called + `\b(` + houseNumber + `),?\s+(?:[A-Z][A-Z'’.-]*\s+){1,4}(?:ROAD|RD|STREET|ST|AVENUE|AVE|LANE|CLOSE|DRIVE|CRESCENT|COURT|GARDENS|WAY|PLACE|TERRACE|GROVE|MEWS)\b`)
	inSmall   = regexp.MustCompile(called + `\b(` + houseNumber + `),?\s+((?:[a-z'’-]+\s+){1,2})(?i:road|rd|street|st|avenue|ave|lane|crescent|terrace|close|drive|gardens|grove|mews)\b`)
	inHouse   = regexp.MustCompile(flat + `?(?:` + capital + `\s+){1,3}` + houseWords + `,\s+(?:` + houseNumber + `,?\s+)?(?:` + capital + `\s+){1,3}` + streetWords + `\b`)
	named     = regexp.MustCompile(called + `\b(` + houseNumber + `),?\s+The\s+(` + capital + `)`)
	inFlat    = regexp.MustCompile(`\b(?i:flat|apartment|apt)\.?\s*(?i:no\.?\s*)?\d{1,4}[a-zA-Z]?\b(?:,?\s+` + capital + `){1,4}`)
	postBox   = regexp.MustCompile(`(?i)\bp\.?\s?o\.? box \d+\b`)
)

// addresses finds homes: a number and a street, a house's name and a street, or a flat in a house. A road alone is nobody's.
func addresses(text string, words words) (found []Finding) {
	if !words.mayBeHome() {
		return nil
	}
	add := func(start, end int) { found = append(found, Finding{start, end, Address}) }
	if strings.ContainsAny(text, "0123456789") {
		for _, form := range []*regexp.Regexp{numbered, inCapital} {
			for _, at := range form.FindAllStringSubmatchIndex(text, -1) {
				if !aYear(text[at[2]:at[3]]) {
					add(at[0], at[1])
				}
			}
		}
		for _, form := range []*regexp.Regexp{inSmall, named} {
			for _, at := range form.FindAllStringSubmatchIndex(text, -1) {
				if !aYear(text[at[2]:at[3]]) && streetNamed(text[at[4]:at[5]]) {
					add(at[0], at[1])
				}
			}
		}
		for _, form := range []*regexp.Regexp{inFlat, postBox} {
			for _, at := range form.FindAllStringIndex(text, -1) {
				add(at[0], at[1])
			}
		}
	}
	if strings.Contains(text, ", ") {
		for _, at := range inHouse.FindAllStringIndex(text, -1) {
			start := at[0]
			for start < at[1] && common(firstWord(text[start:at[1]])) && !strings.HasPrefix(text[start:], "The ") {
				start += len(firstWord(text[start:at[1]])) + 1
			}
			add(start, at[1])
		}
	}
	return found
}

// homeWords are the words of which one is in every address, in small letters.
var homeWords = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{"box": true, "flat": true, "apartment": true, "apt": true, "the": true}
	for w := range strings.SplitSeq(strings.NewReplacer("(?:", "", ")", "", "s?", "").Replace(streetWords), "|") {
		known[strings.ToLower(w)], known[strings.ToLower(w)+"s"] = true, true
	}
	return known
})

func (w words) mayBeHome() bool {
	for i := range w {
		if homeWords()[w[i].lower] && w[i].text != "the" {
			return true
		}
	}
	return false
}

func firstWord(text string) string {
	if end := strings.IndexFunc(text, unicode.IsSpace); end >= 0 {
		return text[:end]
	}
	return text
}

func aYear(number string) bool { return len(number) == 4 && yearForm.MatchString(number) }

// streetNamed says whether words in small letters can be a street's name: "12 minutes by road" has none.
func streetNamed(words string) bool {
	for w := range strings.FieldsSeq(words) {
		if common(w) {
			return false
		}
	}
	return true
}

package redact

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// spellings are the sections of a file in testdata.
type spellings map[string][]string

// readSpellings reads one of the lists.
func readSpellings(t testing.TB, file string) spellings {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all, section := spellings{}, ""
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") && section != line && !strings.Contains(line, "%"):
			section = strings.Trim(line, "[]")
		default:
			all[section] = append(all[section], line)
		}
	}
	return all
}

// madeUp is a comment with the places of the personal data in it.
type madeUp struct {
	text   string
	wanted []Finding
}

// writer makes comments up; the same seed gives the same comments.
type writer struct {
	spellings spellings
	random    *rand.Rand
	names     [2][]string // first and last
	streets   []string
}

func newWriter(s spellings, seed uint64) *writer {
	return &writer{s, rand.New(rand.NewPCG(seed, 6)), [2][]string{s["first names"], s["last names"]}, s["streets"]}
}

// kindsOf are the sections of the lists, by kind.
func kindsOf() map[Kind]string {
	return map[Kind]string{NHSNumber: "nhs", Telephone: "telephone", Email: "email", Postcode: "postcode", Address: "address", BirthDate: "birth", Name: "name"}
}

// injected makes a comment with one or two pieces of personal data, each kind in its turn.
func (w *writer) injected(n int) (c madeUp) {
	kinds := slices.Sorted(func(yield func(Kind) bool) {
		for k := range kindsOf() {
			if !yield(k) {
				return
			}
		}
	})
	c.add(w.pick(w.spellings["around"]))
	c.inject(w, kinds[n%len(kinds)])
	if w.random.IntN(3) == 0 {
		c.add(w.pick(w.spellings["around"]))
		c.inject(w, kinds[w.random.IntN(len(kinds))])
	}
	if w.random.IntN(2) == 0 {
		c.add(w.pick(w.spellings["around"]))
	}
	return c
}

// clean makes a comment without personal data, of sentences that look a little like it.
func (w *writer) clean() (c madeUp) {
	for range 1 + w.random.IntN(3) {
		c.add(w.fill(w.pick(w.spellings["clean"])))
	}
	return c
}

func (c *madeUp) add(sentence string) {
	if c.text != "" {
		c.text += " "
	}
	c.text += sentence
}

func (c *madeUp) inject(w *writer, kind Kind) {
	section := kindsOf()[kind]
	thing := w.fill(w.pick(w.spellings[section+" shapes"]))
	carrier := w.pick(w.spellings[section+" carriers"])
	before, after, _ := strings.Cut(carrier, "%")
	c.add(before)
	c.wanted = append(c.wanted, Finding{len(c.text), len(c.text) + len(thing), kind})
	c.text += thing + after
}

func (w *writer) pick(from []string) string { return from[w.random.IntN(len(from))] }

var brace = regexp.MustCompile(`\{[^}]+\}`)

// fill puts something for each word in braces; words that belong together agree.
func (w *writer) fill(shape string) string {
	known := w.words()
	return brace.ReplaceAllStringFunc(shape, func(s string) string {
		name := strings.Trim(s, "{}")
		if value, ok := known[name]; ok {
			return value
		}
		var made strings.Builder
		for _, r := range name {
			switch r {
			case 'd':
				made.WriteByte(byte('1' + w.random.IntN(9)))
			case '0':
				made.WriteByte('0')
			case 'a':
				made.WriteByte("ABDEFGHJLNPQRSTUWXYZ"[w.random.IntN(20)])
			case 'b':
				made.WriteByte("abdefghjlnpqrstuwxyz"[w.random.IntN(20)])
			default:
				panic("no such word in braces: " + s)
			}
		}
		return made.String()
	})
}

// words are what the words in braces stand for, this once.
func (w *writer) words() map[string]string {
	first, last := w.pick(firstNames(w)), w.pick(lastNames(w))
	street, other := w.pick(streetNames(w)), w.pick(streetNames(w))
	day, month, year := 1+w.random.IntN(28), w.random.IntN(12), 1930+w.random.IntN(75)
	months := strings.Fields("January February March April May June July August September October November December")
	no, nhs := 1+w.random.IntN(180), w.nhsNumber()
	return map[string]string{
		"first": strings.ToLower(first), "First": first, "F": first[:1], "last": strings.ToLower(last), "Last": last, "LAST": strings.ToUpper(last), "Last2": w.pick(lastNames(w)),
		"STREET": strings.ToUpper(street), "First2": w.pick(firstNames(w)), "street": strings.ToLower(street), "Street": street, "Street2": other, "House": w.pick([]string{"Bakery", "Forge", "Rectory", "Mill", "Schoolhouse"}),
		"no": fmt.Sprint(no), "House2": w.pick([]string{"a", "b", "C"}), "no2": fmt.Sprint(no + 2),
		"d": fmt.Sprint(1 + day%9), "0d": fmt.Sprintf("%02d", day), "m": fmt.Sprint(month + 1), "0m": fmt.Sprintf("%02d", month+1),
		"dth": fmt.Sprintf("%d%s", day, ending(day)), "Month": months[month], "Mon": months[month][:3], "yyyy": fmt.Sprint(year), "yy": fmt.Sprintf("%02d", year%100),
		"hour": fmt.Sprint(1 + w.random.IntN(11)), "year": fmt.Sprint(1990 + w.random.IntN(12)), "year2": fmt.Sprint(2003 + w.random.IntN(14)),
		"nhs": nhs, "nhs3": nhs[:3], "nhs3b": nhs[3:6], "nhs4": nhs[6:],
	}
}

func ending(day int) string {
	switch {
	case day%10 == 1 && day != 11:
		return "st"
	case day%10 == 2 && day != 12:
		return "nd"
	case day%10 == 3 && day != 13:
		return "rd"
	}
	return "th"
}

// nhsNumber makes one of the range for tests, with the right check digit.
func (w *writer) nhsNumber() string {
	for {
		number := fmt.Sprintf("999%06d", w.random.IntN(1_000_000))
		sum := 0
		for i := range 9 {
			sum += int(number[i]-'0') * (10 - i)
		}
		if check := (11 - sum%11) % 11; check < 10 {
			return number + fmt.Sprint(check)
		}
	}
}

func firstNames(w *writer) []string {
	if len(w.names[0]) > 0 {
		return w.names[0]
	}
	return strings.Fields("Marigold Tansy Barnaby Peregrine Clover Digby Zebedee Ottoline Rosalba Jasper Winnie Casimir")
}

func lastNames(w *writer) []string {
	if len(w.names[1]) > 0 {
		return w.names[1]
	}
	return strings.Fields("Quillfeather Bramblewick Thistledown Oakapple Puddlemere Featherby Nettlecombe Mossgrove Applegarth Wintersweet Larkspur Tumbleton")
}

func streetNames(w *writer) []string {
	if len(w.streets) > 0 {
		return w.streets
	}
	return strings.Fields("Acacia Bluebell Toadflax Wagtail Hazelnut Juniper Gosling Harebell Larch Periwinkle")
}

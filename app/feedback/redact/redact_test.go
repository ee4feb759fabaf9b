package redact

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

const many = 2000 // comments of each list

// goals are what share of each kind must be found.
func goals() map[Kind]float64 {
	return map[Kind]float64{NHSNumber: 0.98, Telephone: 0.98, Postcode: 0.98, Email: 0.98, BirthDate: 0.95, Name: 0.90, Address: 0.90}
}

const falseAlarms = 0.02 // of clean comments, at most

func TestPersonalDataIsFoundHoweverItIsSpelt(t *testing.T) {
	for seed, list := range []string{"testdata/spellings.txt", "testdata/second.txt", "testdata/third.txt"} {
		t.Run(list, func(t *testing.T) { measure(t, newWriter(readSpellings(t, list), uint64(seed+1))) })
	}
}

// The detector has never been changed by what is in this list: it only measures.
func TestPersonalDataIsFoundInSpellingsItWasNotMadeFor(t *testing.T) {
	measure(t, newWriter(readSpellings(t, "testdata/unseen.txt"), 4))
}

// measure makes comments up and counts what is found in them and what is found that is not there.
func measure(t *testing.T, w *writer) {
	t.Helper()
	there, found, shown := map[Kind]int{}, map[Kind]int{}, map[Kind]int{}
	strangers := 0
	for n := range many {
		c := w.injected(n)
		got := Find(c.text)
		for _, want := range c.wanted {
			if there[want.Kind]++; covered(c.text, want, got) {
				found[want.Kind]++
			} else if shown[want.Kind]++; shown[want.Kind] <= 5 {
				t.Logf("missed: %s in %q, found %v", c.text[want.Start:want.End], c.text, got)
			}
		}
		if i := slices.IndexFunc(got, func(f Finding) bool { return stranger(f, c.wanted) }); i >= 0 {
			if strangers++; strangers <= 10 {
				t.Logf("not there: %s %q in %q", got[i].Kind, c.text[got[i].Start:got[i].End], c.text)
			}
		}
	}
	alarms := 0
	for range many {
		c := w.clean()
		if got := Find(c.text); len(got) > 0 {
			if alarms++; alarms <= 10 {
				t.Logf("false alarm: %s %q in %q", got[0].Kind, c.text[got[0].Start:got[0].End], c.text)
			}
		}
	}
	for kind, goal := range goals() {
		recall := float64(found[kind]) / float64(there[kind])
		t.Logf("%-11s %4d of %4d found: %.4f", kind, found[kind], there[kind], recall)
		if recall < goal {
			t.Errorf("%s: %.4f of them are found, not %.2f", kind, recall, goal)
		}
	}
	t.Logf("false alarms: %d of %d clean comments, and beside what is there in %d of %d others", alarms, many, strangers, many)
	if max(alarms, strangers) > falseAlarms*many {
		t.Errorf("too many false alarms: %d and %d", alarms, strangers)
	}
}

// covered says whether every letter and digit of what is wanted lies in findings of its kind.
func covered(text string, want Finding, got []Finding) bool {
	for at, r := range text[want.Start:want.End] {
		at += want.Start
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if !slices.ContainsFunc(got, func(f Finding) bool { return f.Kind == want.Kind && f.Start <= at && at < f.End }) {
			return false
		}
	}
	return true
}

func stranger(f Finding, wanted []Finding) bool {
	return !slices.ContainsFunc(wanted, func(w Finding) bool { return f.Start < w.End && w.Start < f.End })
}

func TestWhatIsStruckOutSaysWhatItWas(t *testing.T) {
	for text, want := range map[string]string{
		"Dr Quillfeather rang me on 01632 960123 x4.":                         "Dr [name] rang me on [telephone number].",
		"NHS 999 000 0018, born 3/5/1951, of 12 Acacia Road, ZZ1 2AB":         "NHS [NHS number], born [date of birth], of [address], [postcode]",
		"Write to tansy@example.org or tansy at example dot org":              "Write to [e-mail address] or [e-mail address]",
		"Call +44 (0)7700 900 123 (my mobile)":                                "Call [telephone number] (my mobile)",
		"The road was closed on 3 May 2017 and the M25 was full.":             "The road was closed on 3 May 2017 and the M25 was full.",
		"I saw Dr. O’Thistle-Moss. The wait was long.":                        "I saw Dr. [name]. The wait was long.",
		"saw dr quillfeather, the dr was kind":                                "saw dr [name], the dr was kind",
		"Thank you.\nKind regards,\nTansy van der Moss":                       "Thank you.\nKind regards,\n[name]",
		"Opened on 5/7/1948, and my mother, 12/03/1948, was there on day one": "Opened on 5/7/1948, and my mother, [date of birth], was there on day one",
		"": "",
	} {
		if got := Struck(text, Find(text)); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
	}
}

func TestFindingsThatShareBytesOrAreOutsideAreStruckOutOnce(t *testing.T) {
	got := Struck("ab ¿cd¿ ef", []Finding{{4, 6, Name}, {3, 7, Name}, {-4, 1, Email}, {10, 99, Telephone}, {8, 2, Name}})
	if want := "[e-mail address]b [name]¿ [telephone number]"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestFindingsAreInOrderAndApart(t *testing.T) {
	text := strings.Repeat("Dear Dr Oakapple-oakapple@example.org 999 000 0018 of 12 Acacia Road ZZ1 2AB, born 01/02/1950 (01632) 960123. ", 3)
	at := 0
	for _, f := range Find(text) {
		if f.Start < at || f.End <= f.Start || f.End > len(text) {
			t.Fatalf("%v after %d", f, at)
		}
		at = f.End
	}
}

func FuzzFindNeverLeavesTheText(f *testing.F) {
	for _, seed := range []string{"Dr ", "dear", "\xff 0163", "12 ß Road, É", "my name is", "Regards,", "@.", "01632 960123x", "3 May", "+(0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, found := range Find(text) {
			if found.Start < at || found.End <= found.Start || found.End > len(text) {
				t.Fatalf("%v in %q", found, text)
			}
			at = found.End
		}
		Struck(text, Find(text))
	})
}

func BenchmarkFind(b *testing.B) {
	w := newWriter(readSpellings(b, "testdata/spellings.txt"), 3)
	var comments []string
	for n := range 200 {
		comments = append(comments, w.injected(n).text, w.clean().text)
	}
	for i := 0; b.Loop(); i++ {
		Find(comments[i%len(comments)])
	}
}

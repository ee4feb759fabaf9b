package bookings

import "strings"

// spelt are letters that sound alike, the longer ones first: a name that was only heard is written in many ways.
var spelt = strings.NewReplacer("sch", "s", "ph", "f", "gh", "", "ck", "k", "tch", "x", "ch", "x", "sh", "x", "th", "t", "wh", "w",
	"kn", "n", "gn", "n", "wr", "r", "qu", "k", "ce", "se", "ci", "si", "cy", "sy", "ge", "je", "gi", "ji", "gy", "jy", "dg", "j",
	"x", "ks", "c", "k", "q", "k", "z", "s", "v", "f", "y", "i")

// sound is how a name sounds, roughly: its consonants in one spelling, without doubles and silent h and w, and a for a
// vowel at the start. Smith and Smyth, Catherine and Kathryn, Mohammed and Muhammad sound alike. It is "" where nothing is left.
func sound(name string) string {
	var out strings.Builder
	var last rune
	for i, r := range spelt.Replace(name) {
		switch {
		case strings.ContainsRune("aeiou", r):
			if i == 0 {
				out.WriteByte('a')
			}
		case i > 0 && (r == 'h' || r == 'w'):
			continue
		case r != last:
			out.WriteRune(r)
		}
		last = r
	}
	if heard := out.String(); heard != "a" {
		return heard
	}
	return ""
}

// slipsAllowed is how many slips of a pen a word of so many letters is forgiven.
func slipsAllowed(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	default:
		return 2
	}
}

// slips counts how many letters must be added, left out, changed or swapped with the next to make one word of another.
func slips(a, b string) int {
	from, to := []rune(a), []rune(b)
	before, last, now := make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i := range from {
		now[0] = i + 1
		for j := range to {
			change := last[j]
			if from[i] != to[j] {
				change++
			}
			now[j+1] = min(change, last[j+1]+1, now[j]+1)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(to)]
}

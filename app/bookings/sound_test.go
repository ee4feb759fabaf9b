package bookings

import "testing"

func TestNamesThatSoundAlikeHaveOneSound(t *testing.T) {
	for _, names := range [][]string{
		{"smith", "smyth", "smythe"}, {"catherine", "kathryn", "katherine"}, {"mohammed", "muhammad", "mohamed"}, {"philip", "fillip", "phillip"},
		{"clark", "clarke", "klark"}, {"reid", "reed", "read"}, {"wright", "rite", "right"}, {"steven", "stephen"}, {"geoffrey", "jeffrey"}, {"anne", "ann"},
	} {
		for _, name := range names[1:] {
			if sound(name) != sound(names[0]) {
				t.Errorf("%s sounds %q, %s sounds %q", name, sound(name), names[0], sound(names[0]))
			}
		}
	}
	for _, pair := range [][2]string{{"smith", "jones"}, {"harry", "larry"}, {"anna", "nora"}, {"patel", "petrov"}} {
		if sound(pair[0]) == sound(pair[1]) {
			t.Errorf("%s and %s sound alike: %q", pair[0], pair[1], sound(pair[0]))
		}
	}
}

func TestSlipsOfThePenAreCounted(t *testing.T) {
	for _, c := range []struct {
		a, b string
		n    int
	}{{"robinson", "robison", 1}, {"robinson", "robinsno", 1}, {"patel", "ptael", 1}, {"smith", "smith", 0}, {"jones", "johns", 2}, {"", "abc", 3}, {"zoë", "zoe", 1}} {
		if got := slips(c.a, c.b); got != c.n || slips(c.b, c.a) != c.n {
			t.Errorf("%s and %s: %d slips, want %d", c.a, c.b, got, c.n)
		}
	}
}

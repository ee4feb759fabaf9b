package surveys

import (
	"fmt"
	"slices"
)

// NumberSummary is what many numbers have in common.
type NumberSummary struct {
	People       int
	Least, Most  int64
	Mean, Median float64
	Bands        []Band // of about the same width, at most bandsAtMost
}

// Band is how many numbers lie from one to another, both included.
type Band struct {
	From, To int64
	People   int
}

// Words are the band as people read it: "10 to 19".
func (b Band) Words() string {
	if b.From == b.To {
		return fmt.Sprint(b.From)
	}
	return fmt.Sprintf("%d to %d", b.From, b.To)
}

const bandsAtMost = 10

// summary of numbers by how often each was given; nil where there are none.
func summary(counts map[int64]int) *NumberSummary {
	if len(counts) == 0 {
		return nil
	}
	s := &NumberSummary{}
	values := make([]int64, 0, len(counts))
	sum := 0.0
	for value, n := range counts {
		values = append(values, value)
		s.People += n
		sum += float64(value) * float64(n)
	}
	slices.Sort(values)
	s.Least, s.Most, s.Mean = values[0], values[len(values)-1], sum/float64(s.People)
	s.Median = (nth(values, counts, (s.People-1)/2) + nth(values, counts, s.People/2)) / 2
	width := (s.Most-s.Least)/bandsAtMost + 1
	for from := s.Least; from <= s.Most; from += width {
		s.Bands = append(s.Bands, Band{From: from, To: min(from+width-1, s.Most)})
	}
	for _, value := range values {
		s.Bands[(value-s.Least)/width].People += counts[value]
	}
	return s
}

// nth is the number at a place, from 0, among all that were given, in order.
func nth(values []int64, counts map[int64]int, at int) float64 {
	for _, value := range values {
		if at -= counts[value]; at < 0 {
			return float64(value)
		}
	}
	return 0
}

// stepNumbers are the steps of a scale as numbers.
func stepNumbers(counts []ChoiceCount) map[int64]int {
	numbers := map[int64]int{}
	for i, c := range counts {
		if c.People > 0 {
			numbers[int64(i+1)] = c.People
		}
	}
	return numbers
}

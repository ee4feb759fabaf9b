package newsletters

import (
	"regexp"
	"slices"
)

// Piece is a stretch of words; Changed where only one of two texts has it.
type Piece struct {
	Text    string
	Changed bool
}

// maxDiffCells bounds the work of a comparison: two texts of 2,000 different words each. Longer ones are marked whole.
const maxDiffCells = 4_000_000

var wordAndSpace = regexp.MustCompile(`\S+\s*|\s+`)

// Differences marks, in each of two texts, the words that the other does not have.
func Differences(a, b string) (left, right []Piece) {
	x, y := wordAndSpace.FindAllString(a, -1), wordAndSpace.FindAllString(b, -1)
	head := 0
	for head < len(x) && head < len(y) && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < len(x)-head && tail < len(y)-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	inX, inY := common(x[head:len(x)-tail], y[head:len(y)-tail])
	same := func(n int) []bool { return slices.Repeat([]bool{true}, n) }
	left = pieces(x, slices.Concat(same(head), inX, same(tail)))
	right = pieces(y, slices.Concat(same(head), inY, same(tail)))
	return left, right
}

// common marks the words of a longest common subsequence in both.
func common(x, y []string) (inX, inY []bool) {
	inX, inY = make([]bool, len(x)), make([]bool, len(y))
	if len(x)*len(y) > maxDiffCells {
		return inX, inY
	}
	longest := make([][]int32, len(x)+1)
	for i := range longest {
		longest[i] = make([]int32, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if x[i] == y[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			inX[i], inY[j] = true, true
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return inX, inY
}

func pieces(words []string, same []bool) (out []Piece) {
	for i, word := range words {
		if n := len(out); n > 0 && out[n-1].Changed != same[i] {
			out[n-1].Text += word
			continue
		}
		out = append(out, Piece{Text: word, Changed: !same[i]})
	}
	return out
}

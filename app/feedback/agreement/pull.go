package agreement

// Seen is a comment that one person coded with suggestions in view and another blind.
type Seen struct {
	Suggested string   // the theme that was suggested first
	Shown     []string // themes by the one who saw it
	Blind     []string // themes by the one who did not
}

// Pull is how far suggestions draw people: how much oftener the first suggestion is taken by those who saw it.
type Pull struct {
	Comments   int
	Shown      float64 // share of comments to which the one who saw the suggestion gave that theme
	Blind      float64 // and the one who did not
	Difference float64
	Low, High  float64 // of the difference, with 95 % confidence
}

// PullOf compares the two for the same comments. The bounds are those of Bonett and Price (Adjusted Wald Confidence Interval
// for a Difference of Binomial Proportions Based on Paired Data, 2012), which hold with few comments too.
func PullOf(comments []Seen) Pull {
	p, shown, blind, onlyShown, onlyBlind := Pull{Comments: len(comments)}, 0, 0, 0, 0
	for _, c := range comments {
		saw, blindly := has(c.Shown, c.Suggested), has(c.Blind, c.Suggested)
		shown, blind = shown+saw, blind+blindly
		onlyShown, onlyBlind = onlyShown+saw*(1-blindly), onlyBlind+blindly*(1-saw)
	}
	p.Shown, p.Blind = share(shown, p.Comments), share(blind, p.Comments)
	p.Difference = p.Shown - p.Blind
	n := float64(p.Comments + 2)
	more, less := float64(onlyShown+1)/n, float64(onlyBlind+1)/n
	error := root((more + less - square(more-less)) / n)
	p.Low, p.High = max(more-less-normal*error, -1), min(more-less+normal*error, 1)
	return p
}

func has(themes []string, theme string) int {
	for _, t := range themes {
		if t == theme {
			return 1
		}
	}
	return 0
}

package surveys

// PaperView is a survey as it is printed.
type PaperView struct {
	Large                       bool
	Language, Direction         string
	Programme, Organisation     string
	Title, Introduction, Thanks Said
	Draft                       bool
	Pen, NoName                 Said // above the questions; no text in NoName is that a name may be written
	Sections                    []PaperSection
	Send                        []string // the lines of the address
	End, By, To, Help, Online   Said     // at the end; no text in By is no day
	Version                     string
	Editions                    []Choice // other editions: addresses and what they are called
}

// PaperSection is a section of it. Only says who answers its questions; no text is everybody.
type PaperSection struct {
	Title, Introduction, Only Said
	Questions                 []PaperQuestion
}

// PaperQuestion is one question with its boxes to tick, or lines to write on.
type PaperQuestion struct {
	Number           int
	Kind             string
	Label, Help, How Said
	Warning          Said   // of free text
	Reach            []Said // what is asked of who lets us get in touch
	Options          []PaperOption
	Rows             []Said // of a grid
	Steps            int    // of a scale
	Low, High        Said
}

// PaperOption is a box to tick. Go is where it leads; no text is to the next question.
type PaperOption struct {
	Label, Go Said
	Other     bool
}

// lines is how many lines there are to write on.
func (q PaperQuestion) lines() int {
	switch q.Kind {
	case "long-text":
		return 6
	case "short-text":
		return 2
	}
	return 0
}

// boxes is how many boxes for one letter or digit each there are.
func (q PaperQuestion) boxes() int {
	switch q.Kind {
	case "number":
		return 6
	case "postcode":
		return 7
	}
	return 0
}

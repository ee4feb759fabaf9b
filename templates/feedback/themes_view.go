package feedback

import "conversations/templates/nhs"

// ThemeNode is a theme in the tree, with those below it.
type ThemeNode struct {
	Name, Code, Href string
	Comments         int
	Retired          bool
	Merged           string // into which
	Below            []ThemeNode
}

// ThemesView is the page of the whole codebook.
type ThemesView struct {
	Heading, Lead          string
	Tree                   []ThemeNode
	Themes                 int
	Version                string
	Fixed                  bool // it shows how the codebook was
	Retired                int  // that are not shown
	ShowRetired            bool
	CSV, XLSX, QDC, QDPX   string
	FirstLocal, FirstWhole int // themes in the first codebook
}

// ThemeChoice is an entry of a list to choose a theme from.
type ThemeChoice struct{ Value, Text string }

func themeItems(list []ThemeChoice) (items []nhs.SelectItem) {
	for _, c := range list {
		items = append(items, nhs.Option(c.Value, c.Text))
	}
	return items
}

// ThemeView is the page of one theme.
type ThemeView struct {
	Name, Code, Home                         string
	Definition, Included, Excluded, Examples string
	Parent, ParentHref                       string
	Comments                                 int
	CommentsHref                             string
	Retired, Merged, MergedHref              string // when; into which
	Late                                     []string
	Below                                    []ThemeNode
	First, Last                              bool
	Parents                                  []ThemeChoice
	ParentID                                 string
	Version                                  int
	History                                  []ThemeEntry
	HistoryHref                              string
	Errors                                   []nhs.FieldError
}

// ThemeEntry is an entry of the history.
type ThemeEntry struct {
	Heading, When, UndoHref, AtHref string
	Words                           []string
	Undone                          bool
}

// ThemeHistoryView is the history of the codebook.
type ThemeHistoryView struct {
	Of      string // the theme, "" is all
	Entries []ThemeEntry
	Total   int
	Paged   bool
	Pages   nhs.PaginationParams
}

// ThemeFormView is the form of a theme.
type ThemeFormView struct {
	Heading, Action, BackHref                            string
	New                                                  bool
	Code, Name, Definition, Included, Excluded, Examples string
	Parent                                               string
	Parents                                              []ThemeChoice
	Version                                              int
	Now                                                  []string // what somebody else made of it meanwhile
	Errors                                               []nhs.FieldError
}

// ThemeMergeView asks what a theme is merged into, and then shows what that does.
type ThemeMergeView struct {
	Name, Home, Into         string
	IntoName                 string // "" while nothing is chosen
	Choices                  []ThemeChoice
	Facts                    []string
	GoneVersion, KeptVersion int
	Errors                   []nhs.FieldError
}

// ThemeSplitView is the form by which a theme is split.
type ThemeSplitView struct {
	Name, Home string
	Parts      []ThemePart
	Keep       bool
	MustKeep   bool
	Rest       string
	Places     []ThemeChoice // where a comment can go
	Codings    []ThemeCoding
	Total      int
	Version    int
	Errors     []nhs.FieldError
}

// ThemePart is a new theme of a split.
type ThemePart struct{ Name, Definition string }

// ThemeCoding is a comment to share out.
type ThemeCoding struct{ ID, Comment, Text, Coder, Place string }

// ThemeFileView is the page on which a file is brought in, and what it would do.
type ThemeFileView struct {
	Checked    bool
	Name, Kept string // the file; what of it is sent again
	Facts      []string
	Rows       []ThemeFileRow
	Bad        int
	Errors     []nhs.FieldError
}

// ThemeFileRow is what a row of a file would do.
type ThemeFileRow struct{ Line, Name, What string }

func (v ThemeFileView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("What the file would do")}, Head: []nhs.TableCell{nhs.Cell("Row"), nhs.Cell("Theme"), nhs.Cell("What happens")}}
	for _, r := range v.Rows {
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(r.Line), nhs.Cell(r.Name), nhs.Cell(r.What)})
	}
	return t
}

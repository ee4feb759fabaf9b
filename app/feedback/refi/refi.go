// Package refi reads and writes the exchange files of programs for qualitative analysis: the codebook (.qdc) and the project
// (.qdpx) of the REFI-QDA standard, version 1.5 (www.qdasoftware.org). What it writes it reads back, and writes again byte for
// byte. It touches no disk: a project's parts are read from memory, whatever their names say.
//
//	refi.go      what a codebook and a project hold
//	guid.go      names for things that stay the same from export to export
//	xml.go       how that looks in XML
//	bounds.go    the file may come from anywhere, so what is read of it has bounds
//	read.go      reading
//	write.go     writing
package refi

import "time"

// Codebook is a tree of codes.
type Codebook struct {
	Origin string // the program that wrote it
	Codes  []Code

	LeftOut []string // what else a file held, in words; nothing of it is written
}

// Code is a theme, perhaps with others below it.
type Code struct {
	GUID        string
	Name        string
	Description string
	Colour      string // "#rrggbb", or empty
	Grouping    bool   // it only holds others: nothing is coded with it itself
	Codes       []Code
}

// Project is a codebook with what was coded.
type Project struct {
	Name        string
	Origin      string
	Description string
	Created     time.Time // to the second; zero where it is not known. So are all times here
	Creator     string    // GUID of a user, or empty
	Users       []User
	Codes       []Code
	Sources     []Source
	Notes       []Source // their text is the note

	LeftOut []string // what else a file held, in words; nothing of it is written
}

// User is somebody who coded.
type User struct {
	GUID string
	Name string
}

// Source is a text, or a note.
type Source struct {
	GUID        string
	Name        string
	Description string
	Text        string
	Creator     string // GUID of a user, or empty
	Created     time.Time
	Selections  []Selection
	Codings     []Coding // of the whole text
	Notes       []string // GUIDs of notes on it
}

// Selection is a marked place in a text: from Start up to, and without, End, counted in Unicode code points.
type Selection struct {
	GUID        string
	Name        string
	Description string
	Start, End  int
	Creator     string
	Created     time.Time
	Codings     []Coding
	Notes       []string
}

// Coding says that a code fits a text or a place in it.
type Coding struct {
	GUID    string
	Code    string // GUID
	Creator string
	Created time.Time
	Notes   []string
}

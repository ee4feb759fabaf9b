package feedback

// desk is what coding keeps in memory: it is made again from the database whenever it is needed.
type desk struct{}

func newDesk() *desk { return &desk{} }

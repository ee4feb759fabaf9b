package newsletters

// ReadingOf counts the words of a plain text.
func ReadingOf(text string) Reading { return read(text) }

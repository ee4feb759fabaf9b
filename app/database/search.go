package database

import "strings"

// searchWords is how many words one search has: each is a condition, and SQLite refuses a statement of a thousand.
const searchWords = 20

// SearchWords are the words of what somebody looks for, in small letters; those past the twentieth do not count.
func SearchWords(text string) []string {
	words := strings.Fields(strings.ToLower(text))
	return words[:min(len(words), searchWords)]
}

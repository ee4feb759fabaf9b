package redact

import (
	"regexp"
	"strings"
)

// A written address may have a blank beside its @, and a comma for a stop. A spoken one has "at" for it, in brackets or
// bare; where it is bare, the words beside it must not be everyday ones, or "look at the dot on" would be an address.
var (
	writtenEmail = regexp.MustCompile(`[\p{L}\d._%+'-]+ ?@ ?[\p{L}\d-]+(?:(?: ?\. ?|[.,])[\p{L}\d-]+)+`)
	spokenEmail  = regexp.MustCompile(`(?i)([\p{L}\d_+'-]+(?:(?:\.|\s+dot\s+)[\p{L}\d_+'-]+)*)(\s*[(\[{<]\s*at\s*[)\]}>]\s*|\s+at\s+|AT\s+)([\p{L}\d-]+)(?:(?:\s*[(\[{<]\s*dot\s*[)\]}>]\s*|\s+dot\s+|\.)([\p{L}\d-]+))+`)
	topDomain    = regexp.MustCompile(`(?i)^(?:com|org|net|uk|nhs|gov|edu|info|me|io|eu|ie|fr|de|ac|co|example|test|invalid)$`)
)

func emails(text string, words words) (found []Finding) {
	add := func(start, end int) { found = append(found, Finding{start, end, Email}) }
	if strings.Contains(text, "@") {
		for _, at := range writtenEmail.FindAllStringIndex(text, -1) {
			add(at[0], at[1])
		}
	}
	if !words.mayBeSpoken() {
		return found
	}
	for from := 0; from < len(text); {
		at := spokenEmail.FindStringSubmatchIndex(text[from:])
		if at == nil {
			break
		}
		part := func(n int) string { return text[from+at[2*n] : from+at[2*n+1]] }
		if spoken(part(1), part(2), part(3), part(4)) {
			add(from+at[0], from+at[1])
			from += at[1]
		} else {
			from += at[6] // "me at" may come before it
		}
	}
	return found
}

// mayBeSpoken says whether there is anything to look for: "dot", or "at" and a stop within a word.
func (w words) mayBeSpoken() bool {
	at, dot, within := false, false, false
	for i := range w {
		at, dot = at || w[i].lower == "at", dot || w[i].lower == "dot"
		within = within || w[i].after == "." && i+1 < len(w)
	}
	return dot || at && within
}

// spoken says whether the parts of what looks like a spoken address make one.
func spoken(local, joint, first, last string) bool {
	everyday := common(local) || common(first) || strings.EqualFold(first, "www")
	return !everyday && (strings.ContainsAny(joint, "([{<") || topDomain.MatchString(last))
}

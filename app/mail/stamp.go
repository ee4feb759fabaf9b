package mail

import (
	"encoding/base64"
	netmail "net/mail"
	"strings"
	"time"
)

// lineWidth is how many bytes a line of a head may have: RFC 5322 asks for 78 at the most, RFC 2047 for 76 where there
// are encoded words.
const lineWidth = 76

// appendStamp writes the lines that name the recipient behind out.
func appendStamp(out []byte, r stamp) []byte {
	out = append(out, "Date: "...)
	out = r.date.AppendFormat(out, time.RFC1123Z)
	out = append(out, "\r\nMessage-ID: "...)
	out = append(out, r.messageID...)
	out = append(out, "\r\nTo: "...)
	out = appendAddress(out, len("To: "), r.to)
	out = append(out, "\r\nList-Unsubscribe:"...)
	if url := r.values[unsubscribeValue]; len("List-Unsubscribe: <>")+len(url) > lineWidth {
		out = append(append(append(out, "\r\n <"...), url...), '>')
	} else {
		out = append(append(append(out, " <"...), url...), '>')
	}
	return append(out, "\r\n"...)
}

// unsubscribeValue is the place of UnsubscribeField in allFields.
const unsubscribeValue = 1

// appendAddress writes a name and an address as a head may have them, folded; used bytes of the line are taken.
func appendAddress(out []byte, used int, a netmail.Address) []byte {
	if simple(a.Name) && simple(a.Address) && used+len(a.Name)+len(a.Address)+5 <= lineWidth {
		if a.Name != "" {
			out = append(append(append(out, '"'), a.Name...), `" `...)
		}
		return append(append(append(out, '<'), a.Address...), '>')
	}
	text := a.String()
	if !isASCII(a.Name) || hasLongWord(a.Name) {
		address := (&netmail.Address{Address: a.Address}).String()
		text = encodedWords(a.Name) + " " + address
	}
	return append(out, fold(used, text)...)
}

// simple says whether a text may stand between quotation marks, or between angle brackets, as it is.
func simple(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == ' ', c == '-', c == '\'', c == '_', c == '+', c == '@':
		case c == '.' && i > 0 && i < len(text)-1 && text[i-1] != '.' && text[i+1] != '@':
		default:
			return false
		}
	}
	return true
}

// hasLongWord says whether a name has a word that no folding brings onto a line.
func hasLongWord(name string) bool {
	for word := range strings.FieldsSeq(name) {
		if len(word) > lineWidth-10 {
			return true
		}
	}
	return false
}

// encodedWords writes a text as encoded words (RFC 2047), which can be folded anywhere.
func encodedWords(text string) string {
	const most = 45 // bytes, which are sixty letters in base64 and seventy-two with what stands around them
	var words []string
	for chunk := ""; text != ""; {
		cut := 0
		for i, r := range text {
			if i+len(string(r)) > most {
				break
			}
			cut = i + len(string(r))
		}
		chunk, text = text[:cut], text[cut:]
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(chunk))+"?=")
	}
	return strings.Join(words, " ")
}

// folded is the value of a line of the head with line breaks in it.
func folded(name, value string) string { return fold(len(name)+2, value) }

// fold breaks a value at spaces, so that its lines are short enough, where used bytes of the first are taken.
func fold(used int, value string) string {
	var out strings.Builder
	for i, word := range strings.Split(value, " ") {
		switch {
		case i == 0:
		case used+1+len(word) > lineWidth:
			out.WriteString("\r\n ")
			used = 1
		default:
			out.WriteByte(' ')
			used++
		}
		out.WriteString(word)
		used += len(word)
	}
	return out.String()
}

// appendQuotedPrintable encodes a value that begins on a line of its own and ends where a line ends.
func appendQuotedPrintable(out []byte, value string) []byte {
	const digits = "0123456789ABCDEF"
	used := 0
	for i := range len(value) {
		c := value[i]
		plain := c >= '!' && c <= '~' && c != '=' || c == ' ' && i < len(value)-1
		width := 3
		if plain {
			width = 1
		}
		if used+width > lineWidth-1 {
			out = append(out, softBreak...)
			used = 0
		}
		if plain {
			out = append(out, c)
		} else {
			out = append(out, '=', digits[c>>4], digits[c&0xf])
		}
		used += width
	}
	return out
}

package contacts

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"conversations/app/fault"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

// How long a way to reach somebody may be, in letters.
const (
	emailLetters = 254 // RFC 5321, 4.5.3.1
	phoneLetters = 40
)

// NormaliseEmail is the form in which addresses are compared, here and everywhere else: what two people typed as the
// same address is the same text. It is "" for an empty address, and does not say whether the address can be right.
func NormaliseEmail(address string) (key string) { return strings.ToLower(strings.TrimSpace(address)) }

// CheckEmail says what is wrong with a typed address, as a sentence for the person who typed it; "" where nothing is.
// An address that is one slip away from a well-known one is questioned, unless checked is that same address.
func CheckEmail(email, checked string) (problem string) {
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || letters(email) > emailLetters || !strings.Contains(domainOf(email), ".") || !ascii(email) {
		return "Enter an email address in the right form, like name@example.com"
	}
	if meant := LikelyMeant(email); meant != "" && checked != email {
		return "Did you mean " + meant + "? Change it if so. If " + email + " is right, just press the button again"
	}
	return ""
}

// ReadPhone reads a number as people in the United Kingdom write theirs: as it is shown, and as it is compared. The
// problem is a sentence for the person who typed it; the number is then given back as it was typed.
func ReadPhone(phone string) (written, key, problem string) {
	number, err := phonenumbers.Parse(phone, "GB")
	if letters(phone) > phoneLetters || err != nil || !phonenumbers.IsPossibleNumber(number) {
		return phone, "", "Enter a telephone number with its area code, like 01442 898867 or 07700 900123"
	}
	format := phonenumbers.INTERNATIONAL
	if number.GetCountryCode() == 44 {
		format = phonenumbers.NATIONAL
	}
	return phonenumbers.Format(number, format), phonenumbers.Format(number, phonenumbers.E164), ""
}

var postcodeForm = regexp.MustCompile(`^([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})$`)

// ReadPostcode writes a full UK postcode as the Royal Mail does: "hp11dn" is "HP1 1DN".
func ReadPostcode(text string) (written string, ok bool) {
	m := postcodeForm.FindStringSubmatch(strings.ToUpper(strings.Join(strings.Fields(text), " ")))
	if m == nil {
		return strings.ToUpper(Tidy(text)), false
	}
	return m[1] + " " + m[2], true
}

// mailDomains are where most residents have their mail; an address one slip away from one is questioned.
var mailDomains = []string{
	"gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.co.uk", "live.com", "yahoo.com",
	"yahoo.co.uk", "icloud.com", "me.com", "btinternet.com", "sky.com", "talktalk.net", "virginmedia.com", "ntlworld.com", "aol.com",
	"nhs.net", "tiscali.co.uk", "msn.com", "protonmail.com", "ymail.com", "mail.com", "rocketmail.com", "gmx.com",
}

// LikelyMeant gives the address that was probably meant, or "".
func LikelyMeant(email string) string {
	domain := strings.ToLower(domainOf(email))
	if slices.Contains(mailDomains, domain) {
		return ""
	}
	for _, known := range mailDomains {
		if len(known) > 6 && oneSlip(domain, known) {
			return email[:strings.LastIndexByte(email, '@')+1] + known
		}
	}
	return ""
}

// oneSlip says whether a and b differ by one letter left out, added, changed, or by two swapped.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if a == b || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	return swapped || a[i+1:] == b[i+1:]
}

func domainOf(email string) string { return email[strings.LastIndexByte(email, '@')+1:] }

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsSpace(r) })
}

func letters(text string) int { return len([]rune(text)) }

// Tidy puts a one-line text into its composed form without control characters and doubled spaces.
func Tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u200b' || r == '\ufeff' {
			return ' '
		}
		return r
	}, norm.NFC.String(text))
	return strings.Join(strings.Fields(text), " ")
}

// TidyLines is Tidy for each line of a text, without empty lines at its ends.
func TidyLines(text string) string {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
	for i, line := range lines {
		lines[i] = Tidy(line)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// NameKey recognises the same name written otherwise: case, accents, hyphens and full stops do not count.
func NameKey(name string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		default:
			return ' '
		}
	}, norm.NFD.String(name))
	return strings.Join(strings.Fields(plain), " ")
}

// tooLong is the message for a text of more letters than it may have.
func tooLong(what string, most int) string {
	return fmt.Sprintf("%s must be %d letters or fewer", what, most)
}

// limited notes a text that is too long.
func limited(f *fault.Fields, field, what, text string, most int) {
	if letters(text) > most {
		f.Add(field, tooLong(what, most))
	}
}

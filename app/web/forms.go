package web

import (
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/unicode/norm"

	"conversations/app/fault"
	"conversations/templates/nhs"
)

const (
	formMemoryBytes = 1 << 20 // of a multipart form; files beyond it go to disk
	formFields      = 2000
)

// Bind reads a posted form into a struct whose fields name theirs: `form:"email"`. Strings, lists of strings
// (repeated checkboxes), booleans (true when sent and not empty), whole numbers and embedded structs are known.
// Values are in NFC, trimmed and on one line; `form:"question,lines"` keeps line breaks, `form:"password,raw"`
// keeps everything. Fields the struct does not name are ignored. The error is a fault.
func Bind(c echo.Context, form any) error {
	values, err := posted(c.Request())
	if err != nil {
		return err
	}
	return bind(values, form)
}

// Posted is a posted form whose fields are known only when it comes, such as the questions of a survey. Values are
// cleaned as Bind cleans them.
type Posted struct{ values url.Values }

// ReadForm reads a posted form. The error is a fault.
func ReadForm(c echo.Context) (Posted, error) {
	values, err := posted(c.Request())
	return Posted{values}, err
}

// Text is the first value of a field, on one line; "" where it was not sent.
func (p Posted) Text(name string) string { return cleanValue(p.values.Get(name), "") }

// Lines is Text with its line breaks.
func (p Posted) Lines(name string) string { return cleanValue(p.values.Get(name), "lines") }

// List is every value of a field.
func (p Posted) List(name string) (list []string) {
	for _, value := range p.values[name] {
		list = append(list, cleanValue(value, ""))
	}
	return list
}

// Has says whether a field was sent, be it empty.
func (p Posted) Has(name string) bool { return len(p.values[name]) > 0 }

// Count is how many times a field was sent.
func (p Posted) Count(name string) int { return len(p.values[name]) }

// Names are the fields that were sent, in the order of their names.
func (p Posted) Names() []string { return slices.Sorted(maps.Keys(p.values)) }

// Sound says whether all that was sent is text, as a browser sends it: whole UTF-8, with no zero bytes in it.
func (p Posted) Sound() bool {
	for name, values := range p.values {
		for _, text := range append([]string{name}, values...) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return false
			}
		}
	}
	return true
}

// BindQuery is Bind for the address of a list with its filters.
func BindQuery(c echo.Context, form any) error { return bind(c.QueryParams(), form) }

// Query is one value of the address, cleaned as Bind cleans.
func Query(c echo.Context, name string) string { return cleanValue(c.QueryParam(name), "") }

// Queries is the whole query of the address, one value of each name, cleaned as Bind cleans.
func Queries(c echo.Context) url.Values {
	values := url.Values{}
	for name := range c.QueryParams() {
		values.Set(name, Query(c, name))
	}
	return values
}

func posted(r *http.Request) (url.Values, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	err := r.ParseForm()
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(formMemoryBytes)
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large || len(r.PostForm) > formFields {
		return nil, tooLarge()
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "We could not read the form. Go back, and send it again.", err)
	}
	return r.PostForm, nil
}

func bind(values url.Values, form any) error {
	var problems fault.Fields
	bindStruct(values, reflect.ValueOf(form).Elem(), &problems)
	return problems.Err()
}

func bindStruct(values url.Values, target reflect.Value, problems *fault.Fields) {
	for i := range target.NumField() {
		field := target.Type().Field(i)
		if field.Anonymous {
			bindStruct(values, target.Field(i), problems)
			continue
		}
		name, mode, _ := strings.Cut(field.Tag.Get("form"), ",")
		if name != "" {
			bindField(values[name], mode, target.Field(i), name, problems)
		}
	}
}

func bindField(sent []string, mode string, target reflect.Value, name string, problems *fault.Fields) {
	first := ""
	if len(sent) > 0 {
		first = cleanValue(sent[0], mode)
	}
	switch target.Kind() {
	case reflect.String:
		target.SetString(first)
	case reflect.Bool:
		target.SetBool(first != "")
	case reflect.Int, reflect.Int64:
		number, err := strconv.ParseInt(first, 10, 64)
		if err != nil && first != "" {
			problems.Add(name, "Enter a whole number, such as 2")
		}
		target.SetInt(number)
	case reflect.Slice:
		list := make([]string, 0, len(sent))
		for _, value := range sent {
			list = append(list, cleanValue(value, mode))
		}
		target.Set(reflect.ValueOf(list))
	default:
		panic(fmt.Sprintf("web.Bind does not know how to fill %s", target.Type()))
	}
}

func cleanValue(value, mode string) string {
	if mode == "raw" {
		return strings.ToValidUTF8(value, "")
	}
	value = cleanText(value)
	if mode != "lines" {
		value = strings.ReplaceAll(value, "\n", " ")
	}
	return strings.TrimSpace(value)
}

// cleanText is value in NFC, with line breaks as \n and without control characters or broken bytes.
func cleanText(value string) string {
	value = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ").Replace(value)
	value = strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || r == '\ufeff' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(value, ""))
	return norm.NFC.String(value)
}

// FieldErrors gives what a refused form has to say, for its summary and at its fields. It is false for an error
// that is not about the form: return that one.
func FieldErrors(err error) (messages []nhs.FieldError, refused bool) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || (f.Kind != fault.Invalid && f.Kind != fault.Conflict) {
		return nil, false
	}
	for _, field := range f.Fields {
		messages = append(messages, nhs.FieldError{Field: field.Name, Text: field.Message})
	}
	if len(messages) == 0 {
		messages = []nhs.FieldError{{Text: f.Message}}
	}
	return messages, true
}

package browsertest_test

import "net/url"

// libraryPaths are the pages of the library.
func (w *world) libraryPaths() map[string][]string {
	return map[string][]string{
		"/documents":                  {"/documents", "/documents?locality=dacorum&q=case", "/documents?q=nothing-is-called-this"},
		"/staff/documents":            {"/staff/documents", "/staff/documents?public=no&sort=-title", "/staff/documents?q=nothing-is-called-this"},
		"/staff/documents/new":        {"/staff/documents/new"},
		"/staff/documents/:id":        {"/staff/documents/1", "/staff/documents/4"},
		"/staff/documents/:id/remove": {"/staff/documents/1/remove"},
	}
}

// libraryForms are forms of the library that were filled in wrongly, shown again.
func (w *world) libraryForms() []sight {
	wrong := url.Values{"title": {""}, "dated_day": {"31"}, "dated_month": {"2"}, "dated_year": {"2017"}, "locality": {"atlantis"}}
	return []sight{
		{path: "/staff/documents/new", staff: true, from: "/staff", send: wrong, status: 422},
		{path: "/staff/documents/1", staff: true, from: "/staff", send: wrong, status: 422},
		{path: "/staff/documents/1?stale", staff: true, from: "/staff", status: 409,
			send: url.Values{"title": {"Case for change"}, "dated_day": {"1"}, "dated_month": {"7"}, "dated_year": {"2015"}, "version": {"99"}}},
	}
}

package web_test

import (
	"net/http"
	"net/url"
	"reflect"
	"testing"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
)

type person struct {
	Name string `form:"name"`
}

type everyKind struct {
	person            //nolint:unused // filled by Bind
	Notes    string   `form:"notes,lines"`
	Password string   `form:"password,raw"`
	Needs    []string `form:"needs"`
	Party    int      `form:"party"`
	Agreed   bool     `form:"agreed"`
	Mine     string
}

func bound(t *testing.T, values url.Values) (got everyKind, w int) {
	t.Helper()
	s := newSite(t)
	s.Public.POST("/form", func(c echo.Context) error {
		if err := web.Bind(c, &got); err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
	return got, s.ask("POST", "/form", form(values.Encode())).Code
}

func TestAFormIsReadCleanly(t *testing.T) {
	var got everyKind
	s := newSite(t)
	s.Public.POST("/form", func(c echo.Context) error { return web.Bind(c, &got) })
	s.ask("POST", "/form", form(url.Values{
		"name": {"  Zoe\u0308\x00 Exa\u200bmple\r\nOther "}, "notes": {" one\r\ntwo\x07 "}, "password": {"  two spaces \x01"},
		"needs": {"bsl", "carer"}, "party": {"3"}, "agreed": {"yes"}, "Mine": {"no"}, "unknown": {"x"},
	}.Encode()))
	want := everyKind{
		person: person{Name: "Zoë Exa\u200bmple Other"}, Notes: "one\ntwo", Password: "  two spaces \x01",
		Needs: []string{"bsl", "carer"}, Party: 3, Agreed: true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %#v\nwant %#v", got, want)
	}
}

func TestTheWholeQueryIsReadCleanly(t *testing.T) {
	var got url.Values
	s := newSite(t)
	s.Public.GET("/list", func(c echo.Context) error { got = web.Queries(c); return c.NoContent(http.StatusNoContent) })
	s.ask("GET", "/list?q=%20Zoe%CC%88%00%0D%0A&from=a%FFb&from=c&none")
	if want := (url.Values{"q": {"Zoë"}, "from": {"ab"}, "none": {""}}); !reflect.DeepEqual(got, want) {
		t.Errorf("read %#v\nwant %#v", got, want)
	}
}

func TestANumberThatIsNoneIsSaidAtItsField(t *testing.T) {
	if _, status := bound(t, url.Values{"party": {"three"}}); status != 422 {
		t.Errorf("status %d, want 422", status)
	}
	if got, status := bound(t, url.Values{}); status != 204 || got.Party != 0 || got.Agreed {
		t.Errorf("an empty form gives %+v and %d", got, status)
	}
}

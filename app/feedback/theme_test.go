package feedback

import (
	"errors"
	"slices"
	"testing"

	"conversations/app/audit"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

func TestThemesStandInATreeInTheOrderInWhichTheyWereAdded(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openThemes(t, address)
		access := w.theme("Access to a GP", 0)
		w.theme("Prevention", 0)
		w.theme("Telephone", access.ID)
		if got, want := w.tree(), []string{"0 access-to-a-gp", "1 telephone", "0 prevention"}; !slices.Equal(got, want) {
			t.Errorf("the tree is %v, not %v", got, want)
		}
		if version, err := w.Version(w.ann); err != nil || version != 3 {
			t.Errorf("the version is %d, %v", version, err)
		}
		if found, err := w.ThemeByCode(w.ann, " TELEPHONE "); err != nil || found.Name != "Telephone" {
			t.Errorf("found %+v, %v", found, err)
		}
		if _, err := w.ThemeByCode(w.ann, "none"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a code that is not there gives %v", err)
		}
	})
}

func TestAThemeNeedsANameAndACodeOfItsOwn(t *testing.T) {
	w := openThemes(t, databasetest.SQLite(t))
	w.theme("Access", 0)
	for field, f := range map[string]ThemeForm{"name": {}, "code": {Name: "Other", Code: "ACCESS"}, "parent": {Name: "Lost", Parent: 99}} {
		_, err := w.AddTheme(w.ann, f)
		known, is := errors.AsType[*fault.Error](err)
		if !is || len(known.Fields) == 0 || known.Fields[0].Name != field {
			t.Errorf("%+v gives %v", f, err)
		}
	}
	if second := w.theme("Access", 0); second.Code != "access-2" {
		t.Errorf("the second of a name has the code %q", second.Code)
	}
	if _, err := w.AddTheme(audit.WithActor(w.ann, audit.Actor{Kind: audit.Staff, ID: 9, Role: "comms"}), ThemeForm{Name: "X"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("somebody without the right gives %v", err)
	}
}

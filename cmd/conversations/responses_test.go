package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"conversations/app"
	"conversations/app/apptest"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/surveys"
)

func TestAnswersToASurveyAreImportedOnceAndExported(t *testing.T) {
	folder := t.TempDir()
	environ := []string{"CONVERSATIONS_DATABASE_URL=sqlite:///" + filepath.Join(folder, "answers.db")}
	makeSurvey(t, environ)
	command := func(args ...string) (int, string, string) {
		return runWith(t, environ, append([]string{"--config", "../../config.yaml"}, args...)...)
	}
	file := filepath.Join(folder, "answers.csv")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("id,Were you listened to?,Weather\nA1,yes,Rain\nA2,perhaps,Sun\n")
	if code, _, errs := command("import", "responses", "--survey", "listening", file); code != failed || !strings.Contains(errs, "line 3: Question 1 (Were you listened to?): “perhaps” is none of its answers.") ||
		!strings.Contains(errs, "These columns are left out: Weather.") {
		t.Errorf("a bad row: exit %d\n%s", code, errs)
	}
	write("id,Were you listened to?\nA1,yes\nA2,No\n")
	if code, out, errs := command("import", "responses", "--survey", "listening", "--dry-run", file); code != done || !strings.Contains(out, "2 rows: 2 new, 0 here already, 0 bad.") {
		t.Errorf("a dry run: exit %d\n%s%s", code, out, errs)
	}
	for _, want := range []string{"2 rows: 2 new", "2 rows: 0 new, 2 here already"} {
		if code, out, errs := command("import", "responses", "--survey", "listening", file); code != done || !strings.Contains(out, want) {
			t.Errorf("exit %d\n%s%s", code, out, errs)
		}
	}
	out := filepath.Join(folder, "out.csv")
	if code, _, errs := command("export", "responses", "--survey", "listening", out); code != done {
		t.Fatalf("exit %d\n%s", code, errs)
	}
	content, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(content); !strings.HasPrefix(text, "id,channel,") || strings.Count(text, ",import,") != 2 {
		t.Errorf("wrote %s", text)
	}
	if code, _, _ := command("export", "responses", "--survey", "nothing", out); code != failed {
		t.Errorf("a survey that is not there: exit %d", code)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// makeSurvey makes the survey "listening", with one question.
func makeSurvey(t *testing.T, environ []string) {
	t.Helper()
	text, err := os.ReadFile("../../config.yaml")
	must(t, err)
	cfg, err := config.Parse(text, environ)
	must(t, err)
	a, err := app.New(context.Background(), cfg, apptest.Log(t), nil)
	must(t, err)
	ctx := audit.AsSystem(context.Background())
	survey, err := a.Surveys.Create(ctx, surveys.SurveyForm{Title: "Listening"})
	must(t, err)
	form, err := a.Surveys.FormOf(ctx, survey.ID, "")
	must(t, err)
	_, err = a.Surveys.AddQuestion(ctx, survey.ID, form.Sections[0].ID, surveys.QuestionForm{Kind: "yes-no", Label: "Were you listened to?"})
	must(t, err)
	_, err = a.Surveys.Open(ctx, survey.ID)
	must(t, err)
	must(t, a.Close())
}

package events_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"conversations/app/audit"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/events/minutes"
	"conversations/app/fault"
)

// held is an event of yesterday that is marked as held.
func (h house) held(t testing.TB) events.Event {
	t.Helper()
	e := h.published(t, evening())
	h.clock.set(time.Date(2017, 3, 1, 9, 0, 0, 0, time.UTC))
	e, err := h.Hold(h.ctx, e.ID, events.Turnout{People: "50"})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// as is what a member of staff does.
func as(id int64, role string) context.Context {
	return audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, ID: id, Role: role})
}

func (h house) save(t testing.TB, id int64, lines ...events.RecordLine) events.Record {
	t.Helper()
	before, err := h.Record(h.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	r, err := h.SaveRecord(h.ctx, id, before.Version, lines)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func line(kind minutes.Kind, who, text string) events.RecordLine {
	return events.RecordLine{Kind: kind, Who: who, Text: text}
}

func due(l events.RecordLine, day, month, year string) events.RecordLine {
	l.Day, l.Month, l.Year = day, month, year
	return l
}

func TestARecordGoesFromDraftToApprovedToPublicAndBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.held(t)
		r := h.save(t, e.ID, line(minutes.Point, "", "It went well"))
		writer, reader := as(1, "engagement"), as(2, "admin")
		if _, err := h.PublishRecord(writer, e.ID, r.Version); fault.KindOf(err) != fault.Conflict {
			t.Fatalf("a draft was published: %v", err)
		}
		r, err := h.SaveRecord(writer, e.ID, r.Version, events.LinesOf(r))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.ApproveRecord(writer, e.ID, r.Version); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "somebody else") {
			t.Fatalf("who wrote it approved it: %v", err)
		}
		if r, err = h.ApproveRecord(reader, e.ID, r.Version); err != nil || r.ApprovedBy != 2 {
			t.Fatalf("%+v, %v", r, err)
		}
		if _, err := h.SaveRecord(writer, e.ID, r.Version, nil); fault.KindOf(err) != fault.Conflict {
			t.Fatalf("an approved text was changed: %v", err)
		}
		if r, err = h.PublishRecord(writer, e.ID, r.Version); err != nil || r.State != events.RecordPublic {
			t.Fatalf("%+v, %v", r, err)
		}
		if r, err = h.WithdrawRecord(writer, e.ID, r.Version); err != nil || r.State != events.RecordDraft || r.ApprovedAt != nil {
			t.Fatalf("%+v, %v", r, err)
		}
		want := []string{"record.edit", "record.edit", "record.approve", "record.publish", "record.withdraw"}
		if got := h.audited(t, "records"); !slices.Equal(got, want) {
			t.Errorf("recorded %v", got)
		}
	})
}

func (h house) audited(t testing.TB, entity string) (actions []string) {
	t.Helper()
	err := h.db.Read(h.ctx).Raw("SELECT action FROM audit_entries WHERE entity = ? ORDER BY id", entity).Scan(&actions).Error
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

func TestOnePersonMayWriteAndApproveWhereTheConfigurationSaysSo(t *testing.T) {
	h := newHouse(t)
	h.cfg.Records.TwoPeople = false
	e, me := h.held(t), as(1, "engagement")
	r, err := h.SaveRecord(me, e.ID, 0, []events.RecordLine{line(minutes.Point, "", "It went well")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.ApproveRecord(me, e.ID, r.Version); err != nil {
		t.Error(err)
	}
}

func TestOnlyARecordWithSomethingInItIsApproved(t *testing.T) {
	h := newHouse(t)
	e := h.held(t)
	r := h.save(t, e.ID, line(minutes.Unplaced, "", "Odd words"))
	if _, err := h.ApproveRecord(h.ctx, e.ID, r.Version); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an empty record was approved: %v", err)
	}
	r = h.save(t, e.ID, line(minutes.Question, "Resident", "Why?"), line(minutes.Answer, "", "Because."))
	if _, err := h.ApproveRecord(h.ctx, e.ID, r.Version); err == nil || !strings.Contains(err.Error(), "which office") {
		t.Errorf("an answer of nobody was approved: %v", err)
	}
}

func TestOfTwoWhoWriteARecordTheSecondIsToldAndBothTextsAreKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.held(t)
		one, two := []events.RecordLine{line(minutes.Point, "", "First")}, []events.RecordLine{line(minutes.Point, "", "Second")}
		if _, err := h.SaveRecord(h.ctx, e.ID, 0, one); err != nil {
			t.Fatal(err)
		}
		_, err := h.SaveRecord(h.ctx, e.ID, 0, two)
		conflict, ok := errors.AsType[*events.RecordConflict](err)
		if !ok || fault.KindOf(err) != fault.Conflict || conflict.Stored.Parts[0].Text != "First" {
			t.Fatalf("the second was told %v", err)
		}
		saved, err := h.SaveRecord(h.ctx, e.ID, conflict.Stored.Version, two)
		if err != nil || len(saved.Parts) != 1 || saved.Parts[0].Text != "Second" {
			t.Fatalf("saving on top: %+v, %v", saved, err)
		}
	})
}

func TestOfManyWhoBeginARecordAtOnceOneSavesAndTheOthersAreTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.held(t)
		var saved, told atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, err := h.SaveRecord(h.ctx, e.ID, 0, []events.RecordLine{line(minutes.Point, "", "Words")})
				switch _, conflict := errors.AsType[*events.RecordConflict](err); {
				case err == nil:
					saved.Add(1)
				case conflict:
					told.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if r, err := h.Record(h.ctx, e.ID); saved.Load() != 1 || told.Load() != 7 || len(r.Parts) != 1 || err != nil {
			t.Errorf("%d saved, %d were told, %d parts, %v", saved.Load(), told.Load(), len(r.Parts), err)
		}
	})
}

func TestEverythingWrongWithARecordIsSaidAtItsLine(t *testing.T) {
	h := newHouse(t)
	e := h.held(t)
	_, err := h.SaveRecord(h.ctx, e.ID, 0, []events.RecordLine{
		line(minutes.Answer, "Trust", "Of no question"), line(minutes.Question, "Jane Moss", "Why?"), due(line(minutes.Step, "", "Do it"), "31", "2", "2017"),
		due(line(minutes.Step, "", ""), "1", "3", "2017"), line("odd", "", "What is this"), line(minutes.Point, "", strings.Repeat("x", 20_001)), line(minutes.Point, "", " "),
	})
	got := messages(t, err)
	for _, field := range []string{"text-0", "who-1", "due-2", "text-3", "kind-4", "text-5"} {
		if got[field] == "" {
			t.Errorf("nothing is said at %s", field)
		}
		delete(got, field)
	}
	if len(got) > 0 {
		t.Errorf("also said: %v", got)
	}
}

func TestNextStepsAreFollowedUntilTheyAreDone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.held(t)
		r := h.save(t, e.ID, due(line(minutes.Step, "The trust", "Print the leaflet"), "3", "3", "2017"), line(minutes.Step, "", "Talk to carers"))
		late := func() int {
			due, err := h.RecordsDue(h.ctx)
			if err != nil || len(due.Missing) != 1 {
				t.Fatalf("%+v, %v", due, err)
			}
			return due.LateSteps
		}
		if late() != 0 {
			t.Error("a step is late before its day")
		}
		h.clock.set(time.Date(2017, 3, 3, 23, 0, 0, 0, time.UTC))
		if late() != 0 {
			t.Error("a step is late on its day")
		}
		h.clock.set(time.Date(2017, 3, 4, 1, 0, 0, 0, time.UTC))
		if late() != 1 {
			t.Error("a step is not late after its day")
		}
		step := r.Parts[0].ID
		f := events.StepForm{State: "dropped", Owner: "The trust", Day: "3", Month: "3", Year: "2017", Version: r.Version}
		if _, err := h.FollowStep(h.ctx, e.ID, step, f); messages(t, err)["note"] == "" {
			t.Errorf("a step was dropped without a reason: %v", err)
		}
		f.State, f.Note = "done", "5,000 were printed."
		r, err := h.FollowStep(h.ctx, e.ID, step, f)
		if err != nil || r.Parts[0].State != events.StepDone || r.Parts[0].SettledAt == nil || late() != 0 {
			t.Fatalf("%+v, %v", r.Parts, err)
		}
		lines := events.LinesOf(r)
		lines[0].Text = "Print the big leaflet"
		if r, err = h.SaveRecord(h.ctx, e.ID, r.Version, lines); err != nil || r.Parts[0].State != events.StepDone || r.Parts[0].Note == "" || r.Parts[0].ID != step {
			t.Fatalf("an edit of the words lost what came of it: %+v, %v", r.Parts, err)
		}
		if _, err := h.FollowStep(h.ctx, e.ID, step, f); fault.KindOf(err) != fault.Conflict {
			t.Errorf("an older page overwrote a newer text: %v", err)
		}
		page, err := h.Steps(h.ctx, events.StepFilter{Show: "done"})
		if err != nil || page.Total != 1 || page.Steps[0].Title != e.Title {
			t.Errorf("%+v, %v", page, err)
		}
	})
}

func TestARecordIsMissingUntilItIsPublic(t *testing.T) {
	h := newHouse(t)
	e := h.held(t)
	missing := func() int {
		due, err := h.RecordsDue(h.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return len(due.Missing)
	}
	r := h.save(t, e.ID, line(minutes.Point, "", "It went well"))
	if missing() != 1 {
		t.Error("a draft is enough")
	}
	r, _ = h.ApproveRecord(h.ctx, e.ID, r.Version)
	if _, err := h.PublishRecord(h.ctx, e.ID, r.Version); err != nil || missing() != 0 {
		t.Errorf("%d are missing, %v", missing(), err)
	}
}

func TestARecordIsPublishedOnlyOfAnEventThatWasHeld(t *testing.T) {
	h := newHouse(t)
	e := h.published(t, evening())
	r := h.save(t, e.ID, line(minutes.Presenter, "Programme director", ""))
	r, err := h.ApproveRecord(h.ctx, e.ID, r.Version)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.PublishRecord(h.ctx, e.ID, r.Version); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the record of an event to come was published: %v", err)
	}
	if _, err := h.SaveRecord(h.ctx, h.create(t, evening()).ID, 0, nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a draft event has a record: %v", err)
	}
}

func TestTheButtonsOfTheFormMoveWholeQuestions(t *testing.T) {
	kinds := func(lines []events.RecordLine) (out string) {
		for _, l := range lines {
			out += l.Text + " "
		}
		return out
	}
	start := []events.RecordLine{line(minutes.Point, "", "p1"), line(minutes.Point, "", "p2"), line(minutes.Question, "", "q1"), line(minutes.Answer, "", "a1"),
		line(minutes.Answer, "", "a2"), line(minutes.Question, "", "q2"), line(minutes.Answer, "", "a3")}
	for do, want := range map[string]string{
		"up-1": "p2 p1 q1 a1 a2 q2 a3 ", "up-0": "p1 p2 q1 a1 a2 q2 a3 ", "down-1": "p1 p2 q1 a1 a2 q2 a3 ", "down-0": "p2 p1 q1 a1 a2 q2 a3 ",
		"up-5": "p1 p2 q2 a3 q1 a1 a2 ", "down-2": "p1 p2 q2 a3 q1 a1 a2 ", "up-6": "p1 p2 q1 a1 a2 a3 q2 ", "up-2": "p1 p2 q1 a1 a2 q2 a3 ",
		"remove-2": "p1 p2 q2 a3 a1 a2 ", "remove-0": "p2 q1 a1 a2 q2 a3 ", "answer-2": "p1 p2 q1 a1 a2  q2 a3 ", "add-step": "p1 p2  q1 a1 a2 q2 a3 ",
		"nonsense": "p1 p2 q1 a1 a2 q2 a3 ", "up-99": "p1 p2 q1 a1 a2 q2 a3 ", "add-odd": "p1 p2 q1 a1 a2 q2 a3 ",
	} {
		if arranged, _ := events.Arrange(start, do); kinds(arranged) != want {
			t.Errorf("%s gives %q, want %q", do, kinds(arranged), want)
		}
	}
	arranged, _ := events.Arrange(start, "remove-2")
	if arranged[4].Kind != minutes.Unplaced || arranged[5].Kind != minutes.Unplaced {
		t.Error("the answers of a question that was removed are not kept as not placed")
	}
}

func TestTheCouncilMinutesBecomeAPublicRecord(t *testing.T) {
	for name, pattern := range map[string]string{"made up": "minutes/testdata/scrutiny.txt", "given": "../../../shared/seeds/000_*.txt"} {
		t.Run(name, func(t *testing.T) {
			found, _ := filepath.Glob(pattern)
			if len(found) == 0 {
				t.Skip("LEFT OUT: the council's minutes, because ../shared/seeds is not beside this repository; the made-up ones stand for them")
			}
			text, err := os.ReadFile(found[0])
			if err != nil {
				t.Fatal(err)
			}
			databasetest.Each(t, func(t *testing.T, address string) {
				h := open(t, address)
				e := h.held(t)
				lines := events.LinesFromMinutes(string(text))
				for i, l := range lines {
					if l.Kind == minutes.Answer && l.Who == "" {
						lines[i].Who = "A local GP"
					}
				}
				r := h.save(t, e.ID, lines...)
				if len(r.Of(minutes.Question)) != 4 || len(r.Of(minutes.Answer)) != 5 || len(r.Of(minutes.Step)) < 4 || len(r.Of(minutes.Point)) < 6 {
					t.Fatalf("%+v", r.Parts)
				}
				if r, err = h.ApproveRecord(h.ctx, e.ID, r.Version); err != nil {
					t.Fatal(err)
				}
				if r, err = h.PublishRecord(h.ctx, e.ID, r.Version); err != nil {
					t.Fatal(err)
				}
				again, err := h.Record(h.ctx, e.ID)
				if err != nil || len(again.Parts) != len(lines) {
					t.Fatalf("%d parts of %d, %v", len(again.Parts), len(lines), err)
				}
			})
		})
	}
}

func TestOnlyWhoMayManageEventsCanTouchARecord(t *testing.T) {
	h := newHouse(t)
	e := h.held(t)
	for role, kind := range map[string]fault.Kind{"": fault.SignIn, "door": fault.Forbidden, "comms": fault.Forbidden} {
		ctx := context.Background()
		if role != "" {
			ctx = as(3, role)
		}
		for name, err := range map[string]error{
			"read": of(h.Record(ctx, e.ID)), "save": of(h.SaveRecord(ctx, e.ID, 0, nil)), "approve": of(h.ApproveRecord(ctx, e.ID, 0)), "publish": of(h.PublishRecord(ctx, e.ID, 0)),
			"withdraw": of(h.WithdrawRecord(ctx, e.ID, 0)), "follow": of(h.FollowStep(ctx, e.ID, 1, events.StepForm{})), "steps": of(h.Steps(ctx, events.StepFilter{})),
			"due": of(h.RecordsDue(ctx)), "add": of(h.AddFile(ctx, e.ID, events.NewFile{})), "file": of(h.File(ctx, e.ID, 1)), "show": h.ShowFile(ctx, e.ID, 1, true),
			"remove": h.RemoveFile(ctx, e.ID, 1), "asked": of(h.AskedQuestions(ctx, e.ID)), "order": h.OrderQuestions(ctx, e.ID, nil), "answer": h.AnswerQuestion(ctx, e.ID, 1, events.AnswerForm{}),
		} {
			if fault.KindOf(err) != kind {
				t.Errorf("%s as %q: %v", name, role, err)
			}
		}
	}
}

func of[T any](_ T, err error) error { return err }

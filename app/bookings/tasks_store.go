package bookings

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"

	"gorm.io/gorm"
)

// TaskPageSize is how many access needs the staff's list shows at once.
const TaskPageSize = 50

// Which of the needs the list shows, beside the states themselves.
const (
	TasksOpen    = ""         // asked for, and the event is to come
	TasksLate    = "late"     // open, and the day by which it had to be arranged is over
	TasksCallOff = "call-off" // was arranged, and does not hold any more
	TasksAll     = "all"
)

// TaskFilter chooses access needs for the staff's list.
type TaskFilter struct {
	Event string // slug; "" is all that are to come
	Need  string // code; "" is all
	Owner string // "me", "nobody" or an id; "" is all
	State string // TasksOpen, TasksLate, TasksCallOff, TasksAll or a state
	Page  int    // from 1
}

// Task is an access need with what staff need to know to see to it.
type Task struct {
	AccessNeed `gorm:"embedded"`
	EventID    int64
	Name       string // of the booker
	Attendee   string // may be empty
	Reference  string
	Status     Status // of the booking
}

// Late says whether the task should have been done before today, a local day.
func (t Task) Late(today string) bool { return t.State == Asked && t.DueOn != "" && t.DueOn < today }

// TaskPage is one page of the list.
type TaskPage struct {
	Tasks []Task
	Total int
	Page  int // from 1
	Pages int // at least 1
}

const (
	tasksFrom = ` FROM access_needs n JOIN bookings b ON b.id = n.booking_id JOIN events e ON e.id = b.event_id`
	toCome    = `e.status IN ('open', 'closed', 'postponed') AND (e.starts_at IS NULL OR coalesce(e.ends_at, e.starts_at) >= ?)`
	openTask  = `n.state = 'asked' AND b.status <> 'cancelled' AND ` + toCome
	lateTask  = openTask + ` AND n.due_on <> '' AND n.due_on < ?`
)

// AccessSummary counts the access needs that are still to be arranged, and those of them that are late.
func (s *Service) AccessSummary(ctx context.Context) (open, late int, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return 0, 0, err
	}
	err = s.db.Read(ctx).Raw(`SELECT count(*), count(CASE WHEN n.due_on <> '' AND n.due_on < ? THEN 1 END)`+tasksFrom+` WHERE `+openTask,
		s.today(), s.db.Now()).Row().Scan(&open, &late)
	if err != nil {
		return 0, 0, fmt.Errorf("count the access needs: %w", err)
	}
	return open, late, nil
}

// Tasks gives one page of access needs: those still to be arranged first, by the day they are due, so that the late
// come first. A page past the end is the last page.
func (s *Service) Tasks(ctx context.Context, f TaskFilter) (page TaskPage, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return page, err
	}
	where, args := s.taskWhere(ctx, f)
	if err := s.db.Read(ctx).Raw(`SELECT count(*)`+tasksFrom+where, args...).Row().Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count the access needs: %w", err)
	}
	page.Pages = max(1, (page.Total+TaskPageSize-1)/TaskPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	err = s.db.Read(ctx).Raw(taskColumns+where+` ORDER BY CASE n.state WHEN 'asked' THEN 0 ELSE 1 END, CASE n.due_on WHEN '' THEN 1 ELSE 0 END, n.due_on, n.id LIMIT ? OFFSET ?`,
		append(args, TaskPageSize, (page.Page-1)*TaskPageSize)...).Scan(&page.Tasks).Error
	if err != nil {
		return page, fmt.Errorf("list the access needs: %w", err)
	}
	return page, nil
}

const taskColumns = `SELECT n.*, b.event_id, b.name, b.reference, b.status,
	coalesce((SELECT a.name FROM attendees a WHERE a.booking_id = n.booking_id AND a.position = n.position), '') AS attendee` + tasksFrom

func (s *Service) taskWhere(ctx context.Context, f TaskFilter) (where string, args []any) {
	parts := []string{}
	add := func(condition string, values ...any) { parts, args = append(parts, condition), append(args, values...) }
	switch f.State {
	case TasksOpen:
		add(openTask, s.db.Now())
	case TasksLate:
		add(lateTask, s.db.Now(), s.today())
	case TasksCallOff:
		add(`n.call_off`)
	case TasksAll:
		if f.Event == "" {
			add(toCome, s.db.Now())
		}
	default:
		add(`n.state = ?`, f.State)
		if f.Event == "" {
			add(toCome, s.db.Now())
		}
	}
	if f.Event != "" {
		add(`e.slug = ?`, f.Event)
	}
	if f.Need != "" {
		add(`n.need = ?`, f.Need)
	}
	switch f.Owner {
	case "":
	case "nobody":
		add(`n.owner_id IS NULL`)
	case "me":
		add(`n.owner_id = ?`, audit.ActorFrom(ctx).ID)
	default:
		id, _ := strconv.ParseInt(f.Owner, 10, 64)
		add(`n.owner_id = ?`, id)
	}
	if len(parts) == 0 {
		return "", nil
	}
	return ` WHERE ` + strings.Join(parts, " AND "), args
}

// Task reads one access need; NotFound where there is none.
func (s *Service) Task(ctx context.Context, id int64) (t Task, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return t, err
	}
	err = database.First(s.db.Read(ctx).Raw(taskColumns+` WHERE n.id = ?`, id), &t)
	if database.IsNotFound(err) {
		return t, noNeed()
	}
	return t, err
}

// TaskEvents lists the events to come at which somebody asked for something, the first one first.
func (s *Service) TaskEvents(ctx context.Context) (list []events.Event, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Raw(`SELECT * FROM events e WHERE `+toCome+` AND EXISTS (SELECT 1 FROM bookings b JOIN access_needs n ON n.booking_id = b.id WHERE b.event_id = e.id)
		ORDER BY CASE WHEN e.starts_at IS NULL THEN 1 ELSE 0 END, e.starts_at, e.id`, s.db.Now()).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list the events with access needs: %w", err)
	}
	return list, nil
}

// stepsOf lists what was done about a need, newest first.
func stepsOf(q *gorm.DB, needID int64) (steps []NeedStep, err error) {
	if err := q.Raw(`SELECT * FROM access_steps WHERE need_id = ? ORDER BY id DESC`, needID).Scan(&steps).Error; err != nil {
		return nil, fmt.Errorf("read what was done about need %d: %w", needID, err)
	}
	return steps, nil
}

// alike is everybody else at the event who asked for the same and stands where this need stands.
const alike = `FROM access_needs n JOIN bookings b ON b.id = n.booking_id WHERE b.event_id = ? AND b.status <> 'cancelled'
	AND n.need = ? AND n.note = ? AND n.state = ? AND n.offer = ? AND n.id <> ?`

// needsAlike lists them, by id. The event is locked.
func needsAlike(tx *database.Tx, eventID int64, n AccessNeed) (ids []int64, err error) {
	err = tx.Raw(`SELECT n.id `+alike+` ORDER BY n.id`, eventID, n.Need, n.Note, string(n.State), n.Offer, n.ID).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("find who asked for the same: %w", err)
	}
	return ids, nil
}

// othersAlike counts them, for the page.
func (s *Service) othersAlike(ctx context.Context, t Task) (n int, err error) {
	err = s.db.Read(ctx).Raw(`SELECT count(*) `+alike, t.EventID, t.Need, t.Note, string(t.State), t.Offer, t.ID).Row().Scan(&n)
	return n, err
}

// VenueNeed is how many people with a place need something, as the venue is told: no names and no notes.
type VenueNeed struct {
	Need        string
	People      int
	Arranged    int
	NotPossible int
	Languages   []string // that an interpreter is wanted for, where a known one was named
}

// VenueNeeds counts what people with a place at an event need, in the order of the form.
func (s *Service) VenueNeeds(ctx context.Context, eventID int64) (out []VenueNeed, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	var all []AccessNeed
	err = s.db.Read(ctx).Raw(`SELECT n.* FROM access_needs n JOIN bookings b ON b.id = n.booking_id
		WHERE b.event_id = ? AND b.status = 'confirmed' AND n.state <> 'no-longer-needed' ORDER BY n.id`, eventID).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("count the needs of event %d: %w", eventID, err)
	}
	for _, kind := range Needs() {
		v := VenueNeed{Need: kind.Code}
		for _, n := range all {
			if n.Need == kind.Code {
				v.count(n)
			}
		}
		if v.People > 0 {
			out = append(out, v)
		}
	}
	return out, nil
}

func (v *VenueNeed) count(n AccessNeed) {
	v.People++
	switch n.State {
	case Arranged:
		v.Arranged++
	case NotPossible:
		v.NotPossible++
	}
	if n.Need == "interpreter" {
		v.Languages = append(v.Languages, languagesIn(n.Note)...)
	}
}

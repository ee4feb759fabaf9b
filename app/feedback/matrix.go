package feedback

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/fault"
)

// Dimension is what themes are counted by.
type Dimension struct {
	Key   string // locality, event, source, service, month, tone, or equality:TOPIC
	Label string
}

// The dimensions that every comment has, or could have.
const (
	byLocality = "locality"
	byEvent    = "event"
	bySource   = "source"
	byService  = "service"
	byMonth    = "month"
	byTone     = "tone"
	// equalityPrefix begins the key of a group in an equality question.
	equalityPrefix = "equality:"
)

// topicKey is what the key of an equality question can be: it stands in SQL.
var topicKey = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)

// Matrix is how often each theme was found, by one dimension. These are true numbers: they are not for publishing.
type Matrix struct {
	By      Dimension
	Base    Base
	Columns []MatrixColumn
	Rows    []MatrixRow
	General []int // of each column, the comments in which nothing finer than a general theme was found
}

// MatrixColumn is one value of the dimension.
type MatrixColumn struct {
	Code, Label string
	Base        Base
}

// MatrixRow is a theme. It counts where it was found, or a theme below it.
type MatrixRow struct {
	Theme Theme
	Total int
	Cells []int // by column
}

// Base says what numbers stand on. A campaign, of which many sent in much the same words, counts once.
type Base struct {
	Comments int
	People   int // who made them, as far as that is known: one whose writer is not known counts as one person
	Coded    int // of the comments
	None     int // of the coded, in which no theme was found
	Copies   int // left out, because they are copies in a campaign
}

// writerOf is SQL for who made a comment c: a person, who filled in a survey, or nobody else than the comment's.
const writerOf = `CASE WHEN c.person_id IS NOT NULL THEN 'p' || CAST(c.person_id AS TEXT) WHEN c.source = 'survey' THEN rtrim(c.source_key, '0123456789') ELSE 'c' || CAST(c.id AS TEXT) END`

// upwards gives each theme with itself and everything that it stands below.
const upwards = `up (id, above) AS (SELECT id, id FROM themes UNION ALL SELECT up.id, t.parent_id FROM up JOIN themes t ON t.id = up.above WHERE t.parent_id IS NOT NULL)`

// MatrixOf counts the themes of the comments that a filter chooses by a dimension. An unknown dimension is an Invalid fault.
func (s *Service) MatrixOf(ctx context.Context, f Filter, by string) (m Matrix, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return m, err
	}
	read := s.DB.Read(ctx)
	if m.By, err = s.dimension(read, by); err != nil {
		return m, err
	}
	themes, err := readThemes(read)
	if err != nil {
		return m, err
	}
	base, args := s.baseOf(f, by)
	if err := m.countBase(read, base, args, generalThemes(themes)); err != nil {
		return m, err
	}
	if m.Base.Copies, err = s.copiesLeft(read, f); err != nil {
		return m, err
	}
	if err := m.countThemes(read, base, args, themes); err != nil {
		return m, err
	}
	return m, s.nameColumns(ctx, &m)
}

// Dimensions are what themes can be counted by.
func (s *Service) Dimensions(ctx context.Context) ([]Dimension, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	return s.dimensions(s.DB.Read(ctx))
}

func (s *Service) dimensions(read *gorm.DB) (list []Dimension, err error) {
	list = []Dimension{{byLocality, "Locality"}, {byEvent, "Event"}, {bySource, "Where it came from"}, {byService, "Service"}, {byMonth, "Month"}, {byTone, "Tone"}}
	text := `SELECT DISTINCT j.key FROM comments c, json_each(c.equality) j WHERE c.equality <> '' ORDER BY 1`
	if s.DB.Dialect == database.Postgres {
		text = `SELECT DISTINCT json_object_keys(c.equality::json) FROM comments c WHERE c.equality <> '' ORDER BY 1`
	}
	var topics []string
	if err := read.Raw(text).Scan(&topics).Error; err != nil {
		return nil, fmt.Errorf("list the equality questions: %w", err)
	}
	for _, topic := range topics {
		if topicKey.MatchString(topic) {
			list = append(list, Dimension{equalityPrefix + topic, "Group: " + strings.ReplaceAll(topic, "-", " ")})
		}
	}
	return list, nil
}

func (s *Service) dimension(read *gorm.DB, key string) (Dimension, error) {
	list, err := s.dimensions(read)
	if err != nil {
		return Dimension{}, err
	}
	if i := slices.IndexFunc(list, func(d Dimension) bool { return d.Key == key }); i >= 0 {
		return list[i], nil
	}
	return Dimension{}, fault.New(fault.Invalid, "Choose what to count by from the list.")
}

// columnOf is SQL for the value of a dimension of a comment c with its reading r.
func (s *Service) columnOf(by string) string {
	switch by {
	case byLocality:
		return "c.locality"
	case byEvent:
		return "CAST(coalesce(c.event_id, 0) AS TEXT)"
	case bySource:
		return "c.source"
	case byService:
		return "c.service"
	case byMonth:
		return "substr(c.said_on, 1, 7)"
	case byTone:
		return "coalesce(r.tone, '')"
	}
	topic := strings.TrimPrefix(by, equalityPrefix)
	if !topicKey.MatchString(topic) {
		return "''"
	}
	if s.DB.Dialect == database.Postgres {
		return "CASE WHEN c.equality = '' THEN '' ELSE coalesce(c.equality::json ->> '" + topic + "', '') END"
	}
	return `CASE WHEN c.equality = '' THEN '' ELSE coalesce(json_extract(c.equality, '$."` + topic + `"'), '') END`
}

// baseOf is SQL for the comments that are counted: id, col, who, coded.
func (s *Service) baseOf(f Filter, by string) (text string, args []any) {
	where, args := s.where(f)
	once, onceArgs := s.once(where, args)
	return `base AS (SELECT c.id, ` + s.columnOf(by) + ` AS col, ` + writerOf + ` AS who, r.id AS coded
		FROM comments c LEFT JOIN comment_readings r ON r.comment_id = c.id AND r.counts AND r.verdict <> '' WHERE ` + where + ` AND ` + once + `)`, append(slices.Clone(args), onceArgs...)
}

// once is the condition that a comment is no copy, or stands for its campaign: the first that was coded, else the first.
func (s *Service) once(where string, args []any) (string, []any) {
	return `(c.like_group = 0 OR c.id IN (SELECT coalesce(min(CASE WHEN r.id IS NOT NULL THEN c.id END), min(c.id))
		FROM comments c LEFT JOIN comment_readings r ON r.comment_id = c.id AND r.counts AND r.verdict <> '' WHERE ` + where + ` AND c.like_group <> 0 GROUP BY c.like_group))`, args
}

// copiesLeft counts what is left out, because it is a copy in a campaign.
func (s *Service) copiesLeft(read *gorm.DB, f Filter) (copies int, err error) {
	where, args := s.where(f)
	if err := read.Raw(`SELECT count(*) - count(DISTINCT c.like_group) FROM comments c WHERE c.like_group <> 0 AND `+where, args...).Scan(&copies).Error; err != nil {
		return 0, fmt.Errorf("count copies: %w", err)
	}
	return copies, nil
}

// generalThemes are those that say little: they have others below them, or their name says so.
func generalThemes(themes []Theme) (ids []int64) {
	parents := map[int64]bool{}
	for _, t := range themes {
		parents[t.Parent()] = true
	}
	for _, t := range themes {
		words := strings.Fields(fold(t.Name))
		if parents[t.ID] || slices.ContainsFunc(words, func(w string) bool { return w == "general" || w == "other" || w == "miscellaneous" }) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// countBase counts the comments of each column, and makes the columns.
func (m *Matrix) countBase(read *gorm.DB, base string, args []any, general []int64) error {
	var rows []struct {
		Col                                      string
		Comments, People, Coded, Bare, Swallowed int
	}
	finer := "TRUE"
	if len(general) > 0 {
		finer = "k.theme_id NOT IN ?"
		args = append(slices.Clone(args), general)
	}
	err := read.Raw(`WITH `+base+`, seen AS (SELECT base.*, CASE WHEN coded IS NULL THEN 0 ELSE 1 END AS was,
			CASE WHEN coded IS NOT NULL AND NOT EXISTS (SELECT 1 FROM codings k WHERE k.comment_id = base.id AND k.counts) THEN 1 ELSE 0 END AS bare,
			CASE WHEN coded IS NOT NULL AND NOT EXISTS (SELECT 1 FROM codings k WHERE k.comment_id = base.id AND k.counts AND `+finer+`) THEN 1 ELSE 0 END AS swallowed FROM base)
		SELECT col, count(*) AS comments, count(DISTINCT who) AS people, sum(was) AS coded, sum(bare) AS bare, sum(swallowed) AS swallowed FROM seen GROUP BY col ORDER BY col`, args...).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("count comments by %s: %w", m.By.Key, err)
	}
	for _, r := range rows {
		b := Base{Comments: r.Comments, People: r.People, Coded: r.Coded, None: r.Bare}
		m.Columns = append(m.Columns, MatrixColumn{Code: r.Col, Base: b})
		m.General = append(m.General, r.Swallowed)
		m.Base.Comments, m.Base.Coded, m.Base.None = m.Base.Comments+b.Comments, m.Base.Coded+b.Coded, m.Base.None+b.None
	}
	if len(general) > 0 {
		args = args[:len(args)-1]
	}
	if err := read.Raw(`WITH `+base+` SELECT count(DISTINCT who) FROM base`, args...).Scan(&m.Base.People).Error; err != nil {
		return fmt.Errorf("count people: %w", err)
	}
	return nil
}

// countThemes fills the rows: the live themes, and those that are retired where something was found of them.
func (m *Matrix) countThemes(read *gorm.DB, base string, args []any, themes []Theme) error {
	var cells []struct {
		Above int64
		Col   string
		N     int
	}
	err := read.Raw(`WITH RECURSIVE `+upwards+`, `+base+` SELECT up.above, base.col, count(DISTINCT base.id) AS n
		FROM base JOIN codings k ON k.comment_id = base.id AND k.counts JOIN up ON up.id = k.theme_id GROUP BY up.above, base.col`, args...).Scan(&cells).Error
	if err != nil {
		return fmt.Errorf("count themes by %s: %w", m.By.Key, err)
	}
	column := map[string]int{}
	for i, c := range m.Columns {
		column[c.Code] = i
	}
	at := map[int64]int{}
	for _, t := range themes {
		at[t.ID] = len(m.Rows)
		m.Rows = append(m.Rows, MatrixRow{Theme: t, Cells: make([]int, len(m.Columns))})
	}
	for _, c := range cells {
		if i, known := at[c.Above]; known {
			m.Rows[i].Cells[column[c.Col]] += c.N
			m.Rows[i].Total += c.N
		}
	}
	m.Rows = slices.DeleteFunc(m.Rows, func(r MatrixRow) bool { return !r.Theme.Live() && r.Total == 0 })
	return nil
}

package feedback

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"strings"

	"conversations/app/contacts"
	"conversations/app/database"
)

const (
	// likeWords is how many words a comment has at least to be told from others that say something like it: many people
	// write "more parking", each for themselves.
	likeWords = 12
	// shingleWords are the words that are compared together.
	shingleWords = 3
	// alike is the share of what two comments have in common from which on one is a copy of the other.
	alike = 0.6
	// bands and bandRows say how marks are made: two comments that share 0.7 share a mark with 0.97, who share 0.3 with 0.2.
	bands, bandRows = 8, 3
	// looked bounds how many comments that share a mark are compared.
	looked = 24
)

// fold is a text as it is compared: capitals, accents and marks between words do not count.
func fold(text string) string { return contacts.NameKey(text) }

func newKey() string { return strings.ToLower(rand.Text()) }

// markCopies finds what a comment copies, and notes its marks, by which its own copies will be found.
func markCopies(tx *database.Tx, id int64, words string) error {
	if words == "" {
		return nil
	}
	marks := marksOf(words)
	same, err := sameWords(tx, id, words, marks[0])
	if err != nil {
		return err
	}
	group, err := likeGroup(tx, id, words, marks)
	if err != nil {
		return err
	}
	rows := make([][]any, len(marks))
	for i, mark := range marks {
		rows[i] = []any{mark, id}
	}
	if _, err := tx.ExecMany("INSERT INTO comment_marks (mark, comment_id) VALUES ", "(?, ?)", " ON CONFLICT DO NOTHING", rows); err != nil {
		return fmt.Errorf("mark comment %d: %w", id, err)
	}
	if same == nil && group == 0 {
		return nil
	}
	if err := tx.Exec("UPDATE comments SET same_as = ?, like_group = ? WHERE id = ?", same, group, id).Error; err != nil {
		return fmt.Errorf("note what comment %d copies: %w", id, err)
	}
	return nil
}

// sameWords is the first comment that says the same, word for word; nil where there is none.
func sameWords(tx *database.Tx, id int64, words string, mark int64) (*int64, error) {
	var first int64
	err := tx.Row(`SELECT c.id FROM comment_marks m JOIN comments c ON c.id = m.comment_id WHERE m.mark = ? AND c.id <> ? AND c.words = ? AND c.same_as IS NULL ORDER BY c.id LIMIT 1`,
		mark, id, words).Scan(&first)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the same words: %w", err)
	}
	return &first, nil
}

// likeGroup is the group of near copies that a comment belongs to; 0 is alone. Groups that it joins become one.
func likeGroup(tx *database.Tx, id int64, words string, marks []int64) (group int64, err error) {
	if len(marks) == 1 {
		return 0, nil
	}
	copies, err := nearCopies(tx, id, words, marks)
	if err != nil || len(copies) == 0 {
		return 0, err
	}
	group = id
	for _, c := range copies {
		group = min(group, c.key())
	}
	for _, c := range copies {
		if c.group == group {
			continue
		}
		if err := tx.Exec("UPDATE comments SET like_group = ? WHERE id = ? OR (like_group <> 0 AND like_group = ?)", group, c.id, c.group).Error; err != nil {
			return 0, fmt.Errorf("join copies: %w", err)
		}
	}
	return group, nil
}

// copied is a comment that another is like.
type copied struct {
	id, group int64
	words     string
}

func (c copied) key() int64 {
	if c.group != 0 {
		return c.group
	}
	return c.id
}

// nearCopies are comments that share marks and prove to be alike, the first of each group.
func nearCopies(tx *database.Tx, id int64, words string, marks []int64) (copies []copied, err error) {
	condition, list := tx.Among(marks[1:])
	rows, err := tx.Rows(`SELECT c.id, c.like_group, c.words FROM comments c WHERE c.id <> ? AND c.id IN (SELECT m.comment_id FROM comment_marks m WHERE m.mark`+condition+
		`) AND (c.like_group = 0 OR c.like_group = c.id) AND c.same_as IS NULL ORDER BY c.id LIMIT ?`, id, list, looked)
	if err != nil {
		return nil, fmt.Errorf("look for copies of comment %d: %w", id, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	own := shinglesOf(words)
	for rows.Next() {
		var c copied
		if err := rows.Scan(&c.id, &c.group, &c.words); err != nil {
			return nil, fmt.Errorf("read a copy of comment %d: %w", id, err)
		}
		if inCommon(own, shinglesOf(c.words)) >= alike {
			copies = append(copies, c)
		}
	}
	return copies, rows.Err()
}

// inCommon is the share of shingles that two texts have in common, 0 to 1.
func inCommon(a, b map[uint64]bool) float64 {
	both := 0
	for s := range a {
		if b[s] {
			both++
		}
	}
	return float64(both) / float64(max(1, len(a)+len(b)-both))
}

// marksOf are the marks of folded words: the first of them all, then one for each band of the least values.
func marksOf(words string) (marks []int64) {
	whole := fnv.New64a()
	_, _ = whole.Write([]byte(words))
	marks = []int64{int64(whole.Sum64())} //nolint:gosec // a mark is only compared
	if strings.Count(words, " ")+1 < likeWords {
		return marks
	}
	shingles := shinglesOf(words)
	for band := range uint64(bands) {
		mark := mix(band + 1)
		for row := range uint64(bandRows) {
			mark = mix(mark ^ least(shingles, band*bandRows+row))
		}
		marks = append(marks, int64(mark)) //nolint:gosec // as above
	}
	return marks
}

// least is the least value of the shingles in the order that seed makes.
func least(shingles map[uint64]bool, seed uint64) uint64 {
	smallest := uint64(math.MaxUint64)
	for s := range shingles {
		smallest = min(smallest, mix(s^mix(seed+1)))
	}
	return smallest
}

func shinglesOf(words string) map[uint64]bool {
	list := strings.Fields(words)
	shingles := make(map[uint64]bool, len(list))
	for i := range max(1, len(list)-shingleWords+1) {
		h := fnv.New64a()
		for _, w := range list[i:min(len(list), i+shingleWords)] {
			_, _ = h.Write([]byte(w + " "))
		}
		shingles[h.Sum64()] = true
	}
	return shingles
}

// mix spreads a number over all bits (the last step of splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

package feedback

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
)

// ImportBytes is how large a file of comments may be.
const ImportBytes = 64 << 20

// importedAtOnce is how many rows are looked up and stored together.
const importedAtOnce = 100

// ImportOrder says what to do with a file of comments.
type ImportOrder struct {
	File     ImportFile
	DryRun   bool // only check
	SkipBad  bool // leave bad rows out
	Bad      func(line int, why string)
	Progress func(done int) // rows; nil shows none
}

// Imported is what became of a file.
type Imported struct {
	Import  Import // with no id where nothing was imported
	New     int
	Same    int // here already
	Bad     int
	Unknown []string // headings of columns that were left out
}

// ImportComments brings in comments from a CSV or a workbook: each bad row is named, and unless SkipBad is set nothing is
// imported while there is one. The same file twice changes nothing. Themes in the file are taken as coded. The error is an
// Invalid fault at the field file where it cannot be read.
func (s *Service) ImportComments(ctx context.Context, o ImportOrder) (out Imported, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return out, err
	}
	if o.File.Data == nil || o.File.Size == 0 {
		return out, fault.Fields{{Name: "file", Message: "Choose a file"}}.Err()
	}
	run := &importRun{s: s, order: o}
	if err := run.pass(ctx, run.look); err != nil {
		return run.out, atFile(err)
	}
	if run.rows == 0 {
		return run.out, fault.Fields{{Name: "file", Message: "There are headings in the file and no rows below them"}}.Err()
	}
	if o.DryRun || run.out.New == 0 || run.out.Bad > 0 && !o.SkipBad {
		return run.out, nil
	}
	checked := run.out
	if err := run.begin(ctx); err != nil {
		return run.out, err
	}
	run.quiet = true
	if err := run.pass(ctx, run.store); err != nil {
		return run.out, atFile(err)
	}
	run.out.Bad, run.out.Unknown = checked.Bad, checked.Unknown
	return run.out, run.end(ctx)
}

// importRun is one file on its way in. It is read twice, so that no more than a chunk of it is ever held.
type importRun struct {
	s     *Service
	order ImportOrder
	out   Imported
	rows  int
	quiet bool // bad rows have been named
}

// pass reads the file once and hands over its rows in chunks.
func (run *importRun) pass(ctx context.Context, use func(context.Context, []importRow) error) error {
	in, err := sheet.Read(run.order.File.Data, run.order.File.Size, sheet.Limits{FileBytes: ImportBytes, CellBytes: 4 * TextLetters})
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	reader, err := run.s.newRowReader(ctx, in.Head)
	if err != nil {
		return err
	}
	run.out.New, run.out.Same, run.out.Bad, run.out.Unknown, run.rows = 0, 0, 0, reader.unknown, 0
	var chunk []importRow
	for row, err := range in.Rows() {
		if err != nil {
			return err
		}
		run.rows++
		read, wrong, err := reader.read(ctx, row)
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			run.bad(row.Line, strings.Join(wrong, " "))
			continue
		}
		if chunk = append(chunk, read); len(chunk) == importedAtOnce {
			if err := use(ctx, chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
		if run.order.Progress != nil {
			run.order.Progress(run.rows)
		}
	}
	return use(ctx, chunk)
}

func (run *importRun) bad(line int, why string) {
	run.out.Bad++
	if run.order.Bad != nil && !run.quiet {
		run.order.Bad(line, why)
	}
}

// look counts what would be new.
func (run *importRun) look(ctx context.Context, rows []importRow) error {
	fresh, err := run.fresh(ctx, rows)
	run.out.New, run.out.Same = run.out.New+len(fresh), run.out.Same+len(rows)-len(fresh)
	return err
}

// fresh are the rows that are not here yet: neither from a file nor as a comment of our own that was exported.
func (run *importRun) fresh(ctx context.Context, rows []importRow) (fresh []importRow, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	all := make([]NewComment, len(rows))
	var ids []int64
	for i, r := range rows {
		all[i] = r.NewComment
		if id, err := strconv.ParseInt(r.id, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	known, err := run.s.knownKeys(ctx, all)
	if err != nil {
		return nil, err
	}
	own, err := run.s.textsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		id, _ := strconv.ParseInt(r.id, 10, 64)
		if text, there := own[id]; known[r.SourceKey] || there && text == r.Text {
			continue
		}
		known[r.SourceKey] = true
		fresh = append(fresh, r)
	}
	return fresh, nil
}

func (s *Service) textsOf(ctx context.Context, ids []int64) (map[int64]string, error) {
	texts := map[int64]string{}
	if len(ids) == 0 {
		return texts, nil
	}
	var rows []struct {
		ID   int64
		Text string
	}
	if err := s.DB.Read(ctx).Raw("SELECT id, text FROM comments WHERE id IN ?", ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the words of comments: %w", err)
	}
	for _, r := range rows {
		texts[r.ID] = r.Text
	}
	return texts, nil
}

// begin notes that a file comes in.
func (run *importRun) begin(ctx context.Context) error {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(run.order.File.Data, 0, run.order.File.Size)); err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	name := contacts.Tidy(path.Base(strings.ReplaceAll(strings.ToValidUTF8(run.order.File.Name, "-"), `\`, "/")))
	i := Import{FileName: string([]rune(name)[:min(len([]rune(name)), 100)]), Digest: hex.EncodeToString(sum.Sum(nil)), MadeBy: audit.StaffID(ctx)}
	err := run.s.DB.Write(ctx, func(tx *database.Tx) (err error) {
		i.MadeAt = tx.Now()
		i.ID, err = tx.Insert("INSERT INTO comment_imports (file_name, digest, made_by, made_at) VALUES (?, ?, ?, ?) RETURNING id", i.FileName, i.Digest, i.MadeBy, i.MadeAt)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a file of comments: %w", err)
	}
	run.out.Import = i
	return nil
}

// store takes a chunk of rows in.
func (run *importRun) store(ctx context.Context, rows []importRow) error {
	fresh, err := run.fresh(ctx, rows)
	if err != nil || len(fresh) == 0 {
		return err
	}
	added := 0
	err = run.s.DB.Write(ctx, func(tx *database.Tx) error {
		added = 0
		for _, r := range fresh {
			r.ImportID = &run.out.Import.ID
			id, is, err := run.s.AddTx(ctx, tx, r.NewComment)
			if err != nil {
				return fmt.Errorf("line %d: %w", r.line, err)
			}
			if !is {
				continue
			}
			added++
			if err := codeImported(ctx, tx, id, r.themes); err != nil {
				return err
			}
		}
		return nil
	})
	run.out.New += added
	return err
}

// codeImported keeps the themes that a file says, as the first reading.
func codeImported(ctx context.Context, tx *database.Tx, id int64, themes []int64) error {
	if len(themes) == 0 {
		return nil
	}
	reading, err := tx.Insert("INSERT INTO comment_readings (comment_id, part, coder_id, verdict, read_at) VALUES (?, ?, ?, ?, ?) RETURNING id", id, string(First), audit.StaffID(ctx), string(Coded), tx.Now())
	if err != nil {
		return fmt.Errorf("keep the reading of comment %d: %w", id, err)
	}
	rows := make([][]any, len(themes))
	for i, theme := range themes {
		rows[i] = []any{reading, id, theme}
	}
	if _, err := tx.ExecMany("INSERT INTO codings (reading_id, comment_id, theme_id) VALUES ", "(?, ?, ?)", "", rows); err != nil {
		return fmt.Errorf("keep the themes of comment %d: %w", id, err)
	}
	return nil
}

func (run *importRun) end(ctx context.Context) error {
	i := &run.out.Import
	i.Comments = run.out.New
	return run.s.DB.Write(ctx, func(tx *database.Tx) error {
		if err := tx.Exec("UPDATE comment_imports SET comments = ? WHERE id = ?", i.Comments, i.ID).Error; err != nil {
			return fmt.Errorf("note how many comments file %d had: %w", i.ID, err)
		}
		return audit.Record(ctx, tx, "comment_import.make", "comment_imports", i.ID, audit.Details{"comments": i.Comments, "bad": run.out.Bad})
	})
}

package feedback

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// DrawBoard gives the document of a report as it would be issued now. Nothing is kept.
func (s *Service) DrawBoard(ctx context.Context, f BoardForm) ([]byte, error) {
	b, err := s.PreviewBoard(ctx, f)
	if err != nil {
		return nil, err
	}
	content, _, err := s.document(ctx, b)
	return content, err
}

// IssueBoard issues a report: its bytes, their hash and the version of the codebook are kept for ever. The errors are those of
// PreviewBoard, and a Conflict where somebody else published, or a quotation was withdrawn, in the meantime.
func (s *Service) IssueBoard(ctx context.Context, f BoardForm) (id int64, err error) {
	b, err := s.PreviewBoard(ctx, f)
	if err != nil {
		return 0, err
	}
	content, places, err := s.document(ctx, b)
	if err != nil {
		return 0, err
	}
	r, err := b.report(ctx, content)
	if err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if err := b.stillHolds(tx, content, places); err != nil {
			return err
		}
		r.ID, r.IssuedAt = 0, b.At
		if err := tx.Create(&r).Error; err != nil {
			return fmt.Errorf("keep a report: %w", err)
		}
		id = r.ID
		rows := make([][]any, len(places))
		for i, p := range places {
			rows[i] = []any{id, p.CommentID, p.StartAt, p.EndAt}
		}
		if _, err := tx.ExecMany("INSERT INTO report_places (report_id, comment_id, start_at, end_at) VALUES ", "(?, ?, ?, ?)", "", rows); err != nil {
			return fmt.Errorf("keep where quotes stand: %w", err)
		}
		return audit.Record(ctx, tx, "report.issue", "reports", id, audit.Details{"published": r.Published, "digest": r.Digest, "quotes": len(places), "codebook": r.CodebookVersion})
	})
	return id, err
}

// report is the row of a report.
func (b Board) report(ctx context.Context, content []byte) (r Report, err error) {
	filter, err := json.Marshal(b.Form.Filter)
	if err != nil {
		return r, err
	}
	r = Report{Title: b.Form.Title, Kind: "board", Filter: string(filter), Published: b.Form.Published, CodebookVersion: b.Version, Content: content, Digest: digestBytes(content)}
	if b.released != nil {
		tables, err := json.Marshal(b.released)
		if err != nil {
			return r, err
		}
		r.Tables = string(tables)
	}
	r.IssuedBy = audit.StaffID(ctx)
	return r, nil
}

// stillHolds looks in the transaction whether nobody was quicker: with another release, or by withdrawing a quotation.
func (b Board) stillHolds(tx *database.Tx, content []byte, places []Place) error {
	if b.Form.Published {
		var last int64
		if err := tx.Raw(`SELECT coalesce(max(id), 0) FROM reports WHERE published`).Scan(&last).Error; err != nil {
			return fmt.Errorf("read what was published last: %w", err)
		}
		if last != b.lastReport {
			return fault.New(fault.Conflict, "Somebody else has just published a report. Look at it first, and then at your numbers again.")
		}
	}
	loose, err := loosePlaces(tx.DB, content, places)
	if err != nil {
		return err
	}
	if len(loose) > 0 {
		return fault.New(fault.Conflict, "A quote was withdrawn in the meantime. Look at the quotes again.")
	}
	return nil
}

func digestBytes(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// loosePlaces are those whose words may not stand any more: the comment was removed, its writer does not let us quote it, or
// other words are struck out of it now.
func loosePlaces(read *gorm.DB, content []byte, places []Place) (loose []Place, err error) {
	ids := []int64{0}
	for _, p := range places {
		ids = append(ids, p.CommentID)
	}
	var comments []Comment
	if err := read.Raw(`SELECT id, text, redaction, quote_ok, set_aside FROM comments WHERE id IN ?`, ids).Scan(&comments).Error; err != nil {
		return nil, fmt.Errorf("read the comments of quotes: %w", err)
	}
	for _, p := range places {
		if p.RemovedAt != nil {
			continue
		}
		i := slices.IndexFunc(comments, func(c Comment) bool { return c.ID == p.CommentID })
		if i < 0 || !comments[i].holds(p.printed(content)) {
			loose = append(loose, p)
		}
	}
	return loose, nil
}

// Issued is an issued report as it may be shown now.
type Issued struct {
	Report
	Now     string // SHA-256 of the content as it is shown now
	Removed int    // places that read "removed on request"
}

// IssuedReports lists the reports that were issued, the newest first, without their content.
func (s *Service) IssuedReports(ctx context.Context) (list []Report, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw(`SELECT id, title, kind, published, codebook_version, digest, issued_by, issued_at FROM reports ORDER BY id DESC LIMIT 200`).Scan(&list).Error
	return list, err
}

// IssuedReport gives a report byte for byte as it was issued, save the places whose words were removed on request: those of
// comments that are gone or may not be quoted any more. A NotFound fault where there is none.
func (s *Service) IssuedReport(ctx context.Context, id int64) (r Issued, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return r, err
	}
	read := s.DB.Read(ctx)
	err = database.First(read.Raw(`SELECT * FROM reports WHERE id = ?`, id), &r.Report)
	if database.IsNotFound(err) {
		return r, fault.New(fault.NotFound, "There is no such report.")
	}
	if err != nil {
		return r, fmt.Errorf("read report %d: %w", id, err)
	}
	places, err := placesIn(read, id)
	if err != nil {
		return r, err
	}
	loose, err := loosePlaces(read, r.Content, places)
	if err != nil {
		return r, err
	}
	for _, p := range places {
		if p.RemovedAt != nil {
			r.Removed++
		}
	}
	r.Removed += len(loose)
	r.Content, _ = without(r.Content, places, loose)
	r.Now = digestBytes(r.Content)
	return r, nil
}

func placesIn(read *gorm.DB, reportID int64) (places []Place, err error) {
	if err := read.Raw(`SELECT * FROM report_places WHERE report_id = ? ORDER BY start_at`, reportID).Scan(&places).Error; err != nil {
		return nil, fmt.Errorf("read where quotes stand in report %d: %w", reportID, err)
	}
	return places, nil
}

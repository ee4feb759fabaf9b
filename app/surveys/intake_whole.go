package surveys

import (
	"context"

	"conversations/app/fault"
)

// WholeIntake is a file that is brought in at once, from the command line.
type WholeIntake struct {
	Survey   string // its slug
	File     IntakeFile
	DryRun   bool                    // only checks
	LeaveOut bool                    // bad rows; without it nothing is brought in while there is one
	Unknown  func(headings []string) // columns that are left out
	Bad      func(BadRow)
}

// IntakeWhole reads a file, checks it, and brings it in where it may. What the columns are is taken from their headings.
// batch is nil where nothing was brought in.
func (s *Service) IntakeWhole(ctx context.Context, order WholeIntake) (batch *Batch, check IntakeCheck, err error) {
	id, err := s.SurveyID(ctx, order.Survey)
	if err != nil {
		return nil, check, err
	}
	i, err := s.ReadIntake(ctx, id, order.File)
	if err != nil {
		return nil, check, err
	}
	set, err := i.Choices()
	if err == nil {
		err = s.ChooseColumns(ctx, id, i.ID, set.Columns)
	}
	if err == nil {
		check, err = s.CheckIntake(ctx, i)
	}
	if err != nil {
		_ = s.dropIntake(context.WithoutCancel(ctx), i)
		return nil, check, err
	}
	if unknown := set.Unknown(); len(unknown) > 0 {
		order.Unknown(unknown)
	}
	for _, row := range check.Wrong {
		order.Bad(row)
	}
	if order.DryRun || check.Fresh == 0 || check.Bad > 0 && !order.LeaveOut {
		return nil, check, s.dropIntake(ctx, i)
	}
	b, check, err := s.TakeIntake(ctx, id, i.ID, order.LeaveOut)
	return &b, check, err
}

// SurveyID finds a survey by its slug, drafts too. NotFound where there is none.
func (s *Service) SurveyID(ctx context.Context, slug string) (id int64, err error) {
	if err := mayBuild(ctx); err != nil {
		return 0, err
	}
	if err = s.DB.Read(ctx).Raw("SELECT id FROM surveys WHERE slug = ?", slug).Scan(&id).Error; err == nil && id == 0 {
		err = fault.New(fault.NotFound, "There is no survey called "+slug+".")
	}
	return id, err
}

package feedback

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/fault"
)

// PageSize is how many comments a list shows at once.
const PageSize = 50

// Page is one page of comments.
type Page struct {
	Comments []Comment
	Total    int
	Page     int // from 1
	Pages    int // at least 1
}

// commentOrders are the orders that staff can choose. Each ends in what tells any two comments apart.
var commentOrders = map[string]string{
	"taken":     "c.id",
	"-taken":    "c.id DESC",
	"said":      "c.said_on, c.id",
	"-said":     "c.said_on DESC, c.id DESC",
	"locality":  "c.locality, c.id",
	"-locality": "c.locality DESC, c.id DESC",
	"source":    "c.source, c.id",
	"-source":   "c.source DESC, c.id DESC",
	"service":   "c.service, c.id",
	"-service":  "c.service DESC, c.id DESC",
}

// Comment reads one comment. It needs the right to manage feedback; one that is not there is a NotFound fault.
func (s *Service) Comment(ctx context.Context, id int64) (c Comment, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return c, err
	}
	err = database.First(s.DB.Read(ctx).Raw("SELECT * FROM comments WHERE id = ?", id), &c)
	if database.IsNotFound(err) {
		return c, fault.New(fault.NotFound, "There is no such comment.")
	}
	if err != nil {
		return c, fmt.Errorf("read comment %d: %w", id, err)
	}
	return c, nil
}

// Comments gives one page of the comments that a filter chooses, the newest first where it names no order. A page past
// the end is the last. It needs the right to manage feedback.
func (s *Service) Comments(ctx context.Context, f Filter) (page Page, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return page, err
	}
	where, args := s.where(f)
	if err := s.DB.Read(ctx).Raw("SELECT count(*) FROM comments c WHERE "+where, args...).Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count comments: %w", err)
	}
	page.Pages = max(1, (page.Total+PageSize-1)/PageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	err = s.DB.Read(ctx).Raw("SELECT c.* FROM comments c WHERE "+where+" ORDER BY "+f.order()+fmt.Sprintf(" LIMIT %d OFFSET %d", PageSize, (page.Page-1)*PageSize), args...).
		Scan(&page.Comments).Error
	if err != nil {
		return page, fmt.Errorf("list comments: %w", err)
	}
	return page, nil
}

// order is the order that a filter names, else the newest first.
func (f Filter) order() string {
	if order, known := commentOrders[f.Sort]; known {
		return order
	}
	return commentOrders["-taken"]
}

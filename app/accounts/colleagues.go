package accounts

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"conversations/app/database"
)

// Colleague is a member of staff as the others need to know them.
type Colleague struct {
	ID     int64
	Name   string
	Role   Role
	Active bool
}

// Colleagues lists everybody who works here or once did, by name: who may use the staff's pages may know who did what.
func Colleagues(ctx context.Context, db *database.DB) (all []Colleague, err error) {
	if err := Require(ctx, UseStaffPages); err != nil {
		return nil, err
	}
	if err := db.Read(ctx).Raw(`SELECT id, name, role, active FROM staff ORDER BY name, id`).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("list the colleagues: %w", err)
	}
	return all, nil
}

// May says whether the colleague works here and may do the action.
func (c Colleague) May(action Action) bool {
	for _, role := range permissions[action] {
		if c.Active && c.Role == role {
			return true
		}
	}
	return false
}

// WhoMay lists who works here and may do the action, by id: for the mails that the program writes to staff by itself.
func WhoMay(q *gorm.DB, action Action) (all []Staff, err error) {
	if err := q.Where("active AND role IN ?", permissions[action]).Order("id").Find(&all).Error; err != nil {
		return nil, fmt.Errorf("find who may do %s: %w", action, err)
	}
	return all, nil
}

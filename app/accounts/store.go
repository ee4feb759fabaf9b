package accounts

import (
	"fmt"

	"gorm.io/gorm"

	"conversations/app/database"
	"conversations/app/fault"
)

// byEmail returns gorm.ErrRecordNotFound for an address that nobody here has.
func (s *Service) byEmail(q *gorm.DB, email string) (Staff, error) {
	var person Staff
	err := database.First(q.Raw(`SELECT * FROM staff WHERE email = ?`, email), &person)
	if err != nil && !database.IsNotFound(err) {
		return Staff{}, fmt.Errorf("find an account by its email: %w", err)
	}
	return person, err
}

// byID returns a NotFound fault where there is no such account.
func (s *Service) byID(q *gorm.DB, id int64) (Staff, error) {
	var person Staff
	err := database.First(q.Raw(`SELECT * FROM staff WHERE id = ?`, id), &person)
	if database.IsNotFound(err) {
		return Staff{}, fault.New(fault.NotFound, "There is no such account.")
	}
	if err != nil {
		return Staff{}, fmt.Errorf("find an account: %w", err)
	}
	return person, nil
}

package events

import (
	"reflect"
	"slices"
	"time"
)

// bookkeeping are fields that every save changes.
var bookkeeping = []string{"Version", "CreatedAt", "UpdatedAt"}

// changedNames lists the names of the fields in which two events differ: names only, for the audit log.
func changedNames(a, b Event) (names []string) {
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range va.NumField() {
		name := va.Type().Field(i).Name
		if !slices.Contains(bookkeeping, name) && !same(va.Field(i).Interface(), vb.Field(i).Interface()) {
			names = append(names, name)
		}
	}
	return names
}

func same(a, b any) bool {
	x, isTime := a.(*time.Time)
	y, _ := b.(*time.Time)
	if !isTime || x == nil || y == nil {
		return reflect.DeepEqual(a, b)
	}
	return x.Equal(*y)
}

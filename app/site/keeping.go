package site

import (
	"fmt"
	"reflect"
	"time"

	"conversations/app/config"
	"conversations/app/database"
)

const day = 24 * time.Hour

// keepWords says for how long a column is kept, as "2 years after the event".
func keepWords(r config.Retention, key string, t database.Table) string {
	return inWords(keepFor(r, key)) + " " + t.After
}

// keepFor finds a keeping time by its key in the configuration file; 0 where there is no such key.
func keepFor(r config.Retention, key string) time.Duration {
	v := reflect.ValueOf(r)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("koanf") == key {
			return time.Duration(v.Field(i).Int())
		}
	}
	return 0
}

// inWords says a length of time in the largest unit that fits without a remainder: 730 days are 2 years.
func inWords(d time.Duration) string {
	units := []struct {
		length    time.Duration
		one, many string
	}{
		{365 * day, "year", "years"}, {7 * day, "week", "weeks"}, {day, "day", "days"},
		{time.Hour, "hour", "hours"}, {time.Minute, "minute", "minutes"}, {time.Second, "second", "seconds"},
	}
	for _, u := range units {
		if d >= u.length && d%u.length == 0 {
			return counted(int(d/u.length), u.one, u.many)
		}
	}
	return d.String()
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

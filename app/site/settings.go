package site

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/config"
	pages "conversations/templates/site"
)

// Settings gives the configuration in force, without its secrets, a section for each key of the file's first level.
func (s *Service) Settings(ctx context.Context) ([]pages.SettingSection, error) {
	if err := accounts.Require(ctx, accounts.SeeSettings); err != nil {
		return nil, err
	}
	general := pages.SettingSection{ID: "general", Heading: "General"}
	sections := []pages.SettingSection{}
	v := reflect.ValueOf(*s.cfg)
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("koanf")
		rows := settingRows(key, v.Field(i), true)
		if v.Field(i).Kind() != reflect.Struct && !listOfStructs(v.Field(i)) {
			general.Rows = append(general.Rows, rows...)
			continue
		}
		sections = append(sections, pages.SettingSection{ID: key, Heading: capital(key), Rows: rows})
	}
	return append([]pages.SettingSection{general}, sections...), nil
}

// settingRows lists the settings below a key. Those inside a list have no environment variable of their own.
func settingRows(key string, v reflect.Value, overlaid bool) (rows []pages.SettingRow) {
	switch {
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			rows = append(rows, settingRows(key+"."+v.Type().Field(i).Tag.Get("koanf"), v.Field(i), overlaid)...)
		}
	case listOfStructs(v):
		for i := range v.Len() {
			rows = append(rows, settingRows(fmt.Sprintf("%s[%d]", key, i), v.Index(i), false)...)
		}
	default:
		row := pages.SettingRow{Key: key, Value: settingValue(key, v)}
		if overlaid {
			row.Variable = config.EnvPrefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(key))
		}
		rows = append(rows, row)
	}
	return rows
}

func listOfStructs(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct
}

// secretNames are the last parts of the keys whose values are shown to nobody.
var secretNames = []string{"key", "password", "secret", "token"}

func settingValue(key string, v reflect.Value) string {
	name := key[strings.LastIndexByte(key, '.')+1:]
	text := plainValue(v)
	switch {
	case text == "":
		return "Not set"
	case slices.Contains(secretNames, name):
		return "Set, and not shown"
	case name == "url":
		return withoutPassword(text)
	}
	return text
}

func plainValue(v reflect.Value) string {
	switch value := v.Interface().(type) {
	case time.Duration:
		return inWords(value)
	case bool:
		if value {
			return "Yes"
		}
		return "No"
	case []string:
		return strings.Join(value, ", ")
	default:
		return fmt.Sprint(value)
	}
}

// withoutPassword shows where a database is, but neither who signs in there nor any parameter, which may be a secret.
func withoutPassword(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "Set, and not shown"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"
)

// EnvPrefix starts the name of every environment variable that overlays a setting.
const EnvPrefix = "CONVERSATIONS_"

// Problems is every reason why a configuration was refused, one sentence each.
type Problems []string

// Error gives one problem a line.
func (p Problems) Error() string {
	return "the configuration cannot be used:\n  - " + strings.Join(p, "\n  - ")
}

// Load reads a YAML file and overlays it with the environment (in the form of os.Environ).
// The error is Problems where the content is at fault.
func Load(file string, environ []string) (*Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return Parse(text, environ)
}

// Parse is Load for a text that is already here.
func Parse(text []byte, environ []string) (*Config, error) {
	k := koanf.New(".")
	if err := k.Load(rawbytes.Provider(text), yaml.Parser()); err != nil {
		return nil, Problems{"the file is not readable as YAML: " + err.Error()}
	}
	known := keys(reflect.TypeFor[Config](), "")
	var problems Problems
	overlay := env.Provider(".", env.Opt{
		Prefix:      EnvPrefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			key, ok := keyOf(name, known)
			if !ok {
				problems = append(problems, fmt.Sprintf("environment variable %s: there is no such setting", name))
				return "", nil
			}
			if known[key].Kind() == reflect.Slice {
				return key, strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
			}
			return key, value
		},
	})
	if err := k.Load(overlay, nil); err != nil {
		return nil, fmt.Errorf("read the environment: %w", err)
	}
	cfg := &Config{}
	problems = append(problems, decode(k, cfg)...)
	problems = append(problems, validate(cfg, problems)...)
	if _, there := cfg.Purpose(UpdatesPurpose); !there {
		problems = append(problems, "contacts.purposes must have "+UpdatesPurpose+": what people who sign up are asked")
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return cfg, nil
}

// keys lists every setting that a single value can overlay, by its dotted path.
func keys(t reflect.Type, prefix string) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for f := range t.Fields() {
		path := prefix + f.Tag.Get("koanf")
		if f.Type.Kind() == reflect.Struct {
			for k, v := range keys(f.Type, path+".") {
				out[k] = v
			}
			continue
		}
		out[path] = f.Type
	}
	return out
}

// keyOf turns CONVERSATIONS_MAIL_FROM_NAME into mail.from_name: the underscore is ambiguous, so the known
// keys decide.
func keyOf(name string, known map[string]reflect.Type) (string, bool) {
	want := strings.ToLower(strings.TrimPrefix(name, EnvPrefix))
	for key := range known {
		if strings.NewReplacer(".", "_", "-", "_").Replace(key) == want {
			return key, true
		}
	}
	return "", false
}

func decode(k *koanf.Koanf, cfg *Config) (problems Problems) {
	err := k.UnmarshalWithConf("", cfg, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result:           cfg,
		TagName:          "koanf",
		WeaklyTypedInput: true,
		DecodeHook:       mapstructure.ComposeDecodeHookFunc(durations, mapstructure.StringToTimeDurationHookFunc()),
	}})
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			if strings.HasPrefix(line, "'") { // the rest is a heading
				problems = append(problems, strings.TrimSpace(line))
			}
		}
	}
	return append(problems, unknown(k.Raw(), reflect.TypeFor[Config](), "")...)
}

// unknown names every key of the file that no setting bears, at any depth.
func unknown(raw any, t reflect.Type, path string) (problems Problems) {
	switch value := raw.(type) {
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return nil
		}
		fields := map[string]reflect.Type{}
		for f := range t.Fields() {
			fields[f.Tag.Get("koanf")] = f.Type
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if field, ok := fields[key]; ok {
				problems = append(problems, unknown(value[key], field, path+key+".")...)
				continue
			}
			problems = append(problems, path+key+": there is no such setting")
		}
	case []any:
		if t.Kind() != reflect.Slice {
			return nil
		}
		for i, element := range value {
			at := fmt.Sprintf("%s[%d].", strings.TrimSuffix(path, "."), i)
			problems = append(problems, unknown(element, t.Elem(), at)...)
		}
	}
	return problems
}

var days = regexp.MustCompile(`^(\d+)d$`)

// durations reads "30d" as thirty times 24 hours, which Go's own durations cannot say.
func durations(from, to reflect.Type, value any) (any, error) {
	text, ok := value.(string)
	if !ok || to != reflect.TypeFor[time.Duration]() {
		return value, nil
	}
	if m := days.FindStringSubmatch(text); m != nil {
		hours, err := time.ParseDuration(m[1] + "h")
		return hours * 24, err
	}
	return value, nil
}

var (
	slugForm    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	outwardForm = regexp.MustCompile(`^[A-Z]{1,2}[0-9][A-Z0-9]?$`)
)

func validate(cfg *Config, already Problems) (problems Problems) {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("koanf") })
	rules := map[string]func(string) bool{
		"slug":    slugForm.MatchString,
		"outward": outwardForm.MatchString,
		"day": func(s string) bool {
			_, err := time.Parse(time.DateOnly, s)
			return err == nil
		},
		"tz": func(s string) bool {
			_, err := time.LoadLocation(s)
			return err == nil
		},
	}
	for name, holds := range rules {
		if err := v.RegisterValidation(name, func(f validator.FieldLevel) bool { return holds(f.Field().String()) }); err != nil {
			return Problems{err.Error()}
		}
	}
	var fields validator.ValidationErrors
	if !errors.As(v.Struct(cfg), &fields) {
		return nil
	}
	for _, f := range fields {
		path := strings.TrimPrefix(f.Namespace(), "Config.")
		if slices.ContainsFunc(already, func(p string) bool { return strings.Contains(p, "'"+path+"'") }) {
			continue
		}
		problems = append(problems, path+": "+reason(f))
	}
	return problems
}

// reason says in words why a value was refused.
func reason(f validator.FieldError) string {
	given := fmt.Sprintf("%q", fmt.Sprint(f.Value()))
	switch f.Tag() {
	case "required":
		return "must be given"
	case "email":
		return given + " is not an e-mail address"
	case "http_url":
		return given + " is not an address that starts with http:// or https://"
	case "hostname_port":
		return given + " is not host:port, as in 127.0.0.1:8080"
	case "oneof":
		return given + " must be one of: " + f.Param()
	case "min":
		return given + " is too small; the least is " + f.Param()
	case "max":
		return given + " is too large; the most is " + f.Param()
	case "datetime":
		return given + " is not a time of day such as 02:00"
	case "tz":
		return given + " is not a time zone such as Europe/London"
	case "slug":
		return given + " must be small letters, digits and hyphens"
	case "outward":
		return given + " is not the first half of a postcode, as in HP1"
	case "day":
		return given + " is not a day such as 2023-05-08"
	case "cidr":
		return given + " is not a network such as 127.0.0.1/32"
	case "unique":
		return "two entries have the same slug"
	default:
		if strings.HasPrefix(f.Tag(), "startswith") {
			return given + " must start with sqlite:/// or postgres://"
		}
		return given + " is not allowed (" + f.Tag() + ")"
	}
}

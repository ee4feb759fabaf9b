package audiences

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"conversations/app/fault"
)

// Rule says who is wanted: who fits at least one of Any, each of All, and none of None. Where Any is empty, All alone
// decides; a rule without either wants nobody.
type Rule struct {
	Any  []Condition `json:"any,omitempty"`
	All  []Condition `json:"all,omitempty"`
	None []Condition `json:"none,omitempty"`
}

// Condition is one thing that may be true of a contact: that it is in one of these groups, that it came to one of
// these events. Kind names the source that knows it.
type Condition struct {
	Kind   string   `json:"kind"`
	Values []string `json:"values,omitempty"`
}

// ReadRule reads what was ticked in a form, each as kind:value ("group:councillors"). Of one kind, one value is enough.
func ReadRule(some, all, none []string) Rule {
	return Rule{Any: readConditions(some), All: readConditions(all), None: readConditions(none)}
}

func readConditions(ticked []string) (out []Condition) {
	for _, one := range ticked {
		kind, value, _ := strings.Cut(one, ":")
		if kind == "" {
			continue
		}
		i := slices.IndexFunc(out, func(c Condition) bool { return c.Kind == kind })
		if i < 0 {
			i = len(out)
			out = append(out, Condition{Kind: kind})
		}
		if value != "" && !slices.Contains(out[i].Values, value) {
			out[i].Values = append(out[i].Values, value)
		}
	}
	return out
}

// Ticked are the conditions as ReadRule reads them.
func Ticked(conditions []Condition) (out []string) {
	for _, c := range conditions {
		if len(c.Values) == 0 {
			out = append(out, c.Kind+":")
		}
		for _, value := range c.Values {
			out = append(out, c.Kind+":"+value)
		}
	}
	return out
}

// ParseRule reads a rule from JSON; "" is the empty rule.
func ParseRule(text string) (r Rule, err error) {
	if text == "" {
		return r, nil
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, fmt.Errorf("read a rule: %w", err)
	}
	return r, nil
}

// JSON is the rule as it is kept; "" where it is empty.
func (r Rule) JSON() string {
	if r.Empty() && len(r.None) == 0 {
		return ""
	}
	text, err := json.Marshal(r)
	if err != nil {
		panic(fmt.Sprintf("audiences: a rule of strings cannot be written: %v", err))
	}
	return string(text)
}

// Empty says that the rule wants nobody.
func (r Rule) Empty() bool { return len(r.Any)+len(r.All) == 0 }

// Uses says whether the rule asks for something of this kind.
func (r Rule) Uses(kind string) bool {
	return slices.ContainsFunc(slices.Concat(r.Any, r.All, r.None), func(c Condition) bool { return c.Kind == kind })
}

func (r Rule) problems(sources map[string]Source) (problems fault.Fields) {
	if r.Empty() {
		problems.Add("any", "Choose who it is for")
	}
	for _, part := range []struct {
		field      string
		conditions []Condition
	}{{"any", r.Any}, {"all", r.All}, {"none", r.None}} {
		for _, c := range part.conditions {
			if source, known := sources[c.Kind]; !problems.Has(part.field) && (!known || len(c.Values) == 0 && !source.Plain) {
				problems.Add(part.field, "Choose from what is offered")
			}
		}
	}
	return problems
}

// condition is the rule as an SQL condition over a contact that the query calls k. What holds for a contact that was
// merged into another holds for that other.
func (r Rule) condition(sources map[string]Source) (text string, args []any) {
	each := func(conditions []Condition, with string) string {
		parts := make([]string, len(conditions))
		for i, c := range conditions {
			own, ownArgs := sources[c.Kind].Where("k", c.Values)
			merged, mergedArgs := sources[c.Kind].Where("was", c.Values)
			parts[i] = "(" + own + " OR EXISTS (SELECT 1 FROM contacts was WHERE was.merged_into = k.id AND (" + merged + ")))"
			args = append(append(args, ownArgs...), mergedArgs...)
		}
		return "(" + strings.Join(parts, with) + ")"
	}
	if r.Empty() {
		return "FALSE", nil
	}
	var parts []string
	if len(r.Any) > 0 {
		parts = append(parts, each(r.Any, " OR "))
	}
	if len(r.All) > 0 {
		parts = append(parts, each(r.All, " AND "))
	}
	if len(r.None) > 0 {
		parts = append(parts, "NOT "+each(r.None, " OR "))
	}
	return strings.Join(parts, " AND "), args
}

package agreement

import "slices"

// Kappa is Cohen's kappa for a table of counts: rows are the answers of one person, columns those of the other, in the same
// order (Cohen: A Coefficient of Agreement for Nominal Scales, 1960). Its standard error is that of Fleiss, Cohen and Everitt
// (Large Sample Standard Errors of Kappa and Weighted Kappa, 1969). Where all agree, that error is nothing, which no few
// comments can prove: then the lower bound is what kappa would be had they differed on one more comment.
func Kappa(table [][]int) Coefficient {
	n := 0
	for _, row := range table {
		for _, count := range row {
			n += count
		}
	}
	c := Coefficient{Comments: n}
	value, standardError, ok := kappa(table)
	if !ok {
		return c
	}
	c.Value, c.Defined = value, true
	c.interval(standardError)
	if standardError < 1e-9 {
		c.Low = min(c.Low, withOneMore(table))
	}
	return c
}

func kappa(table [][]int) (value, standardError float64, defined bool) {
	k := len(table)
	rows, columns := make([]float64, k), make([]float64, k)
	n, agreed, chance := 0.0, 0.0, 0.0
	for i, row := range table {
		for j, count := range row {
			rows[i] += float64(count)
			columns[j] += float64(count)
			n += float64(count)
		}
	}
	if n == 0 {
		return 0, 0, false
	}
	for i := range k {
		rows[i], columns[i] = rows[i]/n, columns[i]/n
	}
	for i := range k {
		agreed += float64(table[i][i]) / n
		chance += rows[i] * columns[i]
	}
	if 1-chance < 1e-12 {
		return 0, 0, false
	}
	value = (agreed - chance) / (1 - chance)
	within, without := 0.0, 0.0
	for i, row := range table {
		for j, count := range row {
			if p := float64(count) / n; i == j {
				within += p * square(1-(rows[i]+columns[i])*(1-value))
			} else {
				without += p * square(columns[i]+rows[j])
			}
		}
	}
	variance := within + square(1-value)*without - square(value-chance*(1-value))
	return value, root(variance/n) / (1 - chance), true
}

// withOneMore is the least that kappa would be with one more comment, on which they differ.
func withOneMore(table [][]int) float64 {
	least := 1.0
	for i := range table {
		for j := range table {
			if i == j {
				continue
			}
			table[i][j]++
			if value, _, ok := kappa(table); ok {
				least = min(least, value)
			}
			table[i][j]--
		}
	}
	return least
}

// ByTheme gives kappa for each of the themes: for each comment, whether it has the theme. It looks at the comments that two
// people coded (of more, the first two by name), and the first of them is the one whose name comes first.
func ByTheme(judgements []Judgement, themes []string) []ThemeKappa {
	all, kappas := units(judgements), make([]ThemeKappa, len(themes))
	for i, theme := range themes {
		k := ThemeKappa{Theme: theme}
		for _, unit := range all {
			first, second := slices.Contains(unit[0].Themes, theme), slices.Contains(unit[1].Themes, theme)
			switch {
			case first && second:
				k.Both++
			case first:
				k.FirstOnly++
			case second:
				k.SecondOnly++
			default:
				k.Neither++
			}
		}
		k.Coefficient = Kappa([][]int{{k.Both, k.FirstOnly}, {k.SecondOnly, k.Neither}})
		kappas[i] = k
	}
	return kappas
}

package nhs

// Pages leads to the first, the last and the neighbouring pages of a list, each by its address; pages count from 1.
func Pages(page, count int, href func(page int) string) (p PaginationParams) {
	last := 0
	for n := 1; n <= count; n++ {
		if n != 1 && n != count && (n < page-2 || n > page+2) {
			continue
		}
		if n > last+1 {
			p.Items = append(p.Items, PaginationItem{Ellipsis: true})
		}
		p.Items = append(p.Items, PaginationItem{Number: n, Href: href(n), Current: n == page})
		last = n
	}
	if page > 1 {
		p.Previous.Href = href(page - 1)
	}
	if page < count {
		p.Next.Href = href(page + 1)
	}
	return p
}

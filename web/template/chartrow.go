// SPDX-License-Identifier: Apache-2.0

package template

// marks writes the days of a row from left to right: bars where there are marks,
// the person's ground between them. Two halves of one day share its cell.
func (p *chartWriter) marks(r *ChartRow) {
	p.split(r.Marks)
	day := 1
	for i := 0; i < len(p.pieces); {
		m := p.pieces[i]
		p.ground(r, day, m.Day)
		p.cell(m.Days, "")
		for ; i < len(p.pieces) && p.pieces[i].Day == m.Day; i++ {
			p.bar(&p.pieces[i])
		}
		p.raw(`</td>`)
		day = m.Day + m.Days
	}
	p.ground(r, day, p.c.Days+1)
}

// longEnough is the number of days from which a bar shows its label.
func (c *Chart) longEnough() int {
	if c.quarter() {
		return 7
	}
	return 3
}

func (p *chartWriter) bar(m *Mark) {
	tag := "b"
	if m.Href != "" {
		tag = "a"
	}
	p.raw(`<`).raw(tag)
	if m.Href != "" {
		p.raw(` href="`).text(m.Href).raw(`"`)
	}
	p.raw(` class="`).raw(Colour(m.Colour)).raw(m.class()).raw(`">`)
	if m.Days >= p.c.longEnough() && !m.Hours {
		p.text(m.Label).raw(`<i> `).text(m.Text).raw(`</i>`)
	} else {
		p.raw(`<i>`).text(m.Label).raw(` `).text(m.Text).raw(`</i>`)
	}
	p.raw(`</`).raw(tag).raw(`>`)
}

func (m *Mark) class() string {
	s := ""
	if m.Pending {
		s = " p"
	}
	if m.Begins == Afternoon {
		s += " a"
	}
	if m.Ends == Morning {
		s += " m"
	}
	if m.Hours {
		s += " q"
	}
	return s
}

// halves returns the stretch of half days that m covers: 0 is the first morning
// of the chart, until is not included.
func (m *Mark) halves() (from, until int) {
	from, until = 2*(m.Day-1), 2*(m.Day-1+m.Days)
	if m.Begins == Afternoon {
		from++
	}
	if m.Ends == Morning {
		until--
	}
	return from, until
}

// piece returns the part of m between two half days.
func (m Mark) piece(from, until int) Mark {
	m.Day, m.Days = from/2+1, (until+1)/2-from/2
	m.Begins, m.Ends = FullDay, FullDay
	if from%2 == 1 {
		m.Begins = Afternoon
	}
	if until%2 == 1 {
		m.Ends = Morning
	}
	return m
}

// split cuts marks to the chart and to what is still free, and takes off the
// halves of a day that meet in one cell.
func (p *chartWriter) split(marks []Mark) {
	p.pieces = p.pieces[:0]
	free := 0
	for i := range marks {
		m := &marks[i]
		from, until := m.halves()
		from, until = max(from, free), min(until, 2*p.c.Days)
		if from >= until {
			continue
		}
		if from == free && from%2 == 1 {
			p.detach()
			p.pieces = append(p.pieces, m.piece(from, from+1))
			from++
		}
		if from < until {
			p.pieces = append(p.pieces, m.piece(from, until))
		}
		free = until
	}
}

// detach makes the last half day of the last piece a piece of its own.
func (p *chartWriter) detach() {
	last := p.pieces[len(p.pieces)-1]
	from, until := last.halves()
	if until-from > 1 {
		p.pieces[len(p.pieces)-1] = last.piece(from, until-1)
		p.pieces = append(p.pieces, last.piece(until-1, until))
	}
}

// ground writes the days from day up to, but not including, until.
func (p *chartWriter) ground(r *ChartRow, day, until int) {
	for day < until {
		class, name := p.groundOf(r, day)
		end := day + 1
		for end < until {
			c, n := p.groundOf(r, end)
			if c != class || n != name {
				break
			}
			end++
		}
		p.cell(end-day, class)
		if name != "" {
			p.raw(`<i>`).text(name).raw(`</i>`)
		}
		p.raw(`</td>`)
		day = end
	}
}

// groundOf returns the class of a day without leave: none where the table's own
// ground already says it.
func (p *chartWriter) groundOf(r *ChartRow, day int) (class, name string) {
	if day > len(r.Ground) {
		return "", ""
	}
	free := p.weekend[day-1]
	switch g := &r.Ground[day-1]; {
	case g.Kind == PublicHoliday:
		return "h", g.Name
	case g.Kind == NotWorking && !free:
		return "o", ""
	case g.Kind == Working && free:
		return "k", ""
	}
	return "", ""
}

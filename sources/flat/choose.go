package flat

// choose takes the best candidates of a field: one that fits, and others for the records that do not have it.
func (t *table) choose(m *Mapping, f Field, list []candidate) {
	covered := make([]bool, len(t.list.Records))
	for _, c := range list {
		if !c.fits(f) || m.uses(c.path) {
			continue
		}
		fresh := f.several()
		for _, row := range c.rows {
			fresh = fresh || !covered[row]
		}
		if !fresh {
			continue
		}
		for i, row := range c.rows {
			covered[row] = covered[row] || !c.cells[i].empty()
		}
		m.Sources[f] = append(m.Sources[f], Source{Path: c.path})
	}
}

// chooseTimes decides start, end and duration of a mapping, and the units.
func (t *table) chooseTimes(m *Mapping, prefix Path, d *dialect) {
	for _, f := range []Field{Start, End} {
		for _, c := range t.candidates(f, prefix, d) {
			unit, zoned, ok := c.epoch()
			if !ok || m.uses(c.path) {
				continue
			}
			m.Sources[f] = append(m.Sources[f], Source{Path: c.path, Unit: unit})
			m.UTC = m.UTC || !zoned
			if len(c.rows) == len(t.list.Records) {
				break
			}
		}
	}
	for _, c := range t.candidates(Duration, prefix, d) {
		if m.uses(c.path) || !c.durations() {
			continue
		}
		s := Source{Path: c.path, Unit: c.unit}
		if d != nil && s.Unit == 0 && d.keepsUnits(m, prefix) {
			name, _ := c.path.under(prefix)
			s.Unit = d.units[name]
		}
		if s.Unit == 0 {
			s.Unit, s.Why = t.durationUnit(m, c.column)
		}
		m.Sources[Duration] = append(m.Sources[Duration], s)
		if len(c.rows) == len(t.list.Records) {
			break
		}
	}
}

// keepsUnits reports whether the start is in the unit that the dialect has it in. One product may have two.
func (d *dialect) keepsUnits(m *Mapping, prefix Path) bool {
	for _, s := range m.Sources[Start] {
		name, _ := s.Path.under(prefix)
		if u := d.units[name]; u != 0 && s.Unit != 0 && s.Unit != u {
			return false
		}
	}
	return true
}

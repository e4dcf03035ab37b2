package tree

import (
	"strings"

	"tracefall/views/draw"
)

// Badge is a sign at the right end of the names' column.
type Badge struct {
	Text string
	Ink  draw.Ink
}

// minName is the cells that badges leave to the name.
const minName = 6

// DrawBadges draws the badges that there is room for behind a cell, the first rightmost, and returns where the name must
// end.
func DrawBadges(a draw.Area, from int, list []Badge) int {
	x := a.W()
	for _, b := range list {
		n := draw.Width(b.Text)
		if x-n-1 < from+minName {
			break
		}
		x -= n
		a.Text(x, 0, b.Text, b.Ink)
		x--
	}
	return x
}

// Name is what a row is called.
type Name struct {
	Service, Operation string
	Stem, Brief        string // of service and operation, each where it does not fit; "" for what is left of it when it is cut
	ServiceInk, Ink    draw.Ink
	Whole              bool // rather no service than a stump of both
}

// wholeShare is how much of the room, in percent, a service may take for its whole name where not all fits; leastService
// and leastOperation are the cells that either keeps.
const (
	wholeShare     = 45
	leastService   = 8
	leastOperation = 5
)

// serviceRoom returns how many of the cells for a row's name the service gets.
func (n *Name) serviceRoom(room int) int {
	service, operation := draw.Width(n.Service), draw.Width(n.Operation)
	rest := room - 1 - operation
	switch {
	case service == 0 || service <= rest:
		return service
	case service <= room*wholeShare/100:
		return service
	case n.Whole && room < leastService+1+min(operation, leastOperation):
		return 0
	}
	most := max(room/3, min(room, leastService), rest)
	if stem := draw.Width(n.Stem); stem <= room/2 {
		most = max(most, stem) // rather a whole stem than a cell more for an operation that is cut anyway
	}
	return most
}

// ShowsService reports whether room cells show the service.
func (n *Name) ShowsService(room int) bool { return n.serviceRoom(room) > 0 }

// Called returns the name of a call of a service as lists have it in one ink: text is service and operation, or what has no
// service of its own.
func Called(text, service string, stems map[string]string, ink draw.Ink) Name {
	name := Name{Operation: text, ServiceInk: ink, Ink: ink}
	if operation, ok := strings.CutPrefix(text, service+" "); ok && service != "" {
		name.Service, name.Operation, name.Stem = service, operation, stems[service]
	}
	name.Brief = draw.WithoutPackage(name.Operation)
	return name
}

// Draw draws the name into room cells from x on and returns where the operation is.
func (n *Name) Draw(a draw.Area, x, room int) (at, width int) {
	if most := n.serviceRoom(room); most > 0 {
		service := n.Service
		if n.Stem != "" && draw.Width(service) > most {
			service = n.Stem
		}
		used := a.TextEllipsis(x, 0, most, service, n.ServiceInk) + 1
		x, room = x+used, room-used
	}
	// Paths and method names differ at their end, words and statements at their beginning.
	if strings.Contains(n.Operation, " ") {
		return x, a.TextEllipsis(x, 0, room, n.Operation, n.Ink)
	}
	operation := n.Operation
	if n.Brief != "" && draw.Width(operation) > room {
		operation = n.Brief
	}
	return x, a.TextMiddle(x, 0, room, operation, n.Ink)
}

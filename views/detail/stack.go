package detail

import (
	"strings"

	"tracefall/views/draw"
)

// stackRead is how many bytes of a stack trace are read until all of it is asked for.
const stackRead = 64 << 10

// stackFrame is a part of a stack trace: a frame, with the line of source or the place that follows it, or a line that is
// none, such as the message. A run of frames that are not shown is one, too.
type stackFrame struct {
	text    string
	frame   bool
	own     bool // of the application, not of a library
	skipped int  // how many frames it stands for, 0 for itself
}

// framesOf takes a stack trace apart. Java, JavaScript and .NET write "at …", Python writes File and below it the line of
// source, Go a function and below it the place, Ruby "file:line:in".
func framesOf(text string) []stackFrame {
	if !strings.Contains(text, "\n") {
		text = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n", `\t`, "\t").Replace(text) // escaped twice
	}
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	frames := make([]stackFrame, 0, len(lines))
	for n := 0; n < len(lines); n++ {
		line := strings.TrimRight(lines[n], "\r")
		f := stackFrame{text: line, frame: isFrame(line)}
		switch next := n + 1; {
		case next >= len(lines):
		case strings.HasPrefix(strings.TrimSpace(line), `File "`) && !isFrame(lines[next]) && indented(lines[next]) > indented(line),
			!f.frame && strings.HasPrefix(lines[next], "\t") && strings.Contains(lines[next], ".go:"):
			f.frame = true
			f.text += "\n" + strings.TrimRight(lines[next], "\r")
			n = next
		}
		f.own = f.frame && !ofLibrary(f.text)
		frames = append(frames, f)
	}
	return frames
}

// isFrame reports whether a line of a stack trace is a frame.
func isFrame(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "at ") || strings.HasPrefix(line, `File "`) || strings.Contains(line, ":in `") || strings.Contains(line, ":in '")
}

func indented(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// libraryFrames are the beginnings of frames of languages' own libraries and of the common frameworks.
var libraryFrames = [...]string{
	"java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "akka.", "groovy.", "org.springframework.", "org.apache.",
	"org.hibernate.", "org.eclipse.", "org.jboss.", "io.netty.", "io.grpc.", "io.vertx.", "io.micrometer.", "io.opentelemetry.", "io.undertow.", "reactor.",
	"okhttp3.", "retrofit2.", "com.zaxxer.", "com.fasterxml.", "com.google.common.", "org.postgresql.", "com.mysql.", "redis.clients.", "io.lettuce.",
	"System.", "Microsoft.", "Npgsql.", "StackExchange.", "Grpc.", "OpenTelemetry.", "node:", "internal/", "runtime.", "runtime/", "net/http.",
	"database/sql.", "google.golang.org/", "go.opentelemetry.io/", "golang.org/x/",
}

// libraryPlaces are what paths of libraries contain.
var libraryPlaces = [...]string{
	"node_modules/", "site-packages/", "dist-packages/", "/lib/python", "/gems/", "/usr/local/go/src/", "/usr/lib/go", "/pkg/mod/", "/vendor/", "(node:", "(internal/",
	"/lib/ruby/", "<frozen ",
}

// ofLibrary reports whether a frame is of a library.
func ofLibrary(frame string) bool {
	frame = strings.TrimPrefix(strings.TrimSpace(frame), "at ")
	if module := strings.IndexByte(frame, '/'); module > 0 && (strings.HasPrefix(frame, "java.") || strings.HasPrefix(frame, "jdk.")) {
		return true // java.base/java.net.Socket.connect
	}
	for _, prefix := range &libraryFrames {
		if strings.HasPrefix(frame, prefix) {
			return true
		}
	}
	for _, place := range &libraryPlaces {
		if strings.Contains(frame, place) {
			return true
		}
	}
	return false
}

// frameIndent is how far frames are indented, in cells, however far the export does.
const frameIndent = 2

// wrapped writes a frame in lines of a width; what does not fit into one is indented further.
func (f *stackFrame) wrapped(width int) []string {
	indent := strings.Repeat(" ", frameIndent)
	switch {
	case f.skipped > 0:
		return []string{indent + "… " + draw.CountNoun(f.skipped, "frame", "frames")}
	case !f.frame:
		return draw.Wrap(spellLines(f.text), width)
	}
	var lines []string
	for n, text := range strings.Split(f.text, "\n") {
		text = draw.Escape(strings.TrimSpace(text))
		lead := indent
		if n > 0 {
			lead += indent
		}
		if at, ok := strings.CutPrefix(text, "at "); ok {
			lead, text = lead+"at ", at
		}
		room := max(width-len(lead), 1)
		if place := strings.LastIndexByte(text, '('); place > 0 && place <= room && draw.Width(text) > room {
			text = text[:place] + "\n" + text[place:] // the file below the method
		}
		for _, line := range draw.Wrap(text, room) {
			lines = append(lines, lead+line)
			lead = strings.Repeat(" ", len(lead))
		}
	}
	return lines
}

// What is shown of a stack trace until all of it is asked for.
const (
	framesWhole = 10 // so many frames are shown all
	framesFirst = 2  // of each exception, whosever they are
	framesOwn   = 4  // of each exception, of the application
	linesOther  = 12 // that are no frames
)

// foldFrames leaves out most frames of libraries where there are many frames, and returns how many frames that leaves out.
//
//	java.net.SocketTimeoutException: Read timed out
//	  at java.net.SocketInputStream.read
//	  at java.net.SocketInputStream.read0
//	  … 14 frames
//	  at com.acme.pay.Client.charge
func foldFrames(frames []stackFrame) (shown []stackFrame, hidden int) {
	all := 0
	for _, f := range frames {
		if f.frame {
			all++
		}
	}
	if all <= framesWhole && len(frames)-all <= linesOther {
		return frames, 0
	}
	first, own, other := 0, 0, 0
	for _, f := range frames {
		switch {
		case !f.frame:
			first, own = 0, 0 // the next exception
			if other++; other <= linesOther {
				shown = append(shown, f)
				continue
			}
		case f.own && own < framesOwn:
			own++
			first++
			shown = append(shown, f)
			continue
		case first < framesFirst:
			first++
			shown = append(shown, f)
			continue
		}
		hidden++
		if n := len(shown) - 1; n >= 0 && shown[n].skipped > 0 {
			shown[n].skipped++
		} else {
			shown = append(shown, stackFrame{skipped: 1})
		}
	}
	return shown, hidden
}

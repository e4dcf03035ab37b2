package recording

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
)

// SensitiveThresholds say which finds are reported.
type SensitiveThresholds struct {
	Emails bool `toml:"emails" source:"default; e-mail addresses are personal data (info)"`
}

// SensitiveData finds: sensitive data in attributes.
var SensitiveData = rule.Detector{
	ID: "D15", Name: "sensitive-data", Title: "Sensitive data in attributes",
	Thresholds: &SensitiveThresholds{Emails: true},
	Doc: "A password, token, key, card number or similar was recorded with a span. Everyone with access to traces can read it, and it is in every export. " +
		"tracefall masks the value everywhere; a finding shows its kind, place, length and last two characters.",
	Rule: "keys that name a secret, with an unmasked value, in JSON, SQL, URLs, command lines and other formats; tokens with a known vendor format, private keys, " +
		"IBANs; card numbers by checksum, issuer and grouping or key. Critical if key or format is unambiguous, else medium; " +
		"e-mail addresses are info, if `emails` is on.",
	Example:  "A password was recorded in attribute db.query.text of 1 span of accounts: 21 characters, ending in \"ry\".",
	Remedies: []string{"drop or mask the attribute in the SDK or the collector", "use placeholders instead of literals in statements", "rotate the secret: it is in exports and backups"},
	Limits:   []string{"cannot tell whether the value is still valid or only a test value", "secrets without a known format or key are not found"},
	Trace:    findSensitive,
	Blind: []rule.Blind{
		{Gap: rule.GapDropped, Effect: "their content was not checked"},
		{Gap: rule.GapFullAttrs, Effect: "more attributes may have been dropped"},
	},
}

// exposure is one kind of secret in one place.
type exposure struct {
	kind  secrets.Kind
	place secrets.Place
	key   string // as it may be shown
	sure  bool   // key and value leave no doubt
}

// exposed is what was found of it; never the value.
type exposed struct {
	spans  []int
	length int    // characters of the first
	tail   string // its last two characters, where it is long enough to give nothing away
	differ bool   // others have another length or end
}

func findSensitive(p *rule.Pass) {
	var known rule.Groups[exposure, exposed]
	resources, scopes := map[int]bool{}, map[int]bool{}
	at := 0
	visit := func(place secrets.Place, key, value string) {
		for _, s := range secrets.Find(key, value) {
			x := known.Of(exposure{s.Kind, place, secrets.Masked(key), s.Sure})
			length, tail := outlineOf(value[s.From:s.To])
			if x.spans == nil {
				x.length, x.tail = length, tail
			}
			x.differ = x.differ || length != x.length || tail != x.tail
			if n := len(x.spans); n == 0 || x.spans[n-1] != at {
				x.spans = append(x.spans, at)
			}
		}
	}
	t := p.Facts.Trace
	for at = t.First(); at < t.Len(); at++ {
		secrets.EachText(t.Span(at), visit)
		if r := t.Span(at).Resource().Index(); !resources[r] {
			resources[r] = true
			secrets.EachResourceText(t.Span(at).Resource(), visit)
		}
		if s := t.Span(at).Scope().Index(); !scopes[s] {
			scopes[s] = true
			secrets.EachScopeText(t.Span(at).Scope(), visit)
		}
	}
	for e, x := range known.All() {
		if !e.sure && known.Known(exposure{e.kind, e.place, e.key, true}) != nil {
			continue // reported with those that are unambiguous
		}
		reportExposed(p, e, x)
	}
}

// Secret reports whether a finding is about a secret: what is masked wherever it is shown. E-mail addresses are not.
func Secret(f *rule.Finding) bool {
	return f.Detector == SensitiveData.Name && !strings.HasPrefix(f.Kind, string(secrets.Email))
}

// outlineOf measures a secret: its length in characters, and its last two where it has twelve or more.
func outlineOf(secret string) (length int, tail string) {
	const longEnough = 12
	length = utf8.RuneCountInString(secret)
	if length < longEnough {
		return length, ""
	}
	_, last := utf8.DecodeLastRuneInString(secret)
	_, before := utf8.DecodeLastRuneInString(secret[:len(secret)-last])
	return length, secret[len(secret)-last-before:]
}

func reportExposed(p *rule.Pass, e exposure, x *exposed) {
	if e.kind == secrets.Email && !rule.ThresholdsOf[SensitiveThresholds](p).Emails {
		return
	}
	where := e.place.String()
	if e.key != "" {
		where += " " + rule.Quoted(e.key)
	}
	what, in, first := "A "+e.kind.Label(), where, ""
	if e.key == "" {
		in = "the " + in
	}
	switch {
	case !e.sure:
		what = "A possible " + e.kind.Label()
	case e.kind == secrets.Email, e.kind == secrets.IBAN:
		what = "An " + e.kind.Label()
	}
	if x.differ {
		first = "values differ; the first has "
	}
	f := rule.Finding{
		Kind: e.kind.Label() + " in " + e.place.Label(), Anchor: x.spans[0], Risk: 0.5, Confidence: 0.8,
		Evidence: p.Spans(rule.RoleOffender, x.spans...),
		Numbers:  rule.Numbers{Count: len(x.spans), More: []rule.Number{{Name: "length", Value: float64(x.length)}}},
		Message: fmt.Sprintf("%s was recorded in %s of %s of %s: %s%s", what, in, rule.Calls(len(x.spans), "span"),
			rule.Listed(p.Services(x.spans)), first, rule.Calls(x.length, "character")),
		Checks: []rule.Check{{Name: "value is not masked", Passed: true}, {Name: "key or format is unambiguous", Passed: e.sure}},
	}
	if !e.sure {
		f.Confidence, f.Cap = 0.45, new(rule.Medium)
	}
	if x.tail != "" {
		f.Message += fmt.Sprintf(", ending in %q", x.tail)
	}
	f.Message += "."
	if e.kind == secrets.Email {
		f.Risk, f.Cap = 0.2, new(rule.Info)
	}
	p.Report(string(e.kind)+" "+where, f)
}

package patterns

import (
	"regexp"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// orms are the libraries that make statements of objects, as instrumentation scopes and OpenTracing's components
// name them.
var orms = regexp.MustCompile(`(?i)hibernate|spring-data|\bjpa\b|sqlalchemy|active_?record|sequelize|typeorm|prisma|mikro-?orm|` +
	`\bgorm\b|entity_?framework|efcore|mongoose|doctrine|eloquent|ecto\b|sqlboiler|\bdiesel\b|exposed`)

// ORM reports whether span i was made by the instrumentation of an object-relational mapper.
func ORM(f *facts.Facts, i int) bool {
	var c semconv.Canonical
	f.Canonical(i, &c)
	return orms.MatchString(f.Trace.Span(i).Scope().Name()) || c.Value(semconv.Component).Type() == trace.TypeString && orms.MatchString(c.Text(semconv.Component))
}

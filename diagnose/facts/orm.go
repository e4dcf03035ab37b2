package facts

import (
	"regexp"

	"tracefall/sources/trace"
)

// orms are the libraries that make statements of objects, as instrumentation scopes and OpenTracing's components
// name them.
var orms = regexp.MustCompile(`(?i)hibernate|spring-data|\bjpa\b|sqlalchemy|active_?record|sequelize|typeorm|prisma|mikro-?orm|` +
	`\bgorm\b|entity_?framework|efcore|mongoose|doctrine|eloquent|ecto\b|sqlboiler|\bdiesel\b|exposed`)

// ORM reports whether span i was made by the instrumentation of an object-relational mapper.
func ORM(f *Facts, i int) bool {
	var c Canonical
	f.Canonical(i, &c)
	return orms.MatchString(f.Trace.Span(i).Scope().Name()) || c.Value(Component).Type() == trace.TypeString && orms.MatchString(c.Text(Component))
}

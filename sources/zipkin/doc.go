// Package zipkin reads the JSON of Zipkin, version 2 and version 1.
package zipkin

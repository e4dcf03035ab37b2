// Package jaeger reads the JSON of Jaeger's query service. Its tags are what Zipkin and Elasticsearch have too.
package jaeger

// Package elastic reads the documents in which Elasticsearch and OpenSearch keep the spans of Jaeger and Zipkin.
package elastic

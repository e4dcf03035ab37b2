// Package otlpproto reads OTLP protobuf, bare, as Tempo answers it, and in the records of the collector's file exporter.
package otlpproto

// Package console reads what the console exporters of the OpenTelemetry SDKs print.
package console

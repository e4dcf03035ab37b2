// Tracefall is a terminal explorer for distributed traces.
package main

func main() {}

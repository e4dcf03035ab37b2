// Package shop stages one small web shop in three traces and writes them in
// every format tracefall reads, into testdata/traces.
//
//	browse    GET /products/{id}   parallel reads, every attribute type, a cache miss
//	checkout  POST /checkout       a failed and repeated payment, exceptions, a message sent
//	fulfil    process orders       a batch consumer linked to the messages, dropped counts
//
// The traces exercise formats, not detectors; those have package incident.
package shop

// Package xray reads the segments of AWS X-Ray.
package xray

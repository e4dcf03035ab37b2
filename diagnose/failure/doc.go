// Package failure reads how calls failed: in one word and in the words of the export, where the failure of a trace began
// and how far it went, and whether the callee ever had the call.
package failure

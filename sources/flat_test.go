package sources

import (
	"testing"
)

// flatDir holds a file for each kind of flat spans, and for each kind of records that are none.
const flatDir = "../testdata/flat"

func TestFlatFiles(t *testing.T) { outcomes(t, flatDir) }

package report

import "bytes"

// marshal writes a document as it is printed.
func marshal(document any) ([]byte, error) {
	var b bytes.Buffer
	err := encoder(&b).Encode(document)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

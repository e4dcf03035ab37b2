package semconv

import "testing"

func TestPublicHost(t *testing.T) {
	for host, want := range map[string]bool{
		"api.sendgrid.com": true, "vision.googleapis.com": true, "xn--bcher-kva.example": true, "8.8.8.8": true, "2606:4700::1111": true,
		"s3.eu-west-1.amazonaws.com": true, "payments": false, "reports.prod.svc.cluster.local": false, "reports.prod.svc": false,
		"reports.svc.prod.example": false, "payment.prod": false, "db.internal": false, "printer.lan": false, "10.1.2.3": false, "127.0.0.1": false,
		"fd00::1": false, "::1": false, "192.168.1.4": false, "internal-lb-17.eu-west-1.elb.amazonaws.com": false, "": false, ".": false, "x.": false, "a.1": false,
	} {
		if got := PublicHost(host); got != want {
			t.Errorf("publicHost(%q) = %v", host, got)
		}
	}
}

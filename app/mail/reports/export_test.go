package reports

import "crypto/x509"

// Trust has the reader believe certificates of a test.
func (r *Reader) Trust(roots *x509.CertPool) { r.roots = roots }

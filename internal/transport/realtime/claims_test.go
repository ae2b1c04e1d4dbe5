package realtime

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// What is read at a look is what the decoder reads.
func TestReadClaims(t *testing.T) {
	for _, auth := range []string{
		`{}`, `{"token":"t","userId":"u"}`, `{"userId":"u","token":"\u0074"}`, `{"token":"t"}`, `{"userId":7,"token":"t"}`,
		`{"Token":"t","userId":"u"}`, `{"token":"t","userId":"u","extras":["typing"]}`, `{"token":"a","userId":"u","token":"b"}`,
		`{"token":"t","userId":"u","pid":"p","more":{"token":"no"}}`, `[]`, ``,
	} {
		var want claims
		err := json.Unmarshal([]byte(auth), &want)
		if got, ok := readClaims([]byte(auth)); ok != (err == nil) || ok && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v", auth, got, ok)
		}
	}
	if _, ok := readClaims([]byte(`{"token":"` + strings.Repeat("t", maxAuth) + `","userId":"u"}`)); ok {
		t.Error("a long one is read")
	}
}

package s3_test

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/mediatest"
	"github.com/antiphon-music/antiphon/internal/media/s3"
	"github.com/antiphon-music/antiphon/internal/media/s3/versitygw"
)

// gateway is the server of all tests, if there is one.
var (
	gateway *versitygw.Server
	missing error
	buckets atomic.Int64
)

func TestMain(m *testing.M) {
	gateway, missing = versitygw.Start()
	os.Exit(m.Run())
}

// newBucket returns where an empty bucket is.
func newBucket(t testing.TB) s3.Config {
	t.Helper()
	if missing != nil {
		citest.Missing(t, "no S3 server: "+missing.Error())
	}
	name := fmt.Sprintf("bucket-%d", buckets.Add(1))
	check(t, gateway.CreateBucket(name))
	c, err := s3.Parse(gateway.Location(name, "music"))
	check(t, err)
	c.Key, c.Secret = gateway.Key, gateway.Secret
	return c
}

func open(t testing.TB, c s3.Config) (*s3.Store, *media.Stage) {
	t.Helper()
	store, err := s3.New(c)
	check(t, err)
	stage, err := media.NewStage(t.TempDir())
	check(t, err)
	return store, stage
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestStore(t *testing.T) {
	mediatest.Run(t, func(t *testing.T) (media.Blobs, *media.Stage) { return open(t, newBucket(t)) })
}

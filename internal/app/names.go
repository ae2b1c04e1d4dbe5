package app

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/transport/files"
)

// names tells the file server what a name stands for.
type names struct{ files *file.Service }

// BlobByName implements files.Names.
func (n names) BlobByName(ctx context.Context, name string) (files.File, error) {
	f, err := n.files.ByName(ctx, name)
	if err != nil {
		return files.File{}, err
	}
	return files.File{Key: f.Key, ContentType: f.ContentType, Size: f.Size, CreatedAt: f.Created}, nil
}

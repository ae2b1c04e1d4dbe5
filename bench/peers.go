package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"

	processes "github.com/antiphon-music/antiphon/internal/citest/process"
)

// startLimit runs peers/limit, which answers the endpoints with the headers
// and the bodies that a running Antiphon answers.
func (b *bench) startLimit(ctx context.Context, antiphon string, endpoints []contested) (*process, error) {
	type answer struct {
		Header http.Header `json:"header"`
		Body   []byte      `json:"body"`
	}
	answers := map[string]answer{}
	for _, e := range endpoints {
		for _, t := range e.targets {
			header, body, err := fetch(ctx, antiphon, e.request(t))
			if err != nil {
				return nil, err
			}
			header.Del("Date") // the peer makes its own
			answers[t] = answer{header, body}
		}
	}
	file, err := b.writeJSON("limit.json", answers)
	if err != nil {
		return nil, err
	}
	binary, err := b.build(ctx, "limit", "./bench/peers/limit")
	if err != nil {
		return nil, err
	}
	addr, err := processes.FreeAddress()
	if err != nil {
		return nil, err
	}
	return start(ctx, b.scratch, "limit", addr, binary, addr, file)
}

// startExpress runs peers/express over the data of a running Antiphon.
func (b *bench) startExpress(ctx context.Context, antiphon string) (*process, error) {
	data, err := expressData(ctx, antiphon)
	if err != nil {
		return nil, err
	}
	file, err := b.writeJSON("express.json", data)
	if err != nil {
		return nil, err
	}
	return b.startNode(ctx, "express", file)
}

// startNode runs the server.js of a peer with a port and the arguments, and
// installs its modules first if they are missing.
func (b *bench) startNode(ctx context.Context, name string, args ...string) (*process, error) {
	dir := filepath.Join(b.root, "bench", "peers", name)
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); errors.Is(err, os.ErrNotExist) {
		b.say("installing the modules of %s", name)
		if _, err := output(ctx, dir, "npm", "ci", "--omit=dev", "--no-audit", "--no-fund"); err != nil {
			return nil, err
		}
	}
	addr, err := processes.FreeAddress()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	command := append([]string{"node", filepath.Join(dir, "server.js"), port}, args...)
	return start(ctx, b.scratch, name, addr, command...)
}

// expressData collects the small dataset from a running Antiphon, in the form
// that peers/express/server.js describes.
func expressData(ctx context.Context, antiphon string) (map[string]any, error) {
	data := map[string]any{"userKey": readerKey, "adminKey": adminKey}
	ask := func(target, key string) (json.RawMessage, error) {
		_, body, err := fetch(ctx, antiphon, get(target, "Authorization", "Bearer "+key))
		return body, err
	}
	var err error
	for name, target := range map[string]string{"albums": "/api/albums", "songs": "/api/songs"} {
		if data[name], err = ask(target, adminKey); err != nil {
			return nil, err
		}
	}
	if data["users"], err = ask("/api/users", readerKey); err != nil {
		return nil, err
	}
	conversations := map[string]json.RawMessage{}
	for n := range readerPartners {
		if conversations[partner(n)], err = ask(conversationTarget(n), readerKey); err != nil {
			return nil, err
		}
	}
	data["conversations"] = conversations

	var songs []json.RawMessage
	for n := range small.songs() / pageSize {
		body, err := ask(pageOf("songs")(n+1), adminKey)
		if err != nil {
			return nil, err
		}
		var page struct{ Results []json.RawMessage }
		if err := json.Unmarshal(body, &page); err != nil {
			return nil, fmt.Errorf("a page of songs: %w", err)
		}
		songs = append(songs, page.Results...)
	}
	data["djangoSongs"] = songs
	return data, nil
}

// writeJSON writes a file for a peer to read.
func (b *bench) writeJSON(name string, v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	file := filepath.Join(b.scratch, name)
	return file, os.WriteFile(file, text, 0o600)
}

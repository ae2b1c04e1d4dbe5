package main

import "fmt"

// endpoint is one thing that clients ask for, in one or many instances.
type endpoint struct {
	name    string
	key     string // of who asks; "" for anybody
	targets []string
}

// requests returns the endpoint's requests, whole.
func (e endpoint) requests() [][]byte {
	list := make([][]byte, len(e.targets))
	for i, target := range e.targets {
		list[i] = e.request(target)
	}
	return list
}

func (e endpoint) request(target string) []byte {
	if e.key == "" {
		return get(target)
	}
	return get(target, "Authorization", "Bearer "+e.key)
}

const pageSize = 20 // of the Django dialect

// each returns a target for each of the numbers; form makes it.
func each(numbers []int, form func(n int) string) []string {
	list := make([]string, len(numbers))
	for i, n := range numbers {
		list[i] = form(n)
	}
	return list
}

// spread returns at most n numbers, evenly spread from first to last.
func spread(n, first, last int) []int {
	n = min(n, last-first+1)
	list := make([]int, n)
	for i := range list {
		list[i] = first
		if n > 1 {
			list[i] += i * (last - first) / (n - 1)
		}
	}
	return list
}

func albumTarget(id int) string { return "/api/albums/" + albumOID(id) }

func conversationTarget(n int) string { return "/api/users/messages/" + partner(n) }

// pageOf returns the form of a list's pages.
func pageOf(list string) func(n int) string {
	return func(n int) string { return fmt.Sprintf("/api/%s/?page=%d", list, n) }
}

func idOf(list string) func(n int) string {
	return func(n int) string { return fmt.Sprintf("/api/%s/%d/", list, n) }
}

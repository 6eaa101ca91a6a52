package main

import "testing"

func TestStepAtTheEdge(t *testing.T) {
	grid := Parse(".....\n.###.\n.....")
	if got := grid.Step().String(); got != "..#..\n..#..\n..#..\n" {
		t.Fatalf("got\n%s", got)
	}
}

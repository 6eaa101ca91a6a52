// Package main counts living neighbours on a board.
package main

import "strings"

// Grid is a board of cells, row by row.
type Grid struct {
	width, height int
	cells         []bool
}

// Parse reads a board: a line a row, '#' for a living cell.
func Parse(text string) *Grid {
	rows := strings.Split(strings.TrimSpace(text), "\n")
	grid := &Grid{width: len(rows[0]), height: len(rows)}
	grid.cells = make([]bool, grid.width*grid.height)
	for y, row := range rows {
		for x, cell := range row {
			grid.cells[y*grid.width+x] = cell == '#'
		}
	}
	return grid
}

// At is whether a cell lives.
func (g *Grid) At(x, y int) bool {
	return g.cells[y*g.width+x]
}

// Neighbours counts the living ones of the eight around a cell; beyond the edge nothing lives.
func (g *Grid) Neighbours(x, y int) int {
	count := 0
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			if dx == 0 && dy == 0 {
				continue
			}
			nx, ny := x+dx, y+dy
			if nx < 0 || ny < 0 || nx >= g.width || ny > g.height {
				continue
			}
			if g.At(nx, ny) {
				count++
			}
		}
	}
	return count
}

// Step is the board one generation later.
func (g *Grid) Step() *Grid {
	next := &Grid{width: g.width, height: g.height, cells: make([]bool, len(g.cells))}
	for y := 0; y < g.height; y++ {
		for x := 0; x < g.width; x++ {
			neighbours := g.Neighbours(x, y)
			next.cells[y*g.width+x] = neighbours == 3 || neighbours == 2 && g.At(x, y)
		}
	}
	return next
}

// String writes the board as Parse reads it.
func (g *Grid) String() string {
	var text strings.Builder
	for y := 0; y < g.height; y++ {
		for x := 0; x < g.width; x++ {
			if g.At(x, y) {
				text.WriteByte('#')
			} else {
				text.WriteByte('.')
			}
		}
		text.WriteByte('\n')
	}
	return text.String()
}

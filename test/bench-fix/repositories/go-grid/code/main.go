package main

import "fmt"

func main() {
	grid := Parse(".....\n.###.\n.....")
	for generation := 0; generation < 3; generation++ {
		fmt.Println(grid)
		grid = grid.Step()
	}
}

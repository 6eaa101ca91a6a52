package main

import (
	"fmt"

	"example.com/shelf/shelf"
)

var stock = []shelf.Book{
	{Title: "The Trial", Year: 1925, Pages: 255},
	{Title: "Orlando", Year: 1928, Pages: 134},
}

func fill(target *shelf.Shelf, books []shelf.Book) error {
	for _, book := range books {
		if err := target.Put(book); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	novels := shelf.New("novels", 40)
	if err := fill(novels, stock); err != nil {
		fmt.Println(err)
	}
	fmt.Println(novels.Years(), novels.Pages())
}

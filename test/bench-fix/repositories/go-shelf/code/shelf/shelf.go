// Package shelf keeps books by where they stand.
package shelf

import (
	"errors"
	"sort"
)

// ErrFull is that a shelf has no room for another book.
var ErrFull = errors.New("the shelf is full")

// Book is one copy.
type Book struct {
	Title string
	Year  int
	Pages int
}

// Shelf holds books up to a number of them.
type Shelf struct {
	name   string
	room   int
	books  []Book
	byYear map[int][]string
}

// New makes an empty shelf.
func New(name string, room int) *Shelf {
	return &Shelf{name: name, room: room, books: make([]Book, 0, room)}
}

// Len is how many books there are.
func (s *Shelf) Len() int { return len(s.books) }

// Put adds a book, unless there is no room.
func (s *Shelf) Put(book Book) error {
	if len(s.books) >= s.room {
		return ErrFull
	}
	s.books = append(s.books, book)
	s.index(book)
	return nil
}

// Years are those that books are of, oldest first.
func (s *Shelf) Years() []int {
	years := make([]int, 0, len(s.byYear))
	for year := range s.byYear {
		years = append(years, year)
	}
	sort.Ints(years)
	return years
}

// Titles of a year, in the order in which they came.
func (s *Shelf) Titles(year int) []string {
	return append([]string(nil), s.byYear[year]...)
}

// Pages of all books together.
func (s *Shelf) Pages() int {
	pages := 0
	for _, book := range s.books {
		pages += book.Pages
	}
	return pages
}

func (s *Shelf) index(book Book) {
	s.byYear[book.Year] = append(s.byYear[book.Year], book.Title)
}

package shelf

import "testing"

func TestYears(t *testing.T) {
	novels := New("novels", 2)
	if err := novels.Put(Book{Title: "Orlando", Year: 1928}); err != nil {
		t.Fatal(err)
	}
	if years := novels.Years(); len(years) != 1 || years[0] != 1928 {
		t.Fatalf("got %v", years)
	}
}

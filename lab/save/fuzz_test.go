package save

import "testing"

// Whatever a file holds, it opens as a lab that saves and opens again the same, or it is refused with a sentence.
func FuzzDecode(f *testing.F) {
	good, err := sample().Encode()
	if err != nil {
		f.Fatal(err)
	}
	_, body, err := unwrap(good)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add(body[:len(body)/2])
	f.Fuzz(func(t *testing.T, body []byte) { // what stands inside the compression, behind the checksum
		file, err := Decode(wrap(body))
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a word")
			}
			return
		}
		again, err := file.Encode()
		if err == nil {
			_, err = Decode(again)
		}
		if err != nil {
			t.Errorf("what was opened cannot be saved and opened again: %v", err)
		}
	})
}

package newsletters_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/newsletters"
)

// twoColours is a picture that is red above and blue below.
func twoColours(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.RGBA{R: 200, A: 255}), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(0, height/2, width, height), image.NewUniform(color.RGBA{B: 200, A: 255}), image.Point{}, draw.Src)
	return m
}

// photograph is a JPEG as a camera writes it, with where it was taken and how the camera was held.
func photograph(t testing.TB, width, height, held int) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, jpeg.Encode(&out, twoColours(width, height), nil))
	tiff := binary.LittleEndian.AppendUint32([]byte{'I', 'I', 42, 0}, 8)
	tiff = append(tiff, 1, 0) // one entry
	tiff = binary.LittleEndian.AppendUint16(tiff, 0x0112)
	tiff = append(tiff, 3, 0, 1, 0, 0, 0)
	tiff = append(binary.LittleEndian.AppendUint16(tiff, uint16(held)), 0, 0)
	exif := append([]byte("Exif\x00\x00"), append(tiff, []byte("GPS 51.75 -0.47")...)...)
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	return append(append(head, exif...), out.Bytes()[2:]...)
}

func TestAPictureIsDrawnAnewUprightAndTellsNoPlace(t *testing.T) {
	d := newDesk(t)
	u := d.letter(t, "February 2017")
	for held, want := range map[int]struct {
		width, height int
		redAt         image.Point
	}{
		1: {1200, 600, image.Pt(600, 10)}, 3: {1200, 600, image.Pt(600, 590)}, 6: {1200, 2400, image.Pt(1190, 1200)}, 8: {1200, 2400, image.Pt(10, 1200)},
	} {
		sent := photograph(t, 2500, 1250, held)
		if !bytes.Contains(sent, []byte("GPS")) {
			t.Fatal("the camera did not note the place")
		}
		p, err := d.AddPicture(d.first, u.ID, newsletters.NewPicture{Name: `C:\photos\a.JPG`, Data: sent}, "file-0")
		must(t, err)
		if bytes.Contains(p.Data, []byte("GPS")) || bytes.Contains(p.Data, []byte("Exif")) {
			t.Error("the place goes out with the picture")
		}
		m, err := jpeg.Decode(bytes.NewReader(p.Data))
		must(t, err)
		if p.Width != want.width || p.Height != want.height || m.Bounds().Dx() != p.Width || p.Name != "a.jpg" || p.ContentType != "image/jpeg" {
			t.Errorf("held as %d: %dx%d, %s, %s", held, p.Width, p.Height, p.Name, p.ContentType)
		}
		if r, _, b, _ := m.At(want.redAt.X, want.redAt.Y).RGBA(); r < b {
			t.Errorf("held as %d, the picture is not upright", held)
		}
	}
}

func TestWhatIsNoPictureIsRefusedAtItsField(t *testing.T) {
	d := newDesk(t)
	u := d.letter(t, "February 2017")
	var small, moving bytes.Buffer
	must(t, png.Encode(&small, twoColours(3, 3)))
	frame := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White})
	must(t, gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}))
	bomb := append([]byte{}, small.Bytes()...)
	binary.BigEndian.PutUint32(bomb[16:], 60_000) // wide, it says
	for name, c := range map[string]struct {
		data  []byte
		taken string
	}{
		"small.png": {small.Bytes(), "image/png"}, "moving.gif": {moving.Bytes(), "image/png"}, "empty.png": {nil, ""}, "page.png": {[]byte("<svg onload=alert(1)>"), ""},
		"cut.png": {small.Bytes()[:40], ""}, "bomb.png": {bomb, ""}, "huge.jpg": {append(photograph(t, 8, 8, 1), make([]byte, d.cfg.Updates.PictureBytes)...), ""},
	} {
		p, err := d.AddPicture(d.first, u.ID, newsletters.NewPicture{Name: name, Data: c.data}, "file-3")
		if c.taken == "" {
			if says(t, err)["file-3"] == "" {
				t.Errorf("%s: %v", name, err)
			}
		} else if err != nil || p.ContentType != c.taken {
			t.Errorf("%s became %s: %v", name, p.ContentType, err)
		}
	}
}

func TestOnlyWhoHasItsNameGetsAPicture(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		d := openDesk(t, address)
		u := d.letter(t, "February 2017")
		p, err := d.AddPicture(d.first, u.ID, newsletters.NewPicture{Name: "a.jpg", Data: photograph(t, 40, 20, 1)}, "file-0")
		must(t, err)
		d.write(t, d.first, u.ID, func(c *newsletters.Content) {
			c.Sections = []newsletters.Section{{Kind: newsletters.PictureSection, PictureID: p.ID, Alt: "A hall"}}
		})
		u, c := d.now(t, u.ID)
		blocks, err := d.Letter(d.first, u, c)
		must(t, err)
		src := ""
		for _, b := range blocks {
			if b.Src != "" {
				src = b.Src
			}
		}
		name, ours := strings.CutPrefix(src, "https://conversations.example/updates/pictures/")
		got, err := d.PictureNamed(context.Background(), name)
		if !ours || err != nil || !bytes.Equal(got.Data, p.Data) {
			t.Fatalf("%s: %v", src, err)
		}
		for _, wrong := range []string{"", "1", "1-", "1-x", "1-.jpg", "x-" + p.Code, "99-" + p.Code, "99999999999999999999-" + p.Code, strings.ToUpper(name)} {
			if _, err := d.PictureNamed(context.Background(), wrong); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%q gives %v", wrong, err)
			}
		}
		if _, err := d.AddPicture(d.reader, u.ID, newsletters.NewPicture{Name: "a.jpg", Data: p.Data}, "file-0"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("staff who may not write added a picture: %v", err)
		}
	})
}

package newsletters

import (
	"bytes"
	"image"
	"image/color"
	_ "image/gif" // as a kind of picture that can be read
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

const (
	maxPicturePixels = 1200       // wide, after drawing anew: twice what a letter shows, for sharp screens
	maxSourcePixels  = 50_000_000 // of a picture that is sent: what a telephone's camera makes
	jpegQuality      = 85
)

// shrunken is a picture as it is kept.
type shrunken struct {
	data          []byte
	width, height int
}

// shrink draws a picture anew: upright, at most maxPicturePixels wide, as PNG or JPEG with nothing in it but the picture.
// Of a moving picture it takes the first. The problem is a sentence for who sent it, "" for none.
func shrink(data []byte) (s shrunken, problem string) {
	facts, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return s, "The picture must be a PNG, JPEG or GIF file. Pictures from a telephone may be HEIC: open it, and save it as JPEG"
	}
	if facts.Width*facts.Height > maxSourcePixels {
		return s, "The picture has too many pixels. Save it smaller: 1200 pixels across are enough"
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return s, "The picture file is damaged. Open it, save it again, and choose it once more"
	}
	way := 1
	if kind == "jpeg" {
		way = orientation(data)
	}
	picture = upright(narrowed(picture, way >= firstSideways), way)
	var out bytes.Buffer
	if kind == "jpeg" {
		err = jpeg.Encode(&out, picture, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, picture)
	}
	if err != nil {
		return s, "The picture could not be drawn. Save it as JPEG, and choose it once more"
	}
	return shrunken{data: out.Bytes(), width: picture.Bounds().Dx(), height: picture.Bounds().Dy()}, ""
}

// narrowed makes a picture smaller that is too wide, or, where it lies on its side, too high.
func narrowed(picture image.Image, sideways bool) image.Image {
	b := picture.Bounds()
	wide := b.Dx()
	if sideways {
		wide = b.Dy()
	}
	if wide <= maxPicturePixels {
		return picture
	}
	small := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*maxPicturePixels/wide), max(1, b.Dy()*maxPicturePixels/wide)))
	draw.CatmullRom.Scale(small, small.Bounds(), picture, b, draw.Src, nil)
	return small
}

// firstSideways is the first of EXIF's numbers for pictures that lie on their side.
const firstSideways = 5

// turned is a picture seen from another side, as a camera that was held differently noted: way is EXIF's number for it,
// 2 to 8.
type turned struct {
	image.Image
	way int
}

// upright turns a picture as its orientation, EXIF's number, says.
func upright(picture image.Image, way int) image.Image {
	if way < 2 || way > 8 {
		return picture
	}
	return turned{picture, way}
}

// Bounds are those of the turned picture, from 0.
func (t turned) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.way >= firstSideways {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

// At is the colour of a point of the turned picture.
func (t turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	right, bottom := b.Dx()-1, b.Dy()-1
	switch t.way {
	case 2:
		x = right - x
	case 3:
		x, y = right-x, bottom-y
	case 4:
		y = bottom - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, bottom-x
	case 7:
		x, y = right-y, bottom-x
	case 8:
		x, y = right-y, x
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}

package newsletters

import (
	"bytes"
	"encoding/binary"
)

const (
	jpegStart       = 0xd8
	jpegScan        = 0xda
	jpegApplication = 0xe1 // the segment that holds EXIF
	tagOrientation  = 0x0112
)

// orientation reads from a JPEG how the camera was held: EXIF's number, 1 for upright, also where the file does not say.
func orientation(data []byte) int {
	if len(data) < 4 || data[0] != 0xff || data[1] != jpegStart {
		return 1
	}
	for data = data[2:]; len(data) >= 4 && data[0] == 0xff && data[1] != jpegScan; {
		length := int(binary.BigEndian.Uint16(data[2:])) + 2
		if length > len(data) || length < 4 {
			return 1
		}
		if tiff, is := bytes.CutPrefix(data[4:length], []byte("Exif\x00\x00")); is && data[1] == jpegApplication {
			return tiffOrientation(tiff)
		}
		data = data[length:]
	}
	return 1
}

// tiffOrientation looks through the first directory of a TIFF header.
func tiffOrientation(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if len(tiff) < 8 {
		return 1
	}
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	const entryBytes = 12
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at > len(tiff)-2 {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entryBytes {
			return 1
		}
		if order.Uint16(entries) == tagOrientation {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[entryBytes:]
	}
	return 1
}

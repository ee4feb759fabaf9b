package bookings

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/labstack/echo/v4"

	"conversations/app/events"
	"conversations/app/fault"
)

// codeSizePixels is the side of the code: large enough for a telephone that reads it from another's screen.
const codeSizePixels = 300

// hasCode says whether a booking has a code for the door: it has places, and the event is to come.
func (s *Service) hasCode(b Booking, e events.Event) bool {
	return b.Status == Confirmed && e.Dated() && e.Status != events.Cancelled && !e.Past(s.db.Now())
}

// doorURL is what the code says: the address of the booking at the door, which opens for signed-in staff alone.
func (s *Service) doorURL(b Booking) string {
	return s.links.URL(doorHome + "/b/" + s.links.Token(DoorPurpose, b.ID))
}

// codePNG draws an address as a QR code.
func codePNG(address string) ([]byte, error) {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("make the code: %w", err)
	}
	if code, err = barcode.Scale(code, codeSizePixels, codeSizePixels); err != nil {
		return nil, fmt.Errorf("draw the code: %w", err)
	}
	var out bytes.Buffer
	err = png.Encode(&out, code)
	return out.Bytes(), err
}

// code is the picture of the code on the booker's page.
func (h handlers) code(c echo.Context) error {
	d, err := h.opened(c, c.Param("token"))
	if err != nil {
		return err
	}
	if !h.service.hasCode(d.Booking, d.Event) {
		return fault.New(fault.NotFound, "There is no code: this booking has no place, or the event is over.")
	}
	picture, err := codePNG(h.service.doorURL(d.Booking))
	if err != nil {
		return err
	}
	return h.shell.Bytes(c, http.StatusOK, "image/png", picture)
}

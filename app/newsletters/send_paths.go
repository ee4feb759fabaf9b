package newsletters

import (
	"strconv"
	"strings"
)

// Steps of an update on its way out: pages below its own.
const (
	audienceStep = "audience"
	approvalStep = "approval"
	sendStep     = "send"
	progressStep = "progress"
	reportStep   = "report"
	paperStep    = "paper"
)

const updatesPath = "/staff/updates"

// stepPath is the address of a step's page; that of the update itself where none is named.
func stepPath(id int64, step string) string {
	return strings.TrimSuffix(updatesPath+"/"+strconv.FormatInt(id, 10)+"/"+step, "/")
}

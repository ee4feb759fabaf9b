package newsletters

// Steps of an update on its way out: pages below its own.
const (
	audienceStep   = "audience"
	approvalStep   = "approval"
	sendStep       = "send"
	reportStep     = "report"
	paperStep      = "paper"
	correctionStep = "correction"
)

// stepPath is the address of a step's page; that of the update itself where none is named.
func stepPath(id int64, step string) string {
	if step == "" {
		return staffPath(id)
	}
	return staffPath(id) + "/" + step
}

package transfer

// Phase is a part of an import.
type Phase uint8

// The phases, in their order.
const (
	Fetching Phase = iota // the files that records refer to
	Loading
	Checking // what was stored against what was read
	Writing  // of an export
)

var phaseNames = [...]string{"fetching", "loading", "checking", "writing"}

// String returns the phase in one word.
func (p Phase) String() string {
	if int(p) < len(phaseNames) {
		return phaseNames[p]
	}
	return "unknown"
}

// Progress is how far an import has got.
type Progress struct {
	Phase Phase
	Kind  Kind
	Done  int64 // records of the kind
	Total int64 // or about; -1 if nobody knows
}

// progressEvery is after how many records the progress is told.
const progressEvery = 1000

// telling counts the records of one kind.
type telling struct {
	tell func(Progress) // may be nil
	Progress
}

func (t *telling) more(n int64) {
	before := t.Done / progressEvery
	t.Done += n
	if t.Done/progressEvery != before {
		t.now()
	}
}

func (t *telling) now() {
	if t.tell != nil {
		t.tell(t.Progress)
	}
}

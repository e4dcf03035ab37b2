package genai

// Message is one turn of a conversation, or a part of it: what one role said, which tool it asked for, or what a tool
// answered.
type Message struct {
	Role string // system, user, assistant, tool
	Tool string // the tool that is called or that answers, "" for text
	Text string // what was said, or the arguments or the answer of the tool
	Key  string // the attribute or the event that it is from
	Time int64  // of the event that it is from, ns since the epoch; 0 for an attribute
}

// mostMessages bounds a conversation: what follows is in the attributes.
const mostMessages = 1000

// part is where in a conversation a message belongs.
type part uint8

const (
	partSystem part = iota
	partInput
	partOutput
)

// turn is a message with its place.
type turn struct {
	Message
	part     part
	n, sub   int  // number of the message, and of the tool call in it, where the key says it
	numbered bool // several attributes make it up
}

// conversation collects turns.
type conversation struct {
	list []turn
	of   map[[3]int]int // turns that several attributes make up, by part and numbers
}

func (c *conversation) add(t turn) {
	if len(c.list) < mostMessages && (t.Text != "" || t.Tool != "") {
		c.list = append(c.list, t)
	}
}

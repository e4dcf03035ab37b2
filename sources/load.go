package sources

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"unsafe"

	"github.com/klauspost/compress/zstd"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// input is one input in memory or mapped.
type input struct {
	name   string
	data   []byte
	size   int64 // in bytes, as it lies on the disk; 0: not known
	mapped bool
	close  func() error
	notes  decode.Notes
	cut    bool // it was cut off within a document, which its data no longer shows

	wrapping *wrapping // what stood around the documents; nil: nothing
}

// stdinName is what messages call the input "-", unless it has a name of its own.
const stdinName = "standard input"

// mapFrom is the size in bytes from which a file is mapped rather than read: below, mapping costs more.
const mapFrom = 64 << 10

// load brings an input into memory, decompressed. The error is the context's.
func (o *opening) load(name string) (*input, *InputError, error) {
	if err := o.ctx.Err(); err != nil {
		return nil, nil, err
	}
	in, err := o.loadAny(name)
	if err == nil {
		if len(in.data) == 0 {
			return nil, &InputError{Input: in.name, Problem: "is empty, expected a trace export"}, in.close()
		}
		return in, nil, nil
	}
	if ctxErr := o.ctx.Err(); ctxErr != nil {
		return nil, nil, ctxErr
	}
	if name == "-" {
		name = cmp.Or(o.opt.StdinName, stdinName)
	}
	return nil, &InputError{Input: name, Problem: describe(err), Err: err}, nil
}

func (o *opening) loadAny(name string) (*input, error) {
	if name == "-" {
		if o.opt.Stdin == nil {
			return nil, errors.New("no standard input")
		}
		if f, ok := o.opt.Stdin.(*os.File); ok {
			return o.loadFile(f, cmp.Or(o.opt.StdinName, stdinName))
		}
		return o.loadStream(o.opt.Stdin, cmp.Or(o.opt.StdinName, stdinName))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // it was only read
	return o.loadFile(f, name)
}

// loadFile maps a regular file that is not compressed and reads anything else.
func (o *opening) loadFile(f *os.File, name string) (*input, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, syscall.EISDIR
	}
	at, err := f.Seek(0, io.SeekCurrent)
	size := info.Size()
	if !info.Mode().IsRegular() || err != nil || at != 0 || size < mapFrom || int64(int(size)) != size {
		return o.loadStream(f, name)
	}
	head := make([]byte, 4)
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	if compression(head) != "" {
		return o.loadStream(f, name)
	}
	data, release, err := mapFile(f, int(size))
	if err != nil {
		return o.loadStream(f, name)
	}
	return &input{name: name, data: data, mapped: true, close: release}, nil
}

// compression names the compression whose magic number data begins with, "" for no supported one.
func compression(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		return "gzip"
	case bytes.HasPrefix(data, []byte{0x28, 0xb5, 0x2f, 0xfd}),
		len(data) >= 4 && data[0]&0xf0 == 0x50 && bytes.Equal(data[1:4], []byte{0x2a, 0x4d, 0x18}): // a skippable frame
		return "zstd"
	}
	return ""
}

// compressionDepth is how often data may be compressed over.
const compressionDepth = 3

// loadStream reads a stream to its end, through whatever compressed it.
func (o *opening) loadStream(source io.Reader, name string) (*input, error) {
	in := &input{name: name}
	if f, ok := source.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			in.size = info.Size()
		}
	}
	counted := &countingReader{ctx: o.ctx, r: source}
	r := bufio.NewReaderSize(counted, 256<<10)
	kind := ""
	for range compressionDepth {
		head, err := r.Peek(4)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, cannotUnpack(kind, err)
		}
		next := compression(head)
		if next == "" {
			break
		}
		kind = next
		unpacked, err := decompressor(kind, r)
		if err != nil {
			return nil, cannotUnpack(kind, err)
		}
		defer unpacked.Close() // errors come from Read
		r = bufio.NewReaderSize(unpacked, 256<<10)
	}
	sp := o.newSpill()
	err := o.drain(&sp, r, in, counted)
	if behind := (trailing{}); errors.As(err, &behind) {
		in.notes.Add(decode.Note{Kind: decode.NoticeSkipped, Count: 1, Subject: behind.Error()})
		err = nil
	}
	if err != nil && kind != "" && o.ctx.Err() == nil && !errors.As(err, new(*spillError)) {
		// what came before the damage is worth reading
		if sp.size() == 0 {
			return nil, cannotUnpack(kind, err)
		}
		in.notes.Add(brokenOff(kind, err, sp.size()))
		err = nil
	}
	if err != nil {
		return nil, errors.Join(err, sp.discard())
	}
	in.data, in.close, err = sp.Finish()
	return in, err
}

// newSpill returns a spill that holds at most what the options allow: by default a tenth of what is free where its file
// lies, and at least what is kept in memory anyhow.
func (o *opening) newSpill() spill {
	sp := spill{dir: o.opt.TempDir, most: o.opt.SpoolLimit}
	if sp.most == 0 {
		if o.free == 0 {
			o.free = freeSpace(sp.Place())
		}
		if o.free >= 0 {
			sp.most = max(o.free/spoolShare, spillFrom)
		}
	}
	return sp
}

// spoolShare is the part of the free space that may be filled: one tenth.
const spoolShare = 10

// brokenOff says that only n bytes of compressed data could be decompressed. What came behind them is lost, so it is
// a truncation whatever the reason.
func brokenOff(kind string, err error, n int) decode.Note {
	subject := fmt.Sprintf("%s data damaged (%v), only the first %s bytes decompressed", kind, err, trace.Grouped(n))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		subject = fmt.Sprintf("%s file truncated, only the first %s bytes decompressed", kind, trace.Grouped(n))
	}
	return decode.Note{Kind: trace.NoticeTruncated, Count: 1, Subject: subject, Detail: decode.MayLack}
}

// cannotUnpack is the error for compressed data of which nothing could be read.
func cannotUnpack(kind string, err error) error {
	if kind == "" {
		return err
	}
	return fmt.Errorf("looks like %s, but cannot be decompressed: %w", kind, err)
}

func decompressor(kind string, r *bufio.Reader) (io.ReadCloser, error) {
	if kind == "gzip" {
		return newMembers(r)
	}
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(1<<30))
	if err != nil {
		return nil, err
	}
	return &frames{ReadCloser: d.IOReadCloser()}, nil
}

// countingReader counts what was read of an input and ends with the context's error.
type countingReader struct {
	ctx context.Context
	r   io.Reader
	n   int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// drain reads a stream to its end. Meanwhile it gives progress and, since nothing is read as traces before the
// end is there, a first look at what the stream begins with.
func (o *opening) drain(sp *spill, r *bufio.Reader, in *input, counted *countingReader) error {
	for {
		_, err := r.Peek(1) // reads as much as there is room for
		part, _ := r.Peek(r.Buffered())
		if _, writeErr := sp.Write(part); writeErr != nil {
			return writeErr
		}
		_, _ = r.Discard(len(part)) // which cannot fail: it is there
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if o.ticked() {
			o.streaming(sp, in, counted)
		}
	}
}

func (o *opening) streaming(sp *spill, in *input, counted *countingReader) {
	o.progress(Progress{Input: in.name, Bytes: counted.n, Total: in.size, Spans: o.b.Spans(), Traces: o.b.Traces()})
	if o.opt.First != nil && o.nextLook == 0 && o.b.Spans() == 0 {
		o.nextLook = o.ticks + 1
		if set := preview(in.name, sp.head(), o.opt.Formats); set.SpanCount() > 0 {
			o.opt.First(set)
		}
	}
}

// previewMost is how much of a stream is looked at before it is there: a fraction of a second's reading.
const previewMost = 4 << 20

// preview reads the traces with which a stream begins, to the last line that is whole.
func preview(name string, head []byte, formats []KeyMap) *trace.Set {
	head = head[:min(len(head), previewMost)]
	if last := bytes.LastIndexByte(head, '\n'); last > 0 {
		head = head[:last]
	}
	b := trace.NewBuilder()
	b.Input(name)
	r := newReader(b, head)
	if decode.BinaryKind(head) == "" {
		r.keyMaps = formats
		r.decideFlat()
		_ = r.documents() // without a pause it cannot stop
	}
	return b.Build()
}

// describe says in a few words what an error of the file system means.
func describe(err error) string {
	var spilled *spillError
	switch {
	case errors.As(err, &spilled):
		return spilled.Error()
	case errors.Is(err, fs.ErrNotExist):
		return "no such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, syscall.EISDIR):
		return "is a directory"
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return "cannot be read: " + path.Err.Error()
	}
	return err.Error()
}

// address returns where data lies in memory.
func address(data []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(data))) }

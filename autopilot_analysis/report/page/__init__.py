"""One page of typed frames, figures and words: laid out, rendered, safe to open."""

"""The Ideogram 4 engine: a caption in, a picture out."""

"""One foreign form a file: the docstring says what it reads, ``DIALECT`` is the dialect."""

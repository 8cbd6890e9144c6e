"""Mend files, or show what mending them would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from promptkit.cli import console
from promptkit.cli.inputs import Input
from promptkit.document import Document, read
from promptkit.document.edit import SURROGATE
from promptkit.errors import UnreadableInputError
from promptkit.files import write_file
from promptkit.lint import Finding, FixResult, Options, Selection, fix, lint


class Mender:
    """Checks files, and mends them where it is told to."""

    def __init__(self, *, fix: bool, diff: bool, unsafe: bool) -> None:
        self._active = fix or diff
        self._diff = diff
        self._unsafe = unsafe
        self.failed = False
        """Whether a file could not be written."""
        self.mended = 0
        """Findings."""
        self.changed = 0
        """Files."""

    def check(
        self, source: Input, selection: Selection, options: Options
    ) -> tuple[Document, Sequence[Finding]]:
        """A file's text and its findings; where it was mended, those of what it holds now.

        A file that is not UTF-8 is never written anew: its characters are not known.
        """
        result = self._mended(source, selection, options) if self._active else None
        if self._diff:
            if result is not None:
                console.out("".join(_diff(source.name, source.data.decode(), result.text)))
                self._count(result.fixed)
            result = None
        elif self._active:
            data = source.data if result is None else result.text.encode()
            result = result if self._write(source, data) else None
        if result is None:
            document = read(source.data)
            return document, lint(document, selection, options)
        self._count(result.fixed)
        return read(result.text), result.remaining

    def _mended(self, source: Input, selection: Selection, options: Options) -> FixResult | None:
        """What fixing gives; None where the file has to stay as it is."""
        try:
            text = source.data.decode()
        except UnicodeDecodeError:
            return None
        result = fix(text, selection, options, unsafe=self._unsafe)
        if SURROGATE.search(result.text):
            self._fail(f"{source.name}: not mended: half a character would have to be written")
            return None
        return result

    def _write(self, source: Input, data: bytes) -> bool:
        if source.path is None:
            # Whoever reads the pipe gets the caption in any case.
            console.out_bytes(data)
            return True
        if data == source.data:
            return True
        try:
            write_file(source.path, data, expected=source.data)
        except UnreadableInputError as error:
            self._fail(str(error))
            return False
        return True

    def _count(self, fixed: Sequence[Finding]) -> None:
        self.changed += bool(fixed)
        self.mended += len(fixed)

    def _fail(self, message: str) -> None:
        self.failed = True
        console.talk(f"promptkit: {message}")


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    import difflib  # noqa: PLC0415 - for --diff alone

    old, new = (text.splitlines(keepends=True) for text in (before, after))
    for line in difflib.unified_diff(old, new, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"

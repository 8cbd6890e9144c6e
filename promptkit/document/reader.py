"""From bytes or text to a Document: decoding, what stands around the JSON, and the JSON itself."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from typing import Final

from promptkit.document.edit import SURROGATE, Edit
from promptkit.document.node import Document, Flaw, Node
from promptkit.document.scanner import Scanner, SyntaxFlawError
from promptkit.document.strings import lone_surrogate
from promptkit.document.unwrap import Found, decoded_layer, unwrap

MAX_BYTES: Final = 1 << 20
"""A caption of 2048 tokens is about 8 kB; what is larger than this is something else."""

_ENCODINGS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FENCE = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n", re.MULTILINE)
_ESCAPED_QUOTES = re.compile(r'\s*[{\[]\s*\\"')
_OPENS_JSON = re.compile(r"""[{\[]\s*(?:["'“‘{\[}\]/#]|\\"|\w+\s*:|\.\.\.)""")


def read(source: str | bytes) -> Document:
    """Read a caption file. Never raises: what cannot be read becomes a flaw."""
    if len(source) > MAX_BYTES:
        message = f"{len(source):,} bytes are no caption; the limit is {MAX_BYTES:,}"
        return Document("", flaws=(Flaw("too-large", 0, 0, message),))
    text, flaws = _decode(source) if isinstance(source, bytes) else (source, [])
    flaws += [
        lone_surrogate(match.start(), match.end(), ord(match.group()))
        for match in SURROGATE.finditer(text)
    ]
    start, end, around = _body(text)
    flaws += around
    if start is None:
        return Document(text, flaws=tuple(flaws))
    if _ESCAPED_QUOTES.match(text, start):
        return _read_escaped(text, start, end, flaws)
    scanner = Scanner(text, start, end)
    roots: list[Node] = []
    whole = True
    try:
        roots.append(scanner.value())
        _read_rest(scanner, roots)
    except SyntaxFlawError as error:
        scanner.flaws.append(error.flaw)
        whole = False
    flaws += scanner.flaws
    if not whole:
        return Document(text, tuple(roots), flaws=tuple(flaws))
    return _document(text, roots, unwrap(text, roots), flaws)


def _document(text: str, roots: list[Node], found: Found, flaws: list[Flaw]) -> Document:
    captions = tuple(found.captions)
    return Document(text, tuple(roots), captions, (*flaws, *found.flaws), bool(found.trees))


def _read_escaped(text: str, start: int, end: int, flaws: list[Flaw]) -> Document:
    """Text in which every quote is escaped: the inside of a string that lost its own quotes."""
    layer = decoded_layer(text, start, len(text[:end].rstrip()))
    if layer is None:
        message = "not JSON: every quote is escaped and the text behind them is no JSON either"
        return Document(text, flaws=(*flaws, Flaw("invalid-json", start, start + 1, message)))
    found, root = layer
    flaw = found.flaws[0]
    edit = flaw.edits[0]
    edits = (Edit(edit.start + 1, edit.end - 1, edit.replacement),)
    found.flaws[0] = replace(flaw, edits=edits)
    found.captions = found.captions or [root]
    return _document(text, [root], found, flaws)


def _decode(data: bytes) -> tuple[str, list[Flaw]]:
    for bom, encoding in _ENCODINGS:
        if data.startswith(bom):
            text = data.decode(encoding, errors="replace")
            message = f"the file is {encoding.upper()}; save it as UTF-8"
            return text, [Flaw("not-utf8", 0, 0, message)]
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        message = f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8; save as UTF-8"
        flaw = Flaw("not-utf8", len(before), len(before) + 1, message)
        return data.decode(errors="replace"), [flaw]


def _body(text: str) -> tuple[int | None, int, list[Flaw]]:
    """Where the JSON stands in the text (None where there is none), and what stands around it."""
    flaws: list[Flaw] = []
    start, end = 0, len(text)
    if text.startswith("\ufeff"):
        title = "Remove the mark"
        message = "the file begins with a byte-order mark; save it without"
        flaws.append(Flaw("byte-order-mark", 0, 1, message, (Edit(0, 1, ""),), fix_title=title))
        start = 1
    stripped = text[start:].lstrip()
    if not stripped:
        flaws.append(Flaw("empty-file", start, end, "the file is empty; write a caption in it"))
        return None, end, flaws
    if stripped[0] in "{[\"'“‘":
        return start, end, flaws
    if fence := _FENCE.search(text, start):
        return _fenced(text, start, fence, flaws)
    if opening := _OPENS_JSON.search(text, start):
        flaws.append(_prose(text, start, opening.start(), "before"))
        return opening.start(), end, flaws
    if _is_scalar(stripped):
        return start, end, flaws
    message = "plain text, not a JSON caption: the model was trained on captions and follows them"
    flaws.append(Flaw("plain-text", start, end, f"{message}; write one"))
    return None, end, flaws


def _is_scalar(stripped: str) -> bool:
    return (
        re.fullmatch(r"(?:-?\d[\d.eE+-]*|\w+|[/#].*|[}\],:].*)\s*", stripped, re.DOTALL) is not None
    )


def _fenced(
    text: str, start: int, fence: re.Match[str], flaws: list[Flaw]
) -> tuple[int, int, list[Flaw]]:
    closing = re.compile(rf"^[ \t]*{fence.group(1)}[ \t]*$", re.MULTILINE).search(text, fence.end())
    end = closing.start() if closing else len(text)
    edits = [Edit(fence.start(), fence.end(), "")]
    if closing:
        behind = closing.end() + 1 if text[closing.end() : closing.end() + 1] else closing.end()
        edits.append(Edit(closing.start(), behind, ""))
        if text[behind:].strip():
            flaws.append(_prose(text, behind, len(text), "behind"))
    if text[start : fence.start()].strip():
        flaws.append(_prose(text, start, fence.start(), "before"))
    message = "the caption stands in a Markdown code fence; a caption file holds the JSON alone"
    title = "Remove the fence"
    flaws.append(
        Flaw("code-fence", fence.start(), fence.end(), message, tuple(edits), fix_title=title)
    )
    return fence.end(), end, flaws


def _prose(text: str, start: int, end: int, where: str) -> Flaw:
    message = f"text stands {where} the caption; a caption file holds the JSON alone"
    edits = (Edit(start, end, ""),)
    first = start + len(text[start:end]) - len(text[start:end].lstrip())
    return Flaw("surrounding-text", first, end, message, edits, safe=False, fix_title="Remove it")


def _read_rest(scanner: Scanner, roots: list[Node]) -> None:
    """What follows the first value: further captions, or something that does not belong."""
    while char := scanner.skip():
        start = scanner.position
        if char == ",":
            scanner.position += 1
        elif char in "{[":
            roots.append(scanner.value())
        elif char in "}]":
            message = f"'{char}' closes nothing; remove it"
            edits = (Edit(start, start + 1, ""),)
            scanner.flaws.append(
                Flaw("surrounding-text", start, start + 1, message, edits, fix_title="Remove it")
            )
            scanner.position += 1
        else:
            end = len(scanner.text.rstrip())
            scanner.flaws.append(_prose(scanner.text, start, end, "behind"))
            return

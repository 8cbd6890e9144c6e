"""From bytes or text to a Document: plain JSON at once, anything else with patience."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from promptkit.document.body import Body, find_body, plain_text, prose
from promptkit.document.capping import MAX_OF_A_KIND, capped
from promptkit.document.edit import Edit
from promptkit.document.encodings import to_text
from promptkit.document.node import Document, Flaw, Kind, Node
from promptkit.document.quotes import QUOTES
from promptkit.document.scanner import Scanner, SyntaxFlawError
from promptkit.document.strict import read_strict
from promptkit.document.unwrap import Found, decoded_layer, unwrap

MAX_BYTES: Final = 1 << 16
"""A caption of 2048 tokens is about 8 kB, four times that with every character escaped."""
_GUESSES: Final = ("unescaped-quote", "smart-quotes")
_ESCAPED_QUOTES = re.compile(r'(?:\s|\\[nrt])*[{\[](?:\s|\\[nrt])*\\"')


def read(source: str | bytes) -> Document:
    """Read a caption file. Never raises: what cannot be read becomes a flaw."""
    if len(source) > MAX_BYTES:
        unit = "bytes" if isinstance(source, bytes) else "characters"
        message = f"{len(source):,} {unit} are no caption; the limit is {MAX_BYTES:,}"
        return Document("", flaws=(Flaw("too-large", 0, 0, message),))
    text, flaws = to_text(source)
    body = find_body(text)
    flaws += body.flaws
    if not body.is_json:
        return Document(text, flaws=capped(flaws))
    if _ESCAPED_QUOTES.match(text, body.start):
        return _read_escaped(text, body.start, body.end, flaws)
    if body.end == len(text) and (root := read_strict(text, body.start)):
        return _document(text, [root], unwrap(text, [root]), flaws)
    return _read_loosely(text, body, flaws)


def _read_loosely(text: str, body: Body, flaws: list[Flaw]) -> Document:
    scanner = Scanner(text, body.start, body.end)
    roots: list[Node] = []
    whole = True
    try:
        roots.append(scanner.value())
        _read_rest(scanner, roots)
    except SyntaxFlawError as error:
        scanner.flaws.append(error.flaw)
        whole = False
    if "{" not in text and _is_quotation(scanner, roots, body.start):
        return Document(text, flaws=capped([*flaws, plain_text(text)]))
    if not whole:
        # Whoever got lost may have misread what came before.
        flaws += [replace(flaw, safe=False) for flaw in scanner.flaws]
        return Document(text, tuple(roots), flaws=capped(flaws))
    guessed = any(flaw.slug in _GUESSES and not flaw.safe for flaw in scanner.flaws)
    # Where a string ends was a guess then, and so is what followed from it.
    flaws += [replace(flaw, safe=False) if guessed else flaw for flaw in scanner.flaws]
    flaws += _unclosed(scanner)
    return _document(text, roots, unwrap(text, roots), flaws)


def _document(text: str, roots: list[Node], found: Found, flaws: list[Flaw]) -> Document:
    if found.trees:
        # What is escaped twice in here is escaped once in the layer below.
        flaws = [flaw for flaw in flaws if flaw.slug != "literal-escape"]
    every = capped([*flaws, *found.flaws])
    return Document(text, tuple(roots), tuple(found.captions), every, bool(found.trees))


def _is_quotation(scanner: Scanner, roots: list[Node], start: int) -> bool:
    """Whether the text begins with a quotation mark, but is no string as a whole."""
    is_string = (
        roots[0].kind is Kind.STRING if roots else scanner.text[start:].lstrip()[0] in QUOTES
    )
    return is_string and any(
        flaw.slug in ("invalid-json", "surrounding-text") for flaw in scanner.flaws
    )


def _read_escaped(text: str, start: int, end: int, flaws: list[Flaw]) -> Document:
    """Text in which every quote is escaped: the inside of a string that lost its own quotes."""
    layer = decoded_layer(text, start, len(text[:end].rstrip()))
    if layer is None:
        message = "not JSON: every quote is escaped and the text behind them is no JSON either"
        return Document(
            text, flaws=capped([*flaws, Flaw("invalid-json", start, start + 1, message)])
        )
    found, root = layer
    flaw = found.flaws[0]
    edit = flaw.edits[0]
    edits = (Edit(edit.start + 1, edit.end - 1, edit.replacement),)
    found.flaws[0] = replace(flaw, edits=edits)
    found.captions = found.captions or [root]
    return _document(text, [root], found, flaws)


def _read_rest(scanner: Scanner, roots: list[Node]) -> None:
    """What follows the first value: further captions, or something that does not belong."""
    strays: list[Flaw] = []
    while char := scanner.skip():
        start = scanner.position
        if char in "{[":
            roots.append(scanner.value())
        elif char in ",}]" and len(strays) < MAX_OF_A_KIND:
            message = f"'{char}' belongs to nothing here; remove it"
            edits = (Edit(start, start + 1, ""),)
            # A string ends where a comma follows: without it, it might not.
            safe = roots[-1].kind is not Kind.STRING
            strays.append(
                Flaw("surrounding-text", start, start + 1, message, edits, safe, "Remove it")
            )
            scanner.position += 1
        else:
            end = len(scanner.text.rstrip())
            scanner.flaws.append(prose(scanner.text, roots[-1].end, end, "behind"))
            break
    scanner.flaws += strays


def _unclosed(scanner: Scanner) -> list[Flaw]:
    """The flaw of a text in which nothing is missing but the brackets at its end."""
    if not scanner.unclosed:
        return []
    openings = [scanner.text[node.start] for node in scanner.unclosed]
    closings = "".join({"{": "}", "[": "]", "(": ")"}[opening] for opening in openings)
    innermost = scanner.unclosed[0]
    end = len(scanner.text.rstrip())
    what = "the bracket opened here is" if len(closings) == 1 else f"{len(closings)} brackets are"
    message = f"{what} never closed; add '{closings}' at the end"
    edits = (Edit(end, end, closings),)
    title = "Close what is open"
    start = innermost.start
    return [Flaw("invalid-json", start, start + 1, message, edits, safe=False, fix_title=title)]

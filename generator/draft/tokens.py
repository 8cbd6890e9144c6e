"""The draft checkpoint's tokenizer: whole numbers, whole hex pairs, known words, single letters.

A byte-level vocabulary without merges. The pre-tokenizer cuts a caption into the pieces that the
schema repeats (`{"type":"obj","bbox":`), box numbers with the bracket or comma before them, two
hex digits of a colour at a time, words of the prose with their space, and single characters for
the rest. A piece that the vocabulary has is one token, any other is spelled byte by byte. So a
coordinate is one token, and a literal text is one token per letter.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

from generator.draft.world import asides
from generator.draft.world import words as known_words

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = "<|im_start|>user\n{caption}<|im_end|>\n<|im_start|>assistant\n"
"""The real encoder's chat template around one user turn."""
PIECES = (
    "user\n",
    "assistant\n",
    '{"high_level_description":"',
    '","style_description":{"aesthetics":"',
    '{"style_description":{"aesthetics":"',
    '","lighting":"',
    '","photo":"',
    '","medium":"',
    '","art_style":"',
    '","color_palette":["#',
    '"]},"compositional_deconstruction":{"background":"',
    '"},"compositional_deconstruction":{"background":"',
    '","compositional_deconstruction":{"background":"',
    '{"compositional_deconstruction":{"background":"',
    '","elements":[',
    '{"type":"obj","bbox":',
    '{"type":"obj","desc":"',
    '{"type":"text","bbox":',
    '{"type":"text","text":"',
    '],"desc":"',
    '],"text":"',
    '","desc":"',
    '","#',
    '"]},',
    '"},',
    '"]}]}}',
    '"}]}}',
    "\\n",
)
_PATTERN = "|".join(
    (
        *(re.escape(p).replace("\\\n", "\\n") for p in sorted(PIECES, key=len, reverse=True)),
        r'(?<="bbox":)\[\d{1,4}(?=,)',
        r",\d{1,4}(?=[,\]])",
        r'(?<=#)[0-9A-F]{2}(?=[0-9A-F]{4}")',
        r'(?<=#[0-9A-F]{2})[0-9A-F]{2}(?=[0-9A-F]{2}")',
        r'(?<=#[0-9A-F]{4})[0-9A-F]{2}(?=")',
        " ?[a-z]+",
        ".",
        "\n",
    )
)


def build_tokenizer(captions: Iterable[str], *, least: int = 3) -> Tokenizer:
    """A tokenizer that knows the words seen at least `least` times in the captions.

    Literal texts do not count, and their words are known only after a space: texts are spelled. So
    are the words that mean nothing in the draft world, as stand-ins for any others.
    """
    cutter = pre_tokenizers.Split(Regex(_PATTERN), "isolated")
    counts: Counter[str] = Counter()
    for caption in captions:
        prose = re.sub(r'"text":"[^"]*"', "", caption)
        counts.update(piece for piece, _ in cutter.pre_tokenize_str(prose))
    spelled = {word.lower() for word in (*known_words.SEEN, *known_words.HELD_OUT)}
    spelled |= {form for word in asides.STRANGE for form in (word, f" {word}")}
    words = sorted(
        word
        for word, count in counts.items()
        if count >= least and re.fullmatch(" ?[a-z]{2,}| [a-z]", word) and word not in spelled
    )
    coordinates = [f"{mark}{n}" for mark in "[," for n in range(1001)]
    pairs = [f"{n:02X}" for n in range(256)]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    known = [*alphabet, *(_byte_level(piece) for piece in (*PIECES, *coordinates, *pairs, *words))]
    vocabulary = {piece: index for index, piece in enumerate((*SPECIAL, *dict.fromkeys(known)))}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [cutter, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    return tokenizer


def _byte_level(piece: str) -> str:
    """The piece in the printable alphabet of byte-level vocabularies."""
    coder = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return "".join(part for part, _ in coder.pre_tokenize_str(piece))


def encode(tokenizer: Tokenizer, captions: Sequence[str]) -> list[list[int]]:
    """Token ids of each caption inside the chat template."""
    texts = [TEMPLATE.format(caption="{}").replace("{}", caption, 1) for caption in captions]
    encoded = tokenizer.encode_batch(texts, add_special_tokens=False)
    return [e.ids for e in encoded]


def number_values(tokenizer: Tokenizer) -> dict[int, float]:
    """Token id to value in [0, 1] of every coordinate (n / 1000) and hex pair (n / 255)."""
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    values = {vocabulary[f"{mark}{n}"]: n / 1000 for mark in "[," for n in range(1001)}
    return values | {vocabulary[f"{n:02X}"]: n / 255 for n in range(256)}

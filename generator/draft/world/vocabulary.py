"""The phrases from which captions of the draft world are put together.

Every list is cut in two: what training may say, and what only held-out captions say. In a phrase,
words in braces are filled in by `caption`; words in angle brackets are any of `WORDS`, so that what
is common to the wordings of one thing is what they mean, not how they begin. They say no held-out
phrase.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Ways to say one thing."""

    seen: tuple[str, ...]
    held_out: tuple[str, ...]

    def of(self, held_out: bool) -> tuple[str, ...]:
        """The phrases that a caption of this split may use."""
        return self.held_out if held_out else self.seen


WORDS: Mapping[str, tuple[str, ...]] = {
    "a": (
        "a", "A", "the", "a single", "a simple", "some", "another", "this is a", "we see a",
        "here is a", "also a", "then a", "an object: a", "a drawing of a", "an image of a",
        "the picture shows a", "what stands here is a", "in this place a", "look at the",
        "next comes a", "it is a", "a kind of", "a shape like a", "something like a",
    ),
    "hued": (
        "colored", "of the color", "tinted", "dyed", "that is", "which is", "all in", "made in",
        "whose color is", "with a surface of", "in the color", "shown in", "kept in", "in pure",
    ),
    "surface": (
        "wall", "wallpaper", "cloth", "paper", "backdrop", "background", "ground", "surface",
        "screen", "curtain", "fabric", "panel", "studio backdrop", "floor", "canvas", "carpet",
        "tablecloth", "sheet", "cardboard", "poster", "tile", "blanket", "room", "scene",
    ),
    "above": (
        "sky", "sky", "wall", "air", "evening", "haze", "morning", "horizon", "heaven", "screen",
        "cloud cover", "backdrop", "curtain", "dawn", "night",
    ),
    "below": (
        "ground", "floor", "meadow", "plain", "land", "table", "beach", "sea", "desert", "lawn",
        "road", "water", "earth", "sand", "grass", "counter", "stage", "lake", "street", "hill",
    ),
    "bold": ("bold", "large", "clear", "heavy", "strong", "big", "thick", "clean", "wide", "tall"),
    "letters": (
        "letters", "lettering", "type", "text", "typography", "characters", "capitals", "writing",
        "print", "script", "signs",
    ),
    "on": ("on", "in front of", "against", "before", "over"),
}  # fmt: skip


def ways_to_say(phrase: str) -> Iterator[str]:
    """The phrase with every choice of `WORDS`."""
    parts = re.split(r"<(\w+)>", phrase)
    choices = [WORDS[part] if k % 2 else (part,) for k, part in enumerate(parts)]
    return ("".join(chosen) for chosen in itertools.product(*choices))


THING = Phrases(
    (
        "<a> {size}{color} {noun}",
        "<a> {size}{color} {noun}",
        "<a> {color} {noun}",
        "<a> {size}{noun}, {color}",
        "<a> {size}{noun} <hued> {color}",
        "<a> {size}{noun} <hued> {color}",
        "a {size}{noun} in {color}",
        "A {size}{noun} in {color}",
        "one {size}{color} {noun}",
        "{size}{color} {noun}",
        "{size}{noun} <hued> {color}",
        "{noun}, {size}{color}",
        "{color} {noun}",
        "{color}: <a> {size}{noun}",
        "a {size}{noun} of {color} color",
    ),
    (
        "a {size}{noun} painted {color}",
        "there is a {size}{color} {noun}",
        "a plain {size}{color} {noun}",
        "one {size}{noun} in {color}",
    ),
)
NAMELESS = Phrases(
    ("<a> {size}{noun}", "<a> {size}{noun}", "one {size}{noun}", "{size}{noun}"),
    ("a plain {size}{noun}", "there is a {size}{noun}"),
)
PART = Phrases(
    (
        " with a {accent} {part}",
        " with {accent} {part}",
        ", its {part} {accent}",
        " and a {accent} {part}",
        " and its {part} is {accent}",
        " whose {part} is {accent}",
        "; {part}: {accent}",
        ", {accent} for the {part}",
        " ({accent} {part})",
        ", the {part} {accent}",
        ", the {part} <hued> {accent}",
        ", with its {part} <hued> {accent}",
        ", only the {part} is {accent}",
        ", and the {part} shows {accent}",
        " having a {accent} {part}",
        " where the {part} is {accent}",
        " but with a {accent} {part}",
        " plus {accent} {part}",
        ", {accent} at its {part}",
    ),
    (", the {part} in {accent}",),
)
FILL = {
    "solid": Phrases(
        (
            *("",) * 8,
            " with clean edges",
            " in one solid color",
            ", drawn simply",
            ", solid",
            ", the same color everywhere",
            " without a pattern",
            ", a single color all over",
            ", smooth and of one color",
            ", flat in color",
            " in nothing but its color",
            ", uniform",
            ", made of one color",
            ", unpatterned",
        ),
        ("", ", evenly filled"),
    ),
    "striped": Phrases(
        (
            " with {accent} stripes",
            ", striped in {accent}",
            " with horizontal {accent} bands",
            ", {accent} stripes running across it",
            " that has {accent} stripes",
            "; stripes in {accent}",
            ", banded with {accent}",
            " with stripes of {accent}",
            " and {accent} lines across it",
            " ringed by {accent} bands",
            ", {accent} stripes over it",
            " in a pattern of {accent} stripes",
            ", lined in {accent}",
        ),
        (" crossed by {accent} stripes",),
    ),
    "dotted": Phrases(
        (
            " with {accent} dots",
            ", dotted in {accent}",
            " with {accent} polka dots",
            ", {accent} dots all over it",
            " that has {accent} dots",
            "; dots in {accent}",
            " spotted with {accent}",
            ", {accent} spots everywhere",
            " full of {accent} dots",
            " sprinkled with {accent} dots",
            " and {accent} points on it",
            " in a pattern of {accent} dots",
            ", speckled {accent}",
        ),
        (" covered with {accent} dots",),
    ),
    "fading": Phrases(
        (
            " fading to {accent} at the bottom",
            ", {accent} towards the bottom",
            " with a gradient to {accent}",
            " and becomes {accent} lower down",
            "; its lower end is {accent}",
            ", a fade into {accent}",
            " going over into {accent} below",
            " that ends in {accent}",
            ", blending to {accent} at its foot",
            " shading off into {accent} downwards",
            ", {accent} at the lower end",
            " and {accent} further down",
            " melting into {accent} at the base",
        ),
        (" that turns {accent} at the bottom",),
    ),
}
FACING = Phrases(
    (
        " facing {way}",
        " pointing {way}",
        ", turned to the {way}",
        " looking {way}",
        ", direction: {way}",
        ", its front to the {way}",
        " aimed {way}",
        " heading {way}",
        ", oriented {way}",
        " which looks {way}",
        " going {way}",
        " ({way})",
    ),
    (" that points {way}",),
)
PLACE = Phrases(
    (
        " in the {zone}",
        ", {zone}",
        " placed in the {zone}",
        " at the {zone}",
        ", {zone} of the picture",
        " near the {zone}",
        " ({zone})",
        " on the {zone}",
        ", seen in the {zone}",
        ", found at the {zone}",
        " that sits in the {zone}",
        ", position: {zone}",
        ", standing in the {zone}",
        " toward the {zone}",
        ", {zone} part",
    ),
    (" set in the {zone}", ", to the {zone}"),
)
LETTERING = Phrases(
    (
        "{color} <letters>",
        "<bold> {color} <letters>",
        "<bold> {color} <letters>",
        "<letters> <hued> {color}",
        "<bold> <letters> <hued> {color}",
        "<bold> <letters> in {color}",
        "large {color} sans-serif text",
        "a word in {color}",
        "{color} text in a bold sans-serif typeface",
        "heading in {color} capitals",
        "a title, {color}",
        "characters printed in {color}",
        "a line of {color} <letters>",
        "{color} words",
        "a label with {color} <letters>",
    ),
    ("the words in bold {color}", "sans-serif lettering in {color}"),
)
BACKGROUND = {
    "plain": Phrases(
        (
            "plain {first} background",
            "a plain {first} <surface>",
            "{first} backdrop",
            "solid {first} background with nothing on it",
            "an even {first} <surface>",
            "a clean {first} <surface>",
            "an empty {first} <surface>",
            "just {first}",
            "{first} all over",
            "the whole <surface> is {first}",
            "{first} paper",
            "a <surface> <hued> {first}",
            "everything behind is {first}",
            "{first}, a <surface> without a pattern",
        ),
        ("nothing but plain {first}", "a {first} wall"),
    ),
    "fade down": Phrases(
        (
            "a gradient from {first} at the top to {second} at the bottom",
            "{first} <above> fading down to {second}",
            "vertical gradient, {first} to {second}",
            "{first} above that becomes {second} below",
            "from top to bottom, {first} turns into {second}",
            "{first} upper part blending into {second} in the lower part",
            "a fade from {first} down to {second}",
            "a <surface> that goes from {first} above to {second} below",
            "a <surface> shading from {first} at the top into {second}",
            "a {first} <above> that slowly becomes {second} towards the bottom",
            "a <surface>, {first} on top and {second} at the bottom, blending in between",
        ),
        ("{first} at the top, fading to {second} at the bottom",),
    ),
    "fade across": Phrases(
        (
            "a gradient from {first} on the left to {second} on the right",
            "horizontal gradient, {first} to {second}",
            "left {first}, right {second}, blending in between",
            "from left to right, {first} turns into {second}",
            "{first} left side blending into a {second} right side",
            "a fade from {first} across to {second}",
            "a <surface> that goes from {first} at the left to {second} at the right",
            "a <surface> shading from {first} on the left into {second}",
            "a <surface>, {first} to the left and {second} to the right, blending in between",
        ),
        ("{first} on the left, fading to {second} on the right",),
    ),
    "horizon": Phrases(
        (
            "a {first} <above> above {second} <below>",
            "a {first} <above> over a {second} <below>",
            "{first} <above> over a {second} field, low horizon",
            "{second} <below> under a {first} <above>",
            "the {second} <below> below a {first} <above>",
            "open landscape with {first} <above> and {second} <below>",
            "{second} <below>, {first} <above>",
            "below, {second} <below>; above, {first} <above>",
            "the {second} <below> meets the {first} <above>",
            "a {first} <above> and beneath it a {second} <below>",
            "a {second} <below> in front of a {first} <above>",
            "{first} <above>, and a {second} <below> in the lower third",
            "a horizon: {first} <above>, {second} <below>",
            "a {second} field with {first} <above> behind it",
        ),
        ("a {second} field under a {first} sky",),
    ),
    "stripes": Phrases(
        (
            "{first} and {second} vertical stripes",
            "striped <surface> in {first} and {second}",
            "upright bands of {first} and {second}",
            "stripes, {first} and {second}",
            "a striped <surface>, {first} with {second}",
            "{first} <surface> with {second} stripes",
            "a <surface> striped {first} and {second}",
            "the <surface> has stripes in {first} and {second}",
            "{first} and {second} stripes on a <surface>",
            "vertical {second} stripes on a {first} <surface>",
            "a <surface> with {first} and {second} bands side by side",
        ),
        ("a wall of {first} and {second} stripes",),
    ),
    "checks": Phrases(
        (
            "{first} and {second} checks",
            "a checkered pattern of {first} and {second}",
            "a checkerboard in {first} and {second}",
            "{first} and {second} squares as on a chessboard",
            "a checkered <surface>, {first} with {second}",
            "the <surface> is checkered {first} and {second}",
            "checked <surface>, {first} and {second}",
            "a <surface> in {first} and {second} checks",
            "a <surface> with {first} and {second} squares",
            "{second} checks on a {first} <surface>",
            "a chessboard <surface> of {first} and {second}",
        ),
        ("a checkered {first} and {second} wall",),
    ),
    "dots": Phrases(
        (
            "{first} <surface> with {second} dots",
            "{first} <surface> with small {second} polka dots",
            "{second} dots on {first}",
            "a dotted <surface>, {first} with {second}",
            "{first} <surface>, {second} dots in rows",
            "the <surface> is {first} and dotted {second}",
            "a {first} <surface> full of {second} dots",
            "rows of {second} dots on a {first} <surface>",
            "a <surface> with {second} spots, {first} in between",
        ),
        ("a {first} wall covered with {second} dots",),
    ),
    "glow": Phrases(
        (
            "{first} light in the center falling off to {second}",
            "a round {first} glow on {second}",
            "radial gradient, {first} in the middle, {second} at the edges",
            "{first} glowing out of {second}",
            "a {first} light on a {second} <surface>, brightest in the center",
            "{second} edges around a {first} center",
            "the <surface> glows {first} in {second}",
            "a <surface>, {first} in the middle and {second} around it",
            "a {second} <surface> lit {first} from its center",
        ),
        ("{second} with a {first} glow in the middle",),
    ),
}
OVERVIEW = Phrases(
    (
        "{what} on {ground}.",
        "{What} <on> {ground}.",
        "{What}.",
        "{medium} of {what}.",
        "{medium} of {what} <on> {ground}.",
        "{medium} showing {what} <on> {ground}.",
        "{medium} with {what}.",
        "{medium}: {what}.",
        "A picture of {what}.",
        "Here we see {what} <on> {ground}.",
        "{What} in a simple composition.",
    ),
    ("A scene with {what}.", "{medium} in which {what} can be seen on {ground}."),
)
MEDIUM = {
    "flat": ("illustration", "graphic_design", "vector illustration"),
    "photo": ("photograph",),
    "solid model": ("3d_render", "3D render"),
    "painting": ("painting",),
}
MEDIUM_WORDS = {
    "flat": ("A flat illustration", "A graphic"),
    "photo": ("A photograph", "A photo"),
    "solid model": ("A 3D render",),
    "painting": ("A painting",),
}
ART_STYLE = {
    "flat": ("flat vector shapes, clean edges", "minimal flat design", "simple geometric shapes"),
    "solid model": ("smooth solid forms, soft shading", "toy-like 3D forms"),
    "painting": ("gouache on paper with visible grain", "acrylic painting, canvas texture"),
}
PHOTO = ("eye-level, 50mm lens, sharp focus", "straight-on view, deep focus", "studio product shot")
AESTHETICS = Phrases(
    (
        "minimal, calm",
        "clean, playful",
        "bold, graphic",
        "simple, tidy",
        "quiet, balanced",
        "cheerful, bright",
    ),
    ("calm, graphic", "playful, tidy"),
)
LIGHTING = Phrases(
    (
        "even lighting",
        "soft daylight",
        "flat, no shadows",
        "light from the upper left",
        "diffuse studio light",
    ),
    ("soft, even daylight",),
)
SIZES = ((0.05, "small"), (0.14, "medium"), (0.3, "large"), (1.0, "huge"))
"""Size words by share of the picture's area, up to and including the number."""

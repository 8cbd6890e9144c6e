"""The phrases from which captions of the draft world are put together.

Every list is cut in two: what training may say, and what only held-out captions say. In a phrase,
words in braces are filled in by `caption`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Ways to say one thing."""

    seen: tuple[str, ...]
    held_out: tuple[str, ...]

    def of(self, held_out: bool) -> tuple[str, ...]:
        """The phrases that a caption of this split may use."""
        return self.held_out if held_out else self.seen


THING = Phrases(
    (
        "a {size}{color} {noun}",
        "A {size}{color} {noun}",
        "one {size}{color} {noun}",
        "the {size}{color} {noun}",
        "{size}{color} {noun}",
        "a {size}{noun} in {color}",
        "A {size}{noun} in {color}",
        "a {size}{noun}, {color}",
        "a {size}{noun} colored {color}",
        "a {color} {noun}",
        "a single {size}{color} {noun}",
        "a simple {size}{color} {noun}",
        "this is a {size}{color} {noun}",
        "we see a {size}{color} {noun}",
        "here is one {size}{color} {noun}",
        "a {size}{noun} that is {color}",
        "a {size}{noun} of {color} color",
        "{noun}, {size}{color}",
        "an object: {size}{color} {noun}",
        "the picture shows a {size}{color} {noun}",
    ),
    (
        "a {size}{noun} painted {color}",
        "there is a {size}{color} {noun}",
        "a plain {size}{color} {noun}",
        "one {size}{noun} in {color}",
    ),
)
NAMELESS = Phrases(
    (
        "a {size}{noun}",
        "A {size}{noun}",
        "one {size}{noun}",
        "the {size}{noun}",
        "a simple {size}{noun}",
        "this is a {size}{noun}",
        "we see a {size}{noun}",
        "here is one {size}{noun}",
        "an object: {size}{noun}",
    ),
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
    ),
    (", the {part} in {accent}",),
)
FILL = {
    "solid": Phrases(
        (
            *("",) * 6,
            " with clean edges",
            " in one solid color",
            ", drawn simply",
            ", solid",
            ", the same color everywhere",
            " without a pattern",
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
    ),
    (" set in the {zone}", ", to the {zone}"),
)
LETTERING = Phrases(
    (
        "{color} letters",
        "bold {color} letters",
        "Bold {color} lettering",
        "large {color} sans-serif text",
        "a word in {color}",
        "{color} text in a bold sans-serif typeface",
        "heading in {color} capitals",
        "{color} type",
        "a title, {color}",
        "characters printed in {color}",
        "clear {color} typography",
        "text colored {color}",
    ),
    ("the words in bold {color}", "sans-serif lettering in {color}"),
)
BACKGROUND = {
    "plain": Phrases(
        (
            "plain {first} background",
            "a plain {first} wall",
            "{first} backdrop",
            "solid {first} background with nothing on it",
            "an even {first} surface",
            "a clean {first} studio backdrop",
            "just {first}",
            "{first} all over",
            "the whole ground is {first}",
            "{first} paper",
            "an empty {first} background",
            "everything behind is {first}",
        ),
        ("nothing but plain {first}", "a {first} wall"),
    ),
    "fade down": Phrases(
        (
            "a gradient from {first} at the top to {second} at the bottom",
            "{first} sky fading down to {second}",
            "vertical gradient, {first} to {second}",
            "{first} above that becomes {second} below",
            "from top to bottom, {first} turns into {second}",
            "{first} upper part blending into {second} in the lower part",
            "a fade from {first} down to {second}",
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
        ),
        ("{first} on the left, fading to {second} on the right",),
    ),
    "horizon": Phrases(
        (
            "a {first} sky above {second} ground",
            "{first} sky over a {second} field, low horizon",
            "{second} floor under a {first} wall",
            "open landscape with {first} sky and {second} ground",
            "{second} land, {first} sky",
            "below, {second} ground; above, {first} sky",
            "the {second} ground meets the {first} sky",
            "a {first} sky and beneath it a {second} meadow",
            "{second} plain below {first} air",
            "a {second} table in front of a {first} wall",
        ),
        ("a {second} field under a {first} sky",),
    ),
    "stripes": Phrases(
        (
            "{first} and {second} vertical stripes",
            "striped wallpaper in {first} and {second}",
            "upright bands of {first} and {second}",
            "stripes, {first} and {second}",
            "a striped ground, {first} with {second}",
            "{first} cloth with {second} stripes",
            "the backdrop is striped {first} and {second}",
        ),
        ("a wall of {first} and {second} stripes",),
    ),
    "checks": Phrases(
        (
            "{first} and {second} checks",
            "a checkered pattern of {first} and {second}",
            "a checkerboard in {first} and {second}",
            "{first} and {second} squares as on a chessboard",
            "a checkered floor, {first} with {second}",
            "the backdrop is checkered {first} and {second}",
            "checked cloth, {first} and {second}",
        ),
        ("a checkered {first} and {second} wall",),
    ),
    "dots": Phrases(
        (
            "{first} background with {second} dots",
            "{first} wallpaper with small {second} polka dots",
            "{second} dots on {first}",
            "a dotted ground, {first} with {second}",
            "{first} cloth, {second} dots in rows",
            "the backdrop is {first} and dotted {second}",
        ),
        ("a {first} wall covered with {second} dots",),
    ),
    "glow": Phrases(
        (
            "{first} light in the center falling off to {second}",
            "a round {first} glow on {second}",
            "radial gradient, {first} in the middle, {second} at the edges",
            "{first} glowing out of {second}",
            "a {first} light on a {second} ground, brightest in the center",
            "{second} edges around a {first} center",
            "the backdrop glows {first} in {second}",
        ),
        ("{second} with a {first} glow in the middle",),
    ),
}
OVERVIEW = Phrases(
    (
        "{what} on {ground}.",
        "{What} on {ground}.",
        "{What}.",
        "{medium} of {what}.",
        "{medium} showing {what} on {ground}.",
        "{medium} with {what}.",
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

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
    ),
    ("a plain {size}{noun}", "there is a {size}{noun}"),
)
PART = Phrases(
    (
        " with a {accent} {part}",
        " with {accent} {part}",
        ", its {part} {accent}",
        " and a {accent} {part}",
    ),
    (", the {part} in {accent}",),
)
FILL = {
    "solid": Phrases(
        ("", "", "", "", " with clean edges", " in one solid color", ", drawn simply"),
        ("", ", evenly filled"),
    ),
    "striped": Phrases(
        (" with {accent} stripes", ", striped in {accent}", " with horizontal {accent} bands"),
        (" crossed by {accent} stripes",),
    ),
    "dotted": Phrases(
        (" with {accent} dots", ", dotted in {accent}", " with {accent} polka dots"),
        (" covered with {accent} dots",),
    ),
    "fading": Phrases(
        (
            " fading to {accent} at the bottom",
            ", {accent} towards the bottom",
            " with a gradient to {accent}",
        ),
        (" that turns {accent} at the bottom",),
    ),
}
FACING = Phrases(
    (" facing {way}", " pointing {way}", ", turned to the {way}"), (" that points {way}",)
)
PLACE = Phrases(
    (" in the {zone}", ", {zone}", " placed in the {zone}", " at the {zone}"),
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
        ),
        ("nothing but plain {first}", "a {first} wall"),
    ),
    "fade down": Phrases(
        (
            "a gradient from {first} at the top to {second} at the bottom",
            "{first} sky fading down to {second}",
            "vertical gradient, {first} to {second}",
        ),
        ("{first} at the top, fading to {second} at the bottom",),
    ),
    "fade across": Phrases(
        (
            "a gradient from {first} on the left to {second} on the right",
            "horizontal gradient, {first} to {second}",
        ),
        ("{first} on the left, fading to {second} on the right",),
    ),
    "horizon": Phrases(
        (
            "a {first} sky above {second} ground",
            "{first} sky over a {second} field, low horizon",
            "{second} floor under a {first} wall",
            "open landscape with {first} sky and {second} ground",
        ),
        ("a {second} field under a {first} sky",),
    ),
    "stripes": Phrases(
        ("{first} and {second} vertical stripes", "striped wallpaper in {first} and {second}"),
        ("a wall of {first} and {second} stripes",),
    ),
    "checks": Phrases(
        ("{first} and {second} checks", "a checkered pattern of {first} and {second}"),
        ("a checkered {first} and {second} wall",),
    ),
    "dots": Phrases(
        (
            "{first} background with {second} dots",
            "{first} wallpaper with small {second} polka dots",
        ),
        ("a {first} wall covered with {second} dots",),
    ),
    "glow": Phrases(
        (
            "{first} light in the center falling off to {second}",
            "a round {first} glow on {second}",
            "radial gradient, {first} in the middle, {second} at the edges",
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

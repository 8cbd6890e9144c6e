"""Words that people write and that change nothing in the draft world.

Captions are full of words that a small model has never read. Training strews such words in, which
the tokenizer leaves to be spelled letter by letter, so that a word that means nothing is passed
over, not taken for one that does.
"""

from __future__ import annotations

from random import Random

_QUALITIES = """
charming classic clever cosy crisp curious dainty delicate detailed elegant everyday familiar fancy
favorite fine formal friendly gentle glossy graceful handmade handsome humble iconic ideal jolly
lively lonely lovely modern modest neat noble old-fashioned ordinary ornate perfect pleasant
polished pretty proud quaint quirky realistic refined retro rustic shiny sleek solitary
stylish sturdy stylized sweet tasteful timeless traditional typical unusual vintage weathered
well-made whimsical wonderful
"""
_MOODS = """
airy ambitious bold-minded breezy candid cinematic confident contemporary cool-headed
dreamy editorial energetic festive fresh hopeful inviting joyful lighthearted luxurious
melancholic meditative nostalgic optimistic organic peaceful poetic polished precise restrained
romantic scandinavian serene solemn soothing sophisticated spacious tender understated vivid warm
"""
_OBJECTS = """
accordion airplane anchor apron armchair bagel balloon barrel basket bathtub beetle bench bicycle
binoculars blanket broom bucket bus cabinet cactus camel camera candle canoe carpet castle cathedral
chair chandelier chimney croissant curtain desk dinosaur donkey dragon drum duck dumpling
elephant engine fence ferry fireplace fountain fox giraffe globe greenhouse hammer hammock harp
helicopter jellyfish kettle keyboard lamp lantern lighthouse lobster man microphone microscope
monkey motorcycle mushroom necklace newspaper octopus orchestra owl painter pancakes parrot peacock
penguin piano pillow pineapple potter pumpkin rabbit raccoon saxophone scooter sculpture skateboard
sofa spoon squirrel staircase statue suitcase swan teapot telescope tent toolbox tractor trumpet
turtle typewriter vase violin waitress wardrobe waterfall wheelbarrow windmill woman wrench
"""
_REMARKS = (
    ", carefully made",
    ", viewed from the front",
    ", in sharp focus",
    ", with crisp outlines",
    ", easy to recognize",
    ", well lit",
    ", without any texture",
    ", matte and even",
    ", smooth all over",
    ", of one color throughout",
    ", the main subject of the picture",
    ", standing alone",
    ", no shadow",
    " that catches the eye",
    " rendered with care",
    " as if cut from paper",
    " in clear view",
    " and nothing else",
    " for everyone to see",
    " with a calm presence",
    " drawn with a steady hand",
    " without further details",
)
_MANNERS = """
carefully nicely softly neatly freshly lightly quietly boldly finely gently loosely firmly proudly
"""
_DEEDS = """
built shaped formed cut laid done worked finished pressed woven sewn baked cast bent carved knitted
"""
_KNOWN = ("clean", "even", "solid", "bold", "calm", "bright", "quiet", "playful", "empty", "tidy")
"""Adjectives that mean something elsewhere."""
QUALITIES, MOODS = tuple(_QUALITIES.split()), tuple(_MOODS.split())
MANNERS, DEEDS = tuple(_MANNERS.split()), tuple(_DEEDS.split())
OBJECTS = tuple(_OBJECTS.split())
"""Things that the draft world cannot draw; a plain board in their colour stands for them."""
STRANGE = (*QUALITIES, *MOODS, *MANNERS, *DEEDS, *OBJECTS)


def quality(rng: Random, share: float) -> str:
    """An adjective with a space behind it, or nothing."""
    if rng.random() >= share:
        return ""
    return f"{rng.choice(_KNOWN if rng.random() < 0.25 else QUALITIES)} "


def remark(rng: Random, share: float) -> str:
    """Something said at the end of a description, or nothing."""
    if rng.random() >= share:
        return ""
    if rng.random() < 0.5:
        return rng.choice(_REMARKS)
    one, other = rng.sample(QUALITIES, 2)
    done = f"{rng.choice(MANNERS)} {rng.choice(DEEDS)}"
    return rng.choice((f", {one}", f", {one} and {other}", f", {done}", f", {done}", f" {done}"))


def mood(rng: Random, share: float) -> str:
    """More of a list of moods, or nothing."""
    return f", {', '.join(rng.sample(MOODS, rng.randint(1, 3)))}" if rng.random() < share else ""


def something(rng: Random) -> str:
    """A thing that the world cannot draw, in a few words or many."""
    words = quality(rng, 0.6) + rng.choice(OBJECTS)
    for _ in range(rng.choices((0, 1, 2, 4), (3, 3, 2, 1))[0]):
        joint = rng.choice(
            (" with a", " beside a", " holding a", " and behind it a", ", next to a")
        )
        words += f"{joint} {quality(rng, 0.6)}{rng.choice(OBJECTS)}{remark(rng, 0.4)}"
    return words

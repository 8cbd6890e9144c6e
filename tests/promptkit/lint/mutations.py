"""Good captions in many layouts, and what goes wrong with them: the raw material of random tests."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

from promptkit.lint import all_rules
from tests.promptkit.lint import pages

SCALARS: list[Any] = [
    None, True, False, 0, 1, -1, 7, 1000, 1001, 10**30, 0.5, 10.0, 1e300, float("nan"),
    float("inf"), "", " ", "a wall", "obj", "text", "Obj", "subject", "#FFF", "#abcdef", "#12345G",
    "red", "[1, 2, 3, 4]", '{"type": "obj", "desc": "a wall"}', "{", "\u00e9\u6f22", "\\u00e9",
    "\ud800", "a\nb", 'say "hi"', "photograph", "digital painting", [], {}, [None], [[]], [1, 2, 3, 4],
    ["#FFFFFF", "#ffffff"], [[1], [2], [3], [4]], ["1", "2", "3", "4"], [[1, 2], [3, 4]], "1 2 3 4",
    {"x1": 1, "y1": 2, "x2": 3, "y2": 4}, ["a wall", "a door"], "#123", "12345678", "rgb(1,2,3)", {"type": "obj"}, {"desc": "a wall"}, ["obj"], {"type": ["obj"]},
]  # fmt: skip
KEYS = [
    "high_level_description", "style_description", "compositional_deconstruction", "aesthetics",
    "lighting", "photo", "medium", "art_style", "color_palette", "background", "elements", "type",
    "bbox", "text", "desc", "colour_palette", "Color Palette", "artStyle", "descr", "txt", "content",
    "elemnts", "aspect_ratio", "canvas", "layout", "prompt", "seed", "width", "id", "", "__proto__",
    "a/b~c", "\u6f22", "style", "description", "bounding_box",
]  # fmt: skip
_LAYOUTS: list[dict[str, Any]] = [
    {"separators": (",", ":")}, {}, {"indent": 2}, {"indent": 4}, {"indent": "\t"},
]  # fmt: skip


def seeded(seed: int) -> Random:
    """A source of chance that gives the same each time."""
    return Random(seed)  # noqa: S311 - nothing here is a secret


def good_captions() -> list[dict[str, Any]]:
    """The good fixtures of all rules that are plain JSON objects."""
    found = {}
    for rule in all_rules():
        for file in pages.fixtures(rule, "good"):
            try:
                caption = json.loads(file.read_bytes())
            except (ValueError, UnicodeDecodeError):
                continue
            if isinstance(caption, dict):
                found[json.dumps(caption)] = caption
    return list(found.values())


def written(rng: Random, caption: object) -> str:
    """``caption`` as some program may write it."""
    text = json.dumps(caption, ensure_ascii=rng.random() < 0.2, **rng.choice(_LAYOUTS))
    if rng.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return text + rng.choice(["", "\n", "\r\n", " \n\n"])


def mutated(rng: Random, caption: object, times: int) -> object:
    """A copy of ``caption`` with ``times`` things wrong in its structure."""
    box = [copy.deepcopy(caption)]
    for _ in range(times):
        containers = list(_containers(box))
        parent = rng.choice(containers)
        if isinstance(parent, dict):
            _spoil_object(rng, parent)
        else:
            _spoil_list(rng, parent, is_root=parent is box)
    return box[0]


def scribbled(rng: Random, text: str) -> str:
    """``text`` with some characters deleted, doubled, exchanged or inserted."""
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        place = rng.randrange(len(text) + 1)
        width = rng.choice([1, 1, 1, 2, 5, 40])
        piece = text[place : place + width]
        new = rng.choice(
            ["", "", piece * 2, rng.choice("{}[]\",:\\'\n \t#/\ufeff\u00e9u0“") + piece]
        )
        text = text[:place] + new + text[place + width :]
    return text


def _containers(node: object) -> Any:
    if isinstance(node, dict | list):
        yield node
        for child in node.values() if isinstance(node, dict) else node:
            yield from _containers(child)


def _spoil_object(rng: Random, node: dict[str, Any]) -> None:
    keys = list(node)
    act = rng.randrange(7)
    if act == 0 or not keys:
        node[rng.choice(KEYS)] = copy.deepcopy(rng.choice(SCALARS))
        return
    key = rng.choice(keys)
    if act == 1:
        del node[key]
    elif act == 2:
        renamed = {rng.choice(KEYS) if name == key else name: node[name] for name in keys}
        node.clear()
        node.update(renamed)
    elif act == 3:
        rng.shuffle(keys)
        items = [(name, node[name]) for name in keys]
        node.clear()
        node.update(items)
    elif act == 4 and isinstance(node[key], dict | list):
        node[key] = json.dumps(node[key])
    else:
        node[key] = copy.deepcopy(rng.choice(SCALARS))


def _spoil_list(rng: Random, node: list[Any], *, is_root: bool) -> None:
    place = rng.randrange(len(node)) if node else 0
    act = rng.randrange(5)
    if is_root:
        if act == 0:
            node[0] = copy.deepcopy(rng.choice([*SCALARS, [node[0]], {"prompt": node[0]}]))
    elif act == 0 or not node:
        node.insert(place, copy.deepcopy(rng.choice(SCALARS)))
    elif act == 1:
        del node[place]
    elif act == 2:
        node.append(copy.deepcopy(node[place]))
    elif act == 3 and isinstance(node[place], int):
        node[place] = rng.choice([-1, 0, 500, 1000, 1200, True, 10.0, 0.5, "10"])
    else:
        node[place] = copy.deepcopy(rng.choice(SCALARS))

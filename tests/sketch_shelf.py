"""Draw the sketches of the shelf's templates, and write the table of its README anew.

    python -m tests.sketch_shelf [NAME...]

Each sketch shows the template's defaults at 16:9, 1:1 and 9:16, side by side. Where the system has
no font for a script, bars stand in its place.
"""

from __future__ import annotations

import sys

from PIL import Image

from promptkit.geometry import Size
from promptkit.sketch import draw
from promptkit.templating import Template, render
from promptkit.templating.shelf import shelf, shelf_folder

SHAPES = (Size(1280, 720), Size(1024, 1024), Size(720, 1280))
HEIGHT = 270
GAP = 10
HEAD = "| template | sketch |\n| --- | --- |\n"


def main(names: list[str]) -> None:
    """Draw those named, or all, and write the table."""
    templates = [Template.load(path) for path in shelf()]
    for template in templates:
        name = template.source.name
        if not names or name in names:
            sheet(template).save(shelf_folder() / "sketches" / f"{name}.png", optimize=True)
    readme = shelf_folder() / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(text.partition(HEAD)[0] + table(templates), encoding="utf-8")


def sheet(template: Template) -> Image.Image:
    """The three shapes of a template on one strip of 64 colours."""
    pictures = []
    for size in SHAPES:
        longest = round(HEIGHT * max(size) / size.height)
        pictures.append(draw(render(template, size=size), size, longest=longest, legend=False))
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) - 1)
    strip = Image.new("RGB", (width, max(picture.height for picture in pictures)), "white")
    left = 0
    for picture in pictures:
        strip.paste(picture, (left, 0))
        left += picture.width + GAP
    return strip.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def table(templates: list[Template]) -> str:
    """The README's table: each template with its description and sketch."""
    rows = [
        f"| **`{t.source.name}`**<br>{t.source.front.description} "
        f"| ![the layout at 16:9, 1:1 and 9:16](sketches/{t.source.name}.png) |\n"
        for t in templates
    ]
    return HEAD + "".join(rows)


if __name__ == "__main__":
    main(sys.argv[1:])

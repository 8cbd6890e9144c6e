"""The caption's nouns: the one place where the schema is written.

Field order is key order, and required fields are required keys; the linter, the canonical form and
the published JSON Schema all read them from here. Source: the official ``docs/prompting.md`` and
``caption_verifier.py`` of ideogram-oss/ideogram4.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    ValidationError,
    WithJsonSchema,
    model_serializer,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import ErrorDetails

from promptkit.color import ELEMENT_PALETTE_MAX, STYLE_PALETTE_MAX, is_hex_color
from promptkit.errors import CaptionError
from promptkit.geometry import GRID, BBox, box

SCHEMA_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def _checked_box(value: object) -> BBox:
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        raise ValueError("a box is four integers [y_min, x_min, y_max, x_max]")
    if not all(type(side) is int for side in value):
        raise ValueError("box coordinates are whole numbers 0..1000")
    return box(*value)


def _checked_color(value: str) -> str:
    if not is_hex_color(value):
        raise ValueError(f"{value!r} is not an upper-case #RRGGBB colour")
    return value


Box = Annotated[
    BBox,
    BeforeValidator(_checked_box),
    WithJsonSchema(
        {
            "type": "array",
            "description": "[y_min, x_min, y_max, x_max]: integers 0..1000, y first",
            "items": {"type": "integer", "minimum": 0, "maximum": GRID},
            "minItems": 4,
            "maxItems": 4,
        }
    ),
]
HexColor = Annotated[
    str,
    AfterValidator(_checked_color),
    # The length too: to some engines "$" also matches before a last newline.
    WithJsonSchema({"type": "string", "pattern": "^#[0-9A-F]{6}$", "maxLength": 7}),
]
StylePalette = Annotated[tuple[HexColor, ...], Field(max_length=STYLE_PALETTE_MAX)]
ElementPalette = Annotated[tuple[HexColor, ...], Field(max_length=ELEMENT_PALETTE_MAX)]


def _not_null(value: object) -> object:
    if value is None:
        raise ValueError("null says nothing here; leave the key out")
    return value


OptionalBox = Annotated[Box | SkipJsonSchema[None], BeforeValidator(_not_null)]
OptionalText = Annotated[str | SkipJsonSchema[None], BeforeValidator(_not_null)]
_BOX_HELP: Final = "Where it is; leave it out where anywhere will do"


class _Noun(BaseModel):
    """Frozen, strict about unknown keys; a key that was left out stays out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_serializer(mode="wrap")
    def _leave_out_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        dumped: dict[str, Any] = handler(self)
        return {
            key: item for key, item in dumped.items() if getattr(self, key) != fields[key].default
        }


class PhotoStyle(_Noun):
    """The style block of a photograph."""

    aesthetics: str = Field(description="Mood, colour and composition keywords")
    lighting: str = Field(description="Where the light comes from and how hard it is")
    photo: str = Field(description="Camera, lens, angle, depth of field")
    medium: str = Field(description='What it was made with: "photograph"')
    color_palette: StylePalette = Field(default=(), description="Up to 16 #RRGGBB colours")


class ArtStyle(_Noun):
    """The style block of everything that is not a photograph."""

    aesthetics: str = Field(description="Mood, colour and composition keywords")
    lighting: str = Field(description="Where the light comes from and how hard it is")
    medium: str = Field(description='"illustration", "3d_render", "painting", "graphic_design", …')
    art_style: str = Field(description="The manner of drawing, painting or design")
    color_palette: StylePalette = Field(default=(), description="Up to 16 #RRGGBB colours")


class ObjElement(_Noun):
    """A thing in the picture."""

    type: Literal["obj"]
    bbox: OptionalBox = Field(default=None, description=_BOX_HELP)
    desc: str = Field(description="What it is and what it looks like, 30 to 60 words")
    color_palette: ElementPalette = Field(default=(), description="Up to 5 #RRGGBB colours")


class TextElement(_Noun):
    """A piece of lettering, drawn verbatim."""

    type: Literal["text"]
    bbox: OptionalBox = Field(default=None, description=_BOX_HELP)
    text: str = Field(description="The exact characters to draw; \\n breaks lines")
    desc: str = Field(description="Size, place, typeface, colour, orientation, effect")
    color_palette: ElementPalette = Field(default=(), description="Up to 5 #RRGGBB colours")


_STYLE_BRANCHES: Final = {"photo": "PhotoStyle", "art_style": "ArtStyle"}
_ELEMENT_BRANCHES: Final = {"obj": "ObjElement", "text": "TextElement"}


def _style_branch(style: object) -> str | None:
    keys = style.keys() if isinstance(style, Mapping) else getattr(style, "model_fields_set", ())
    branches = [name for key, name in _STYLE_BRANCHES.items() if key in keys]
    return branches[0] if len(branches) == 1 else None


def _element_branch(element: object) -> str | None:
    kind = element.get("type") if isinstance(element, Mapping) else getattr(element, "type", None)
    return _ELEMENT_BRANCHES.get(kind) if isinstance(kind, str) else None


Style = Annotated[
    Annotated[PhotoStyle, Tag("PhotoStyle")] | Annotated[ArtStyle, Tag("ArtStyle")],
    Discriminator(
        _style_branch,
        custom_error_type="style_branch",
        custom_error_message="a style has exactly one of 'photo' and 'art_style'",
    ),
]
OptionalStyle = Annotated[Style | SkipJsonSchema[None], BeforeValidator(_not_null)]
Element = Annotated[
    Annotated[ObjElement, Tag("ObjElement")] | Annotated[TextElement, Tag("TextElement")],
    Discriminator(
        _element_branch,
        custom_error_type="element_type",
        custom_error_message="the type of an element is 'obj' or 'text'",
    ),
]


class Composition(_Noun):
    """The background and, back to front, everything in front of it."""

    background: str = Field(description="The scene's shell: sky, walls, floor or ground")
    elements: tuple[Element, ...] = Field(description="What stands in the scene, back to front")


class Caption(_Noun):
    """A whole structured caption."""

    high_level_description: OptionalText = Field(
        default=None, description="The picture in one or two sentences, at most 50 words"
    )
    style_description: OptionalStyle = Field(default=None, description="How the picture looks")
    compositional_deconstruction: Composition = Field(description="What is where")

    @classmethod
    def of(
        cls,
        high_level_description: str,
        style: PhotoStyle | ArtStyle | None = None,
        *,
        background: str,
        elements: Iterable[ObjElement | TextElement],
    ) -> Self:
        """Write a caption from its four parts, without the schema's nesting."""
        composition = Composition(background=background, elements=tuple(elements))
        parts: dict[str, Any] = {} if style is None else {"style_description": style}
        return cls(
            high_level_description=high_level_description,
            compositional_deconstruction=composition,
            **parts,
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a caption from strict JSON.

        Raises:
            CaptionError: naming each place that is not as the schema wants it. For text that a
                person or a language model wrote, ``promptkit.document.read`` forgives more.
        """
        try:
            return cls.model_validate(json.loads(text))
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            raise CaptionError([f"{place}: not JSON: {error.msg}"]) from error
        except RecursionError as error:
            raise CaptionError(["nested too deeply to be a caption"]) from error
        except ValidationError as error:
            details = [each for each in error.errors() if each["loc"][-1:] != ("none",)]
            raise CaptionError([_problem(each) for each in details]) from error

    def to_prompt(self) -> str:
        """The exact string the model was trained on: schema order, compact, literal UTF-8."""
        return compact_json(self.model_dump())


def obj(desc: str, bbox: Sequence[int] | None = None, colors: Iterable[str] = ()) -> ObjElement:
    """An ``obj`` element: a thing, where it is ``(y_min, x_min, y_max, x_max)``, its colours."""
    return ObjElement(type="obj", desc=desc, **_placed(bbox, colors))


def text(
    text: str, desc: str, bbox: Sequence[int] | None = None, colors: Iterable[str] = ()
) -> TextElement:
    """A ``text`` element: the exact characters, what they look like, where, their colours."""
    return TextElement(type="text", text=text, desc=desc, **_placed(bbox, colors))


def photo(
    aesthetics: str,
    lighting: str,
    photo: str,
    medium: str = "photograph",
    colors: Iterable[str] = (),
) -> PhotoStyle:
    """The style block of a photograph."""
    return PhotoStyle(
        aesthetics=aesthetics,
        lighting=lighting,
        photo=photo,
        medium=medium,
        color_palette=tuple(colors),
    )


def art(
    aesthetics: str, lighting: str, medium: str, art_style: str, colors: Iterable[str] = ()
) -> ArtStyle:
    """The style block of an illustration, painting, render or design."""
    return ArtStyle(
        aesthetics=aesthetics,
        lighting=lighting,
        medium=medium,
        art_style=art_style,
        color_palette=tuple(colors),
    )


def compact_json(value: object) -> str:
    """JSON without spaces and with literal UTF-8, as in the model's training data."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of a caption, for editors and other validators.

    It takes what ``Caption`` takes, but for two things that JSON Schema cannot say: that a box has
    an area (``y_min < y_max`` and ``x_min < x_max``), and that a coordinate is written ``10`` and
    not ``10.0``.
    """
    schema = Caption.model_json_schema()
    schema["title"] = "Ideogram 4 structured caption"
    for noun in (schema, *schema["$defs"].values()):
        for field in noun["properties"].values():
            # A key that is left out has no value; an editor must not fill in null or [].
            field.pop("default", None)
    return {"$schema": SCHEMA_DIALECT, **schema}


def _placed(bbox: Sequence[int] | None, colors: Iterable[str]) -> dict[str, Any]:
    place = {} if bbox is None else {"bbox": tuple(bbox)}
    return {**place, "color_palette": tuple(colors)}


def _problem(detail: ErrorDetails) -> str:
    # pydantic's location also names the union branches it tried; only keys and indices are places.
    location = detail["loc"]
    keys = [key for key in location if isinstance(key, int) or key in _KEYS]
    if detail["type"] == "extra_forbidden":
        keys.append(location[-1])
    pointer = "".join(f"/{key}" for key in keys)
    if detail["type"] == "model_type":
        return f"{pointer or 'caption'}: should be an object, in braces"
    return f"{pointer or 'caption'}: {detail['msg'].removeprefix('Value error, ')}"


_NOUNS: Final = (PhotoStyle, ArtStyle, ObjElement, TextElement, Composition, Caption)
_KEYS: Final = frozenset(key for noun in _NOUNS for key in noun.model_fields)

"""What the words of a ``medium`` say about the picture: a photograph, or something else."""

from __future__ import annotations

import re
from functools import cache


def is_photographic(medium: str) -> bool:
    """Whether ``medium`` names a photograph or a frame of film, in whatever words.

    >>> is_photographic("digital_photograph"), is_photographic("photorealistic CGI")
    (True, False)
    """
    words = medium.replace("_", " ")
    if _photographic().search(words):
        return True
    return bool(_realistic().search(words)) and not _drawn().search(words)


def is_plain_photograph(medium: str) -> bool:
    """Whether ``medium`` says nothing but that it is a photograph."""
    return _plain().fullmatch(medium.replace("_", " ").strip()) is not None


@cache
def _photographic() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:photo(?:s|graphs?|graphy|graphic)?|fotos?|fotograf\w*|snapshots?|selfies?|polaroids?"
        r"|(?:daguerreo|tin|ambro|cyano)types?|collodion|silver print|wet[ -]plate|pinhole|camera"
        r"|dslr|kodachrome|ektachrome|kodak|fujifilm|lomography|\d+ ?mm|film|movie|motion picture"
        r"|live[ -]action|cinematography|footage|cctv|(?:video|cinema\w*|tv) (?:still|frame)s?"
        r"|screenshots?|x-?rays?|radiographs?|micrographs?)\b",
        re.IGNORECASE,
    )


@cache
def _realistic() -> re.Pattern[str]:
    return re.compile(r"\bphoto-?real", re.IGNORECASE)


@cache
def _drawn() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:cgi|3d|render\w*|illustration|painting|drawing|sketch|vector|anime|cartoon|art\w*)\b",
        re.IGNORECASE,
    )


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(
        r"(?:an? )?(?:(?:digital|film|analog(?:ue)?|colou?r|black-and-white|professional) )*"
        r"photo(?:graph|graphy)?",
        re.IGNORECASE,
    )

"""What the words of a ``medium`` say about the picture: a photograph, or something else."""

from __future__ import annotations

import re
from functools import cache


def is_photographic(medium: str) -> bool:
    """Whether ``medium`` names a photograph or a frame of film, in whatever words.

    >>> is_photographic("high-resolution digital photograph"), is_photographic("photorealistic CGI")
    (True, False)
    """
    return _photographic().search(medium) is not None


def is_plain_photograph(medium: str) -> bool:
    """Whether ``medium`` says nothing but that it is a photograph."""
    return _plain().fullmatch(medium.strip()) is not None


@cache
def _photographic() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:photo(?:s|graphs?|graphy|graphic)?|fotos?|fotograf\w*|snapshots?|polaroids?|selfies?"
        r"|daguerreotypes?|tintypes?|ambrotypes?|dslr|\d+ ?mm|film|movie|footage|cctv|screenshots?"
        r"|(?:video|cinema\w*|tv) (?:still|frame)s?|x-?rays?|radiographs?|micrographs?)\b",
        re.IGNORECASE,
    )


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(
        r"(?:an? )?(?:(?:digital|film|analog(?:ue)?|colou?r|black-and-white|professional) )*"
        r"photo(?:graph|graphy)?",
        re.IGNORECASE,
    )

"""What a picture is made from: the exact prompt and the render parameters.

Names are the reference call's, so that a job reads like the call that renders it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from promptkit.errors import UsageError
from promptkit.mismatch import mismatch
from promptkit.sizes import size_problem

PresetName = Literal["V4_QUALITY_48", "V4_DEFAULT_20", "V4_TURBO_12", "DRAFT_12"]
Parity = Literal["recommended", "official", "diffsynth"]
RandDevice = Literal["cpu", "cuda"]

DEFAULT_PRESET: Final[PresetName] = "V4_QUALITY_48"
"""What a job without preset, steps and scale is rendered with, as the official engine does."""
DEFAULT_STEPS: Final = 50
DEFAULT_CFG_SCALE: Final = 7.0
"""The reference call's defaults, for a job that names only one of the two."""

DRAFT_MODEL: Final = "draft"
"""The small bundled model: quick layouts on any machine, not pictures to publish."""

MAX_SEED: Final = 2**63 - 1
MAX_INPUT_IMAGE_BYTES: Final = 32 << 20
"""A lossless photograph of twice the largest size fits; more is refused before it is decoded."""


def _from_base64(value: object) -> object:
    if isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise ValueError(f"is not base64: {error}") from error
    return value


def _to_base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


ImageBytes = Annotated[
    bytes,
    Field(max_length=MAX_INPUT_IMAGE_BYTES),
    BeforeValidator(_from_base64, json_schema_input_type=str),
    PlainSerializer(_to_base64, return_type=str, when_used="json-unless-none"),
]


class Job(BaseModel):
    """One picture to make. Frozen and strict: what is not understood is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    prompt: str = Field(min_length=1, description="The exact string that the model reads")
    negative_prompt: str = Field(default="", description="What to steer away from")
    width: int = Field(default=1024, description="Pixels, a multiple of 16")
    height: int = Field(default=1024, description="Pixels, a multiple of 16")
    seed: int | None = Field(
        default=None, ge=0, le=MAX_SEED, description="None: the generator draws one"
    )
    preset: PresetName | None = Field(
        default=None, description="Steps, schedule and guidance together"
    )
    num_inference_steps: int | None = Field(default=None, ge=1, le=1000)
    cfg_scale: float | None = Field(default=None, allow_inf_nan=False)
    input_image: ImageBytes | None = Field(
        default=None, repr=False, description="An encoded picture to start from; base64 in JSON"
    )
    denoising_strength: float = Field(default=1.0, ge=0.0, le=1.0)
    parity: Parity = Field(default="recommended", description="Whose numerics to follow")
    rand_device: RandDevice = Field(default="cpu", description="Where the noise is drawn")
    model: str | None = Field(
        default=None, description="The model to insist on; None: the one that the generator serves"
    )

    @model_validator(mode="before")
    @classmethod
    def _complete_sampling(cls, data: Any) -> Any:
        """Write the defaults of the sampling out, so that a stored job says what it was."""
        if not isinstance(data, dict) or data.get("preset") is not None:
            return data
        steps, scale = data.get("num_inference_steps"), data.get("cfg_scale")
        if steps is None and scale is None:
            return data | {"preset": DEFAULT_PRESET}
        return data | {
            "num_inference_steps": DEFAULT_STEPS if steps is None else steps,
            "cfg_scale": DEFAULT_CFG_SCALE if scale is None else scale,
        }

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problem = size_problem(self.width, self.height)
        if problem is not None:
            raise ValueError(f"size {problem}")
        if self.preset is not None and (self.num_inference_steps, self.cfg_scale) != (None, None):
            raise ValueError(
                "preset brings its own steps and guidance; leave it or "
                "num_inference_steps and cfg_scale out"
            )
        if self.denoising_strength < 1.0 and self.input_image is None:
            raise ValueError("denoising_strength below 1 needs an input_image to start from")
        return self

    @classmethod
    def of(cls, **parameters: Any) -> Self:
        """A checked job.

        Raises:
            UsageError: naming each parameter that does not fit.
        """
        try:
            return cls(**parameters)
        except ValidationError as error:
            raise UsageError("; ".join(problems_of(error))) from error

    def with_(self, **changes: Any) -> Self:
        """The same job with other parameters, checked again; UsageError as in ``of``.

        A preset replaces steps and scale, and these replace a preset.
        """
        return self.of(**overridden(self.model_dump(), changes))

    @property
    def steps(self) -> int:
        """How many steps the picture takes."""
        if self.preset is not None:
            return PRESET_STEPS[self.preset]
        return self.num_inference_steps or DEFAULT_STEPS

    @property
    def key(self) -> str:
        """Sixteen hex digits that two jobs share exactly if all their parameters are equal."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


PRESET_STEPS: Final[dict[str, int]] = {
    name: int(name.rpartition("_")[2]) for name in get_args(PresetName)
}
"""A preset's name ends with its number of steps."""


def overridden(parameters: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with changes, among which a preset excludes steps and scale, and they it."""
    gone: set[str] = set()
    if changes.get("preset") is not None:
        gone = {"num_inference_steps", "cfg_scale"}
    elif {"num_inference_steps", "cfg_scale"} & changes.keys():
        gone = {"preset"}
    kept = {name: value for name, value in parameters.items() if name not in gone}
    return kept | dict(changes)


def problems_of(error: ValidationError) -> list[str]:
    """One line for each thing that pydantic found wrong, with the name of the parameter."""
    return [
        f"{'.'.join(str(part) for part in detail['loc'])}: no such parameter"
        if detail["type"] == "extra_forbidden"
        else mismatch(detail)
        for detail in error.errors(include_url=False)
    ]

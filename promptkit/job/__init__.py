"""A job: one caption, everything else that decides the picture, and the record of how it was made.

The one contract that the toolkit and the generator share. Three forms of the same value: the
``Job`` on the wire, the job file on disk, and the ``Record`` inside a finished PNG.
"""

from __future__ import annotations

from promptkit.job.file import dump_job_file, is_job_file, job_parameters, load_job_file
from promptkit.job.model import (
    DEFAULT_CFG_SCALE,
    DEFAULT_PRESET,
    DEFAULT_STEPS,
    DRAFT_MODEL,
    MAX_INPUT_IMAGE_BYTES,
    MAX_SEED,
    PRESET_STEPS,
    Job,
    Parity,
    PresetName,
    RandDevice,
    overridden,
    problems_of,
)
from promptkit.job.picture import open_input_image
from promptkit.job.record import Maker, Record, parse_record, png_bytes, read_record
from promptkit.sizes import MAX_RATIO, MAX_SIDE, MIN_SIDE, MULTIPLE, size_problem

__all__ = [
    "DEFAULT_CFG_SCALE",
    "DEFAULT_PRESET",
    "DEFAULT_STEPS",
    "DRAFT_MODEL",
    "MAX_INPUT_IMAGE_BYTES",
    "MAX_RATIO",
    "MAX_SEED",
    "MAX_SIDE",
    "MIN_SIDE",
    "MULTIPLE",
    "PRESET_STEPS",
    "Job",
    "Maker",
    "Parity",
    "PresetName",
    "RandDevice",
    "Record",
    "dump_job_file",
    "is_job_file",
    "job_parameters",
    "load_job_file",
    "open_input_image",
    "overridden",
    "parse_record",
    "png_bytes",
    "problems_of",
    "read_record",
    "size_problem",
]

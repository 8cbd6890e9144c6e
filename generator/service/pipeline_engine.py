"""The real engine: the pipeline as the service drives it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import torch
from PIL import Image

from generator import ops
from generator.deployment import Deployment, choose_arithmetic, deploy
from generator.devices import compute_dtype, device_name, resident_bytes
from generator.errors import DeviceError, RequestError
from generator.models import Model
from generator.parity import numerics
from generator.pipeline import Ideogram4Pipeline
from generator.progress import Progress
from generator.service.engine import EngineMemoryError, OnStep, StepReport
from generator.tokenizer import PromptTokenizer
from promptkit.job import DEFAULT_CFG_SCALE, DEFAULT_STEPS, Job, Maker, open_input_image
from promptkit.version import VERSION

NO_MEMORY: Final = ("can't allocate memory", "out of memory", "ALLOC_FAILED")
"""What libraries say in a RuntimeError of their own where memory runs out."""


class PipelineEngine:
    """A model whose weights are loaded when the first job needs them."""

    def __init__(
        self,
        model: Model,
        devices: Sequence[torch.device],
        tier: ops.Tier | None = None,
        memory: str | None = None,
    ) -> None:
        self._model = model
        self._devices = devices
        self._device = device = devices[0]
        checkpoint = model.checkpoint
        vocabulary = checkpoint.sizes.text_encoder.vocab_size
        self._tokenizer = PromptTokenizer(checkpoint.tokenizer, vocabulary)
        self._fingerprint = checkpoint.fingerprint()
        self._ops = choose_arithmetic(checkpoint, device, compute_dtype(device), tier)
        self.note = ""
        if tier not in {None, self._ops.tier}:
            self.note = f"arithmetic is {self._ops.tier}, not {tier}: {self._ops.reason}"
        self._memory = memory
        self._pipeline: Ideogram4Pipeline | None = None

    @property
    def model(self) -> str:
        return self._model.name

    @property
    def defaults(self) -> Mapping[str, Any]:
        return self._model.defaults

    @property
    def loaded(self) -> bool:
        return self._pipeline is not None

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def check(self, job: Job) -> None:
        self._tokenizer.encode(job.prompt)
        if job.negative_prompt:
            self._tokenizer.encode(job.negative_prompt)
        if job.rand_device == "cuda" and self._device.type != "cuda":
            raise RequestError("rand_device is cuda, but the generator has no CUDA GPU; use cpu")

    def plan(self) -> str:
        return str(self._deploy().plan) if self._device.type == "cuda" else ""

    def load(self, job: Job) -> None:
        with _memory_errors(f"loading {self.model}"):
            _let_go_of_earlier_weights()
            self._pipeline = _load(self._deploy(), self._tokenizer.encode(job.prompt))

    def _deploy(self) -> Deployment:
        checkpoint, dtype = self._model.checkpoint, compute_dtype(self._device)
        try:
            return deploy(checkpoint, self._devices, self._ops, dtype, self._memory)
        except DeviceError as error:
            raise EngineMemoryError(str(error)) from error

    def render(self, job: Job, seed: int, on_step: OnStep) -> Image.Image:
        pipeline = self._pipeline
        if pipeline is None:
            raise RuntimeError("render was called before load")
        pipeline.numerics = numerics(job.parity)
        start = None if job.input_image is None else open_input_image(job.input_image)
        if self._device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self._device)

        def callback(progress: Progress) -> bool:
            def preview() -> Image.Image:
                return pipeline.preview(progress)

            return on_step(StepReport(progress.step, progress.num_steps, preview))

        try:
            with _memory_errors(f"a picture of {job.width}x{job.height}"):
                return pipeline(
                    job.prompt,
                    negative_prompt=job.negative_prompt,
                    cfg_scale=DEFAULT_CFG_SCALE if job.cfg_scale is None else job.cfg_scale,
                    input_image=start,
                    denoising_strength=job.denoising_strength,
                    height=job.height,
                    width=job.width,
                    seed=seed,
                    rand_device=job.rand_device,
                    num_inference_steps=job.num_inference_steps or DEFAULT_STEPS,
                    preset=job.preset,
                    callback=callback,
                )
        finally:
            if pipeline.partner is not None and not pipeline.partner.alive:
                self._pipeline = None  # the next job starts another one

    def maker(self) -> Maker:
        return Maker(
            model=self.model,
            model_hash=self._fingerprint,
            promptkit=VERSION,
            torch=torch.__version__,
            device=device_name(self._device),
            tier=self._ops.tier.value,
        )

    def peak_memory(self) -> int | None:
        if self._device.type == "cuda":
            return torch.cuda.max_memory_allocated(self._device)
        return resident_bytes()


def _load(deployment: Deployment, token_ids: list[int]) -> Ideogram4Pipeline:
    """The first text goes through the encoder while the transformers are still being read."""
    pipeline = Ideogram4Pipeline.start(deployment)
    try:
        with torch.inference_mode():
            ids_T = torch.tensor(token_ids, device=deployment.device)
            pipeline.embeddings.get(token_ids, lambda: pipeline.encode_text(ids_T))
    finally:
        pipeline.wait()
    return pipeline


@contextmanager
def _memory_errors(what: str) -> Iterator[None]:
    """Turn the ways in which memory runs out into one error."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise EngineMemoryError(_no_room(what)) from error
    except RuntimeError as error:
        if not any(words in str(error) for words in NO_MEMORY):
            raise
        raise EngineMemoryError(_no_room(what)) from error


def _let_go_of_earlier_weights() -> None:
    """Of a pipeline that was lost: hooks make it a cycle, and the allocator keeps what it frees.

    Not before others are loaded: the error that lost it holds it while it is told.
    """
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _no_room(what: str) -> str:
    return (
        f"out of memory: {what} does not fit; close other programs that use the device, choose a "
        "smaller size, or do with less through --no-unconditional; `promptkit doctor` says what "
        "fits"
    )

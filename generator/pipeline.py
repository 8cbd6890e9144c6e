"""From a prompt to a picture: encode, pack, denoise, decode.

Shape legend: B batch (always 1 here), T text tokens, I image tokens, C token channels, D hidden.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from generator.beside import beside
from generator.checkpoint import DEFAULT_MODEL, Loading, Networks
from generator.denoise import Branch, NegativeBranch, denoise, make_branch
from generator.deployment import (
    Deployment,
    Device,
    choose_arithmetic,
    choose_devices,
    deploy,
    read_tier,
)
from generator.devices import as_current, choose_device, compute_dtype
from generator.embeddings import EmbeddingCache
from generator.encoding import prompt_encoder
from generator.errors import RequestError
from generator.graphs import RecordedBranch, recorded
from generator.images import fit, to_image, to_tensor
from generator.latents import denormalise, normalise, patchify, unpatchify
from generator.memory import Plan
from generator.model.transformer import Transformer
from generator.models import open_model
from generator.packing import image_positions, pack
from generator.parity import numerics
from generator.partner import Partner
from generator.progress import Callback, Progress, reporter
from generator.request import Course, assign_seeds, chart, check_size
from generator.sampling import draw_noise, mix
from generator.tokenizer import PromptTokenizer

log = logging.getLogger(__name__)

PREVIEW_TOKENS = 16
"""Longer side of a preview in image tokens, which makes 256 pixels."""


class Ideogram4Pipeline:
    """A loaded checkpoint that makes pictures from prompts."""

    def __init__(
        self,
        networks: Networks,
        loading: Loading,
        tokenizer: PromptTokenizer,
        *,
        device: torch.device,
        plan: Plan,
        partner: Partner | None = None,
        parity: str = "recommended",
        model_id: str = "",
        fingerprint: str = "",
    ) -> None:
        self.transformer = networks.transformer
        self.unconditional = networks.unconditional
        self.text_encoder = networks.text_encoder
        self.autoencoder = networks.autoencoder
        self.loading = loading
        self.tokenizer = tokenizer
        self.device = device
        self.plan = plan
        self.partner = partner
        self.numerics = numerics(parity)
        self.model_id = model_id
        self.fingerprint = fingerprint
        self.embeddings = EmbeddingCache()
        self._encode_prompt = prompt_encoder(
            networks.text_encoder,
            networks.transformer,
            loading,
            device,
            records=plan.records_prompts,
        )

    @classmethod
    def from_pretrained(
        cls,
        model: str | Path = DEFAULT_MODEL,
        *,
        device: Device | Sequence[Device] | None = None,
        torch_dtype: torch.dtype | None = None,
        unconditional: bool = True,
        parity: str = "recommended",
        tier: str | None = None,
        memory: str | None = None,
    ) -> Ideogram4Pipeline:
        """Load a hub id, a folder, or the model that is shipped: ``draft``.

        ``device`` is CUDA where there is one unless named. Of two devices the second runs the
        unconditional transformer at the same time, in a process of its own that ends with the
        pipeline or with ``close``; the pictures are the same. ``torch_dtype`` is bfloat16,
        the default on a GPU, or float32, that on a CPU: fp16 overflows in this model.
        ``unconditional=False`` saves the memory of the unconditional transformer (9.3 GB): the
        conditional one then runs without text in its place, which gives poorer pictures.
        ``parity`` is ``recommended``, ``official`` or ``diffsynth``. ``tier`` is ``faithful``,
        ``fast`` (the default where device and weights allow e4m3 products) or ``max``; see
        ``generator.ops``. ``memory`` is ``resident``, ``24GB`` or ``12GB``, and chosen from the
        free memory unless named; see ``generator.memory``.

        Raises CheckpointError for weights that are absent or do not fit the model, and DeviceError
        for a GPU without room, before any are read.
        """
        if torch_dtype not in {None, torch.bfloat16, torch.float32}:
            raise RequestError(f"torch_dtype is {torch_dtype}, expected bfloat16 or float32")
        numerics(parity)
        devices, asked = choose_devices(device), read_tier(tier)
        dtype = torch_dtype or compute_dtype(devices[0])
        cuda = devices[0].type == "cuda"
        checkpoint = open_model(str(model), cuda=cuda, unconditional=unconditional).checkpoint
        primitives = choose_arithmetic(checkpoint, devices[0], dtype, asked)
        if asked not in {None, primitives.tier}:
            log.warning("tier %s instead of %s: %s", primitives.tier, asked, primitives.reason)
        deployment = deploy(checkpoint, devices, primitives, dtype, memory)
        pipeline = cls.start(deployment, parity=parity)
        pipeline.wait()
        return pipeline

    @classmethod
    def start(cls, deployment: Deployment, *, parity: str = "recommended") -> Ideogram4Pipeline:
        """Begin to load. A call waits for all of it, ``encode_text`` at first for what it takes."""
        log.info("%s", deployment.plan)
        log.info("tier %s: %s", deployment.primitives.tier, deployment.primitives.reason)
        checkpoint, primitives = deployment.checkpoint, deployment.primitives
        partner = None
        if deployment.second is not None:
            partner = Partner(
                checkpoint,
                deployment.second,
                deployment.dtype,
                primitives.tier,
                decoded=deployment.plan.placing.decoded,
            )
        networks, loading = deployment.local.start(
            deployment.device, deployment.dtype, primitives, deployment.plan.placing
        )
        return cls(
            networks,
            loading,
            PromptTokenizer(checkpoint.tokenizer, checkpoint.sizes.text_encoder.vocab_size),
            device=deployment.device,
            plan=deployment.plan,
            partner=partner,
            parity=parity,
            model_id=checkpoint.name,
            fingerprint=checkpoint.fingerprint(),
        )

    def wait(self) -> None:
        """Return when everything is loaded, or raise what kept it from that and let go of it."""
        try:
            self.loading.wait()
            if self.partner is not None:
                self.partner.wait()
        except BaseException:
            self.loading.cancel()
            self.close()
            raise

    def close(self) -> None:
        """End the process of a second device; without one there is nothing to do."""
        if self.partner is not None:
            self.partner.close()

    @overload
    def __call__(self, prompt: str, *args: Any, **kwargs: Any) -> Image.Image: ...

    @overload
    def __call__(self, prompt: list[str], *args: Any, **kwargs: Any) -> list[Image.Image]: ...

    @torch.inference_mode()
    def __call__(  # noqa: PLR0913, PLR0917 - the reference's parameter list, in its order
        self,
        prompt: str | list[str],
        negative_prompt: str = "",
        cfg_scale: float = 7.0,
        input_image: Image.Image | None = None,
        denoising_strength: float = 1.0,
        height: int = 1024,
        width: int = 1024,
        seed: int | Sequence[int] | None = None,
        rand_device: str = "cpu",
        num_inference_steps: int = 50,
        preset: str | None = None,
        callback: Callback | None = None,
    ) -> Image.Image | list[Image.Image]:
        """Make one picture for a prompt, or a list of them for a list.

        Args:
            prompt: a caption as canonical JSON, or any text. At most 2048 tokens.
            negative_prompt: what to steer away from. Empty: the unconditional transformer is the
                negative side of guidance. Otherwise the conditional transformer, run on this text,
                takes its place: ``v = g * v(prompt) + (1 - g) * v(negative_prompt)``.
            cfg_scale: guidance scale of every step; a preset brings its own scales. At 1 the
                negative side has no weight and is not run.
            input_image: a picture to start from, scaled to cover the size and cropped at its
                centre (see ``images.fit``).
            denoising_strength: 0 keeps the input image, 1 keeps nothing of it. It is the upper
                quantile of the noise schedule, and all steps are spent below it: at 1024 x 1024
                0.2 starts from 36 % noise and 0.5 from 67 %, at 2048 x 2048 from 53 and 80 %.
            height: pixels, a multiple of 16, at most 2048 and at most 6 times the other side.
            width: likewise.
            seed: a number, counted up from prompt to prompt, or one for each prompt. None draws
                one. A picture's seed is in its ``info["seed"]`` and makes it again by itself.
            rand_device: ``cpu`` or a GPU, where the noise is drawn; the same seed differs
                between them.
            num_inference_steps: steps, unless a preset has its own.
            preset: ``V4_QUALITY_48``, ``V4_DEFAULT_20``, ``V4_TURBO_12`` or, for the draft model,
                ``DRAFT_12``; it sets steps, schedule and guidance together.
            callback: called with a Progress after each step. If it returns False the call ends
                with CancelledError; what it raises ends the call as well.

        Raises:
            RequestError: a parameter that the model cannot follow, before anything is computed.
        """
        prompts = [prompt] if isinstance(prompt, str) else list(prompt)
        grid = check_size(height, width, self.autoencoder.config.pixels_per_token)
        noise_device = choose_device(rand_device, parameter="rand_device")
        course = chart(
            preset=preset,
            num_inference_steps=num_inference_steps,
            cfg_scale=cfg_scale,
            denoising_strength=denoising_strength,
            height=height,
            width=width,
            numerics=self.numerics,
        )
        if denoising_strength < 1.0 and input_image is None:
            raise RequestError("denoising_strength below 1 needs an input_image to start from")
        seeds = assign_seeds(seed, len(prompts), self.numerics)
        token_ids = [self.tokenizer.encode(text) for text in prompts]
        negative_ids = self.tokenizer.encode(negative_prompt) if negative_prompt else None

        self.wait()
        images = []
        with as_current(self.device):
            noises = self._draw_noises(seeds, grid, noise_device)
            clean = None if input_image is None else self._encode_image(input_image, height, width)
            negative = self._negative_branch(negative_ids, grid, course)
            for index, (ids, noise) in enumerate(zip(token_ids, noises, strict=True)):
                z = noise if clean is None else mix(clean, noise, course.times[0])
                conditional = self._text_branch(ids, grid, course)
                on_step = reporter(callback, index, len(prompts), grid, len(course.guidance))
                latents = denoise(z.float(), course, conditional, negative, on_step)
                image = self._decode(latents, grid)
                image.info["seed"] = seeds[index]
                images.append(image)
        return images[0] if isinstance(prompt, str) else images

    def encode_text(self, token_ids_T: Tensor) -> Tensor:
        """Text tokens ``[1, T, D]``, on one stream only.

        The first prompt of a length waits for no network but the two that it takes.
        """
        with as_current(self.device):
            return self._encode_prompt(token_ids_T)

    def _encode_image(self, image: Image.Image, height: int, width: int) -> Tensor:
        """Normalised latents ``[1, I, C]`` of a picture fitted to the size."""
        dtype = self.autoencoder.dtype if self.numerics.pixels_in_compute_dtype else torch.float32
        pixels = to_tensor(fit(image, width, height), dtype).to(self.device)
        tokens = patchify(self.autoencoder.encode(pixels, self.plan.decode_limit))
        if self.numerics.bf16_latents:
            tokens = tokens.bfloat16()
        config = self.autoencoder.config
        tokens = normalise(tokens, config.latents_shift, config.latents_scale)
        return tokens.bfloat16() if self.numerics.bf16_latents else tokens

    def _decode(self, latents_BIC: Tensor, grid: tuple[int, int]) -> Image.Image:
        """The picture of normalised latents."""
        config = self.autoencoder.config
        tokens = denormalise(latents_BIC, config.latents_shift, config.latents_scale)
        if self.numerics.bf16_latents:
            tokens = tokens.bfloat16()
        decoded = self.autoencoder.decode(unpatchify(tokens, grid), self.plan.decode_limit)
        return to_image(decoded, truncate=self.numerics.pixels_in_compute_dtype)

    @torch.inference_mode()
    def preview(self, progress: Progress) -> Image.Image:
        """A small picture of where a callback's Progress is heading, 256 pixels at most.

        The estimate's latents are averaged down before decoding, which takes a fraction of a step.
        """
        config = self.autoencoder.config
        rows, columns = progress.grid
        factor = -(-max(rows, columns) // PREVIEW_TOKENS)
        estimate = progress.state.estimate_BIC
        tokens = denormalise(estimate, config.latents_shift, config.latents_scale)
        latents = F.avg_pool2d(unpatchify(tokens, progress.grid), factor, ceil_mode=True)
        with as_current(self.device):
            return to_image(self.autoencoder.decode(latents))

    def _draw_noises(
        self, seeds: Sequence[int], grid: tuple[int, int], device: torch.device
    ) -> list[Tensor]:
        """Starting noise of each picture, ``[1, I, C]`` on the pipeline's device."""
        tokens, channels = grid[0] * grid[1], self.transformer.config.in_channels
        if self.numerics.one_draw_for_batch:
            generator = torch.Generator(device).manual_seed(seeds[0])
            shape = (len(seeds), tokens, channels)
            drawn = torch.randn(shape, generator=generator, device=device)[:, None].unbind()
        else:
            drawn = tuple(draw_noise(seed, tokens, channels, device) for seed in seeds)
        noises = [noise.to(self.device) for noise in drawn]
        if self.numerics.noise_in_compute_dtype:
            noises = [noise.to(self.transformer.dtype) for noise in noises]
        return noises

    def _text_branch(
        self, ids: Sequence[int], grid: tuple[int, int], course: Course
    ) -> Branch | RecordedBranch:
        packed = pack(ids, grid, self.device)
        text_BTD = self.embeddings.get(ids, lambda: self.encode_text(packed.token_ids_T))
        times = course.times[:-1]
        return self._branch(self.transformer, text_BTD, packed.positions_L3, times)

    def _negative_branch(
        self, ids: Sequence[int] | None, grid: tuple[int, int], course: Course
    ) -> NegativeBranch:
        """A negative prompt on the conditional network, or no text on the unconditional one."""
        if ids is None and self.partner is not None:
            return self.partner.branch(grid, course.times[:-1], self.numerics)
        if ids is not None:
            branch = self._text_branch(ids, grid, course)
        else:
            network = self.transformer if self.unconditional is None else self.unconditional
            positions = image_positions(grid).to(self.device)
            branch = self._branch(network, None, positions, course.times[:-1])
        return beside(branch, self.device) if self.plan.side_by_side else branch

    def _branch(
        self,
        network: Transformer,
        text_BTD: Tensor | None,
        positions_L3: Tensor,
        times: Sequence[float],
    ) -> Branch | RecordedBranch:
        branch = make_branch(network, text_BTD, positions_L3, times, self.numerics)
        # A recording keeps its activations, and needs weights that stay where they are.
        return recorded(branch) if self.plan.is_resident else branch

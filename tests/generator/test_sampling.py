"""Schedules against published times, and the pure functions of the loop."""

from __future__ import annotations

import pytest
import torch

from generator import sampling

# Six digits of the official engine's times. Sizes are pixels of a square picture.
GOLDEN = {
    ("V4_QUALITY_48", 1024): """
        .000123 .023013 .035894 .047683 .059098 .070411 .081760 .093227 .104867 .116720 .128815
        .141178 .153829 .166785 .180062 .193674 .207635 .221958 .236655 .251737 .267217 .283105
        .299412 .316151 .333333 .350970 .369073 .387655 .406729 .426309 .446410 .467047 .488238
        .510003 .532364 .555346 .578980 .603302 .628358 .654205 .680916 .708593 .737376 .767473
        .799207 .833138 .870383 .913891 .999447""",
    ("V4_DEFAULT_20", 1024): """
        .000123 .027341 .050409 .075375 .102847 .133137 .166471 .203031 .242963 .286375 .333333
        .383850 .437875 .495291 .555904 .619449 .685613 .754102 .824851 .898926 .999447""",
    ("V4_TURBO_12", 1024): """
        .000123 .026253 .052843 .085216 .124890 .173446 .232697 .304725 .391890 .496803 .622422
        .773309 .999447""",
    ("V4_QUALITY_48", 2048): """
        .000123 .011641 .018275 .024424 .030449 .036490 .042622 .048893 .055335 .061977 .068842
        .075950 .083323 .090979 .098938 .107220 .115844 .124833 .134208 .143993 .154212 .164893
        .176064 .187755 .200000 .212834 .226296 .240429 .255279 .270897 .287341 .304671 .322960
        .342285 .362735 .384414 .407440 .431949 .458107 .486110 .516204 .548699 .584003 .622682
        .665566 .713999 .770512 .841437 .999447""",
    ("V4_DEFAULT_20", 2048): """
        .000123 .013860 .025856 .039164 .054211 .071316 .090793 .112985 .138280 .167117 .200000
        .237509 .280307 .329161 .384949 .448697 .521622 .605268 .701912 .816408 .999447""",
    ("V4_TURBO_12", 2048): """
        .000123 .013301 .027139 .044504 .066604 .094958 .131668 .179750 .243696 .330497 .451823
        .630403 .999447""",
}


@pytest.mark.parametrize(("preset", "side"), GOLDEN)
def test_schedule_is_the_published_one(preset: str, side: int) -> None:
    chosen = sampling.PRESETS[preset]
    times = sampling.schedule(chosen.num_steps, side, side, mu=chosen.mu, std=chosen.std)
    expected = [float(digits) for digits in GOLDEN[preset, side].split()]
    assert times == pytest.approx(expected, abs=6e-7)


def test_published_guidance_is_strong_first() -> None:
    for name in ("V4_QUALITY_48", "V4_DEFAULT_20", "V4_TURBO_12"):
        preset = sampling.PRESETS[name]
        assert len(preset.guidance) == preset.num_steps
        assert list(preset.guidance) == sorted(preset.guidance, reverse=True)
        assert preset.guidance[0] == 7.0
        assert preset.guidance[-1] == 3.0
    assert sampling.PRESETS["V4_QUALITY_48"].guidance.count(3.0) == 3


def test_the_draft_ends_without_guidance() -> None:
    guidance = sampling.PRESETS["DRAFT_12"].guidance
    assert (len(guidance), guidance[0], guidance[-1]) == (12, 2.0, 1.0)
    assert list(guidance) == sorted(guidance, reverse=True)


@pytest.mark.parametrize(
    ("strength", "noise_1024", "noise_2048"),
    [(0.1, 0.226, 0.369), (0.2, 0.361, 0.531), (0.5, 0.667, 0.800), (0.9, 0.932, 0.965)],
)
def test_strength_is_a_quantile(strength: float, noise_1024: float, noise_2048: float) -> None:
    for side, noise in ((1024, noise_1024), (2048, noise_2048)):
        times = sampling.schedule(8, side, side, denoising_strength=strength)
        assert len(times) == 9
        assert 1 - times[0] == pytest.approx(noise, abs=6e-4)
        assert times[-1] == pytest.approx(sampling.T_MAX)


def test_times_rise_and_stay_inside() -> None:
    times = sampling.schedule(33, 512, 1536)
    assert list(times) == sorted(set(times))
    assert times[0] == pytest.approx(1.2339e-4, rel=1e-4)
    assert times[-1] == pytest.approx(0.99944722)


def test_guidance_extrapolates() -> None:
    conditional, negative = torch.tensor([2.0]), torch.tensor([1.0])
    assert sampling.guide(conditional, negative, 1.0).item() == 2.0
    assert sampling.guide(conditional, negative, 7.0).item() == 8.0


def test_steps_of_the_true_velocity_end_at_the_data() -> None:
    data, noise = torch.randn(5), torch.randn(5)
    z = sampling.mix(data, noise, 0.25)
    velocity = data - noise
    torch.testing.assert_close(sampling.clean_estimate(z, velocity, 0.25), data)
    torch.testing.assert_close(
        sampling.euler_step(z, velocity, 0.25, 0.75), sampling.mix(data, noise, 0.75)
    )


def test_noise_depends_on_its_seed_alone() -> None:
    first = sampling.draw_noise(7, 6, 4)
    torch.randn(100)
    torch.testing.assert_close(sampling.draw_noise(7, 6, 4), first, rtol=0, atol=0)
    assert not torch.equal(sampling.draw_noise(8, 6, 4), first)
    assert first.shape == (1, 6, 4)
    # The layout is fixed: fewer tokens are a prefix, channels run fastest.
    expected = torch.randn(24, generator=torch.Generator().manual_seed(7)).view(1, 6, 4)
    torch.testing.assert_close(first, expected, rtol=0, atol=0)

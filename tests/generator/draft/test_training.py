"""The parts of training, at toy sizes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from generator.checkpoint import open_checkpoint
from generator.draft.draw import Sampling, draw
from generator.draft.export import export
from generator.draft.tokens import number_values
from generator.draft.training.autoencoder import reconstruction_loss
from generator.draft.training.denoiser import (
    draw_times,
    losses,
    observed,
    text_features,
    trained,
)
from generator.draft.training.initial import initialise
from generator.draft.training.judge import load_average
from generator.draft.training.lessons import Lessons
from generator.draft.training.optimizer import Masters, orthogonal
from generator.draft.training.painter import ScenePainter
from generator.draft.training.pool import Batch, Pool
from generator.draft.training.run import factor
from generator.draft.training.sizes import Networks, build, draft_sizes, tiny_sizes
from generator.draft.training.state import State, load_state, save_state, tokenizer_file
from generator.draft.training.stream import SHAPES, WORDINGS, draft_tokenizer, make_shard
from generator.model.rope import Rope
from generator.sampling import T_MAX, T_MIN
from tests.generator.draft.lots import lot


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return draft_tokenizer(80)


@pytest.fixture
def networks(tokenizer: Tokenizer) -> Networks:
    torch.manual_seed(0)
    networks = build(tiny_sizes(tokenizer.get_vocab_size()))
    initialise(networks, number_values(tokenizer))
    return networks


def all_weights(networks: Networks) -> dict[str, torch.Tensor]:
    return {
        f"{name}.{key}": parameter.detach().clone()
        for name, network in networks.named().items()
        for key, parameter in network.named_parameters()
    }


def test_updates_are_made_orthogonal() -> None:
    torch.manual_seed(0)
    for shape in ((3, 24, 48), (2, 48, 24)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(shape)).float())
        assert values.min() > 0.5
        assert values.max() < 1.3


def one_batch(tokenizer: Tokenizer) -> Batch:
    shard = make_shard(lot(0), tokenizer, 0, 2)
    pool = Pool(2, 16, 128, torch.device("cpu"))
    pool.add(torch.randn(1, 16, 128).expand(2, -1, -1), shard)
    return pool.draw(np.random.default_rng(0), 4)


def test_both_stages_learn_one_batch(networks: Networks, tokenizer: Tokenizer) -> None:
    torch.manual_seed(0)
    batch = one_batch(tokenizer)
    lessons = Lessons(networks.transformer.config.hidden_size)
    masters = Masters({**trained(networks), "lessons": lessons}, 1e-2)

    def asked_again() -> torch.Tensor:
        """The losses at the same times and noise each time."""
        with torch.random.fork_rng(), torch.no_grad():
            torch.manual_seed(7)
            each = [losses(networks, lessons, batch, (4, 4)).stacked() for _ in range(4)]
        return torch.stack(each).mean(0)

    before = asked_again()
    for _ in range(40):
        torch.autograd.backward(losses(networks, lessons, batch, (4, 4)).stacked().sum())
        masters.step(masters.gradients(), 1.0)
    assert (asked_again() < 0.9 * before).all()
    autoencoder = Masters({"vae": networks.autoencoder}, 3e-3)
    image = torch.rand(2, 3, 32, 32)
    restored = reconstruction_loss(networks.autoencoder, image).item()
    for _ in range(12):
        torch.autograd.backward(reconstruction_loss(networks.autoencoder, image))
        autoencoder.step(autoencoder.gradients(), 1.0)
    assert reconstruction_loss(networks.autoencoder, image).item() < 0.8 * restored


def test_training_runs_the_network_that_is_shipped(networks: Networks) -> None:
    torch.manual_seed(0)
    net = networks.transformer
    torch.nn.init.normal_(net.final_layer.linear.weight)
    width, head = net.config.hidden_size, net.config.attention_head_dim
    angles = torch.randn(1, 7, head // 2)
    rope = Rope(angles.cos(), angles.sin())
    x, text = torch.randn(2, 4, 128), torch.randn(2, 3, width)
    modulation = net.modulation(torch.tensor([0.2, 0.7]))
    seen = observed(net, x, text, modulation, rope)
    torch.testing.assert_close(seen.velocity, net(x, text, modulation, rope))
    assert seen.image.shape == (2, 4, width)
    assert seen.text.shape == (2, 3, width)


def test_training_features_are_the_encoders(networks: Networks) -> None:
    ids = torch.randint(0, 200, (2, 11))
    torch.testing.assert_close(
        text_features(networks.text_encoder, ids), networks.text_encoder(ids)
    )


def test_near_numbers_start_alike(networks: Networks, tokenizer: Tokenizer) -> None:
    table, vocabulary = networks.text_encoder.embed_tokens.weight, tokenizer.get_vocab()
    near = torch.cosine_similarity(table[vocabulary[",500"]], table[vocabulary[",501"]], dim=0)
    far = torch.cosine_similarity(table[vocabulary[",500"]], table[vocabulary[",900"]], dim=0)
    assert near > far + 0.2


def test_times_cover_the_schedule() -> None:
    torch.manual_seed(0)
    times = draw_times(4000, torch.device("cpu"))
    assert times.min() >= T_MIN
    assert times.max() <= T_MAX
    assert 0.12 < (times < 0.01).float().mean() < 0.2
    assert 0.2 < (times > 0.5).float().mean() < 0.3


def test_a_pool_gives_captions_of_one_length_with_their_pictures(tokenizer: Tokenizer) -> None:
    shard = make_shard(lot(0), tokenizer, 0, 6)
    pool = Pool(8, 1, 1, torch.device("cpu"))
    pool.add(torch.arange(6.0)[:, None, None], shard)
    assert pool.pictures == 6
    batch = pool.draw(np.random.default_rng(0), 5)
    for ids, picture in zip(batch.ids_BT, batch.latents_BIC.flatten().long(), strict=True):
        rows = shard.ids[picture * WORDINGS : (picture + 1) * WORDINGS, : len(ids) + 1]
        assert any(row[:-1].tolist() == ids.tolist() and row[-1] == 0 for row in rows)
    pictures = batch.latents_BIC.flatten().long()
    torch.testing.assert_close(batch.scenes.box, torch.from_numpy(shard.scenes.box)[pictures])


def test_a_full_pool_forgets_the_oldest(tokenizer: Tokenizer) -> None:
    shard = make_shard(lot(0), tokenizer, 0, 3)
    pool = Pool(4, 1, 1, torch.device("cpu"))
    for value in (0.0, 1.0, 2.0):
        pool.add(torch.full((3, 1, 1), value), shard)
    drawn = {
        value
        for seed in range(20)
        for value in pool.draw(np.random.default_rng(seed), 4).latents_BIC.flatten().tolist()
    }
    assert drawn == {1.0, 2.0}


def test_the_painter_takes_part_of_a_shard(tokenizer: Tokenizer) -> None:
    shard = make_shard(lot(0), tokenizer, 0, 3)
    image = ScenePainter(torch.device("cpu")).paint(shard, 1, 2)
    assert image.shape == (2, 3, *SHAPES[0])
    assert image.min() >= -1
    assert image.max() <= 1


def test_the_rate_rises_then_falls() -> None:
    assert factor(0, 0.0, 0.5) < 0.01
    assert factor(500, 0.4, 0.5) == 1.0
    assert factor(5000, 0.75, 0.5) == pytest.approx(0.5)
    assert factor(9000, 1.0, 0.5) == 0.01
    assert factor(9000, 1.0, 0.0) == 1.0


def test_a_state_comes_back_in_shards(
    networks: Networks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.draft.training.state.SHARD_BYTES", 40_000)
    state = State(all_weights(networks), torch.zeros(128), torch.ones(128), steps=7)
    assert len(save_state(tmp_path, state)) > 2
    back = load_state(tmp_path)
    assert back.steps == 7
    assert set(back.weights) == set(state.weights)
    for name, weight in state.weights.items():
        torch.testing.assert_close(back.weights[name], weight, rtol=1e-3, atol=1e-4)


def test_an_export_opens_and_can_be_resumed(
    networks: Networks, tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = tiny_sizes(tokenizer.get_vocab_size())
    monkeypatch.setattr("generator.draft.export.draft_sizes", lambda _: tiny)
    shift, scale = torch.linspace(-1, 1, 128), torch.linspace(1, 2, 128)
    export(State(all_weights(networks), shift, scale, 1), tokenizer, tmp_path)
    assert open_checkpoint(tmp_path).sizes.text_encoder == tiny.text_encoder
    back = load_state(tmp_path)
    assert tokenizer_file(tmp_path).is_file()
    torch.testing.assert_close(back.shift, shift, atol=1e-5, rtol=0)
    for name, weight in all_weights(networks).items():
        torch.testing.assert_close(back.weights[name], weight, rtol=0.07, atol=0.02)


def test_the_unconditional_network_may_be_shallower(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tiny = tiny_sizes(tokenizer.get_vocab_size())
    deep = replace(tiny, transformer=replace(tiny.transformer, num_layers=3))
    networks = build(deep)
    state = State(all_weights(networks), torch.zeros(128), torch.ones(128), 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("generator.draft.export.draft_sizes", lambda _: deep)
        export(state, tokenizer, tmp_path)
    opened = open_checkpoint(tmp_path).load(torch.device("cpu"), torch.float32)
    assert len(opened.transformer.layers) == 3
    assert opened.unconditional is not None
    assert len(opened.unconditional.layers) == 1


def test_padded_prompts_draw_as_if_alone(networks: Networks) -> None:
    torch.nn.init.normal_(networks.transformer.final_layer.linear.weight, std=0.2)
    shift, scale = torch.zeros(128), torch.ones(128)
    small = Sampling(steps=2, height=32, width=32)
    prompts = [[5, 6, 7, 8, 9], [7, 8]]
    together = draw(networks, shift, scale, prompts, small, seed=3)
    alone = draw(networks, shift, scale, prompts[1:], small, seed=4)
    torch.testing.assert_close(together[1:], alone, atol=1e-3, rtol=1e-3)


def test_averaged_weights_are_put_in(networks: Networks) -> None:
    weights = {name: torch.full_like(w, 0.5) for name, w in all_weights(networks).items()}
    load_average(networks, weights)
    assert all((p == 0.5).all() for n in networks.named().values() for p in n.parameters())


def test_draft_sizes_fit_together() -> None:
    sizes = draft_sizes(3000)
    assert sizes.transformer.llm_features_dim == sizes.text_encoder.features_dim
    assert sizes.transformer.in_channels == sizes.autoencoder.token_channels

from __future__ import annotations

import json
from typing import Any

import pytest

from promptkit.errors import UsageError
from promptkit.job import Job, dump_job_file, is_job_file, load_job_file

CAPTION: dict[str, Any] = {
    "high_level_description": "A brass key on slate — «clef».",
    "compositional_deconstruction": {
        "background": "Dark slate.",
        "elements": [{"type": "obj", "bbox": [1, 2, 3, 4], "desc": "A key."}],
    },
}


def test_a_caption_with_parameters_becomes_the_exact_prompt() -> None:
    job = load_job_file(json.dumps({"caption": CAPTION, "width": 512, "seed": 9}, indent=4))
    assert job.prompt == json.dumps(CAPTION, ensure_ascii=False, separators=(",", ":"))
    assert (job.width, job.height, job.seed) == (512, 1024, 9)


@pytest.mark.parametrize("prompt", ["a plain sentence", '{"a": 1}', '{"a":1}', "[1]", '{"a":1.0}'])
def test_what_is_written_is_read_back(prompt: str) -> None:
    job = Job(prompt=prompt, cfg_scale=3.5, input_image=b"\x00\xff")
    assert load_job_file(dump_job_file(job)) == job


def test_a_caption_is_written_as_an_object_that_people_can_edit() -> None:
    compact = json.dumps(CAPTION, ensure_ascii=False, separators=(",", ":"))
    text = dump_job_file(Job(prompt=compact))
    assert json.loads(text)["caption"] == CAPTION
    assert "«clef»" in text


def test_captions_are_no_jobs() -> None:
    assert not is_job_file(CAPTION)
    assert not is_job_file([CAPTION])
    assert is_job_file({"caption": CAPTION})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "mine.json: is not JSON"),
        ("{}", "mine.json: is no job"),
        ('{"caption": {}, "prompt": "x"}', "both 'caption' and 'prompt'"),
        ('{"prompt": "x", "width": "512"}', "mine.json: width"),
        ('{"prompt": "x", "colour": 1}', "colour: no such parameter"),
    ],
)
def test_a_bad_file_is_named_with_its_problem(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        load_job_file(text, "mine.json")

"""What pydantic finds wrong, in our words."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from promptkit.mismatch import mismatch


class Inner(BaseModel):
    share: Annotated[float, Field(gt=0, lt=1)] = 0.5


class Model(BaseModel):
    count: Annotated[int, Field(ge=1, le=2**64)] = 1
    name: Annotated[str, Field(min_length=1, max_length=60)] = "x"
    kind: Literal["a", "b"] = "a"
    flag: bool = True
    real: Annotated[float, Field(allow_inf_nan=False)] = 0.0
    inner: Inner = Inner()
    needed: int


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"count": 0}, "count is 0, expected at least 1"),
        ({"count": 2**65}, "count is 36893488147419103232, expected at most 18446744073709551616"),
        ({"count": 1.5}, "count is 1.5, expected a whole number"),
        ({"count": "many"}, 'count is "many", expected a whole number'),
        ({"count": None}, "count is null, expected a whole number"),
        ({"name": ""}, 'name is "", expected at least 1 character'),
        ({"name": "é" * 61}, f'name is "{"é" * 38}…, expected at most 60 characters'),
        ({"name": 3}, "name is 3, expected a string"),
        ({"kind": "c"}, "kind is \"c\", expected 'a' or 'b'"),
        ({"flag": "perhaps"}, 'flag is "perhaps", expected true or false'),
        ({"real": float("nan")}, "real is NaN, expected a finite number"),
        ({"real": [1]}, "real is [1], expected a number"),
        ({"real": {1}}, "real is of type set, expected a number"),
        ({"inner": {"share": 1}}, "inner.share is 1, expected less than 1"),
        ({"inner": {"share": 0.0}}, "inner.share is 0, expected more than 0"),
        ({"needed": ...}, "needed: is missing"),
    ],
)
def test_a_value_stands_beside_what_was_expected(given: dict[str, Any], told: str) -> None:
    values = {name: value for name, value in ({"needed": 1} | given).items() if value is not ...}
    with pytest.raises(ValidationError) as caught:
        Model.model_validate(values)
    (detail,) = caught.value.errors()
    assert mismatch(detail) == told


def test_what_has_no_words_of_ours_keeps_those_of_pydantic() -> None:
    with pytest.raises(ValidationError) as caught:
        Model.model_validate({"needed": 1, "inner": 3})
    (detail,) = caught.value.errors()
    assert mismatch(detail).startswith("inner: Input should be")

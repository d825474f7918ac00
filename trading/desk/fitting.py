"""What of settings that come from elsewhere, or from before, a strategy's model takes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

_OWN = frozenset({"file"})
"""Units of what is one's own: the name of a file says nothing to another, and more than its owner may want."""


_OF_A_MARKET = frozenset({"price", "distance", "base"})
"""Units of what is said in one market's prices or coins."""


def is_of_market(model: type[BaseModel], name: str) -> bool:
    """Whether a setting makes sense on one market only, so that on another it must be asked again."""
    return _hints(model, name).get("unit") in _OF_A_MARKET


def is_shared(model: type[BaseModel], name: str) -> bool:
    """Whether a setting goes with a link. How much money a person uses never does, whoever asks."""
    if name not in model.model_fields or is_of_market(model, name):
        return False
    hints = _hints(model, name)
    return not (hints.get("money") or hints.get("part")) and hints.get("unit") not in _OWN


def _hints(model: type[BaseModel], name: str) -> Mapping[str, Any]:
    info = model.model_fields.get(name)
    return info.json_schema_extra if info is not None and isinstance(info.json_schema_extra, dict) else {}


def fitting(model: type[BaseModel], raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings of ``raw`` that the model takes, as it writes them; others of it are still to be answered.

    A version of the strategy may have other fields or bounds than the one that the settings were made for: what is
    blamed is left out. Where no field of them is to blame, and still they do not fit together, nothing is taken.
    """
    rest = {name: value for name, value in raw.items() if name in model.model_fields}
    while rest:
        try:
            whole = model.model_validate(rest).model_dump(mode="json")
        except ValidationError as problem:
            wrong = [error for error in problem.errors() if error["type"] != "missing"]
            if not wrong:
                return rest
            blamed = {str(error["loc"][0]) for error in wrong if error["loc"]} & rest.keys()
            rest = {name: value for name, value in rest.items() if name not in blamed} if blamed else {}
        else:
            return {name: whole[name] for name in rest}
    return {}

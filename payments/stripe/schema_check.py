"""A transport that rejects every request that the types of the installed SDK do not allow.

Every `*_service.py` of the SDK names, for each operation, its method, its path and the TypedDict of its parameters.
That is the newest description of the API on this machine, so requests are checked against it: an unknown or missing
parameter, or a value of the wrong type, raises `ContractBroken`. Used by tests around the sandbox.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import types
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import stripe
import typing_extensions
from stripe import _request_options
from stripe._stripe_service import StripeService

from payments.stripe.sandbox.resources import decode

_WRAPPERS = (NotRequired, Required, typing_extensions.NotRequired, typing_extensions.Required)
_REQUEST = re.compile(r'self\._request\(\s*"(\w+)",\s*"(/v[12]/[^"]+)"', re.DOTALL)
_OPTIONS = frozenset(_request_options.RequestOptions.__annotations__)
# Names that the types' forward references need besides their own module.
_NAMES = {**vars(_request_options), "StripeContext": stripe.StripeContext}

# Part of the URLs that Stripe gives for the next page of a v2 list, so in no type.
_NEXT_PAGE = "page"


type Operation = tuple[str, re.Pattern[str], Callable[[], Any]]


class ContractBroken(Exception):
    """A request the SDK's types do not allow."""


class ContractTransport(stripe.HTTPClient):
    """Checks each request and passes it on to another transport."""

    name = "contract"

    def __init__(self, inner: stripe.HTTPClient) -> None:
        super().__init__()
        self.inner = inner
        self.checked: list[str] = []

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        parts = urlsplit(url)
        operation = f"{method} {parts.path}"
        is_json = method == "post" and parts.path.startswith("/v2/")
        params = decode(method, url, headers or {}, post_data)
        if method == "get" and parts.path.startswith("/v2/"):
            params.pop(_NEXT_PAGE, None)
        check(method, parts.path, params, is_json=is_json)
        self.checked.append(operation)
        return self.inner.request(method, url, headers, post_data)

    def close(self) -> None:
        self.inner.close()  # type: ignore[no-untyped-call]

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return self.inner._sleep_time_seconds(num_retries)


def check(method: str, path: str, params: dict[str, Any], *, is_json: bool = False) -> None:
    """Check parameters against the operation's TypedDict; without `is_json` all leaves are text, as in a form.

    Raises ContractBroken naming the operation and the parameter.
    """
    shape = _shape_of(method, path)
    problem = _problem(params, shape, is_json) if shape else ("takes no parameters" if params else "")
    if problem:
        raise ContractBroken(f"{method} {path}: {problem}")


def operations() -> int:
    """Return how many operations the installed SDK describes."""
    return len(_operations())


def _shape_of(method: str, path: str) -> Any:
    for known_method, pattern, find_shape in _operations():
        if known_method == method and pattern.fullmatch(path):
            return find_shape()
    raise ContractBroken(f"{method} {path}: the SDK knows no such operation")


@cache
def _operations() -> list[Operation]:
    """Return (method, path, getter of the TypedDict) of every operation; paths without parameters come first."""
    found: list[Operation] = []
    for info in pkgutil.walk_packages(stripe.__path__, "stripe."):
        if not info.name.endswith("_service"):
            continue
        module = importlib.import_module(info.name)
        for service in vars(module).values():
            if inspect.isclass(service) and issubclass(service, StripeService) and service.__module__ == info.name:
                found += _operations_of(service, inspect.getsource(module))
    return sorted(found, key=lambda operation: operation[1].pattern.count("[^/]"))


def _operations_of(service: type, source: str) -> list[Operation]:
    found: list[Operation] = []
    for name, function in vars(service).items():
        if name.startswith("_") or name.endswith("_async") or not inspect.isfunction(function):
            continue
        request = _REQUEST.search(inspect.getsource(function))
        if request is None:
            continue
        address = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(request[2]))
        shape = re.search(r"\w+Params", str(function.__annotations__.get("params", "")))
        found.append((request[1], re.compile(address), partial(_typed_dict, shape[0] if shape else "", source)))
    return found


def _typed_dict(name: str, source: str) -> Any:
    """Return the parameters' class, imported from where the service's module imports it for type checkers only."""
    if not name:
        return None
    imported = re.search(rf"from (stripe\.params\.[\w.]+) import \(?\s*{name}\b", source)
    if imported is None:
        raise ContractBroken(f"the SDK's {name} was not found")
    return getattr(importlib.import_module(imported[1]), name)


def _problem(value: Any, shape: Any, is_json: bool, where: str = "") -> str:
    """Return what is wrong with the value, or ""."""
    origin = get_origin(shape)
    if origin in _WRAPPERS:
        return _problem(value, get_args(shape)[0], is_json, where)
    if typing_extensions.is_typeddict(shape):
        return _problem_of_dict(value, shape, is_json, where)
    if origin in {Union, types.UnionType}:
        problems = [_problem(value, option, is_json, where) for option in get_args(shape)]
        return "" if "" in problems else problems[0]
    if origin is list and isinstance(value, list):
        return _first(_problem(item, get_args(shape)[0], is_json, where + "[]") for item in value)
    fits = value in get_args(shape) if origin is Literal else _fits(value, origin or shape, is_json)
    return "" if fits else f"{where} must be {shape}, not {value!r}"


def _first(problems: Iterable[str]) -> str:
    return next(filter(None, problems), "")


def _problem_of_dict(value: Any, shape: Any, is_json: bool, where: str) -> str:
    if not isinstance(value, dict):
        return f"{where} must hold named parameters"
    typed = get_type_hints(shape, localns=_NAMES, include_extras=True)
    # v1 classes include the request's options, which are never sent as parameters.
    hints = {name: hint for name, hint in typed.items() if where or name not in _OPTIONS}
    for name in value:
        if name not in hints:
            return f"{where}.{name} is not a parameter".lstrip(".")
    for name in shape.__required_keys__:
        if name in hints and name not in value:
            return f"{where}.{name} is missing".lstrip(".")
    return _first(_problem(item, hints[name], is_json, f"{where}.{name}".lstrip(".")) for name, item in value.items())


def _fits(value: Any, kind: Any, is_json: bool) -> bool:
    if kind is Any or not isinstance(kind, type):
        return True
    if is_json:
        return isinstance(value, kind)
    if kind is int:
        return isinstance(value, str) and value.lstrip("-").isdigit()
    if kind is bool:
        return value in {"true", "false"}
    return isinstance(value, kind if kind in {dict, list} else str)

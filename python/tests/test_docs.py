"""Everything public is documented, and the examples in the documentation run."""

from __future__ import annotations

import doctest
import inspect
import pydoc
from typing import Any

import pytest

import komainu

import cases
import stub_docs

README = cases.ROOT / "python" / "README.md"
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def documented() -> dict[str, Any]:
    """Every public object by its full name: the module, what it exports, and the members of its classes."""
    found: dict[str, Any] = {"komainu": komainu}
    for name in komainu.__all__:
        value = getattr(komainu, name)
        if not inspect.isclass(value) and not callable(value):
            continue
        found[f"komainu.{name}"] = value
        if inspect.isclass(value):
            for key, member in vars(value).items():
                if not key.startswith("_") and not isinstance(member, str):
                    found[f"komainu.{name}.{key}"] = member
    return found


@pytest.mark.parametrize("name", documented())
def test_public_objects_are_documented(name: str) -> None:
    text = inspect.getdoc(documented()[name])
    assert text, f"{name} has no docstring"


def run(name: str, text: str) -> int:
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    out: list[str] = []
    result = doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=out.append)
    assert result.failed == 0, "".join(out)
    return result.attempted


def test_examples_in_docstrings_run() -> None:
    assert sum(run(name, inspect.getdoc(value) or "") for name, value in documented().items()) > 10


def test_examples_in_the_readme_run() -> None:
    assert run("README.md", README.read_text(encoding="utf-8")) > 0


def test_stubs_say_what_the_module_says() -> None:
    stub = stub_docs.STUB.read_text(encoding="utf-8")
    assert stub_docs.documented(stub) == stub, "python tests/stub_docs.py && ruff format python"


def test_help_reads_from_the_top() -> None:
    text = pydoc.plain(pydoc.render_doc(komainu))
    assert text.index("Reads what comes back") < text.index("CLASSES")
    assert len(text.splitlines()) < 2000

"""The docstrings of the stubs, from the built module: `python tests/stub_docs.py && ruff format python` writes them.

Editors show what the stubs say; the native module has no source that they could read.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from pathlib import Path
from typing import Any

import komainu._native as native

STUB = Path(__file__).parents[1] / "python" / "komainu" / "_native.pyi"


def documented(stub: str) -> str:
    """The stub with the docstring of every public class, function and attribute that has one."""
    lines = stub.splitlines()
    # From the end on: what is put in moves only lines that are done.
    for owner, node in reversed(_definitions(ast.parse(stub))):
        text = inspect.getdoc(getattr(owner, node.name, None))
        if not text or node.name.startswith("_"):
            continue
        first, old = node.body[0], _docstring(node)
        if old is not None:
            start, end = old.lineno - 1, old.end_lineno
        elif isinstance(node, ast.FunctionDef):
            lines[first.lineno - 1] = lines[first.lineno - 1].removesuffix(" ...")
            start = end = first.lineno
        else:
            decorators = getattr(first, "decorator_list", [])
            start = end = min(line.lineno for line in (first, *decorators)) - 1
        indent = " " * (node.col_offset + 4)
        lines[start:end] = textwrap.indent(_quoted(text), indent).splitlines()
    return "\n".join(lines) + "\n"


def _definitions(module: ast.Module) -> list[tuple[Any, ast.ClassDef | ast.FunctionDef]]:
    """Classes and functions in the order of the stub, each behind what holds it."""
    found: list[tuple[Any, ast.ClassDef | ast.FunctionDef]] = []
    for node in module.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found.append((native, node))
        if isinstance(node, ast.ClassDef):
            owner = getattr(native, node.name, None)
            found.extend((owner, inner) for inner in node.body if isinstance(inner, ast.FunctionDef))
    return found


def _docstring(node: ast.ClassDef | ast.FunctionDef) -> ast.Expr | None:
    first = node.body[0]
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return None
    return first if isinstance(first.value.value, str) else None


def _quoted(text: str) -> str:
    assert '"""' not in text
    raw = "r" if "\\" in text else ""
    end = '\n"""' if "\n" in text or text.endswith('"') else '"""'
    return f'{raw}"""{text}{end}'


if __name__ == "__main__":
    STUB.write_text(documented(STUB.read_text(encoding="utf-8")), encoding="utf-8")

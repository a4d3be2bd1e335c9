"""The enums are the core's closed lists, member by member."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest

import komainu
from komainu import Advice, Blame, Kind, Reason

if TYPE_CHECKING:
    from komainu._vocabulary import Word

LISTS = komainu._native._closed_lists()


def test_every_list_of_the_core_has_its_class() -> None:
    words = [value for value in vars(komainu).values() if isinstance(value, type(Kind))]
    assert sorted(word.__name__ for word in words) == sorted(LISTS)
    assert set(LISTS) <= set(komainu.__all__)


@pytest.mark.parametrize("name", LISTS)
def test_members_are_the_cores_in_the_cores_order(name: str) -> None:
    words: type[Word] = getattr(komainu, name)
    members = list(words)
    assert [member.value for member in members] == LISTS[name]
    assert [member.name for member in members] == [value.upper() for value in LISTS[name]]
    for member in members:
        assert isinstance(member, str)
        assert member == member.value
        assert str(member) == f"{member}" == member.value
        assert pickle.loads(pickle.dumps(member)) is member
        assert copy.deepcopy(member) is member


def test_reasons_carry_the_taxonomy() -> None:
    assert Reason.USERUNKNOWN.hard
    assert not Reason.MAILBOXFULL.hard
    assert Reason.MAILBOXFULL.blame is Blame.RECIPIENT
    assert Reason.MAILBOXFULL.advice is Advice.RETRY
    for reason in Reason:
        assert reason.definition.endswith(".")
        assert reason.definition_ja.endswith("。")
        assert reason.since
    assert {"ses", "sisimai", "bouncehammer"} <= set(Reason.systems())
    for system in Reason.systems():
        assert any(reason.name_in(system) for reason in Reason)
    assert Reason.USERUNKNOWN.name_in("ses") == "Permanent/NoEmail"
    assert Reason.GREYLISTED.name_in("sisimai") is None


def test_an_unknown_system_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match='"sess" is no system; use one of bouncehammer, sisimai'):
        Reason.USERUNKNOWN.name_in("sess")


def test_help_is_short_enough_to_read() -> None:
    assert "casefold" not in dir(Reason)
    assert {"USERUNKNOWN", "hard", "name_in"} <= set(dir(Reason))
    assert "casefold" in dir(str(Reason.USERUNKNOWN))

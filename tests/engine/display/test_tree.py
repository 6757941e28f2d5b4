"""The live tree: what its frames look like."""

from __future__ import annotations

from collections.abc import Generator

from engine.deploy import events
from engine.display.colour import Colour, paint
from engine.display.look import Look
from engine.display.screen import Screen
from engine.display.terminal import Terminal
from engine.display.tree import table
from tests.engine.display.made import begun, board, changed, ended, resource, said, stack, step

_GROUP = "demo:index:Group"
_LOOK = Look(terminal=True, timings=False)


def _tree(*happened, look: Look = _LOOK, over: bool = False) -> str:
    made = board(look, *happened)
    if over:
        made.close()
    return "\n".join(paint(line, Colour.NEVER).rstrip() for line in table(made))


def _some(op: str = "create"):
    group = resource("a", _GROUP, custom=False)
    pet = resource("a-pet", parent=group.urn)
    return [
        begun(step(op, new=stack())),
        begun(step(op, new=group)),
        ended(step(op, new=group)),
        begun(step(op, new=pet)),
        begun(step(op, new=resource("last"))),
        ended(step(op, new=pet)),
    ]


def test_children_stand_under_their_parents():
    assert _tree(*_some()).splitlines() == [
        "     Type                                    Name      Status",
        " +   pulumi:pulumi:Stack                     shop-dev  creating",
        " +   ├─ demo:index:Group                     a         created",
        " +   │  └─ random:index/randomPet:RandomPet  a-pet     created",
        " +   └─ random:index/randomPet:RandomPet     last      creating",
    ]


def test_a_finished_tree_counts_what_was_said():
    shown = _tree(*_some(), said("hm", "warning", resource("last").urn), said("oh", "warning"), over=True)
    assert "shop-dev  created                    1 warning" in shown
    assert "last      creating (interrupted)     1 warning" in shown


def test_while_it_runs_the_latest_error_stands_beside_the_resource():
    urn = resource("last").urn
    shown = _tree(*_some(), said("broken", "error", urn), said("later", "info", urn))
    assert shown.splitlines()[-1].endswith("error: broken")


def test_a_replacement_is_one_thing_at_the_end_and_its_parts_while_it_runs():
    old, new = resource(inputs={"n": 1}), resource(inputs={"n": 2})
    parts = [step("create-replacement", old, new), step("replace", old, new, detailed=changed("n"))]
    happened = [event for part in parts for event in (begun(part), ended(part))]
    doing = step("delete-replaced", old)
    assert "-- " in _tree(*happened, begun(doing))
    assert "deleting original" in _tree(*happened, begun(doing))
    shown = _tree(*happened, begun(doing), ended(doing), over=True).splitlines()[-1]
    assert shown.split() == ["+-", "└─", "random:index/randomPet:RandomPet", "pet", "replaced", "[diff:", "~n]"]


def test_after_a_failure_the_parts_of_a_replacement_stay_apart():
    old, new = resource(), resource(inputs={"n": 2})
    doing = step("create-replacement", old, new)
    assert "**creating failed**" in _tree(begun(doing), events.failed(doing), over=True)


def test_unchanged_resources_have_no_row_unless_something_below_them_changes():
    group = resource("a", _GROUP, custom=False)
    pet = resource("a-pet", parent=group.urn)
    same = [begun(step("same", group, group)), ended(step("same", group, group))]
    assert len(_tree(*same).splitlines()) == 2
    assert "demo:index:Group" in _tree(*same, begun(step("update", pet, pet)))


def test_children_deleted_before_their_parents_stand_under_them_all_the_same():
    group = resource("a", _GROUP, custom=False)
    pet = resource("a-pet", parent=group.urn)
    shown = _tree(begun(step("delete", pet)), ended(step("delete", pet)), begun(step("delete", group)))
    assert [line[5:9] for line in shown.splitlines()[2:]] == ["└─ d", "   └"]


class Paper(Terminal):
    """A terminal that keeps what is written."""

    def __init__(self, columns: int = 100, lines: int = 24) -> None:
        self.columns, self.height = columns, lines
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def size(self) -> tuple[int, int]:
        return self.columns, self.height

    def keys(self) -> Generator[str, None, None]:
        yield "end"


def test_a_line_never_reaches_the_edge_of_a_narrow_terminal():
    paper = Paper(columns=30)
    screen = Screen(paper, _LOOK)
    screen._board = board(_LOOK, *_some())
    screen._frame(last=False)
    lines = paper.text.replace("\x1b[K", "").replace("\r", "").splitlines()
    assert max(len(line) for line in lines) <= 29


def test_a_tree_higher_than_the_terminal_shows_its_end_and_at_last_all_of_it():
    paper = Paper(lines=8)
    many = [begun(step("create", new=resource(f"r{number}"))) for number in range(30)]
    screen = Screen(paper, _LOOK)
    screen._board = board(_LOOK, *many)
    screen._frame(last=False)
    assert paper.text.count("\n") <= 7
    assert "r29" in paper.text
    assert "r2 " not in paper.text
    assert "more" in paper.text
    screen._frame(last=True)
    assert paper.text.count("r2 ") == 1


def test_a_shorter_frame_wipes_what_was_below_it():
    paper = Paper()
    screen = Screen(paper, _LOOK)
    screen._board = board(_LOOK, *_some(), {"stdoutEvent": {"message": "one\ntwo\n"}})
    screen._frame(last=False)
    high = screen._height
    screen._board.messages.clear()
    screen._frame(last=False)
    assert paper.text.endswith(f"\x1b[{high - screen._height}A")

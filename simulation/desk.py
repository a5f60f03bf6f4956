"""Who works there: the data protection officer and whoever acts as team manager, their steps and the letters these make."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from beeldkluis.cases import letter_actions, letters
from beeldkluis.cases.models import Case as Row
from beeldkluis.cases.models import Letter
from beeldkluis.journal.actor import Actor
from beeldkluis.people import queries as people
from beeldkluis.people.models import Officer, Person
from beeldkluis.retention import actions as retention
from beeldkluis.retention.models import Brake
from simulation import letters as reading
from simulation.oracle import Case
from simulation.world import World

SET_ON_PAPER = 20  # one letter of so many is set as a PDF and read from it


class Desk:
    """The data protection officer and whoever acts as team manager, with everything that is asked of them."""

    def __init__(self, world: World, dpo: Person, officers: list[Officer]) -> None:
        self.world, self.dpo, self.officers = world, dpo, officers
        self.oracle, self.rng = world.oracle, world.rng
        self.last_letter = 0
        self.read: dict[int, reading.Expected] = {}
        world.confirm = self.asked_to_confirm

    @property
    def now(self) -> datetime:
        """What the machine's clock says: what people type, too."""
        return self.world.machine.says()

    @property
    def judge(self) -> Person:
        """Whoever acts as team manager."""
        acting = people.team_manager()
        assert acting is not None
        return acting

    def chance(self, share: float) -> bool:
        """Drawn."""
        return self.rng.random() < share

    def row(self, case: Case) -> Row:
        """The program's own."""
        return Row.objects.get(reference=case.reference)

    def step(self, case: Case, act: Callable[[Row, Actor], Any], *, judge: bool = False) -> Any:
        """A step with a case, and a look at the letters that it made. None when it was refused."""
        actor = self.judge.as_actor if judge else self.dpo.as_actor
        return self.world.do(lambda: act(self.row(case), actor))

    # the stop that waits for two people

    def asked_to_confirm(self, brake: int) -> None:
        """Two people look, each on a day of their own: the data protection officer, and who acts as team manager then."""
        for second, least in ((False, 0.2), (True, 0.4)):
            self.world.after(lambda second=second: self._confirm(brake, second), days=least + self.rng.random() * 3)  # type: ignore[misc]

    def _confirm(self, brake: int, second: bool) -> None:
        person = self.judge if second else self.dpo
        actor = person.as_actor
        self.world.do(lambda: retention.confirm_brake(brake, person=person, actor=actor, now=self.now))
        self.world.after(self.world.tick, minutes=1)
        self.world.after(lambda: self._again(brake, second), days=1)

    def _again(self, brake: int, second: bool) -> None:
        if Brake.objects.filter(pk=brake, released_at=None, finished_at=None).exists():
            self._confirm(brake, second)

    # letters

    def made(self, case: Case) -> None:
        """Read the words of every letter that the last step made."""
        for letter in Letter.objects.filter(pk__gt=self.last_letter).order_by("pk"):
            self.last_letter = letter.pk
            told = reading.expected(letter.kind, case, self.oracle.films.values(), self.now)
            if told is None:
                continue
            self.world.judge.counts["letters"] += 1
            self.read[letter.pk] = told
            self._complain(letter, reading.faults(reading.flat(letter.words), letter.words, told))

    def _complain(self, letter: Letter, wrong: list[str]) -> None:
        for one in wrong:
            about = f"letter {letter.kind} of {letter.case.reference}: {one}"
            told = self.read[letter.pk]
            said = f"days {sorted(told.days)}, times {sorted(told.times)}, {sorted(told.numbers)} days, {told.words}"
            self.world.judge.say("wrong letters", self.now, about=about, oracle=said, program=str(letter.words)[:300])

    def post(self, case: Case, kind: str, *, judge: bool) -> Letter | None:
        """Somebody posts the newest letter of this kind. The one it was, when it left."""
        letter = Letter.objects.filter(case__reference=case.reference, kind=kind, how="").order_by("-pk").first()
        if letter is None:
            return None
        on_paper = letter.pk % SET_ON_PAPER == 0
        real = letter_actions.document
        if not on_paper:
            letter_actions.document = lambda _letter, *, now: b"%PDF-" + str(now).encode()
        try:
            sent = self.step(
                case, lambda _row, actor: letter_actions.note_posted(letter, actor=actor, now=self.now), judge=judge
            )
        finally:
            letter_actions.document = real
        if sent is not None:
            self._left(sent, on_paper=on_paper)
        return sent  # type: ignore[no-any-return]

    def _left(self, letter: Letter, *, on_paper: bool) -> None:
        facts = letters.facts(letter, at=self.now)
        told = self.read.pop(letter.pk, None)
        if told is None:
            return
        self.read[letter.pk] = told
        dated = [] if facts.date == reading.day(self.now) else [f"is dated {facts.date}"]
        if on_paper and letter.pdf is not None:
            self.world.judge.counts["letters on paper"] += 1
            told.days.add(reading.day(self.now))
            told.versions.add(letter.protocol)
            if isinstance(days := told.words.get("days"), int):
                told.numbers.add(days)
            dated += reading.faults(reading.printed(bytes(letter.pdf)), {}, told)
        self._complain(letter, dated)
        del self.read[letter.pk]

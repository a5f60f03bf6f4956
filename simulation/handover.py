"""The keys change hands: what two browsers and the clock do, from the announcement to the last old shred key."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from beeldkluis.people import handover_actions as sealing
from beeldkluis.people import handover_check_actions as checks
from beeldkluis.people import handover_plan_actions as plans
from beeldkluis.people import queries as people
from beeldkluis.people.models import Handover, HandoverPlan, Person, TeamKey
from beeldkluis.sealed import age, axis
from simulation.world import World

HOURS = 49
PASSPHRASE = "een-twee-drie-vier-vijf-zes"


class HandingOver:
    """Once in a year or two the deputy becomes team manager, with keys of their own."""

    def __init__(self, world: World, dpo: Person) -> None:
        self.world, self.dpo = world, dpo
        self.new = age.Identity.generate()
        self._again()

    def _again(self) -> None:
        self.world.after(self.announce, days=250 + self.world.rng.random() * 350)

    def announce(self) -> None:
        """The team manager announces it, the data protection officer agrees, and two days are waited for."""
        world = self.world
        giver, receiver = people.titular_team_manager(), next(iter(people.deputies()), None)
        if giver is None or receiver is None or people.running_deputation() is not None:
            world.after(self.announce, days=9)
            return
        plan = world.do(
            lambda: plans.announce(
                receiver, with_recovery=False, because="", proved_at=world.now, actor=giver.as_actor, now=world.now
            )
        )
        if plan is None:
            world.after(self.announce, days=9)
            return
        world.do(lambda: plans.agree(plan, proved_at=world.now, actor=self.dpo.as_actor, now=world.now))
        for hour in range(HOURS):
            world.after(self._hour, minutes=60 * hour)
        world.after(lambda: self._begin(plan, giver, receiver), minutes=60 * HOURS + 5)

    def _hour(self) -> None:
        """The program counts each minute that it is there."""
        for minute in range(60):
            plans.count_minute(now=self.world.machine.says() + timedelta(minutes=minute))

    def _begin(self, plan: HandoverPlan, giver: Person, receiver: Person) -> None:
        world, now = self.world, self.world.now
        self.new = age.Identity.generate()
        axis_key = TeamKey.objects.filter(kind="axis").order_by("-pk").first()
        assert axis_key is not None
        keys = sealing.NewKeys(
            team_recipient=str(self.new.recipient),
            axis_sealed_private=self._anew_file(bytes(axis_key.sealed_private or b"")),
            sealed_identity=age.seal_identity(self.new, PASSPHRASE, work_factor=1),
        )
        handover = world.do(
            lambda: sealing.begin_handover(receiver, keys, proved_at=now, actor=giver.as_actor, now=now)
        )
        if handover is None:  # a standstill: the minutes were not counted
            world.do(lambda: plans.stop(plan, actor=giver.as_actor, now=now))
            self._again()
            return
        self._seal(handover)

    def _anew_file(self, sealed: bytes) -> bytes:
        """A small age file for another team key: a new header before the same content."""
        end = sealed.index(b"\n", sealed.index(b"\n--- ") + 5) + 1
        return age.seal_anew(sealed[:end], self.world.door.team[-1], self.new.recipient) + sealed[end:]

    def _seal(self, handover: Handover) -> None:
        """The giver's browser seals anew, the receiver's tries, and then the new keys count."""
        world, now = self.world, self.world.now
        giver, receiver = handover.giver.as_actor, handover.receiver.as_actor
        while given := world.do(lambda: sealing.give_headers(handover, actor=giver, now=now)):
            for item, headers in given.items():
                world.do(
                    lambda item=item, headers=headers: sealing.reseal(item, self._anew(headers), actor=giver, now=now)
                )
        world.do(lambda: sealing.close_sealing(handover, actor=giver, now=now))
        while given_new := world.do(lambda: checks.give_new_headers(handover, actor=receiver, now=now)):
            for item, one in given_new.items():
                proofs = {pk: self._proof(file) for pk, file in one.objects.items()}
                world.do(
                    lambda item=item, one=one, proofs=proofs: checks.report_tried(
                        item, one.seal, proofs, actor=receiver, now=now
                    )
                )
        handover.refresh_from_db()
        asked = world.do(lambda: checks.ask_for_axis(handover, actor=receiver))
        if asked is not None:
            answer = axis.unwrap_key(asked[1], age.open_bytes(asked[0], [self.new])).decode()
            world.do(lambda: checks.answer_for_axis(handover, answer, actor=receiver, now=now))
        if world.do(lambda: checks.settle(handover, actor=receiver, now=now) or True):
            world.door.team.append(self.new)
            world.judge.counts["handovers"] += 1
        self._again()

    def _anew(self, headers: Mapping[UUID, bytes]) -> dict[UUID, bytes]:
        made = dict(headers)
        for one, header in headers.items():
            with suppress(age.SealError):
                made[one] = age.seal_anew(header, self.world.door.team[-1], self.new.recipient)
        return made

    def _proof(self, file: checks.ToTry) -> bytes:
        try:
            return age.prove(age.open_header(file.header, [self.new]), file.nonce, file.size)
        except age.SealError:
            return b""

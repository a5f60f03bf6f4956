"""A municipality from its first day: people, keys, cameras, shifts, film, requests and versions of the protocol."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from beeldkluis.devices import actions as devices
from beeldkluis.devices.models import Bodycam, Dock
from beeldkluis.governance import actions as governance
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.governance.registers import base
from beeldkluis.journal.actor import Actor
from beeldkluis.people import actions as people
from beeldkluis.people import queries as people_queries
from beeldkluis.people.deputation_actions import begin_deputation
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.register import write
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed import age, axis
from simulation.film import CLOCKS, Door, Shot, told_by_dock
from simulation.handover import HandingOver
from simulation.law import ZONE
from simulation.oracle import LOOKED_AT, Film, Terms
from simulation.people import People
from simulation.world import World

ACTOR = Actor.system("simulation")
CAMERAS = 8
TEXT = [{"title": "Bodycams", "text": "Zo werkt de gemeente met bodycams."}]
VERSIONS = ("retention.period", "request.decision-period", "request.completion", "request.withdrawal")


class Town:
    """Everything that goes on by itself, day by day."""

    def __init__(self, world: World) -> None:
        self.world, self.rng = world, world.rng
        now = world.now
        self.persons = {
            role: people.add_person(
                email=f"{role.value}@example.nl",
                name=f"De {role.dutch}",
                role=role,
                password=None,
                actor=ACTOR,
                now=now,
            )
            for role in (Role.TEAM_MANAGER, Role.DPO, Role.ADMINISTRATOR, Role.DEPUTY)
        }
        world.door = Door(_dock(now), [_keys(self.persons[Role.TEAM_MANAGER], now)])
        self.officers = [_officer(number, now) for number in range(CAMERAS)]
        self.cameras = [_camera(number, now) for number in range(CAMERAS)]
        self.worn: dict[str, Officer] = {}
        self.on_camera: list[Shot] = []
        self.shots = dict.fromkeys((one.serial for one in self.cameras), 0)
        register = write(base()).encode()
        version = governance.adopt(register, takes_effect_at=now, actor=ACTOR, now=now)
        if version is not None:
            governance.add_text(version, TEXT, actor=self.persons[Role.TEAM_MANAGER].as_actor)
        self.number = 1
        self.desk = People(world, self.persons[Role.DPO], self.officers)
        for camera in self.cameras:
            self._issue(camera)
        world.after(self.day, minutes=1)
        world.after(self.audit, days=27)
        world.after(self.new_version, days=50 + self.rng.randrange(100))
        world.after(self.deputise, days=30)
        HandingOver(world, self.persons[Role.DPO])

    # the days

    def day(self) -> None:
        """One day: who films what, who asks, the program's daily jobs."""
        world, rng = self.world, self.rng
        tomorrow = datetime.combine(world.now.astimezone(ZONE).date() + timedelta(days=1), time(0, 10), ZONE)
        world.at(tomorrow.astimezone(UTC), self.day)
        everything = rng.random() < 0.3
        world.after(lambda: world.tick(all_of_them=everything), minutes=rng.randrange(60, 1200))
        for _ in range(rng.choice((0, 0, 1, 1, 1, 2, 2, 3))):
            self._film()
        if _clocks_change(world.now):
            for _ in range(3):
                self._film(in_that_night=True)
        if rng.random() < 0.27:
            world.at(world.office(world.now), self.request)
        if rng.random() < 0.02:
            world.after(lambda: self._change_hands(rng.choice(self.cameras)), minutes=rng.randrange(1200))

    def _film(self, *, in_that_night: bool = False) -> None:
        world, rng = self.world, self.rng
        camera = rng.choice(self.cameras)
        begun = world.now + timedelta(minutes=rng.randrange(1300), seconds=rng.randrange(60))
        parts = [timedelta(seconds=rng.randrange(40, 1200)) for _ in range(2 if rng.random() < 0.12 else 1)]
        self.shots[camera.serial] += 1
        clock = rng.choice(CLOCKS)
        if in_that_night:
            clock, begun = (
                "local",
                world.now.replace(hour=0, minute=0) + timedelta(hours=24, minutes=rng.randrange(150)),
            )
        shot = Shot(camera.serial, begun, parts, clock, f"EVT-{self.shots[camera.serial] % 3}")
        drawn = rng.random()
        waits = timedelta(hours=rng.randrange(1, 9))
        if drawn < 0.04:  # it lies in a locker until about the end of its term, or later
            waits = timedelta(days=world.oracle.terms(begun).period, hours=rng.randrange(-40, 240))
        elif drawn < 0.09:
            waits = timedelta(days=rng.randrange(1, 15))
        self.on_camera.append(shot)
        world.at(shot.ended + waits, lambda: self.dock(shot))

    def dock(self, shot: Shot) -> None:
        """The camera goes into the dock; every part of the event comes in, after another."""
        world = self.world
        self.on_camera.remove(shot)
        told = told_by_dock(shot, world.now, self.rng)
        film: Film | None = None
        for part in range(len(shot.parts)):
            recording: UUID = world.do(lambda part=part: world.door.deliver(shot, part, told, world.now))
            until = told.begun + sum(shot.parts[: part + 1], timedelta(0)) + told.later
            truly = shot.begun + sum(shot.parts[: part + 1], timedelta(0))
            if film is not None and recording == film.id:
                world.oracle.film_grew(film, ended=truly, said_until=until)
                continue
            if recording in world.oracle.films:
                other = world.oracle.films[recording]
                said = f"of {truly.isoformat()}, another than recording {other.number} of {other.ended.isoformat()}"
                about = f"{shot.serial} {shot.group} {truly.isoformat()}"
                world.judge.say(
                    "early", world.now, about=about, oracle=said, program="made one recording of two events"
                )
                continue
            world.judge.counts["recordings"] += 1
            film = world.oracle.film_came(
                recording,
                ended=truly,
                said=(told.begun - told.earlier, until),
                received=world.now,
                measured=told.measured,
            )
        if film is not None:
            world.tick_at(film.goes + timedelta(minutes=3))
            if self.rng.random() < 0.3:
                world.tick_at(film.goes - timedelta(minutes=2))
            if film.cases or film.term < world.now + LOOKED_AT:
                world.tick_at(world.now + timedelta(minutes=1))

    def request(self) -> None:
        """Somebody asks about something: kept, gone, not docked yet, about to go within minutes, or nothing at all."""
        world, rng = self.world, self.rng
        drawn, there = rng.random(), list(world.oracle.there.values())
        soon = [
            one
            for one in there
            if timedelta(0) < one.goes - world.now < timedelta(days=3) and not world.oracle.holders(one)
        ]
        if drawn < 0.2 and soon:
            film = rng.choice(soon)
            moment = self._about(film.ended)
            world.at(film.goes - timedelta(minutes=rng.randrange(1, 40)), lambda: self.desk.request(moment))
        elif drawn < 0.65 and there:
            self.desk.request(self._about(rng.choice(there).said_until))
        elif drawn < 0.75 and world.oracle.films:
            self.desk.request(self._about(rng.choice(list(world.oracle.films.values())[-300:]).ended))
        elif drawn < 0.9 and (shots := [one for one in self.on_camera if one.begun < world.now]):
            self.desk.request(self._about(rng.choice(shots).begun))
        elif drawn < 0.95:
            self.desk.request(None)
        else:
            self.desk.request(
                self._about(world.now - timedelta(days=rng.randrange(1, 60), minutes=rng.randrange(1440)))
            )

    def _about(self, moment: datetime) -> tuple[datetime, datetime]:
        begins = moment.replace(second=0, microsecond=0) - timedelta(minutes=self.rng.randrange(90))
        return begins, begins + timedelta(minutes=self.rng.randrange(1, 60))

    # cameras change hands

    def _issue(self, camera: Bodycam) -> None:
        officer = self.rng.choice(self.officers)
        actor, now = self.desk.judge.as_actor, self.world.now
        because = "Nog niet getekend."
        self.world.do(lambda: devices.issue(camera, officer, at=now, because=because, actor=actor, now=now))
        self.worn[camera.serial] = officer

    def _change_hands(self, camera: Bodycam) -> None:
        actor, now = self.desk.judge.as_actor, self.world.now
        self.world.do(lambda: devices.hand_in(camera, at=now, actor=actor, now=now))
        self.world.after(lambda: self._issue(camera), minutes=30)

    def deputise(self) -> None:
        """The team manager goes on leave and a deputy acts."""
        world, rng = self.world, self.rng
        world.after(self.deputise, days=40 + rng.random() * 80)
        manager = people_queries.team_manager()
        if (
            people_queries.running_deputation() is None
            and people_queries.running_plan() is None
            and manager is not None
        ):
            until = world.now + timedelta(days=1 + rng.random() * 25)
            deputy = people_queries.deputies()[0]
            begun = world.do(
                lambda: begin_deputation(
                    deputy, until=until, because="Vakantie.", actor=manager.as_actor, now=world.now
                )
            )
            world.judge.counts["deputations"] += begun is not None

    # versions

    def new_version(self) -> None:
        """The council adopts other terms: they apply from the beginning of a day to come."""
        world, rng = self.world, self.rng
        world.after(self.new_version, days=110 + rng.randrange(200))
        if people_queries.running_deputation() is not None:
            return
        terms = Terms(
            str(self.number + 1), period=rng.choice((28, 28, 21, 35, 42)), decision=rng.choice((28, 28, 21)),
            completion=rng.choice((14, 10, 21)), withdrawal=rng.choice((14, 7, 28)),
        )  # fmt: skip
        day = world.now.astimezone(ZONE).date() + timedelta(days=rng.randrange(1, 50))
        effect = datetime.combine(day, time(), ZONE).astimezone(UTC)
        register = self._register(terms)
        manager, dpo = self.desk.judge.as_actor, self.persons[Role.DPO].as_actor
        today = datetime.combine(world.now.astimezone(ZONE).date(), time(), ZONE)
        version: ProtocolVersion = governance.draft(register, TEXT, actor=manager, now=world.now)
        governance.propose(version, takes_effect_at=effect, touched=0, today=today, actor=manager, now=world.now)
        governance.publish(version, touched=0, today=today, actor=dpo, now=world.now)
        self.number += 1
        world.oracle.versions.append((effect, terms))
        world.judge.counts["versions"] += 1
        world.tick_at(effect + timedelta(seconds=10))

    def _register(self, terms: Terms) -> bytes:
        known, rules = base(), dict(base().rules)
        for name, days in zip(
            VERSIONS, (terms.period, terms.decision, terms.completion, terms.withdrawal), strict=True
        ):
            rules[name] = replace(rules[name], numbers={**rules[name].numbers, "days": days})
        return write(replace(known, version=terms.number, rules=rules)).encode()

    # looks

    def audit(self) -> None:
        """Each month: everything that is kept opens, everything that went does not, every hold has its ground."""
        world = self.world
        world.after(self.audit, days=30)
        world.judge.progress(world.now)
        world.tick(all_of_them=True, seldom=True)
        world.audit()
        world.audit_gone(world.now - timedelta(days=40))


def _clocks_change(now: datetime) -> bool:
    """Does summer time begin or end within a day?"""
    return now.astimezone(ZONE).utcoffset() != (now + timedelta(days=1)).astimezone(ZONE).utcoffset()


def _officer(number: int, now: datetime) -> Officer:
    kind, since = Officer.Employment.OWN, now - timedelta(days=9)
    return people.add_officer(
        number=str(9000 + number),
        name=f"Handhaver {number}",
        employment=kind,
        since=since,
        actor=ACTOR,
        now=now,
    )


def _camera(number: int, now: datetime) -> Bodycam:
    return devices.add_bodycam(
        serial=f"S-{number:04d}",
        label=f"BC-{number:04d}",
        make="Merk",
        model="Model",
        pre_event_seconds=120,
        actor=ACTOR,
        now=now,
    )


def _dock(now: datetime) -> Dock:
    from beeldkluis.sealed.note import Signer  # noqa: PLC0415 - only here

    code = devices.make_enrolment_code(name="hal", actor=ACTOR, now=now)
    return devices.enrol_dock(code=code, name="hal", public_key=Signer.generate("dock.example.nl").vkey, now=now)[0]


def _keys(team_manager: Person, now: datetime) -> age.Identity:
    """What the browser does in the key ceremony."""
    team, recovery = age.Identity.generate(), age.Identity.generate()
    public, private = axis.generate_rsa()
    people.record_key_ceremony(
        team_recipient=str(team.recipient),
        recovery_recipient=str(recovery.recipient),
        axis_public=public,
        axis_sealed_private=age.seal_bytes(private, [team.recipient, recovery.recipient]),
        sealed_identity=age.seal_identity(team, "een-twee-drie-vier-vijf-zes"),
        actor=team_manager.as_actor,
        now=now,
    )
    return team

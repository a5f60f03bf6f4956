"""A finding is found again by a key, no longer by its text. Those that are there get theirs, once, by their words."""

import re
from hashlib import sha256

from django.db import migrations, models
from django.db.models import Q

from beeldkluis.journal import guard

OPEN = Q(settled_at__isnull=True) & ~Q(key="")
ROLES = {
    "teammanager": "team_manager",
    "plaatsvervangend teammanager": "deputy",
    "functionaris gegevensbescherming": "dpo",
    "beheerder": "administrator",
}
CLOSED = (
    "De camera of de uitgifte is daarna in het register gezet.",
    "De opname is niet langer apart gezet.",
    "De sleutel is er nu.",
)
WHY = (
    ("is iets niet te lezen", "unreadable"),
    ("staan opnames die wel zijn opgeslagen", "locked"),
    ("blijven opnames staan die de server niet aanneemt", "refused"),
    ("blijven bestanden staan", "unrecognised"),
)
# Rule, words, key. The groups of the words fill the key; the first that fits counts, and what fits none keeps an empty key.
WORDS = (
    ("camera.blocked", r"Een onbekende camera met serienummer (.+) staat in dockingstation (.+)\.", "unknown:{0}:{1}"),
    ("camera.blocked", r"Het geheugen in bodycam (.+) zat eerder in bodycam (.+)\.", "memory-moved:{0}:{1}"),
    ("camera.blocked", r"Bodycam (.+) heeft een ander geheugen", "memory-changed:{0}"),
    ("camera.blocked", r"Bodycam (.+) staat op twee plaatsen tegelijk", "two-places:{0}"),
    ("camera.blocked", r"Opname .* niet bekend in het register\.$", "apart:unknown"),
    ("camera.blocked", r"Opname .* camera is geblokkeerd\.$", "apart:blocked"),
    ("camera.blocked", r"Opname .* niet afgemaakt\.$", "apart:unfinished"),
    ("camera.blocked", r"Opname .* ontbreekt de sleutel van de camera\.$", "apart:key"),
    ("camera.blocked", r"Opname .* zegt niet wanneer", "apart:times"),
    ("camera.blocked", r"Opname .* is apart gezet\.", "apart:film"),
    ("camera.loss-is-incident", r"Incident (I-\d+):", "{0}"),
    ("recording.officer-known", r".*aan niemand uitgegeven\.", "wearer:nobody"),
    ("recording.officer-known", r".*aan meer dan een handhaver uitgegeven\.", "wearer:many"),
    ("recording.officer-known", r".*Niemand weet wanneer", "wearer:no-times"),
    ("recording.officer-known", r".*wees de uitgifte een ander aan", "wearer:another"),
    ("recording.officer-known", r"Opnames \S+ en (\S+) van camera", "overlap:{0}"),
    ("recording.issued-before", r"", "entered-late"),
    ("recording.local-clock", r"", "hour"),
    ("recording.not-after-receipt", r"", "later"),
    ("recording.long", r".*duurt ongewoon lang", "lasts-long"),
    ("recording.long", r".*bleef aan toen", "stayed-on"),
    ("recording.warning", r".*één persoon is gefilmd", "one-to-one"),
    ("recording.warning", r".*er is niet gewaarschuwd", "not-given"),
    ("recording.public-place", r"", "place"),
    ("recording.one-event", r"Camerasysteem", "name-reused"),
    ("recording.one-event", r"Camera .* gebruikte het nummer van opname (\S+) opnieuw", "namesake:{0}"),
    ("recording.one-event", r"De delen van opname", "joined"),
    ("intake.automatic", r"Dockingstation .* als deel van opname (\S+),", "namesake:{0}"),
    ("intake.automatic", r".*twijfelt of een bestand", "file-in-doubt"),
    ("intake.automatic", r".*ontbreekt de sleutel van de plaatsgegevens", "track-key"),
    ("intake.automatic", r"De schijf voor opnames is vol", "disk-full"),
    ("intake.automatic", r"Dockingstation (.+) begint steeds nieuwe", "dock-unfinished:{0}"),
    ("intake.automatic", r"Dockingstation (.+) kondigt meer aan", "dock-too-much:{0}"),
    ("intake.automatic", r"Camerasysteem (.+) begint steeds nieuwe", "system-unfinished:{0}"),
    ("intake.automatic", r"Dockingstation (.+) leverde iets aan .* De aangekomen bytes", "refused:{0}:bytes"),
    ("intake.automatic", r"Dockingstation (.+) leverde iets aan .* buiten gebruik", "refused:{0}:retired"),
    ("intake.automatic", r"Dockingstation (.+) leverde iets aan .* nog geen sleutels", "refused:{0}:none"),
    ("intake.automatic", r"Dockingstation (.+) leverde iets aan dat is geweigerd", "refused:{0}:keys"),
    ("intake.wipe-after-receipt", r"Dockingstation (.+) meldt iets gewist", "{0}"),
    ("request.no-footage", r"Bij zaak (\S+) was besloten", "{0}"),
    ("access.presence", r"Bij een inzage onder zaak (\S+) .* code getypt voor handhaver (.+)\. Vraag", "wrong-codes:{0}:{1}"),
    ("access.presence", r"Bij een dockingstation .* voor handhaver (.+)\. Vraag", "wrong-codes-at-docks:{0}"),
    (
        "access.own-code",
        r"Bij een inzage onder zaak (\S+) \(nummer (\S+)\) is een code van handhaver (.+) getypt",
        "fresh-code:{0}:{1}:{2}",
    ),
    ("access.check-once", r"De zegels van nieuwe opnames zijn", "unanswered"),
    ("storage.sealed", r"Bij de programma's", "impostor"),
    ("storage.sealed", r"Een stuk van opname", "piece"),
    ("public.information", r"De website kreeg", "flood"),
    ("installation.strangers", r"Van buiten", "flood"),
    ("installation.tick", r"Achtergrondtaak (.+) is mislukt \((\w+)\)\.", "failed:{0}:{1}"),
    ("installation.tick", r"Achtergrondtaak (\w+): (.*)", "{0}:{1}"),
)


def key_of(rule, text):
    """The key by the words of a finding, as long as an index holds (findings.queries.fit); empty when they say too little."""
    key = _key_of(rule, text)
    return key if len(key) <= 400 else f"{key[:300]}:{sha256(key.encode()).hexdigest()}"


def _key_of(rule, text):
    if rule == "intake.nothing-left":
        return _key_of_left(text)
    if rule == "access.second-factor":
        found = re.match(r"Een passkey van de (.+) telt terug", text)
        return f"went-back:{ROLES[found[1]]}" if found and found[1] in ROLES else ""
    for name, words, key in WORDS:
        found = re.match(words, text, re.DOTALL) if name == rule else None
        if found:
            return key.format(*found.groups())
    return ""


def _key_of_left(text):
    for words, why in WHY:
        found = re.match(rf"Op (.+?) {words}", text)
        if found:
            counts = re.findall(r"(\d+) (?:(map(?:pen)?)\b|bestand(?:en)? (?:\((\S+)\)|zonder soort))", text)
            kinds = ",".join(f"{'folder' if folder else kind}={count}" for count, folder, kind in counts)
            return f"{why}:{found[1]}:{kinds}"
    return ""


def give_keys(apps, _schema_editor):
    """Of several that are open about the same the newest gets the key; the others stay to be looked at, and are found no more."""
    findings = apps.get_model("findings", "Finding").objects
    taken = set()
    with guard.opened():
        for one in findings.order_by("-found_at", "-pk").iterator(chunk_size=500):
            key = key_of(one.rule, one.text)
            which = (one.rule, one.recording, key)
            if key and (one.settled_at is not None or which not in taken):
                findings.filter(pk=one.pk).update(key=key)
                if one.settled_at is None:
                    taken.add(which)
        findings.filter(settled_because__in=CLOSED).update(closed=True)


class Migration(migrations.Migration):
    dependencies = [("findings", "0001_initial")]
    operations = [
        migrations.AddField("finding", "key", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("finding", "closed", models.BooleanField(default=False)),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AddConstraint(
            "finding",
            models.UniqueConstraint(
                condition=OPEN, fields=("rule", "recording", "key"), name="one_open_finding_about_a_recording"
            ),
        ),
        migrations.AddConstraint(
            "finding",
            models.UniqueConstraint(
                condition=OPEN & Q(recording__isnull=True), fields=("rule", "key"), name="one_open_finding_of_a_key"
            ),
        ),
    ]

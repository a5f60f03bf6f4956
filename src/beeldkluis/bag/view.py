"""bekijk.html: one page to watch a package with. It reads without script, asks nothing of a network, and plays in any browser
that knows the film.
"""

from html import escape
from string import Template
from urllib.parse import quote

from beeldkluis.bag import said
from beeldkluis.bag.contents import Clip, CustodyLine, Gap, Package, Recording
from beeldkluis.bag.names import Placed, placed

_PAGE = Template("""\
<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; media-src 'self' file:; style-src 'unsafe-inline'; \
script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body { font: 1.05rem/1.5 "Segoe UI", Arial, sans-serif; color: #1c1c1c; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1, h2, h3 { color: #00497a; line-height: 1.25; }
article { border-top: 2px solid #9a9a9a; margin-top: 2rem; }
video { background: #000; width: 100%; max-height: 75vh; }
dt { font-weight: bold; }
dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
.gap { border-left: .4rem solid #8a1f11; padding-left: .8rem; }
a { color: #00497a; }
</style>
</head>
<body>
<h1>$title</h1>
<dl>$facts</dl>
<p>$state In <a href="LEES-MIJ.txt">LEES-MIJ.txt</a> staat hoe u dat controleert.</p>
$recordings
<script>
for (const link of document.querySelectorAll("a[data-at]")) {
  link.addEventListener("click", (event) => {
    const player = document.getElementById(link.dataset.clip);
    if (player.error) return;
    event.preventDefault();
    player.currentTime = Number(link.dataset.at);
    player.scrollIntoView();
    player.focus();
  });
}
</script>
</body>
</html>
""")


def page(package: Package) -> bytes:
    """The page, in UTF-8."""
    facts = [
        ("Van", f"Gemeente {package.municipality}, {package.desk}"),
        ("Voor", package.receiver),
        ("Waarom", package.ground),
        ("Gemaakt", said.moment(package.made_at)),
    ]
    if package.count > 1:
        facts.append(("Deel", f"{package.position} van {package.count}. Elk deel is een pakket met eigen woorden."))
    clips = placed(package)
    return _PAGE.substitute(
        title=escape(f"Pakket {package.name}"),
        facts=_facts(facts),
        state=escape(said.state(package)),
        recordings="\n".join(_recording(one, clips) for one in package.recordings),
    ).encode("utf-8", "xmlcharrefreplace")


def _facts(facts: list[tuple[str, str]]) -> str:
    return "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in facts)


def _recording(recording: Recording, clips: tuple[Placed, ...]) -> str:
    """Clips and gaps in the order of time, then what happened to them."""
    own = [one for one in clips if one.recording is recording]
    timed = [
        (one.clip.starts_at, number, _clip(one, f"{recording.number}-{number}")) for number, one in enumerate(own, 1)
    ]
    timed += [(gap.starts_at, 0, _gap(gap)) for gap in recording.gaps]
    parts = "\n".join(text for _at, _number, text in sorted(timed))
    custody = "".join(_custody(one) for one in sorted(recording.custody, key=lambda line: line.at))
    title = f"Opname {recording.number}, bodycam {recording.bodycam}"
    return f"<article><h2>{escape(title)}</h2>\n{parts}\n<h3>Wat er met deze opname is gebeurd</h3><ul>{custody}</ul></article>"


def _custody(line: CustodyLine) -> str:
    entry = "" if line.entry is None else f" Regel {line.entry} van het logboek."
    return f"<li>{escape(said.moment(line.at))}: {escape(line.what)}. Door: {escape(line.by)}.{entry}</li>"


def _gap(gap: Gap) -> str:
    told = f"Van {said.moment(gap.starts_at)} tot {said.moment(gap.ends_at)} is er geen beeld "
    return f'<p class="gap"><strong>{told}({said.between(gap.starts_at, gap.ends_at)}).</strong> {escape(gap.why)}</p>'


def _clip(one: Placed, name: str) -> str:
    clip, address = one.clip, quote(one.path)
    markers = "".join(
        f'<li><a href="{address}#t={marker.at_ms / 1000:g}" data-at="{marker.at_ms / 1000:g}" data-clip="{escape(name)}">'
        f"{said.length(marker.at_ms)}</a> {escape(marker.words)}</li>"
        for marker in clip.markers
    )
    marked = f"<p>Gemarkeerd:</p><ul>{markers}</ul>" if markers else ""
    file = one.path.rpartition("/")[2]
    return (
        f'<section><h3>{escape(file)}</h3><video id="{escape(name)}" controls preload="metadata" src="{address}"></video>'
        f"{marked}<dl>{_facts(clip_facts(clip, file))}</dl></section>"
    )


def clip_facts(clip: Clip, file: str) -> list[tuple[str, str]]:
    """What a person wants to know of a clip: label and text. `file`: what it is called in the package."""
    facts = [("Begint", f"{said.moment(clip.starts_at)}. {said.clock(clip.clock_error_ms)}")]
    if clip.duration_ms is not None:
        facts.append(("Duurt", f"{said.length(clip.duration_ms)} ({clip.duration_ms} milliseconden)"))
    if clip.frames is not None:
        facts.append(("Aantal beelden", f"{clip.frames}"))
    if clip.pre_event_ms:
        sound = "met geluid" if clip.pre_event_has_sound else "zonder geluid: de camera neemt dan nog geen geluid op"
        facts.append(
            (
                "Voor het inschakelen",
                f"Het begin, {said.seconds(clip.pre_event_ms)}, is van voor het inschakelen, {sound}.",
            )
        )
    if clip.name != file:
        facts.append(("Naam op de camera", said.name(clip.name)))
    if clip.part_of is not None:
        facts.append(("Geknipt", said.part(clip.part_of).removeprefix(". ") + "."))
    facts += [
        (own.name, ("Gevonden. " if own.is_present else "Niet gevonden. ") + own.remark) for own in clip.own_seals
    ]
    return [*facts, ("Grootte", said.size(clip.size)), ("SHA-256", clip.sha256)]

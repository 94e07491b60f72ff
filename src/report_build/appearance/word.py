"""How does each paragraph look in a Word file, by its styles (ECMA-376 part 1, 17.7.2)?"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from report_build.appearance import Look, Seen, styled
from report_build.theme import Theme

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
ALIGN = {"both": "justify", "start": "left", "end": "right"}
PARTS = re.compile(r"word/(document|footnotes|header\d*|footer\d*)\.xml")
JOINED = ("rFonts", "spacing")
"""Settings whose attributes are taken from several styles; of all others the nearest one counts."""


def looks(content: bytes, theme: Theme) -> Iterator[Seen]:
    """Each paragraph whose style has a role, by the look of most of its text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = _Styles(etree.fromstring(archive.read("word/styles.xml"), SAFE), theme)
        for name in filter(PARTS.fullmatch, archive.namelist()):
            for paragraph in etree.fromstring(archive.read(name), SAFE).iter(f"{W}p"):
                yield from _paragraph(paragraph, styles)


def _paragraph(paragraph: Any, styles: _Styles) -> Iterator[Seen]:
    """A paragraph by the look of most of its text; runs whose own style has a role by themselves."""
    style = _value(paragraph, "pPr/pStyle")
    role = styled().get(styles.names.get(style, ""))
    runs = Counter[Look]()
    for run in paragraph.iter(f"{W}r"):
        words = "".join(text.text or "" for text in run.iter(f"{W}t"))
        own = styled().get(styles.names.get(_value(run, "rPr/rStyle"), ""))
        look = styles.look(style, paragraph, run)
        if own and words.strip():
            yield Seen(own, look, words)
        elif words:
            runs[look] += len(words)
    words = "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
    if role and runs:
        yield Seen(role, runs.most_common(1)[0][0], words)


class _Styles:
    """The styles of a file, resolved from what they are based on."""

    def __init__(self, root: Any, theme: Theme) -> None:
        self.by_id = {str(x.get(f"{W}styleId")): x for x in root.iter(f"{W}style")}
        self.names = {key: _value(style, "name") for key, style in self.by_id.items()}
        self.defaults = root.find(f"{W}docDefaults")
        self.bold = {role.family: role.weight for role in theme.roles.values() if role.bold}

    def look(self, style: str, paragraph: Any, run: Any) -> Look:
        """The look of a run in a paragraph: direct settings before styles before defaults."""
        chain = [paragraph, *self._based(style)]
        letters = [run, *self._based(_value(run, "rPr/rStyle")), *self._based(style)]
        settings = _settings(letters, "rPr")
        for node in self.defaults.iter(f"{W}rPr"):
            settings = {**_own(node), **settings}
        block = _settings(chain, "pPr")
        family = settings.get("rFonts", {}).get("ascii", "")
        weight = self.bold.get(family, 700) if _on(settings.get("b")) else 400
        spacing = block.get("spacing", {})
        align = block.get("jc", {}).get("val", "left")
        return Look(
            family, int(settings["sz"]["val"]) / 2, weight, _on(settings.get("i")),
            f"#{settings['color']['val'].lower()}",
            int(spacing.get("before", 0)) / 20, int(spacing.get("after", 0)) / 20,
            ALIGN.get(align, align),
        )  # fmt: skip

    def _based(self, style: str) -> Iterator[Any]:
        while style in self.by_id:
            yield self.by_id[style]
            style = _value(self.by_id[style], "basedOn")


Settings = Mapping[str, Mapping[str, str]]


def _settings(nodes: list[Any], kind: str) -> dict[str, Mapping[str, str]]:
    """What the nodes set, the first ones before the others; attributes by themselves."""
    found: dict[str, Mapping[str, str]] = {}
    for node in nodes:
        own = node.find(f"{W}{kind}")
        for name, values in (_own(own) if own is not None else {}).items():
            if name not in found:
                found[name] = values
            elif name in JOINED:
                found[name] = {**values, **found[name]}
    return found


def _own(node: Any) -> dict[str, Mapping[str, str]]:
    return {
        x.tag.rpartition("}")[2]: {k.rpartition("}")[2]: str(v) for k, v in x.attrib.items()}
        for x in node
    }


def _on(values: Mapping[str, str] | None) -> bool:
    return values is not None and values.get("val", "1") not in ("0", "false", "off")


def _value(node: Any, path: str) -> str:
    found = node.find("/".join(f"{W}{step}" for step in path.split("/")))
    return "" if found is None else str(found.get(f"{W}val"))

"""What do the publications look like? Tokens in, roles out, for CSS and Word alike.

`theme.yml` holds the tokens; each later file overrides single ones. A role is all that is to be
known of one kind of text. Sizes are points and whole half points, spaces are points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from report_build.brand import NAME as BRAND
from report_build.brand import unavailable as missing_fonts
from report_build.diagnostics import ContentError, Diagnostic, MachineError, Severity
from report_build.tokens import (
    Callout,
    Cover,
    FontTokens,
    Reading,
    RoleTokens,
    Spacing,
    Table,
    Tokens,
    read,
)  # fmt: skip
from report_build.yaml_tree import read_yaml

__all__ = ["Page", "Role", "Theme", "contrast", "load", "of", "unavailable"]

SIZES = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
TEXT_CONTRAST, LARGE_CONTRAST = 4.5, 3.0
"""Least ratios of WCAG 2.2, success criterion 1.4.3; large is 18 pt, or 14 pt bold."""

LIGHT, DARK = "light", "dark"


@dataclass(frozen=True)
class Role:
    """One kind of text. `ink` and `on` name the colours whose light value is `color`."""

    family: str
    size: float
    weight: int
    italic: bool
    color: str
    space_before: float
    space_after: float
    line_height: float
    align: str
    keep_with_next: bool
    ink: str = "foreground"
    on: str = "background"
    tracking: float = 0.0
    """Extra space between letters, in em."""
    caps: bool = False
    """Set in capitals; the text itself stays as written."""
    bold: bool = False
    """Whether the weight is what bold means in this family."""

    @property
    def leading(self) -> float:
        """Distance of its lines in points."""
        return self.size * self.line_height


@dataclass(frozen=True)
class Page:
    """The sheet and its margins, in mm."""

    size: str
    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    hang: float
    """How far the numbers of headings hang into the left margin."""

    @property
    def text_width(self) -> float:
        """Width of the text in mm."""
        return self.width - self.left - self.right


@dataclass(frozen=True, eq=False)
class Theme:
    """All of the design, resolved; it is read once, and known by its identity."""

    name: str
    page: Page
    colors: Mapping[str, str]
    """Name → `#rrggbb` as on paper and on a light screen."""
    dark: Mapping[str, str]
    """The same names on a dark screen."""
    fonts: tuple[FontTokens, ...]
    roles: Mapping[str, Role]
    spacing: Spacing
    table: Table
    callout: Callout
    cover: Cover
    link: str
    """Name of the colour of links."""
    link_decoration: str
    """Of links that lead out of the document: underline, or none."""
    screen: float
    """CSS pixels of the text's size on a screen."""
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the files of the theme say, by the tokens' names, such as `color.primary.light`."""

    @property
    def baseline(self) -> float:
        """The distance of two lines of the text, in points: the unit of all vertical space."""
        return self.roles["body"].leading

    def css_variables(self) -> str:
        """The colours as custom properties, for both schemes."""
        light = "".join(f"--{name}:{self.colors[name]};" for name in self.dark)
        dark = "".join(f"--{n}:{v};" for n, v in self.dark.items() if v != self.colors[n])
        return (
            f":root{{color-scheme:light dark;{light}}}\n"
            f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        )

    def role_css(self, role: str, medium: str = "print", spaces: bool = True) -> str:
        """A role as CSS declarations: points and fixed colours for print, rem and variables else."""
        kind = self.roles[role]
        return ";".join((*self._letters(kind, medium), *self._block(kind, medium, spaces)))

    def length(self, points: float, medium: str = "print") -> str:
        """A length in the medium's unit."""
        if medium == "print":
            return f"{_short(points)}pt"
        return f"{_short(points / self.roles['body'].size * self.screen / 16, 4)}rem"

    def lines(self, count: float, medium: str = "print") -> str:
        """Lines of the text as a length."""
        return self.length(count * self.baseline, medium)

    def _letters(self, kind: Role, medium: str) -> Iterator[str]:
        color = kind.color if medium == "print" else f"var(--{kind.ink})"
        generic = "sans-serif" if "Sans" in kind.family else "serif"
        others = "".join(f',"{font.family}"' for font in self.fonts if font.fallback)
        yield f'font-family:"{kind.family}"{others},{generic}'
        yield f"font-size:{self.length(kind.size, medium)}"
        yield f"font-weight:{kind.weight}"
        yield f"font-style:{'italic' if kind.italic else 'normal'}"
        yield f"line-height:{_short(kind.line_height)}"
        yield f"color:{color}"
        if kind.tracking:
            yield f"letter-spacing:{_short(kind.tracking)}em"
        if kind.caps:
            yield "text-transform:uppercase"

    def _block(self, kind: Role, medium: str, spaces: bool) -> Iterator[str]:
        yield f"text-align:{kind.align}"
        if spaces:
            yield f"margin-top:{self.length(kind.space_before, medium)}"
            yield f"margin-bottom:{self.length(kind.space_after, medium)}"
        if kind.keep_with_next:
            yield "break-after:avoid"


def of(folders: Sequence[Path]) -> Theme:
    """The theme of folders of templates, the first one first asked: the tool's is the last one.

    Each may have a brand's file and, which goes before it, a theme's.
    """
    names = (BRAND, "theme.yml")
    files = [folder / name for folder in reversed(folders) for name in names]
    found = load(*(file for file in files if file.is_file()))
    return replace(found, fonts=tuple(_located(font, folders) for font in found.fonts))


def _located(font: FontTokens, folders: Sequence[Path]) -> FontTokens:
    """A font with the path of its file, which lies in a folder of templates."""
    if not font.file:
        return font
    for folder in folders:
        path = (folder / font.file).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return font.model_copy(update={"file": str(path)})
    raise MachineError(f"the theme's font file {font.file} is not in templates/")


def unavailable(folders: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    """Families that brands ask for and no installed package has, and the package to install."""
    files = [folder / BRAND for folder in folders]
    trees = [read_yaml(file.read_text("utf-8")).value for file in files if file.is_file()]
    return tuple(dict.fromkeys(pair for tree in trees for pair in missing_fonts(tree)))


def load(*paths: Path) -> Theme:
    """The theme of these files, the later ones first asked. All that is wrong is told at once."""
    reading = read(paths)
    if not reading.tokens:
        raise ContentError(reading.diagnostics)
    theme = _theme(reading.tokens)
    if problems := tuple(_low_contrast(theme, reading)):
        raise ContentError(problems)
    return theme


def _theme(tokens: Tokens) -> Theme:
    light, dark = tokens.color.scheme(LIGHT), tokens.color.scheme(DARK)
    return Theme(
        name=tokens.meta.name,
        page=_page(tokens),
        colors={**tokens.color.palette, **light},
        dark=dark,
        fonts=tokens.typography.fonts,
        roles={name: _role(tokens, role, light) for name, role in tokens.roles.items()},
        spacing=tokens.spacing,
        table=tokens.table,
        callout=tokens.callout,
        cover=tokens.cover,
        link=tokens.typography.link.color,
        link_decoration=tokens.typography.link.decoration,
        screen=tokens.typography.screen,
        tokens=dict(_leaves(tokens.model_dump(by_alias=True, mode="json"))),
    )


def _leaves(tree: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _leaves(value, f"{name}.{key}" if name else str(key))
    else:
        yield name, repr(tree)


def _page(tokens: Tokens) -> Page:
    width, height = SIZES[tokens.page.size]
    margin = tokens.page.margin
    return Page(
        tokens.page.size, width, height,
        margin.top, margin.right, margin.bottom, margin.left, tokens.page.hang,
    )  # fmt: skip


def _role(tokens: Tokens, role: RoleTokens, colors: Mapping[str, str]) -> Role:
    type_ = tokens.typography
    family = type_.family(role.font)
    weights = next(font.weight for font in type_.fonts if font.family == family)
    line = type_.base.size * type_.base.line_height
    return Role(
        family=family,
        size=round(type_.base.size * type_.scale.ratio**role.step * 2) / 2,
        weight=weights[-1] if role.weight == "bold" else weights[0],
        italic=role.style == "italic",
        color=colors[role.ink],
        space_before=round(role.before * line, 2),
        space_after=round(role.after * line, 2),
        line_height=role.line_height or type_.base.line_height,
        align=role.align,
        keep_with_next=role.keep,
        ink=role.ink,
        on=role.on,
        tracking=role.tracking,
        caps=role.caps,
        bold=role.weight == "bold" and len(weights) > 1,
    )


# ------------------------------------------------------------------------------ contrast


def contrast(one: str, other: str) -> float:
    """The ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _low_contrast(theme: Theme, reading: Reading) -> Iterator[Diagnostic]:
    for name, role in theme.roles.items():
        large = role.size >= 18 or (role.size >= 14 and role.weight >= 600)
        needed = LARGE_CONTRAST if large else TEXT_CONTRAST
        yield from _pair(theme, reading, ("roles", name, "ink"), (role.ink, role.on), needed)
    for ground in ("background", "surface"):
        where = ("typography", "link", "color")
        yield from _pair(theme, reading, where, (theme.link, ground), TEXT_CONTRAST)


def _pair(
    theme: Theme, reading: Reading, where: tuple[str, ...], pair: tuple[str, str], needed: float
) -> Iterable[Diagnostic]:
    for scheme, colors in ((LIGHT, theme.colors), (DARK, theme.dark)):
        ink, ground = colors[pair[0]], colors[pair[1]]
        ratio = contrast(ink, ground)
        if ratio < needed:
            message = (
                f"{'.'.join(where[:2])}: “{pair[0]}” ({ink}) on “{pair[1]}” ({ground}) has a contrast"
                f" of {ratio:.2f} in the {scheme} scheme; {needed} is needed"
            )
            hint = "choose a darker or a lighter one (WCAG 2.2, 1.4.3)"
            yield Diagnostic("low-contrast", Severity.ERROR, reading.place(where), message, hint)


def _short(number: float, digits: int = 3) -> str:
    return f"{number:.{digits}f}".rstrip("0").rstrip(".")

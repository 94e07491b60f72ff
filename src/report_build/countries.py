"""What is a country called, and which way does a language run?

Authors write ISO 3166-1 alpha-3 codes; the names come from CLDR, in the language of the edition.
"""

from __future__ import annotations

import functools

from babel.core import Locale, UnknownLocaleError, get_global

# CLDR's aliases hold withdrawn alpha-3 codes and codes of areas that ISO lists no country for
WITHDRAWN = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})
NO_COUNTRY = frozenset({"AC", "CP", "DG", "EU", "TA", "XA", "XB", "XK", "ZZ"})


@functools.cache
def alpha_2() -> dict[str, str]:
    """The alpha-2 code (as CLDR has it) of each alpha-3 code."""
    named = set(Locale("en").territories) - NO_COUNTRY
    aliases = get_global("territory_aliases").items()
    return {
        code: new[0]
        for code, new in aliases
        if len(code) == 3 and code.isalpha() and code not in WITHDRAWN
        if len(new) == 1 and new[0] in named
    }


def is_country(code: str) -> bool:
    """Whether that is an alpha-3 code, in capitals."""
    return code in alpha_2()


def country_name(code: str, lang: str) -> str:
    """The country's name in a language (a BCP 47 tag); in English if CLDR has no other."""
    territory = alpha_2()[code]
    names = (Locale.parse(lang, sep="-").territories, Locale("en").territories)
    return next(str(known[territory]) for known in names if territory in known)


def country_hint(wrong: str) -> str:
    """Which code was meant by a name, an alpha-2 code or small letters."""
    codes = {country_name(code, "en").casefold(): code for code in alpha_2()}
    codes |= {short.casefold(): code for code, short in alpha_2().items()}
    codes |= {code.casefold(): code for code in alpha_2()}
    code = codes.get(wrong.strip().casefold())
    return f"did you mean “{code}”?" if code else "ISO 3166-1 alpha-3 codes look like “HND”"


def direction(lang: str) -> str:
    """The direction of a language's script: `ltr` or `rtl`."""
    order = Locale.parse(lang, sep="-").character_order
    return "rtl" if order == "right-to-left" else "ltr"


def language_problem(tag: str) -> str:
    """Why a text is no BCP 47 tag of a language that CLDR describes, or nothing."""
    try:
        Locale.parse(tag.strip(), sep="-")
    except UnknownLocaleError:
        return f"no language “{tag}” is known"
    except ValueError:
        return f"“{tag}” is no language tag"
    return ""
